import { compare } from '../base.ts';
import type { PeerId } from '../base.ts';
import type { Combination } from '../crdt/score.ts';
import type { Value } from '../crdt/value.ts';

/** What one peer puts in. */
export interface Contribution {
  readonly peer: PeerId;
  readonly value: Value;
  /** Grows with each value of this peer. */
  readonly seq: number;
  /** Mesh date, ms. */
  readonly at: number;
}

/**
 * One value from what all put in: pure, the same on every peer whatever the order of arrival [PT1].
 * Numbers and truths (as 0 or 1) combine; lists combine place by place, as far as the shortest reaches; texts take part in
 * `list`, `latest` and `count` only [PT2]. Undefined when nothing is there to combine; only a count is 0 then.
 */
export function combine(combination: Combination, contributions: readonly Contribution[]): Value | undefined {
  const ordered = [...contributions].sort((a, b) => compare(a.peer, b.peer));
  if (combination === 'count') return ordered.length;
  if (ordered.length === 0) return undefined;
  if (combination === 'list') return ordered.map(({ value }) => value);
  if (combination === 'latest') return ordered.reduce((best, next) => (next.at > best.at ? next : best)).value;
  const vectors = ordered.map(({ value }) => toVector(value)).filter((vector) => vector !== undefined);
  if (vectors.length === 0) return undefined;
  const isScalar = vectors.some(({ isList }) => !isList);
  const length = Math.min(...vectors.map(({ numbers }) => numbers.length));
  const columns = Array.from({ length: isScalar ? Math.min(1, length) : length }, (_, i) => vectors.map(({ numbers }) => numbers[i] ?? 0));
  const combined = columns.map(REDUCERS[combination]);
  return isScalar ? combined[0] : combined;
}

type Reducing = Exclude<Combination, 'list' | 'latest' | 'count'>;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, next) => total + next, 0);

const REDUCERS: { readonly [K in Reducing]: (numbers: readonly number[]) => number } = {
  sum,
  average: (numbers) => sum(numbers) / numbers.length,
  min: (numbers) => Math.min(...numbers),
  max: (numbers) => Math.max(...numbers),
  spread: (numbers) => Math.max(...numbers) - Math.min(...numbers),
  median(numbers) {
    const sorted = [...numbers].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    const upper = sorted[middle] ?? 0;
    return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
  },
};

function toVector(value: Value): { readonly numbers: readonly number[]; readonly isList: boolean } | undefined {
  const single = toNumber(value);
  if (single !== undefined) return { numbers: [single], isList: false };
  if (!Array.isArray(value)) return undefined;
  const numbers = (value as readonly Value[]).map(toNumber);
  return numbers.every((number) => number !== undefined) ? { numbers, isList: true } : undefined;
}

const toNumber = (value: Value): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : typeof value === 'boolean' ? Number(value) : undefined;
