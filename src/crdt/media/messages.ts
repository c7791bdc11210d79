import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { decode } from '../../mesh/wire.ts';

/**
 * What two peers say to each other about media. Everything is named by its SHA-256, so it does not matter who gives it.
 *
 *   message = 0 hash:32 bytes                                          want: send me this chunk
 *           | 1 hash:32 bytes size:varUint offset:varUint byte*        piece of a chunk of that size
 *           | 2 hash:32 bytes                                          none: I do not have it
 *
 *   chunk   = at most 64 KiB of a medium, or its index
 *   index   = size:uint32 big-endian, (hash:32 bytes)*                 hashes of its chunks, in order; the medium's id is the index's hash
 */
export type MediaMessage =
  | { readonly kind: 'want' | 'none'; readonly hash: string }
  | { readonly kind: 'piece'; readonly hash: string; readonly size: number; readonly offset: number; readonly bytes: Uint8Array };

export const CHUNK_BYTES = 64 * 1024;
/** One packet each, with what other layers add. */
export const PIECE_BYTES = 1100;
const HASH_BYTES = 32;
const SIZE_BYTES = 4;
/** What one index can name. */
export const MEDIUM_BYTES_MAX = Math.floor((CHUNK_BYTES - SIZE_BYTES) / HASH_BYTES) * CHUNK_BYTES;
const KINDS = ['want', 'piece', 'none'] as const;

export const encodeMedia = (message: MediaMessage): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, KINDS.indexOf(message.kind));
    encoding.writeUint8Array(encoder, fromHex(message.hash));
    if (message.kind !== 'piece') return;
    encoding.writeVarUint(encoder, message.size);
    encoding.writeVarUint(encoder, message.offset);
    encoding.writeUint8Array(encoder, message.bytes);
  });

/** undefined on garbage; a piece lies within its chunk. */
export const decodeMedia = (bytes: Uint8Array): MediaMessage | undefined =>
  decode(bytes, (decoder): MediaMessage | undefined => {
    const kind = KINDS[decoding.readVarUint(decoder)];
    const hash = toHex(decoding.readUint8Array(decoder, HASH_BYTES));
    if (kind === undefined) return undefined;
    if (kind !== 'piece') return decoder.pos === bytes.length ? { kind, hash } : undefined;
    const size = decoding.readVarUint(decoder);
    const offset = decoding.readVarUint(decoder);
    const piece = bytes.slice(decoder.pos);
    const isWithin = size <= CHUNK_BYTES && piece.length > 0 && piece.length <= PIECE_BYTES && offset + piece.length <= size;
    return isWithin ? { kind, hash, size, offset, bytes: piece } : undefined;
  });

export interface MediaIndex {
  readonly size: number;
  /** Of the chunks, in order. */
  readonly hashes: readonly string[];
}

export function encodeIndex({ size, hashes }: MediaIndex): Uint8Array {
  const bytes = new Uint8Array(SIZE_BYTES + hashes.length * HASH_BYTES);
  new DataView(bytes.buffer).setUint32(0, size);
  hashes.forEach((hash, i) => bytes.set(fromHex(hash), SIZE_BYTES + i * HASH_BYTES));
  return bytes;
}

/** undefined when the number of hashes is not that of a medium of this size. */
export function decodeIndex(bytes: Uint8Array): MediaIndex | undefined {
  if (bytes.length < SIZE_BYTES || (bytes.length - SIZE_BYTES) % HASH_BYTES !== 0) return undefined;
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const count = (bytes.length - SIZE_BYTES) / HASH_BYTES;
  if (size > MEDIUM_BYTES_MAX || count !== Math.ceil(size / CHUNK_BYTES)) return undefined;
  const at = (i: number): number => SIZE_BYTES + i * HASH_BYTES;
  return { size, hashes: Array.from({ length: count }, (_, i) => toHex(bytes.subarray(at(i), at(i + 1)))) };
}

export const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const fromHex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
