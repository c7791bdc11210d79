import type { LocalTime, PeerId } from '../../base.ts';
import { createBucket } from '../../mesh/bucket.ts';
import type { Bucket } from '../../mesh/bucket.ts';
import { createAssembly } from './messages.ts';
import type { Assembly } from './messages.ts';
import { LARGE_BYTES } from './sender.ts';
import type { Vector } from './vector.ts';

const RECEIVE_LIMITS = { perSecond: 16_000_000, burst: 100_000_000 };
/** Answers cost work: so many a second for one peer. */
const REQUEST_LIMITS = { perSecond: 1, burst: 8 };
/** What lacks something for good, by malice, must not make honest peers ask one another without end. */
const ASKING_LIMITS = { perSecond: 0.5, burst: 4 };

/** What is known of a linked peer, and what it may still cost. */
export interface Other {
  readonly assembly: Assembly;
  readonly bucket: Bucket;
  readonly requests: Bucket;
  readonly asking: Bucket;
  readonly known: ({ readonly vector: Vector; readonly hash: Uint8Array } | undefined)[];
  readonly complainedAt: (LocalTime | undefined)[];
  /** By document. */
  readonly isAlike: (boolean | undefined)[];
  /** How often it was asked and did not give in time. */
  late: number;
}

export const createOther = (): Other => ({
  assembly: createAssembly(),
  bucket: createBucket(RECEIVE_LIMITS),
  requests: createBucket(REQUEST_LIMITS),
  asking: createBucket(ASKING_LIMITS),
  known: [],
  complainedAt: [],
  isAlike: [],
  late: 0,
});

/** Bytes of all that is large and on its way here. */
export interface Arrival {
  readonly received: number;
  readonly total: number;
  readonly from: readonly PeerId[];
}

export function arrivalOf(others: ReadonlyMap<PeerId, Other>): Arrival | undefined {
  const coming = [...others].flatMap(([from, { assembly }]) => {
    const progress = assembly.progress();
    return progress && progress.total >= LARGE_BYTES ? [{ from, ...progress }] : [];
  });
  const sum = (part: 'received' | 'total'): number => coming.reduce((all, each) => all + each[part], 0);
  return coming.length === 0 ? undefined : { received: sum('received'), total: sum('total'), from: coming.map(({ from }) => from) };
}
