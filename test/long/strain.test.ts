import { describe, expect, it } from 'vitest';
import { createRoom, type Room } from '../sim/room.ts';
import { firedOf, mustBeAt, mustBeOne, mustPlayOnce } from '../sim/run-together.ts';
import type { Machine } from '../sim/world.ts';

const meshOf = ({ peer }: Machine): number => peer.clock.now();
const masters = ({ world }: Room): readonly Machine[] => world.present().filter(({ peer }) => peer.clock.isMaster());

/** Lets time pass; how far the mesh times of these machines came off the truth meanwhile, and of each other. */
function passWatching({ world }: Room, machines: readonly Machine[], ms: number): { readonly off: number; readonly apart: number } {
  const start = machines.map((machine) => meshOf(machine) - world.now());
  let [off, apart] = [0, 0];
  for (let passed = 0; passed < ms; passed += 50) {
    world.pass(50);
    const ahead = machines.map((machine) => meshOf(machine) - world.now());
    off = Math.max(off, ...ahead.map((now, i) => Math.abs(now - start[i]!)));
    apart = Math.max(apart, Math.max(...ahead) - Math.min(...ahead));
  }
  return { off, apart };
}

describe('a clock that steps', () => {
  for (const by of [60, 400, 5000, -400])
    it.each(['the master', 'another'])(`[SM8] by ${by} ms, %s, moves nobody else and is back within 2 s`, (who) => {
      const room = createRoom({ peers: 4 });
      room.play();
      room.world.pass(4000);
      const stepped = who === 'the master' ? room.master() : room.machines.find(({ peer }) => !peer.clock.isMaster())!;
      const others = room.machines.filter((machine) => machine !== stepped);
      stepped.step(by);
      const { off, apart } = passWatching(room, others, 2500);
      expect(off).toBeLessThan(6);
      expect(apart).toBeLessThan(3);
      expect(masters(room)).toHaveLength(1);
      expect(Math.abs(meshOf(stepped) - meshOf(others[0]!))).toBeLessThan(3);
      room.world.pass(3000);
      mustBeAt(room, room.elapsed());
      expect(room.world.isTogether()).toBe(true);
      mustBeOne(room);
    });
});

describe('a master that is merely slow', () => {
  it.each([1, 2, 3, 4])('[SM8] by 200 to 900 ms a turn harms nobody: one clock, triggers in time, one log (%d)', (seed) => {
    const room = createRoom({ peers: 4, seed });
    room.play();
    room.world.pass(3000);
    const slow = room.master();
    const others = room.machines.filter((machine) => machine !== slow);
    slow.slow(8000);
    const { off, apart } = passWatching(room, others, 3000);
    expect(off).toBeLessThan(6);
    expect(apart).toBeLessThan(3);
    others[0]?.peer.run.trigger('one');
    room.world.pass(1000);
    for (const { peer } of others) expect(peer.run.view().fired.filter(({ sync }) => sync === 'one')).toHaveLength(1);
    const rest = passWatching(room, others, 6000);
    expect(rest.off).toBeLessThan(10);
    expect(rest.apart).toBeLessThan(3);
    expect(room.world.until(() => room.world.isTogether(), 3000)).toBe(true);
    room.world.pass(2000);
    expect(masters(room)).toHaveLength(1);
    mustBeOne(room);
    for (const { page } of others) expect(page.sound.played().length).toBeGreaterThan(0);
  });
});

describe('everyone starved of the processor', () => {
  it.each([1, 2, 3])('[SM8] for 15 s, each at times of its own, is one room again within 5 s of getting air (%d)', (seed) => {
    const room = createRoom({ peers: 6, seed });
    room.play();
    room.world.pass(3000);
    for (const machine of room.machines) machine.starve(15_000);
    room.world.pass(8000);
    room.machines[seed]?.peer.run.trigger('one');
    room.world.pass(7000 + 3000);
    const waited = room.world.now();
    expect(room.world.until(() => room.world.isTogether(), 5000)).toBe(true);
    expect(room.world.now() - waited).toBeLessThanOrEqual(5000);
    room.world.pass(3000);
    expect(masters(room)).toHaveLength(1);
    expect(new Set(room.world.present().map(firedOf)).size).toBe(1);
    mustBeOne(room);
    mustPlayOnce(room);
  });
});
