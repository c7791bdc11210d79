import type { ObjectId } from '../crdt/score.ts';
import type { OccurrencePath, RunId } from '../engine/fact.ts';
import { decodeAny, encodeAny } from '../mesh/any.ts';
import type { Vote } from './decide.ts';

/** What a peer says of a trigger that waits. */
export interface Ballot extends Vote {
  readonly sync: ObjectId;
  readonly path: OccurrencePath;
}

/** payload = any [run, path, sync, holds, seq] */
export const encodeVote = (run: RunId, { path, sync, holds, seq }: Ballot): Uint8Array => encodeAny([run, path, sync, holds, seq]);

/** undefined when it is none. */
export function toVote(payload: Uint8Array): { readonly run: RunId; readonly ballot: Ballot } | undefined {
  const input = decodeAny(payload);
  if (!Array.isArray(input) || input.length !== 5) return undefined;
  const [run, path, sync, holds, seq] = input as readonly unknown[];
  const isText = [run, path, sync].every((text) => typeof text === 'string' && text.length <= 256);
  if (!isText || typeof holds !== 'boolean' || !Number.isSafeInteger(seq)) return undefined;
  return { run: run as RunId, ballot: { path: path as string, sync: sync as ObjectId, holds, seq: seq as number } };
}
