import { deflateSync } from 'fflate';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { decode } from '../../mesh/wire.ts';
import { createUnpacking, join } from './unpacking.ts';

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
 *   fragment = head:varUint total:varUint? byte*     head: 1 first, 2 last; total: bytes of the message, in the first;
 *                                                    0: nobody knows yet, it is deflated while it leaves
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

export const encodeSync = (message: Message): Uint8Array =>
  message.kind === 'checkpoint' ? join([encodeHead(message), deflateSync(message.update)]) : encodeOther(message);

const encodeOther = (message: Exclude<Message, { readonly kind: 'checkpoint' }>): Uint8Array =>
  encoding.encode((encoder) => {
    if (message.kind === 'update') return writeUpdate(encoder, message.document, message.update);
    encoding.writeVarUint(encoder, KIND[message.kind]);
    encoding.writeVarUint(encoder, message.document);
    if (message.kind === 'ask') return;
    encoding.writeVarUint8Array(encoder, message.vector);
    if (message.kind === 'announce') encoding.writeUint8Array(encoder, message.hash);
  });

type Whole = Extract<Message, { readonly update: Uint8Array }>;

/** What an update or checkpoint begins with, before its deflate. */
export const encodeHead = ({ kind, document, update }: Whole): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, kind === 'checkpoint' ? KIND.checkpoint : KIND.deflated);
    encoding.writeVarUint(encoder, document);
    encoding.writeVarUint(encoder, update.length);
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
export function decodeSync(bytes: Uint8Array, mayUnpack: MayUnpack = () => true): Message | undefined {
  return decode(bytes, (decoder): Message | undefined => {
    const kind = decoding.readVarUint(decoder);
    const document = decoding.readVarUint(decoder);
    if (document > 1) return undefined;
    if (kind === KIND.update) return { kind: 'update', document, update: rest(decoder, bytes) };
    if (kind === KIND.deflated || kind === KIND.checkpoint) return createUnpacked(bytes, mayUnpack)?.end();
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

/** The same for a message that is still being made. */
export function createFragmentation(): { add(bytes: Uint8Array): readonly Uint8Array[]; end(): Uint8Array } {
  const step = FRAGMENT_BYTES_MAX - HEAD_BYTES;
  let pending: Uint8Array = new Uint8Array();
  let isFirst = true;
  const take = (length: number, isLast: boolean): Uint8Array => {
    const part = pending.subarray(0, length);
    pending = pending.slice(length);
    const head = (isFirst ? FIRST : 0) | (isLast ? LAST : 0);
    const bytes = join([isFirst ? Uint8Array.of(head, 0) : Uint8Array.of(head), part]);
    isFirst = false;
    return bytes;
  };
  return {
    add(bytes) {
      pending = join([pending, bytes]);
      const fragments: Uint8Array[] = [];
      // Something is kept for the last.
      while (pending.length > step) fragments.push(take(step, false));
      return fragments;
    },
    end: () => take(pending.length, true),
  };
}

/** A message that is on its way. */
interface Coming {
  /** False when it cannot be one any more. */
  add(part: Uint8Array): boolean;
  end(): Message | undefined;
  progress(): { readonly received: number; readonly total: number };
}

/** Asked once of each message that is deflated, with the size that it claims. */
export type MayUnpack = (bytes: number) => boolean;

/** undefined when what it begins with is not deflated, or claims too much. */
function createUnpacked(first: Uint8Array, mayUnpack: MayUnpack): Coming | undefined {
  const head = decode(first, (decoder) => {
    const kind = decoding.readVarUint(decoder);
    const document = decoding.readVarUint(decoder);
    if (document > 1 || (kind !== KIND.deflated && kind !== KIND.checkpoint)) return undefined;
    return { kind, document, size: decoding.readVarUint(decoder), at: decoder.pos };
  });
  if (!head || head.size > UPDATE_BYTES_MAX || !mayUnpack(head.size)) return undefined;
  const { document, size } = head;
  const unpacking = createUnpacking(size);
  if (!unpacking.add(first.subarray(head.at))) return undefined;
  return {
    add: (part) => unpacking.add(part),
    end() {
      const update = unpacking.end();
      return update && { kind: head.kind === KIND.checkpoint ? 'checkpoint' : 'update', document, update };
    },
    progress: () => ({ received: unpacking.length(), total: size }),
  };
}

function createGathering(first: Uint8Array, total: number, mayUnpack: MayUnpack): Coming | undefined {
  const parts: Uint8Array[] = [];
  let received = 0;
  const add = (part: Uint8Array): boolean => {
    // Copied: the part is a view of a whole packet.
    parts.push(part.slice());
    received += part.length;
    return received <= total;
  };
  if (!add(first)) return undefined;
  return {
    add,
    end: () => (received === total ? decodeSync(join(parts), mayUnpack) : undefined),
    progress: () => ({ received, total }),
  };
}

/** Messages of one peer, put together again. Holds at most one, of at most UPDATE_BYTES_MAX. */
export interface Assembly {
  /** The whole message with its last fragment; `wrong` on garbage, once: the rest of the message it belongs to is let by. */
  add(fragment: Uint8Array): Message | 'more' | 'wrong';
  /** Bytes of the message under way, inflated where it is deflated: received and in all. */
  progress(): { readonly received: number; readonly total: number } | undefined;
}

export function createAssembly(mayUnpack: MayUnpack = () => true): Assembly {
  let coming: Coming | undefined;
  /** Of the rest of a message that was given up: one that is too much for us is one offence, not one for each packet. */
  let letBy = 0;
  const giveUp = (flags: number): 'wrong' => {
    coming = undefined;
    letBy = flags & LAST ? 0 : UPDATE_BYTES_MAX;
    return 'wrong';
  };
  return {
    add(fragment) {
      const head = decode(fragment, (decoder) => {
        const flags = decoding.readVarUint(decoder);
        return { flags, total: flags & FIRST ? decoding.readVarUint(decoder) : 0, part: fragment.subarray(decoder.pos) };
      });
      if (!head || head.flags > (FIRST | LAST)) return giveUp(LAST);
      const { flags, total, part } = head;
      if (total > UPDATE_BYTES_MAX) return giveUp(flags);
      if (!(flags & LAST) && part.length < FULL_BYTES_MIN) return giveUp(flags);
      if (flags & FIRST) {
        const isDeflated = part[0] === KIND.deflated || part[0] === KIND.checkpoint;
        coming = isDeflated ? createUnpacked(part, mayUnpack) : createGathering(part, total, mayUnpack);
        if (!coming) return giveUp(flags);
      } else if (letBy > 0) {
        letBy = flags & LAST ? 0 : Math.max(0, letBy - part.length);
        return 'more';
      } else if (!coming) return giveUp(LAST);
      else if (!coming.add(part)) return giveUp(flags);
      letBy = 0;
      if (!(flags & LAST)) return 'more';
      const message = coming.end();
      coming = undefined;
      return message ?? 'wrong';
    },
    progress: () => coming?.progress(),
  };
}
