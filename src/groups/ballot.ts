import type { ObjectId } from '../crdt/score.ts';
import type { OccurrencePath, RunId } from '../engine/fact.ts';
import { decodeAny, encodeAny } from '../mesh/any.ts';
import type { Completed } from './crossings.ts';
import type { Vote } from './decide.ts';

/** What a peer says of a trigger that waits. */
export interface Ballot extends Vote {
  readonly sync: ObjectId;
  readonly path: OccurrencePath;
}

/** Of a run: what a peer says of a trigger, or that it has seen what leads there end [EX38]. */
export type Word = { readonly run: RunId } & ({ readonly ballot: Ballot } | { readonly completed: Completed });

/** payload = any [run, path, sync, holds, seq] | any [run, path, sync] */
export const encodeVote = (run: RunId, { path, sync, holds, seq }: Ballot): Uint8Array => encodeAny([run, path, sync, holds, seq]);
export const encodeCompleted = (run: RunId, { path, sync }: Completed): Uint8Array => encodeAny([run, path, sync]);

/** undefined when it is none. */
export function toVote(payload: Uint8Array): Word | undefined {
  const input = decodeAny(payload);
  if (!Array.isArray(input) || (input.length !== 5 && input.length !== 3)) return undefined;
  const [run, path, sync, holds, seq] = input as readonly unknown[];
  if (![run, path, sync].every((text) => typeof text === 'string' && text.length <= 256)) return undefined;
  const of = { path: path as OccurrencePath, sync: sync as ObjectId };
  if (input.length === 3) return { run: run as RunId, completed: of };
  if (typeof holds !== 'boolean' || !Number.isSafeInteger(seq)) return undefined;
  return { run: run as RunId, ballot: { ...of, holds, seq: seq as number } };
}
