import type { Peer } from '../peer-api.ts';
import { HUE_COUNT } from './tokens.ts';

/** Whoever came just now gives way; later a colour that people know stays. */
const YIELD_MS = 5000;

/** Degrees on the wheel, as in tokens.css. */
const ANGLES = [20, 200, 80, 290, 140, 350, 50, 260, 110, 320, 170, 230];
const CHOICES = 3;

/** The hues that fewest people have, those farthest from all taken first. */
export function leastUsed(taken: readonly number[]): readonly number[] {
  const uses = Array.from({ length: HUE_COUNT }, (_, hue) => taken.filter((each) => each === hue).length);
  const least = Math.min(...uses);
  const distance = (hue: number): number =>
    Math.min(360, ...taken.map((other) => Math.abs((((ANGLES[hue] ?? 0) - (ANGLES[other] ?? 0) + 540) % 360) - 180)));
  return uses.flatMap((count, hue) => (count === least ? [hue] : [])).sort((a, b) => distance(b) - distance(a));
}

/** For who never chose a colour: while entering, takes one that nobody else here has, and says which. */
export function yieldHue(peer: Peer, took: (hue: number) => void): void {
  const look = (): void => {
    const others = peer.room.peers().flatMap(({ isSelf, hue }) => (isSelf ? [] : [hue]));
    if (!others.includes(peer.self.hue)) return;
    const free = leastUsed(others).slice(0, CHOICES);
    // At random, since two who enter at once would otherwise choose alike for ever.
    const hue = free[Math.floor(Math.random() * free.length)] ?? peer.self.hue;
    if (hue === peer.self.hue) return;
    peer.self.recolour(hue);
    took(hue);
  };
  const stop = peer.on('peers', look);
  setTimeout(stop, YIELD_MS);
  look();
}
