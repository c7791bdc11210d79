import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createRoom, type Room } from '../sim/room.ts';
import { firedOf, mustBeAt, mustBeOne, mustPlayOnce, passForward } from '../sim/run-together.ts';
import type { Machine } from '../sim/world.ts';

/** Every named scenario of the simulator, and the file in which it is played. */
const SCENARIOS = [
  ['the death of its clock master', 'long/performances'],
  ['a page that hangs for 3 s', 'long/performances'],
  ['a restart of the server', 'long/performances'],
  ['is in the right place, chases once', 'long/performances'],
  ['who reloads in a run keeps groups', 'long/performances'],
  ['three in the same millisecond', 'long/performances'],
  ['two press within 5 ms', 'long/performances'],
  ['pressed on both sides of a partition', 'long/performances'],
  ['a device that one page alone has', 'long/performances'],
  ['takes along what it had put into a pit', 'long/performances'],
  ['edits of three people in a run', 'long/performances'],
  ['a master that slept through a trigger', 'long/rehearsals'],
  ['a link that was silent for a moment', 'long/rehearsals'],
  ['statements of lineage that overtake', 'long/rehearsals'],
  ['who has another score at the play', 'long/rehearsals'],
  ['between the votes', 'long/scenarios'],
  ['leaves before it has voted', 'long/scenarios'],
  ['two that press within 5 ms complete a majority', 'long/scenarios'],
  ['in five orders', 'long/scenarios'],
  ['hears and is not heard', 'long/scenarios'],
  ['one after the other reloads', 'long/scenarios'],
  ['everyone but one leaves', 'long/scenarios'],
  ['changes group in the middle', 'long/scenarios'],
  ['opts out, edits and publishes', 'long/scenarios'],
  ['doubled, held up and overtaken', 'long/scenarios'],
  ['a pair that never opens', 'long/scenarios'],
  ['the filter of sixteen laptops', 'long/orchestra'],
  ['a narrow path', 'long/scenarios'],
  ['rates swing', 'long/scenarios'],
  ['comes while the server is away', 'long/scenarios'],
  ['in the very instant of a trigger', 'long/scenarios'],
  ['sleeps through a pause', 'long/scenarios'],
  ['moves nobody else and is back within 2 s', 'long/strain'],
  ['by 200 to 900 ms a turn harms nobody', 'long/strain'],
  ['is one room again within 5 s of getting air', 'long/strain'],
] as const;

it('[SM8] names at least twenty scenarios, each of which is played', () => {
  expect(SCENARIOS.length).toBeGreaterThanOrEqual(20);
  const titles = (path: string): readonly string[] => {
    const code = readFileSync(fileURLToPath(new URL(`../${path}.test.ts`, import.meta.url)), 'utf8');
    return [...code.matchAll(/\bit(?:\.each\([^)]*\))?\(\s*['`](.*)['`],/g)].map(([, title = '']) => title);
  };
  const missing = SCENARIOS.filter(([name, path]) => !titles(path).some((title) => title.includes(name)));
  expect(missing).toEqual([]);
});

const firings = ({ peer }: Machine, sync: string): readonly { readonly at: number }[] =>
  peer.run.view().fired.filter((each) => each.sync === sync);

/** A trigger that the group decides together: set before the play. */
function voting(consensus: 'majority' | 'all', options: Parameters<typeof createRoom>[0] = {}): Room {
  const room = createRoom(options);
  room.machines[0]?.peer.score.edit({ type: 'setPolicies', id: 'one', policies: { consensus } } as never);
  room.world.pass(1000);
  room.play();
  room.world.pass(3000);
  return room;
}

const firedOnce = (room: Room, sync = 'one'): void => {
  for (const machine of room.world.present()) expect(firings(machine, sync)).toHaveLength(1);
  expect(new Set(room.world.present().map(firedOf)).size).toBe(1);
};

describe('votes', () => {
  for (const consensus of ['majority', 'all'] as const)
    it.each([0, 1, 2, 3, 4])(`[SM8] the master dies between the votes (${consensus}), after %d of five`, (count) => {
      const room = voting(consensus, { peers: 5 });
      const { world } = room;
      const master = room.master();
      // The master votes first, so that its vote has to go with it.
      const voters = [master, ...room.machines.filter((machine) => machine !== master)];
      for (const voter of voters.slice(0, count)) {
        voter.peer.run.trigger('one');
        world.pass(60);
      }
      const isDecided = consensus === 'majority' && count > 2;
      expect(room.machines.every((machine) => firings(machine, 'one').length === (isDecided ? 1 : 0))).toBe(true);
      master.kill();
      world.pass(30);
      for (const voter of voters.slice(Math.max(1, count))) {
        voter.peer.run.trigger('one');
        world.pass(60);
      }
      world.pass(4000);
      firedOnce(room);
      expect(world.until(() => world.isTogether(), 5000)).toBe(true);
      mustBeOne(room);
    });

  it('[SM8] who leaves before it has voted keeps nobody waiting', () => {
    const room = voting('all', { peers: 4 });
    const [first, second, third, fourth] = room.machines;
    for (const voter of [first, second, third]) voter?.peer.run.trigger('one');
    room.world.pass(1000);
    expect(firings(first!, 'one')).toHaveLength(0);
    fourth?.leave();
    room.world.pass(1000);
    firedOnce(room);
  });

  it('[SM8] two that press within 5 ms complete a majority: it fires once, at one date', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const room = voting('majority', { seed, peers: 4, path: 'wan' });
      const [first, second, third, fourth] = room.machines;
      first?.peer.run.trigger('one');
      room.world.pass(300);
      second?.peer.run.trigger('one');
      room.world.pass(seed - 1);
      third?.peer.run.trigger('one');
      fourth?.peer.run.trigger('one');
      room.world.pass(1500);
      firedOnce(room);
      mustBeOne(room);
    }
  });
});

describe('edits in a run', () => {
  it.each([1, 2, 3, 4, 5])('[SM8] arrive in five orders and lead to one log, one position, nothing twice (%d)', (seed) => {
    const room = createRoom({ seed, peers: 4, path: 'wifi' });
    const { world, machines } = room;
    // Roads of very different length, so that each hears the others' edits in another order.
    for (const { number: a } of machines)
      for (const { number: b } of machines)
        if (a !== b)
          world.cables.setPath(a, b, { floor: 2 + ((a * 7 + b * 7 + seed * 5) % 4) * 30, jitter: 5, loss: 0.02, duplication: 0.05 });
    world.pass(8000);
    room.play();
    passForward(room, 3000);
    machines[0]?.peer.run.trigger('one');
    passForward(room, 600);
    const edits = [
      { type: 'resizeInterval', id: 'second.strings', duration: 8000 + seed * 100 },
      { type: 'createInterval', id: 'late', at: 20_000, duration: 900 },
      { type: 'setTrigger', id: 'five', expression: '%sim:/go% == true' },
      { type: 'delete', ids: ['late'] },
      { type: 'resizeInterval', id: 'third', duration: 9000 },
      { type: 'setTrigger', id: 'five', expression: null },
      { type: 'set', id: 'tone', fields: { name: 'Retargeted', speed: 1 } },
      { type: 'createInterval', from: 'two.all', to: 'five.end', duration: 5000 },
    ] as const;
    edits.forEach((edit, i) => {
      machines[(i + seed) % 4]?.peer.score.edit(edit as never);
      passForward(room, 20 + ((i * seed) % 5) * 15, 20);
    });
    passForward(room, 6000);
    expect(world.until(() => world.isTogether(), 10_000)).toBe(true);
    world.pass(3000);
    mustBeOne(room);
    mustPlayOnce(room);
    expect(new Set(machines.map(({ peer }) => peer.score.save())).size).toBe(1);
    expect(machines[0]?.peer.run.log().some(({ type }) => type === 'adopt')).toBe(true);
  });

  it('[SM8] who opts out, edits and publishes changes nothing for others before, and everything after', () => {
    const room = createRoom();
    const [first, second] = room.machines;
    room.play();
    room.world.pass(2000);
    second?.peer.score.setSending('none');
    second?.peer.score.edit({ type: 'setTitle', title: 'mine' });
    second?.peer.score.edit({ type: 'resizeInterval', id: 'third', duration: 7000 });
    passForward(room, 2000);
    expect(first?.peer.score.read().title).toBe('Simulated');
    expect(first?.peer.run.log().some(({ type }) => type === 'adopt')).toBe(false);
    second?.peer.score.setSending('all');
    passForward(room, 2000);
    expect(room.machines.map(({ peer }) => peer.score.read().title)).toEqual(['mine', 'mine', 'mine']);
    expect(first?.peer.run.log().filter(({ type }) => type === 'adopt')).toHaveLength(1);
    mustBeOne(room);
    mustBeAt(room, room.elapsed());
  });
});

describe('links', () => {
  it.each(['master', 'other'])('[SM8] one that hears and is not heard (the %s) goes on with all, and is back afterwards', (who) => {
    const room = createRoom({ peers: 4 });
    const { world } = room;
    room.play();
    world.pass(2000);
    const master = room.master();
    const other = room.machines.find((machine) => machine !== master)!;
    const mute = who === 'master' ? master : other;
    for (const machine of room.machines) if (machine !== mute) world.partOneWay(mute, machine);
    passForward(room, 5000);
    mustBeAt(room, room.elapsed());
    world.heal();
    expect(world.until(() => world.isTogether(), 15_000)).toBe(true);
    world.pass(3000);
    mustBeOne(room);
    expect(world.present().filter(({ peer }) => peer.clock.isMaster())).toHaveLength(1);
  });

  it('[SM8] a pair that never opens performs, edits and votes with the others', () => {
    const room = voting('all', { peers: 4, shut: [[0, 1]] });
    const [first, second] = room.machines;
    expect(first?.peer.room.peers().find(({ id }) => id === second?.id)?.link).toBe('relayed');
    first?.peer.score.edit({ type: 'setTitle', title: 'far' });
    for (const { peer } of room.machines) peer.run.trigger('one');
    room.world.pass(3000);
    firedOnce(room);
    expect(second?.peer.score.read().title).toBe('far');
    mustBeOne(room);
  });

  it('[SM8] packets doubled, held up and overtaken change nothing', () => {
    const room = createRoom({ peers: 4, path: 'wan' });
    const { world, machines } = room;
    world.cables.setFallback({ ...world.cables.path(0, 1), duplication: 0.4, reordering: 0.4 });
    room.play();
    passForward(room, 3000);
    machines[2]?.peer.run.trigger('one');
    machines[1]?.peer.score.edit({ type: 'setTitle', title: 'thrice' });
    passForward(room, 3000);
    firedOnce(room);
    mustBeOne(room);
    mustPlayOnce(room);
    expect(machines.map(({ peer }) => peer.score.read().title)).toEqual(Array(4).fill('thrice'));
    for (const { peer } of machines) expect(peer.room.peers().every(({ refused }) => refused === 0)).toBe(true);
  });

  it('[SM8] a narrow path full of a large edit lets a trigger through in time', () => {
    const room = createRoom({ peers: 3 });
    const { world, machines } = room;
    world.cables.setFallback({ ...world.cables.path(0, 1), bandwidth: 1500 });
    room.play();
    world.pass(3000);
    const notes = Array.from({ length: 6000 }, (_, i) => ({
      id: `n${i}`,
      start: i * 7,
      duration: 3,
      pitch: i % 100,
      velocity: (i % 97) / 97,
    }));
    expect(
      machines[0]?.peer.score.edit({ type: 'createProcess', interval: 'third', process: { type: 'notes', notes } } as never),
    ).toHaveProperty('created');
    world.pass(50);
    machines[0]?.peer.run.trigger('one');
    passForward(room, 400, 20);
    firedOnce(room);
    expect(world.until(() => world.isTogether(), 20_000)).toBe(true);
    mustBeOne(room);
  });
});

describe('people come and go', () => {
  it('[SM8] one after the other reloads, and the run goes on through all of them', () => {
    const room = createRoom({ peers: 3 });
    room.play();
    room.world.pass(2000);
    room.machines[0]?.peer.run.trigger('one');
    for (const machine of room.machines) {
      machine.reload();
      room.world.pass(300);
      expect(room.world.until(() => room.world.isTogether(), 10_000)).toBe(true);
      room.world.pass(2000);
    }
    mustBeAt(room, room.elapsed());
    firedOnce(room);
    mustBeOne(room);
  });

  it('[SM8] everyone but one leaves, and who comes finds the run', () => {
    const room = createRoom({ peers: 3 });
    room.play();
    room.world.pass(2000);
    room.machines[1]?.peer.run.trigger('one');
    room.world.pass(500);
    room.machines[1]?.leave();
    room.machines[0]?.kill();
    room.world.pass(3000);
    mustBeAt(room, room.elapsed());
    const late = room.newcomer();
    late.join();
    expect(room.world.until(() => room.world.isTogether(), 12_000)).toBe(true);
    room.world.pass(2000);
    mustBeAt(room, room.elapsed());
    firedOnce(room);
  });

  it('[SM8] who changes group in the middle stops and starts to play there', () => {
    const room = createRoom();
    const [first, second] = room.machines;
    room.play();
    room.world.pass(3000);
    first?.peer.run.trigger('one');
    room.world.pass(1500);
    const plays = (machine: Machine | undefined, since: number): boolean =>
      machine?.page.sound.played().some(({ address, at }) => address === 'sound:/strings' && at > since) === true;
    first?.peer.groups.setMember(second?.id ?? ('' as never), 'strings', false);
    room.world.pass(1500);
    const gone = second?.peer.clock.now() ?? NaN;
    room.world.pass(2000);
    expect(plays(second, gone)).toBe(false);
    expect(plays(first, gone)).toBe(true);
    first?.peer.groups.setMember(second?.id ?? ('' as never), 'strings', true);
    room.world.pass(1500);
    const back = second?.peer.clock.now() ?? NaN;
    room.world.pass(1500);
    expect(plays(second, back)).toBe(true);
    mustBeAt(room, room.elapsed());
    mustPlayOnce(room);
  });

  it('[SM8] who comes while the server is away waits, and enters when it is back', () => {
    const room = createRoom();
    room.play();
    room.world.stopServer();
    room.world.pass(1000);
    const late = room.newcomer();
    late.join();
    room.world.pass(2000);
    expect(late.peer.room.state).not.toBe('open');
    mustBeAt({ ...room, world: { ...room.world, present: () => room.machines } }, room.elapsed());
    room.world.startServer();
    expect(room.world.until(() => room.world.isTogether(), 20_000)).toBe(true);
    room.world.pass(3000);
    mustBeAt(room, room.elapsed());
    mustBeOne(room);
  });

  it.each(['leave', 'kill'] as const)('[SM8] the master goes (%s) in the very instant of a trigger', (how) => {
    for (let seed = 1; seed <= 4; seed++) {
      const room = createRoom({ seed, peers: 4, path: 'wan' });
      room.play();
      room.world.pass(3000);
      const master = room.master();
      const other = room.machines.find((machine) => machine !== master);
      other?.peer.run.trigger('one');
      room.world.pass(seed * 2);
      master[how]();
      room.world.pass(3000);
      firedOnce(room);
      expect(room.world.until(() => room.world.isTogether(), 10_000)).toBe(true);
      mustBeAt(room, room.elapsed());
    }
  });

  it('[SM8] who sleeps through a pause and a resume wakes where the others are', () => {
    const room = createRoom();
    const [first, second] = room.machines;
    const sleeper = room.machines.find((machine) => machine !== first && !machine.peer.clock.isMaster()) ?? second!;
    room.play();
    room.world.pass(2000);
    sleeper.sleep(4000);
    room.world.pass(300);
    first?.peer.run.pause();
    room.world.pass(2000);
    first?.peer.run.resume();
    room.world.pass(2500);
    expect(room.world.until(() => room.world.isTogether(), 15_000)).toBe(true);
    room.world.pass(3000);
    mustBeOne(room);
    expect(room.machines.map(({ peer }) => peer.run.view().state)).toEqual(['playing', 'playing', 'playing']);
  });

  it('[SM8] clocks whose rates swing stay within their bounds and together for five minutes', () => {
    const room = createRoom({ peers: 3, drift: 10 });
    room.play();
    for (let i = 0; i < 300; i++) {
      room.world.pass(1000);
      const now = room.machines.map(({ peer }) => peer.clock.now());
      expect(Math.max(...now) - Math.min(...now)).toBeLessThan(2);
      const reference = room.master().peer.clock.now();
      for (const { peer } of room.machines) expect(Math.abs(peer.clock.now() - reference)).toBeLessThanOrEqual(peer.clock.bound() + 0.05);
    }
    mustBeAt(room, room.elapsed());
  });
});
