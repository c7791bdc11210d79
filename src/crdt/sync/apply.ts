import * as Y from 'yjs';
import { countWaiting, DEPTH_MAX, isTooDeep } from './nesting.ts';
import type { Struct } from './nesting.ts';
import { portionOf } from './portion.ts';

/**
 * Updates that lack what came before them wait in the document; more than this is let go and asked for again. Yjs merges
 * all that waits at every update: 2 MB cost seconds.
 */
const PENDING_BYTES_MAX = 64 * 1024;
/** A few bytes can stand for very many structs, and whatever waits is gone through at every update. */
const PENDING_STRUCTS_MAX = 2000;

/**
 * Structs that an update may hold: these and one more per byte. Run lengths make honest updates dense (ten thousand
 * rewritings of one key are 83 bytes), but they also let 25 bytes stand for more structs than memory holds.
 */
const STRUCTS_FREE = 250_000;

/** Throws where it has read more structs than an update of its length may hold, or a value nested deeper than any of ours. */
class BoundedDecoder extends Y.UpdateDecoderV2 {
  private left: number;
  constructor(decoder: ConstructorParameters<typeof Y.UpdateDecoderV2>[0]) {
    super(decoder);
    this.left = STRUCTS_FREE + decoder.arr.length;
  }
  override readInfo(): number {
    this.left -= 1;
    if (this.left < 0) throw new RangeError('too many structs');
    return super.readInfo();
  }
  override readAny(): unknown {
    return shallow(super.readAny());
  }
  override readJSON(): unknown {
    return shallow(super.readJSON());
  }
}

function shallow(value: unknown): unknown {
  if (!isShallow(value, DEPTH_MAX)) throw new RangeError('too deep');
  return value;
}

const isShallow = (value: unknown, depth: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  value instanceof Uint8Array ||
  (depth > 0 && Object.values(value).every((child) => isShallow(child, depth - 1)));

/** What is walked through at once, some tenths of a second; numbers are counted by who gave them. */
const AT_ONCE = { steps: 50_000_000, numbers: Infinity } as const;

export type { Struct };

/** What a foreign update holds; undefined on garbage: Yjs checks nothing and throws on some. */
export function inspect(update: Uint8Array): readonly Struct[] | undefined {
  try {
    const { structs } = Y.decodeUpdateV2(update, BoundedDecoder);
    // A document that holds one of no length can never be written out again.
    return structs.every(({ length }) => length > 0) ? structs : undefined;
  } catch {
    return undefined;
  }
}

/** Whether someone else writes under our own number, which only we do. */
export function isForged(doc: Y.Doc, structs: readonly Struct[]): boolean {
  const own = Y.getState(doc.store, doc.clientID);
  return structs.some(({ id, length }) => id.client === doc.clientID && id.clock + length > own);
}

/**
 * A foreign update into a document; what is garbage, or written under our own number, is refused [SY5].
 * portion: its structs, where it is known to be no more than may be taken at once.
 * `lacking`: it was taken, but something before it is missing. `part`: what was too dear is to be asked for again.
 */
export function applyChecked(doc: Y.Doc, update: Uint8Array, origin: unknown, portion?: readonly Struct[]): Applied {
  let isPart = false;
  try {
    const structs = portion ?? inspect(update);
    if (!structs || isForged(doc, structs) || isTooDeep(doc, structs)) return 'refused';
    const taken = portion ? { update, isPart } : portionOf(doc, update, structs, AT_ONCE);
    isPart = taken.isPart;
    Y.applyUpdateV2(doc, taken.update, origin);
  } catch {
    return 'refused';
  }
  const { pendingStructs, pendingDs } = doc.store;
  if (pendingStructs && (pendingStructs.update.length > PENDING_BYTES_MAX || countWaiting(doc) > PENDING_STRUCTS_MAX)) {
    doc.store.pendingStructs = null;
  }
  if (pendingDs && pendingDs.length > PENDING_BYTES_MAX) doc.store.pendingDs = null;
  return isPart ? 'part' : pendingStructs || pendingDs ? 'lacking' : 'done';
}

export type Applied = 'done' | 'lacking' | 'part' | 'refused';
