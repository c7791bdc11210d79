import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createTimers } from '../../../signalling/timers.ts';
import { createCallServer, shareOf } from '../../../signalling/calls.ts';
import { createSignallingServer, type SignallingServer } from '../../../signalling/server.ts';

let server: SignallingServer;
beforeAll(async () => {
  server = await createSignallingServer({ host: '127.0.0.1', port: 0, isTest: true, iceServers: [] });
});
afterAll(() => server.close());

interface Caller {
  readonly socket: WebSocket;
  readonly heard: Record<string, unknown>[];
  /** Code of the close frame. */
  readonly closed: Promise<number>;
  say(message: unknown): void;
  /** The next message of a type. */
  next(type: string): Promise<Record<string, unknown>>;
}

function dial(id: string, token = 'token', { port = server.port, autoPong = true } = {}): Caller {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/peerjs/peerjs?key=peerjs&id=${id}&token=${token}`, { autoPong });
  const heard: Record<string, unknown>[] = [];
  const takers: { readonly type: string; readonly done: (message: Record<string, unknown>) => void }[] = [];
  socket.on('error', () => undefined);
  socket.on('message', (frame: Buffer) => {
    const message = JSON.parse(frame.toString()) as Record<string, unknown>;
    const taker = takers.findIndex(({ type }) => type === message['type']);
    if (taker >= 0) takers.splice(taker, 1)[0]!.done(message);
    else heard.push(message);
  });
  return {
    socket,
    heard,
    closed: new Promise((done) => socket.on('close', done)),
    say: (message) => socket.send(typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message)),
    next(type) {
      const known = heard.findIndex((message) => message['type'] === type);
      return known >= 0 ? Promise.resolve(heard.splice(known, 1)[0]!) : new Promise((done) => takers.push({ type, done }));
    },
  };
}

async function enter(id: string, token?: string): Promise<Caller> {
  const caller = dial(id, token);
  await caller.next('OPEN');
  return caller;
}

describe('[PT26] the PeerServer', () => {
  it('introduces callers by name, and says by itself who speaks', async () => {
    const [ada, bela] = [await enter('ada'), await enter('bela')];
    ada.say({ type: 'OFFER', src: 'somebody-else', dst: 'bela', payload: { sdp: 'x' } });
    expect(await bela.next('OFFER')).toEqual({ type: 'OFFER', src: 'ada', dst: 'bela', payload: { sdp: 'x' } });
    bela.say({ type: 'ANSWER', dst: 'ada', payload: { sdp: 'y' } });
    expect(await ada.next('ANSWER')).toMatchObject({ src: 'bela' });
    const thief = dial('ada', 'another');
    await thief.next('ID-TAKEN');
    await thief.closed;
    ada.socket.close();
    bela.socket.close();
  });

  it('gives names, lists nobody', async () => {
    const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);
    expect(await (await get('/peerjs/peerjs/id')).text()).toMatch(/^[0-9a-f-]{36}$/);
    expect((await get('/peerjs/peerjs/peers')).status).toBe(401);
  });

  it.each([
    ['no JSON', '{'],
    ['nothing', 'null'],
    ['a number', '5'],
    ['another type', '{"type":"OPEN"}'],
    ['binary', Uint8Array.of(1, 2, 3)],
    ['a name that is none', '{"type":"OFFER","dst":{"length":1}}'],
    ['a long name', JSON.stringify({ type: 'OFFER', dst: 'a'.repeat(65) })],
    ['what is nested without end', `{"type":"OFFER","dst":"bela","payload":${'['.repeat(5000)}${']'.repeat(5000)}}`],
    ['what is too large', JSON.stringify({ type: 'OFFER', dst: 'bela', payload: 'x'.repeat(40_000) })],
  ])('cuts off who sends %s, and serves the others', async (_, frame) => {
    const hostile = await enter('hostile');
    hostile.say(frame);
    expect([1008, 1009]).toContain(await hostile.closed);
    const other = await enter('other');
    other.say({ type: 'HEARTBEAT' });
    other.say({ type: 'OFFER', dst: 'other', payload: 1 });
    await other.next('OFFER');
    other.socket.close();
    await other.closed;
  });

  it('cuts off who floods, and lets nobody in without a name', async () => {
    const flood = await enter('flood');
    for (let i = 0; i < 1100; i++) flood.say({ type: 'HEARTBEAT' });
    expect(await flood.closed).toBe(1008);
    expect(await dial('').closed).toBe(1008);
    expect(await dial('%00').closed).toBe(1008);
    expect(await dial('x'.repeat(65)).closed).toBe(1008);
  });

  it('keeps little of what is said to nobody, and tells that nobody is there', async () => {
    const talker = await enter('talker');
    for (let i = 0; i < 900; i++) talker.say({ type: 'CANDIDATE', dst: 'late', payload: i });
    talker.say({ type: 'OFFER', dst: 'talker', payload: 'all said' });
    await talker.next('OFFER');
    const late = await enter('late');
    late.say({ type: 'OFFER', dst: 'late', payload: 'all heard' });
    await late.next('OFFER');
    expect(late.heard.length).toBeGreaterThan(150);
    expect(late.heard.length).toBeLessThan(350);
    talker.socket.close();
    late.socket.close();
  });

  it('takes nothing from others for who floods nobody', async () => {
    const [flood, ada] = [await enter('flood-nobody'), await enter('ada-calls')];
    for (let i = 0; i < 900; i++) flood.say({ type: 'CANDIDATE', dst: 'nobody-at-all', payload: i });
    flood.say({ type: 'OFFER', dst: 'flood-nobody', payload: 'all said' });
    await flood.next('OFFER');
    ada.say({ type: 'OFFER', dst: 'reloading', payload: 'come back' });
    ada.say({ type: 'OFFER', dst: 'ada-calls', payload: 'said' });
    await ada.next('OFFER');
    const back = await enter('reloading');
    expect(await back.next('OFFER')).toMatchObject({ src: 'ada-calls', payload: 'come back' });
    for (const each of [flood, ada, back]) each.socket.close();
    await Promise.all([flood, ada, back].map(({ closed }) => closed));
  });

  it('gives the place of who leaves to others, and that of who answers no pings', async () => {
    const left = await enter('left-page');
    left.say({ type: 'LEAVE' });
    await left.closed;
    const another = await enter('left-page', 'another');
    another.socket.close();
    await another.closed;

    const own = createServer();
    const calls = createCallServer({ pingMs: 20, shareOf: () => 2 });
    own.on('upgrade', (request, socket, head) => calls.upgrade(request, socket, head));
    await new Promise<void>((done) => own.listen(0, '127.0.0.1', done));
    const { port } = own.address() as AddressInfo;
    const deaf = dial('deaf', 'token', { port, autoPong: false });
    const kept = dial('kept', 'token', { port });
    await kept.next('OPEN');
    // More of one address than its share.
    expect(await dial('third', 'token', { port }).closed).toBe(1008);
    expect(await deaf.closed).toBe(1006);
    const next = dial('third', 'token', { port });
    await next.next('OPEN');
    expect(kept.socket.readyState).toBe(WebSocket.OPEN);
    for (const { socket } of [kept, next]) socket.close();
    await Promise.all([kept.closed, next.closed]);
    calls.close();
    await new Promise((done) => own.close(done));
    expect([shareOf('::1'), shareOf('::ffff:127.0.0.1'), shareOf('192.0.2.7'), shareOf('')]).toEqual([1000, 1000, 250, 250]);
  });
});

describe('[PT26] timers of PeerServer', () => {
  it('end with the server', async () => {
    const count = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const other = await createSignallingServer({ host: '127.0.0.1', port: 0, isTest: true, iceServers: [] });
    const before = count();
    const caller = new WebSocket(`ws://127.0.0.1:${other.port}/peerjs/peerjs?key=peerjs&id=ada&token=token`);
    await new Promise((done) => caller.once('message', done));
    // One looks for connections that broke, one for messages that nobody fetched.
    expect(count()).toBeGreaterThanOrEqual(before + 2);
    const gone = new Promise((done) => caller.once('close', done));
    await other.close();
    await gone;
    await expect.poll(count, { timeout: 5000 }).toBeLessThanOrEqual(before + 1);
  });

  it('set one after the other are known, all of them, and none goes off after the end', async () => {
    const timers = createTimers();
    const former = globalThis.setTimeout;
    let turns = 0;
    const turn = (): void => {
      turns++;
      setTimeout(turn, 1);
    };
    timers.within(turn);
    expect(globalThis.setTimeout).toBe(former);
    await expect.poll(() => turns).toBeGreaterThan(3);
    timers.stop();
    const seen = turns;
    await new Promise((done) => setTimeout(done, 20));
    expect(turns).toBe(seen);
    timers.within(turn);
    await new Promise((done) => setTimeout(done, 20));
    expect(turns).toBe(seen + 1);
  });
});
