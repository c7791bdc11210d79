import { Inflate, deflateSync } from 'fflate';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { decode } from '../../mesh/wire.ts';

/**
 * What two peers say to each other about documents. Index 0 is the score, 1 the room.
 *
 *   message  = kind:varUint document:varUint body
 *   announce = 0  vector:varBytes hash:8 bytes       what I have; also confirms what was sent to me
 *   request  = 1  vector:varBytes                    send me what I miss
 *   update   = 2  update:byte*                       Yjs update, v2 encoding
 *   deflated = 3  size:varUint deflate:byte*         the same, smaller
 *   ask      = 4                                     send me all of it, as it is with you
 *   checkpoint = 5  size:varUint deflate:byte*       that: never merged, but taken instead of one's own
 *
 *   fragment = head:varUint total:varUint? byte*     head: 1 first, 2 last; total: bytes of the message, in the first
 *
 * The channel is ordered and reliable, so the fragments of one message follow each other.
 */
export type Message =
  | { readonly kind: 'announce'; readonly document: number; readonly vector: Uint8Array; readonly hash: Uint8Array }
  | { readonly kind: 'request'; readonly document: number; readonly vector: Uint8Array }
  | { readonly kind: 'ask'; readonly document: number }
  | { readonly kind: 'update'; readonly document: number; readonly update: Uint8Array }
  | { readonly kind: 'checkpoint'; readonly document: number; readonly update: Uint8Array };

const KIND = { announce: 0, request: 1, update: 2, deflated: 3, ask: 4, checkpoint: 5 } as const;
export const HASH_BYTES = 8;
const DEFLATE_FROM = 400;
/** Largest document that travels. */
export const UPDATE_BYTES_MAX = 64 * 1024 * 1024;
const VECTOR_BYTES_MAX = 1024 * 1024;
/** What an inflation may make before it is looked at again. */
const PIECE_BYTES = 4096;

export const encodeSync = (message: Message): Uint8Array =>
  message.kind === 'checkpoint' ? encodeDeflated(message, [deflateSync(message.update)]) : encodeOther(message);

const encodeOther = (message: Exclude<Message, { readonly kind: 'checkpoint' }>): Uint8Array =>
  encoding.encode((encoder) => {
    if (message.kind === 'update') return writeUpdate(encoder, message.document, message.update);
    encoding.writeVarUint(encoder, KIND[message.kind]);
    encoding.writeVarUint(encoder, message.document);
    if (message.kind === 'ask') return;
    encoding.writeVarUint8Array(encoder, message.vector);
    if (message.kind === 'announce') encoding.writeUint8Array(encoder, message.hash);
  });

/** An update or checkpoint whose deflate is done. */
export const encodeDeflated = (
  { kind, document, update }: Extract<Message, { readonly update: Uint8Array }>,
  deflate: readonly Uint8Array[],
): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, kind === 'checkpoint' ? KIND.checkpoint : KIND.deflated);
    encoding.writeVarUint(encoder, document);
    encoding.writeVarUint(encoder, update.length);
    for (const chunk of deflate) encoding.writeUint8Array(encoder, chunk);
  });

function writeUpdate(encoder: encoding.Encoder, document: number, update: Uint8Array): void {
  const small = update.length < DEFLATE_FROM ? update : deflateSync(update);
  const isDeflated = small.length < update.length;
  encoding.writeVarUint(encoder, isDeflated ? KIND.deflated : KIND.update);
  encoding.writeVarUint(encoder, document);
  if (isDeflated) encoding.writeVarUint(encoder, update.length);
  encoding.writeUint8Array(encoder, isDeflated ? small : update);
}

/** undefined on garbage. */
export function decodeSync(bytes: Uint8Array): Message | undefined {
  return decode(bytes, (decoder): Message | undefined => {
    const kind = decoding.readVarUint(decoder);
    const document = decoding.readVarUint(decoder);
    if (document > 1) return undefined;
    if (kind === KIND.update) return { kind: 'update', document, update: rest(decoder, bytes) };
    if (kind === KIND.deflated || kind === KIND.checkpoint) {
      const size = decoding.readVarUint(decoder);
      const update = size <= UPDATE_BYTES_MAX ? inflate(rest(decoder, bytes), size) : undefined;
      return update && { kind: kind === KIND.checkpoint ? 'checkpoint' : 'update', document, update };
    }
    if (kind === KIND.ask) return { kind: 'ask', document };
    const vector = decoding.readVarUint8Array(decoder);
    if (vector.length > VECTOR_BYTES_MAX) return undefined;
    if (kind === KIND.request) return { kind: 'request', document, vector };
    return kind === KIND.announce ? { kind: 'announce', document, vector, hash: decoding.readUint8Array(decoder, HASH_BYTES) } : undefined;
  });
}

function rest(decoder: decoding.Decoder, bytes: Uint8Array): Uint8Array {
  const content = bytes.subarray(decoder.pos);
  decoder.pos = bytes.length;
  return content;
}

/** Piece by piece, so that a few bytes that stand for gigabytes are noticed early. Throws on garbage, inside `decode`. */
function inflate(bytes: Uint8Array, size: number): Uint8Array | undefined {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((chunk) => {
    length += chunk.length;
    if (length <= size) chunks.push(chunk);
  });
  for (let start = 0; start < bytes.length && length <= size; start += PIECE_BYTES) {
    stream.push(bytes.subarray(start, start + PIECE_BYTES), start + PIECE_BYTES >= bytes.length);
  }
  return length === size ? join(chunks, size) : undefined;
}

/** One packet each, with what other layers add. */
export const FRAGMENT_BYTES_MAX = 1150;
const HEAD_BYTES = 8;
/** All but the last are full; a message in crumbs would cost many times its size. */
const FULL_BYTES_MIN = FRAGMENT_BYTES_MAX / 2;
const FIRST = 1;
const LAST = 2;

export function toFragments(message: Uint8Array): readonly Uint8Array[] {
  const fragments: Uint8Array[] = [];
  const step = FRAGMENT_BYTES_MAX - HEAD_BYTES;
  for (let start = 0; start === 0 || start < message.length; start += step) {
    const head = (start === 0 ? FIRST : 0) | (start + step >= message.length ? LAST : 0);
    fragments.push(
      encoding.encode((encoder) => {
        encoding.writeVarUint(encoder, head);
        if (head & FIRST) encoding.writeVarUint(encoder, message.length);
        encoding.writeUint8Array(encoder, message.subarray(start, start + step));
      }),
    );
  }
  return fragments;
}

/** Messages of one peer, put together again. Holds at most one, of at most UPDATE_BYTES_MAX. */
export interface Assembly {
  /** The whole message with its last fragment; `wrong` on garbage, and the message it belongs to is given up. */
  add(fragment: Uint8Array): Uint8Array | 'more' | 'wrong';
  /** Bytes of the message under way: received and in all. */
  progress(): { readonly received: number; readonly total: number } | undefined;
}

export function createAssembly(): Assembly {
  let parts: Uint8Array[] = [];
  let received = 0;
  let total = -1;
  const giveUp = (): 'wrong' => {
    parts = [];
    total = -1;
    return 'wrong';
  };
  return {
    add(fragment) {
      const head = decode(fragment, (decoder) => {
        const flags = decoding.readVarUint(decoder);
        return { flags, size: flags & FIRST ? decoding.readVarUint(decoder) : -1, part: fragment.subarray(decoder.pos) };
      });
      if (!head || head.flags > (FIRST | LAST)) return giveUp();
      if (head.flags & FIRST) {
        if (head.size > UPDATE_BYTES_MAX) return giveUp();
        parts = [];
        received = 0;
        total = head.size;
      } else if (total < 0) return giveUp();
      if (!(head.flags & LAST) && head.part.length < FULL_BYTES_MIN) return giveUp();
      // Copied: the part is a view of a whole packet.
      parts.push(head.part.slice());
      received += head.part.length;
      if (received > total || (head.flags & LAST && received !== total)) return giveUp();
      if (!(head.flags & LAST)) return 'more';
      const message = join(parts, total);
      parts = [];
      total = -1;
      return message;
    },
    progress: () => (total < 0 ? undefined : { received, total }),
  };
}

function join(parts: readonly Uint8Array[], size: number): Uint8Array {
  const message = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    message.set(part, at);
    at += part.length;
  }
  return message;
}
