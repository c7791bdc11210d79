import type { PeerId } from './base.ts';
import { createBucket, type Bucket } from './mesh/bucket.ts';
import type { Clock } from './mesh/host.ts';
import { TOPIC } from './mesh/wire.ts';

/**
 * How many messages of a kind one peer may send: several times what an honest one does, and far less than what costs the
 * others their time. What is beyond is refused and counted; who goes on is cut off by its link.
 */
export interface Quotas {
  /** False when it was one too many. */
  take(from: PeerId, topic: number): boolean;
  /** f, for as many messages as may be. */
  keep(topic: number, f: Receiver): Receiver;
}

type Receiver = (from: PeerId, payload: Uint8Array) => void | 'refused';

const QUOTAS: ReadonlyMap<number, { readonly perSecond: number; readonly burst: number }> = new Map([
  // Each comes four times.
  [TOPIC.fact, { perSecond: 200, burst: 800 }],
  [TOPIC.vote, { perSecond: 100, burst: 1000 }],
  // Pieces of 12 kB, one in 12 ms.
  [TOPIC.structure, { perSecond: 150, burst: 1500 }],
  [TOPIC.pit, { perSecond: 200, burst: 1000 }],
  // Twenty a second, three times each.
  [TOPIC.epoch, { perSecond: 150, burst: 600 }],
  // A digest every 2 s, and what is shown where two differ.
  [TOPIC.counts, { perSecond: 8, burst: 60 }],
  [TOPIC.midi, { perSecond: 200, burst: 1000 }],
  // Each change of a call, gathered over 100 ms.
  [TOPIC.call, { perSecond: 15, burst: 150 }],
  [TOPIC.presence, { perSecond: 40, burst: 200 }],
  [TOPIC.lineage, { perSecond: 5, burst: 50 }],
  // Changes by the owner, handed on by everyone.
  [TOPIC.rights, { perSecond: 10, burst: 100 }],
  [TOPIC.panic, { perSecond: 2, burst: 10 }],
]);

/** Kept when a peer goes: coming anew makes no new allowance. */
const PEERS_MAX = 512;

export function createQuotas(clock: Clock): Quotas {
  const buckets = new Map<PeerId, Map<number, Bucket>>();
  const take: Quotas['take'] = (from, topic) => {
    const quota = QUOTAS.get(topic);
    if (!quota) return true;
    const oldest = buckets.keys().next();
    if (buckets.size >= PEERS_MAX && !buckets.has(from) && !oldest.done) buckets.delete(oldest.value);
    const own = buckets.get(from) ?? new Map<number, Bucket>();
    buckets.set(from, own);
    const bucket = own.get(topic) ?? createBucket(quota);
    own.set(topic, bucket);
    return bucket.take(1, clock.now());
  };
  return {
    take,
    keep: (topic, f) => (from, payload) => (take(from, topic) ? f(from, payload) : 'refused'),
  };
}
