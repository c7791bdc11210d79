import { expect } from 'vitest';
import type { Room } from './room.ts';
import type { Machine } from './world.ts';

/** What the named scenarios ask of everyone present. */
export const positions = ({ world }: Room): number[] => world.present().map(({ peer }) => peer.run.position() ?? NaN);
export const firedOf = ({ peer }: Machine): string => JSON.stringify(peer.run.view().fired);
export const logOf = ({ peer }: Machine): string => JSON.stringify(peer.run.log());
/** Clocks are up to 300 ppm off the truth, whoever is master. */
const near = (elapsed: number): number => 1 + elapsed * 3e-4;

export function mustBeAt(room: Room, elapsed: number): void {
  for (const position of positions(room)) expect(Math.abs(position - elapsed)).toBeLessThan(near(elapsed));
  expect(Math.max(...positions(room)) - Math.min(...positions(room))).toBeLessThan(1);
}

/** One log, one outcome, one place; nobody saw one of our own mistakes. */
export function mustBeOne(room: Room): void {
  const all = room.world.present();
  expect(new Set(all.map(logOf)).size).toBe(1);
  expect(new Set(all.map(firedOf)).size).toBe(1);
  const offsets = all.map(({ peer }) => (peer.run.position() ?? NaN) - peer.clock.now());
  expect(Math.max(...offsets) - Math.min(...offsets)).toBeLessThan(0.05);
  for (const { page } of all) expect(page.notices.filter(({ level }) => level === 'error')).toEqual([]);
}

/** Nobody plays one note of one occurrence twice. */
export function mustPlayOnce(room: Room): void {
  for (const { page } of room.world.present()) {
    const names = page.sound.played().map(({ occurrence, address, pitch, at }) => `${occurrence} ${address} ${pitch} ${Math.round(at)}`);
    expect(new Set(names).size).toBe(names.length);
  }
}

/** Lets time pass; nobody's playhead goes back meanwhile. */
export function passForward(room: Room, ms: number, step = 50): void {
  let before = new Map<string, number>();
  for (let left = ms; left > 0; left -= step) {
    room.world.pass(Math.min(left, step));
    const now = new Map<string, number>();
    for (const { number, peer } of room.world.present())
      for (const { interval, path, position } of peer.run.view().running) now.set(`${number} ${interval} ${path}`, position / 705_600);
    for (const [key, at] of now) expect(at, key).toBeGreaterThanOrEqual((before.get(key) ?? -Infinity) - 0.05);
    before = now;
  }
}
