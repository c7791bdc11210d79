import { cos, log, tan } from './exact.ts';

/** Uniform in [−1, 1), the same on every peer: a hash of a text and a number, no memory [EX26]. */
export function noise(seed: string, index: number): number {
  let hash = 0x811c9dc5;
  for (const char of `${seed}/${index}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 31 - 1;
}

/** Normal with mean 0 and deviation 1 (Box and Muller). */
export function normal(seed: string, index: number): number {
  const radius = Math.sqrt(-2 * log(1 - share(seed, 2 * index)));
  return radius * cos(2 * Math.PI * share(seed, 2 * index + 1));
}

/** Cauchy with median 0 and half width 1: far outliers are common. */
export const cauchy = (seed: string, index: number): number => tan(Math.PI * (share(seed, index) - 0.5));

/** [0, 1) */
const share = (seed: string, index: number): number => (noise(seed, index) + 1) / 2;
