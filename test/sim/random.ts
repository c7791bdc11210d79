import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Random } from '../../src/mesh/host.ts';

/** Seeded draws with 128 bits of state; each concern forks its own, so that a new draw here changes nothing there. */
export interface Draw extends Random {
  /** Integer in [min, max]. */
  int(min: number, max: number): number;
  between(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Mean `mean`, never negative: waiting times and delay tails. */
  exponential(mean: number): number;
  fork(concern: string): Draw;
}

export function createDraw(seed: number): Draw {
  const generator = xoroshiro128plus(seed);
  const next = (): number => uniformFloat64(generator);
  const int = (min: number, max: number): number => uniformInt(generator, min, max);
  return {
    next,
    int,
    bytes: (length) => Uint8Array.from({ length }, () => int(0, 255)),
    between: (min, max) => min + next() * (max - min),
    chance: (probability) => next() < probability,
    pick(items) {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    exponential: (mean) => -Math.log(1 - next()) * mean,
    fork: (concern) => createDraw(hashOf(`${seed}/${concern}`)),
  };
}

/** FNV-1a, 32 bits: only spreads names over seeds. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash | 0;
}
