import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { compare } from '../../base.ts';
import type { PeerId } from '../../base.ts';
import { decode } from '../../mesh/wire.ts';
import type { Vector } from './vector.ts';

/**
 * What a peer holds, said to the whole room when contents differ at equal state.
 *
 *   ballot = document:varUint state:8 bytes hash:8 bytes     state: digest of the vector; hash: of the contents
 */
export interface Ballot {
  readonly document: number;
  /** Hex. */
  readonly state: string;
  /** Hex. */
  readonly hash: string;
}

const FIGURE_BYTES = 8;

export const encodeBallot = ({ document, state, hash }: Ballot): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, document);
    encoding.writeUint8Array(encoder, fromHex(state));
    encoding.writeUint8Array(encoder, fromHex(hash));
  });

/** undefined on garbage. */
export const decodeBallot = (bytes: Uint8Array): Ballot | undefined =>
  decode(bytes, (decoder) => {
    const document = decoding.readVarUint(decoder);
    const state = toHex(decoding.readUint8Array(decoder, FIGURE_BYTES));
    const hash = toHex(decoding.readUint8Array(decoder, FIGURE_BYTES));
    return document <= 1 && decoder.pos === bytes.length ? { document, state, hash } : undefined;
  });

export const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const fromHex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** The same for the same vector, whatever its order; hex. */
export function digestOf(vector: Vector): string {
  let a = 0x811c9dc5;
  let b = 0x9dc5811c;
  for (const [client, clock] of [...vector].sort(([left], [right]) => left - right)) {
    for (const part of [client, clock]) {
      a = Math.imul(a ^ part, 0x01000193);
      a ^= a >>> 15;
      b = Math.imul(b ^ part, 0x85ebca6b);
      b ^= b >>> 13;
    }
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}

/** Whose contents hold: what most of those at one state have; of equally many, the least hash [SY9]. */
export function verdict(ballots: ReadonlyMap<PeerId, Ballot>): string {
  const counts = new Map<string, number>();
  for (const { hash } of ballots.values()) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  const [winner = ''] = [...counts].sort(([a, left], [b, right]) => right - left || compare(a, b)).map(([hash]) => hash);
  return winner;
}
