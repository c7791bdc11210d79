import { describe, expect, it } from 'vitest';
import { createRendezvous } from '../../../src/mesh/rendezvous.ts';
import type { SocketHandlers, Transport } from '../../../src/mesh/transport.ts';
import { UTC_START } from './roster-server.ts';
import { createWorld, KEYS } from './world.ts';

const listen = (log: string[]): Parameters<typeof createRendezvous>[3] => ({
  state: () => log.push('state'),
  welcome: () => log.push('welcome'),
  joined: (id) => log.push(`joined ${id}`),
  left: (id) => log.push(`left ${id}`),
  signal: (from, text) => log.push(`signal ${from} ${text}`),
  refused: (reason) => log.push(`refused ${reason}`),
});

/** A socket that the test speaks for. */
function createStub() {
  const opened: { at: number; handlers: SocketHandlers; sent: string[]; isClosed: boolean }[] = [];
  const world = createWorld();
  const host = world.host();
  const transport: Transport = {
    openSocket(handlers) {
      const socket = { at: world.timeline.now(), handlers, sent: [] as string[], isClosed: false };
      opened.push(socket);
      return { send: (text) => void socket.sent.push(text), close: () => void (socket.isClosed = true) };
    },
    connect() {
      throw new Error('no connections here');
    },
  };
  return { world, host, transport, opened };
}

const WELCOME = '{"type":"welcome","id":3,"peers":[1,3],"iceServers":[],"utc":{"ms":0,"isSynchronised":false}}';

describe('rendezvous', () => {
  it('joins, keeps the roster, carries signals', () => {
    const world = createWorld();
    const [one, two]: [string[], string[]] = [[], []];
    const a = createRendezvous(world.host(), world.network.transport(world.host()), KEYS.tag, listen(one));
    world.pass(50);
    const b = createRendezvous(world.host(), world.network.transport(world.host()), KEYS.tag, listen(two));
    world.pass(50);
    expect([a.state, a.id, a.roster(), b.id, b.roster()]).toEqual(['open', 1, [2], 2, [1]]);
    expect(b.signal(1, 'hm')).toBe(true);
    world.pass(50);
    b.close();
    world.pass(50);
    expect(one).toEqual(['state', 'welcome', 'joined 2', 'signal 2 hm', 'left 2']);
  });

  it('[LK2] comes back for ever, at most every 5 s, with jitter', () => {
    const { world, host, transport, opened } = createStub();
    createRendezvous(host, transport, KEYS.tag, listen([]));
    for (let n = 0; n < 12; n++) {
      opened.at(-1)?.handlers.closed('no');
      world.pass(5000);
    }
    expect(opened).toHaveLength(13);
    const pauses = opened.slice(1).map(({ at }, n) => at - n * 5000);
    expect(pauses[0]).toBeLessThanOrEqual(500);
    expect(pauses.every((pause) => pause >= 250 && pause <= 5000)).toBe(true);
    expect(new Set(pauses.slice(4)).size).toBeGreaterThan(4);
  });

  it('[LK2] a server that does not answer pings is given up', () => {
    const { world, host, transport, opened } = createStub();
    const log: string[] = [];
    const rendezvous = createRendezvous(host, transport, KEYS.tag, listen(log));
    opened[0]?.handlers.open();
    opened[0]?.handlers.message(WELCOME);
    expect([rendezvous.id, rendezvous.roster()]).toEqual([3, [1]]);
    world.pass(30_000);
    // Four at once for the time of day, and one each 10 s.
    expect(opened[0]?.sent.filter((text) => text.includes('ping'))).toHaveLength(7);
    world.pass(15_000);
    expect([rendezvous.state, rendezvous.id, opened.length, opened[0]?.isClosed]).toEqual(['offline', undefined, 2, true]);
    opened[0]?.handlers.message(WELCOME);
    expect(rendezvous.state).toBe('offline');
  });

  it('[LK2] after a doubt the server has 3 s to answer', () => {
    const { world, host, transport, opened } = createStub();
    const rendezvous = createRendezvous(host, transport, KEYS.tag, listen([]));
    opened[0]?.handlers.open();
    opened[0]?.handlers.message(WELCOME);
    world.pass(100);
    rendezvous.check();
    rendezvous.check();
    world.pass(800);
    opened[0]?.handlers.message('{"type":"pong"}');
    world.pass(4000);
    expect([rendezvous.state, opened[0]?.sent.filter((text) => text.includes('ping')).length]).toEqual(['open', 5]);
    rendezvous.check();
    world.pass(2900);
    expect(rendezvous.state).toBe('open');
    world.pass(200);
    expect([rendezvous.state, opened[0]?.isClosed]).toEqual(['offline', true]);
  });

  it('[RN20] learns from every answer of the server what time it is', () => {
    const world = createWorld();
    const host = world.host();
    const rendezvous = createRendezvous(host, world.network.transport(host), KEYS.tag, listen([]));
    expect(rendezvous.utc.at(host.clock.now())).toBeUndefined();
    world.pass(50);
    const early = rendezvous.utc.at(host.clock.now())!;
    world.pass(5000);
    const { ms, bound, isSynchronised } = rendezvous.utc.at(host.clock.now())!;
    expect([isSynchronised, Math.abs(ms - UTC_START - world.timeline.now()) <= bound]).toEqual([true, true]);
    expect(bound).toBeLessThanOrEqual(early.bound + 1);
    expect(rendezvous.utc.agreeing(host.clock.now())).toBe(5);
  });

  it('[LK3] signals of strangers are dropped', () => {
    const { host, transport, opened } = createStub();
    const log: string[] = [];
    createRendezvous(host, transport, KEYS.tag, listen(log));
    opened[0]?.handlers.message(WELCOME);
    opened[0]?.handlers.message('{"type":"signal","from":9,"data":"x"}');
    opened[0]?.handlers.message('{"type":"left","id":9}');
    expect(log).toEqual(['state', 'welcome']);
  });
});
