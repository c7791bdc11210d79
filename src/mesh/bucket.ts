import type { LocalTime } from '../base.ts';

/** A token bucket: so much at once, so much per second. */
export interface Bucket {
  /** False when there is not enough; nothing is taken then. */
  take(amount: number, now: LocalTime): boolean;
  /** Whether `take` would find that much. */
  holds(amount: number, now: LocalTime): boolean;
  /** What could be taken. */
  left(now: LocalTime): number;
}

export interface Limits {
  readonly perSecond: number;
  readonly burst: number;
}

/** A bucket for each key, those of the oldest keys forgotten beyond `most`. */
export interface Buckets<Key> {
  /** amount: 1 unless told. */
  take(key: Key, now: LocalTime, amount?: number): boolean;
}

export function createBuckets<Key>(limits: Limits, most: number): Buckets<Key> {
  const buckets = new Map<Key, Bucket>();
  return {
    take(key, now, amount = 1) {
      const bucket = buckets.get(key) ?? createBucket(limits);
      const oldest = buckets.keys().next();
      if (buckets.size >= most && !buckets.has(key) && !oldest.done) buckets.delete(oldest.value);
      buckets.set(key, bucket);
      return bucket.take(amount, now);
    },
  };
}

export function createBucket(limits: Limits): Bucket {
  let level = limits.burst;
  let filledAt: LocalTime | undefined;
  const left = (now: LocalTime): number => {
    level = Math.min(limits.burst, level + ((now - (filledAt ?? now)) / 1000) * limits.perSecond);
    filledAt = now;
    return level;
  };
  const holds = (amount: number, now: LocalTime): boolean => amount <= left(now);
  return {
    holds,
    left,
    take(amount, now) {
      if (!holds(amount, now)) return false;
      level -= amount;
      return true;
    },
  };
}
