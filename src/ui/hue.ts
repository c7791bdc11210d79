import type { Peer } from '../peer-api.ts';
import { HUE_COUNT } from './tokens.ts';

/** Whoever came just now gives way; later a colour that people know stays. */
const YIELD_MS = 5000;

/** Degrees on the wheel, as in tokens.css. */
const ANGLES = [20, 200, 80, 290, 140, 350, 50, 260, 110, 320, 170, 230];
const CHOICES = 3;
/** Degrees; closer than this two colours look alike. */
const APART = 60;

/** Degrees to the nearest that is taken. */
const distance = (hue: number, taken: readonly number[]): number =>
  Math.min(360, ...taken.map((other) => Math.abs((((ANGLES[hue] ?? 0) - (ANGLES[other] ?? 0) + 540) % 360) - 180)));

/** The hues that fewest people have, those farthest from all taken first. */
export function leastUsed(taken: readonly number[]): readonly number[] {
  const uses = Array.from({ length: HUE_COUNT }, (_, hue) => taken.filter((each) => each === hue).length);
  const least = Math.min(...uses);
  return uses.flatMap((count, hue) => (count === least ? [hue] : [])).sort((a, b) => distance(b, taken) - distance(a, taken));
}

/** What who comes with `own` may take instead, where others have that or one much like it; empty: it is well as it is. */
export function betterHues(own: number, taken: readonly number[]): readonly number[] {
  const free = leastUsed(taken);
  const apart = Math.min(APART, ...free.slice(0, 1).map((best) => distance(best, taken)));
  const good = free.filter((hue) => distance(hue, taken) >= apart);
  return good.includes(own) ? [] : good.slice(0, CHOICES);
}

/** For who never chose a colour: while entering, takes one that looks like nobody else's here, and says which. */
export function yieldHue(peer: Peer, took: (hue: number) => void): void {
  const look = (): void => {
    const others = peer.room.peers().flatMap(({ isSelf, hue }) => (isSelf ? [] : [hue]));
    const free = betterHues(peer.self.hue, others);
    // At random, since two who enter at once would otherwise choose alike for ever.
    const hue = free[Math.floor(Math.random() * free.length)];
    if (hue === undefined || hue === peer.self.hue) return;
    peer.self.recolour(hue);
    took(hue);
  };
  const stop = peer.on('peers', look);
  setTimeout(stop, YIELD_MS);
  look();
}
