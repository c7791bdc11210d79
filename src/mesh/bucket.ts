import type { LocalTime } from '../base.ts';

/** A token bucket: so much at once, so much per second. */
export interface Bucket {
  /** False when there is not enough; nothing is taken then. */
  take(amount: number, now: LocalTime): boolean;
}

export function createBucket(limits: { readonly perSecond: number; readonly burst: number }): Bucket {
  let level = limits.burst;
  let filledAt: LocalTime | undefined;
  return {
    take(amount, now) {
      level = Math.min(limits.burst, level + ((now - (filledAt ?? now)) / 1000) * limits.perSecond);
      filledAt = now;
      if (amount > level) return false;
      level -= amount;
      return true;
    },
  };
}
