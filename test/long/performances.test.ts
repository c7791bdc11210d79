import { describe, expect, it } from 'vitest';
import { createRoom, type Room } from '../sim/room.ts';
import type { Machine } from '../sim/world.ts';

const positions = ({ world }: Room): number[] => world.present().map(({ peer }) => peer.run.position() ?? NaN);
const firedOf = ({ peer }: Machine): string => JSON.stringify(peer.run.view().fired);
const runningOf = ({ peer }: Machine): string[] => peer.run.view().running.map(({ interval }) => interval);
/** Clocks are up to 300 ppm off the truth, whoever is master. */
const near = (elapsed: number): number => 1 + elapsed * 3e-4;

function mustBeAt(room: Room, elapsed: number): void {
  for (const position of positions(room)) expect(Math.abs(position - elapsed)).toBeLessThan(near(elapsed));
  expect(Math.max(...positions(room)) - Math.min(...positions(room))).toBeLessThan(1);
}

describe('a run outlives', () => {
  it('[SM8] the death of its clock master: position goes on by true elapsed time', () => {
    const room = createRoom({ peers: 4 });
    room.play();
    room.world.pass(3000);
    const before = room.elapsed();
    room.master().kill();
    for (let i = 0; i < 40; i++) {
      const was = positions(room);
      room.world.pass(50);
      positions(room).forEach((position, at) => expect(position - (was[at] ?? NaN)).toBeCloseTo(50, 0));
    }
    mustBeAt(room, before + 2000);
    expect(room.world.until(() => room.world.isTogether(), 3000)).toBe(true);
  });

  it('[SM8] a page that hangs for 3 s: it comes back to where the others are', () => {
    const room = createRoom();
    room.play();
    room.world.pass(1000);
    room.master().freeze(3000);
    room.world.pass(2000);
    expect(room.world.present().filter(({ peer, page }) => !page.host.isFrozen() && peer.clock.isMaster())).toHaveLength(1);
    room.world.pass(4000);
    mustBeAt(room, room.elapsed());
    expect(room.world.isTogether()).toBe(true);
  });

  it('[SM8] a restart of the server', () => {
    const room = createRoom();
    room.play();
    room.world.stopServer();
    room.world.pass(4000);
    expect(room.machines[1]?.peer.room.state).toBe('offline');
    mustBeAt(room, room.elapsed());
    room.world.startServer();
    expect(room.world.until(() => room.world.present().every(({ peer }) => peer.room.state === 'open'), 10_000)).toBe(true);
    room.world.pass(1000);
    expect(room.world.isTogether()).toBe(true);
    mustBeAt(room, room.elapsed());
  });
});

describe('who comes late', () => {
  it('[SM8] is in the right place, chases once and plays no old note', () => {
    const room = createRoom();
    room.play();
    room.world.pass(3000);
    room.machines[1]?.peer.run.trigger('one');
    room.world.pass(7000);
    const late = room.newcomer();
    late.join();
    expect(room.world.until(() => room.world.isTogether(), 5000)).toBe(true);
    const came = late.peer.clock.now();
    room.world.pass(2000);
    mustBeAt(room, room.elapsed());
    expect(runningOf(late)).toEqual(runningOf(room.machines[0]!));
    const { sound, visual } = late.page;
    expect(visual.values.filter(({ address }) => address === 'visual:/one/end')).toHaveLength(1);
    expect(sound.notes.every(({ at, toldAt }) => at > toldAt - 180 && at > came - 2500)).toBe(true);
  });

  it('[SM8] who reloads in a run keeps groups and score, and is where the others are', () => {
    const room = createRoom();
    const [, second] = room.machines;
    room.play();
    room.world.pass(2000);
    const groups = second?.peer.groups.of(second.id);
    second?.reload();
    room.world.pass(300);
    expect(room.world.until(() => room.world.isTogether(), 5000)).toBe(true);
    room.world.pass(2000);
    expect(second?.peer.groups.of(second.id)).toEqual(groups);
    expect(second?.peer.groups.isMine('second.winds')).toBe(true);
    mustBeAt(room, room.elapsed());
  });

  it('[SM8] three in the same millisecond are whole, of one session and one score', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { world } = createRoom({ seed, peers: 3 });
      expect(new Set(world.present().map(({ peer }) => peer.score.save())).size).toBe(1);
      expect(world.present().filter(({ peer }) => peer.clock.isMaster())).toHaveLength(1);
    }
  });
});

describe('a trigger', () => {
  it('[SM8] that two press within 5 ms fires once, at one date everywhere', () => {
    const room = createRoom({ path: 'wan' });
    const [first, second] = room.machines;
    room.play();
    room.world.pass(3000);
    first?.peer.run.trigger('one');
    room.world.pass(4);
    second?.peer.run.trigger('one');
    room.world.pass(1500);
    expect(new Set(room.machines.map(firedOf)).size).toBe(1);
    const facts = first?.peer.run.log().filter((fact) => fact.type === 'fired' && fact.sync === 'one');
    expect(facts).toHaveLength(2);
    // The log is in order: the first of the two holds.
    const fired = first?.peer.run.view().fired.filter(({ sync }) => sync === 'one');
    expect(fired).toMatchObject([{ by: facts?.[0]?.by }]);
    expect(fired?.[0]?.at).toBeCloseTo(facts?.[0]?.at ?? NaN, 3);
  });

  it('[SM8] pressed on both sides of a partition is one again when it heals', () => {
    const room = createRoom({ peers: 4 });
    const { machines, world } = room;
    room.play();
    world.pass(2000);
    world.part([machines.slice(0, 2), machines.slice(2)]);
    world.pass(2500);
    machines[0]?.peer.run.trigger('one');
    world.pass(300);
    machines[3]?.peer.run.trigger('one');
    world.pass(2000);
    expect(new Set(machines.map(firedOf)).size).toBe(2);
    world.heal();
    expect(world.until(() => world.isTogether(), 15_000)).toBe(true);
    world.pass(3000);
    expect(new Set(machines.map(firedOf)).size).toBe(1);
    expect(machines[0]?.peer.run.view().fired.find(({ sync }) => sync === 'one')?.by).toBe(machines[0]?.id);
    mustBeAt(room, room.elapsed());
  });

  it('[SM8] is fired by an expression on a device that one page alone has', () => {
    const room = createRoom();
    room.play();
    room.world.pass(3000);
    room.machines[0]?.peer.run.trigger('one');
    room.world.pass(600);
    room.machines[2]?.page.input.set('sim:/go', true);
    room.world.pass(300);
    for (const machine of room.machines)
      expect(machine.peer.run.view().fired.find(({ sync }) => sync === 'three')?.by).toBe(room.machines[2]?.id);
  });
});

describe('together', () => {
  it('[SM8] who leaves takes along what it had put into a pit', () => {
    const { world, machines, score } = createRoom();
    machines.forEach(({ peer }, i) => peer.pits.put(score.pit, i / 10));
    world.pass(500);
    expect(machines[0]?.peer.pits.contributions(score.pit)).toHaveLength(3);
    machines[2]?.leave();
    world.pass(500);
    for (const { peer } of world.present())
      expect(
        peer.pits
          .contributions(score.pit)
          .map(({ value }) => value)
          .toSorted(),
      ).toEqual([0, 0.1]);
  });

  it('[SM8] edits of three people in a run are adopted and move no playhead', () => {
    const room = createRoom();
    const { world, machines } = room;
    room.play();
    world.pass(3000);
    machines[0]?.peer.run.trigger('one');
    world.pass(500);
    machines[0]?.peer.score.edit({ type: 'resizeInterval', id: 'third', duration: 9000 });
    machines[1]?.peer.score.edit({ type: 'createInterval', at: 20_000, duration: 700 });
    machines[2]?.peer.score.edit({ type: 'resizeInterval', id: 'second.strings', duration: 9500 });
    for (let i = 0; i < 30; i++) {
      const was = machines.map(
        ({ peer }) => new Map(peer.run.view().running.map(({ interval, position }) => [interval, position / 705_600])),
      );
      world.pass(50);
      machines.forEach(({ peer }, at) => {
        for (const { interval, position } of peer.run.view().running) {
          const before = was[at]?.get(interval);
          if (before !== undefined) expect(Math.abs(position / 705_600 - before - 50)).toBeLessThan(26);
        }
      });
    }
    mustBeAt(room, room.elapsed());
    expect(machines[1]?.peer.run.log().some(({ type }) => type === 'adopt')).toBe(true);
    expect(new Set(machines.map(({ peer }) => JSON.stringify(peer.run.log()))).size).toBe(1);
  });
});
