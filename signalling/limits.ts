import { SIGNAL_BYTES_MAX } from '../src/mesh/signal.ts';

/** Everything that a stranger could otherwise have without end [SG8]. */
export interface Limits {
  readonly frameCharactersMax: number;
  /** How deep JSON may be nested before it counts as garbage. */
  readonly depthMax: number;
  readonly peersPerRoomMax: number;
  readonly roomsMax: number;
  readonly connectionsMax: number;
  /** Messages of one connection. */
  readonly messages: Rate;
  /** Refused messages of one connection, beyond which it is closed. */
  readonly refusals: Rate;
  readonly topicsPerConnectionMax: number;
  readonly topicsMax: number;
  readonly topicCharactersMax: number;
  readonly subscribersPerTopicMax: number;
}

export interface Rate {
  readonly perSecond: number;
  /** So many at once. */
  readonly burst: number;
}

/**
 * Messages: when 32 peers join at once, each exchanges a description and about a dozen candidates with 31 others, some 400
 * messages; a redial of all links doubles that. In a large room a newcomer greets up to 255 others and dials eight to sixteen.
 */
export const LIMITS: Limits = {
  frameCharactersMax: SIGNAL_BYTES_MAX,
  depthMax: 32,
  peersPerRoomMax: 256,
  roomsMax: 2000,
  connectionsMax: 4000,
  messages: { perSecond: 100, burst: 1000 },
  refusals: { perSecond: 0.2, burst: 50 },
  topicsPerConnectionMax: 64,
  topicsMax: 2000,
  topicCharactersMax: 256,
  subscribersPerTopicMax: 64,
};

/** A token bucket. */
export interface Bucket {
  /** False when there is none left. now: ms, monotonic. */
  take(now: number): boolean;
}

export function createBucket({ perSecond, burst }: Rate): Bucket {
  let level = burst;
  let filledAt: number | undefined;
  return {
    take(now) {
      level = Math.min(burst, level + (Math.max(0, now - (filledAt ?? now)) / 1000) * perSecond);
      filledAt = now;
      if (level < 1) return false;
      level -= 1;
      return true;
    },
  };
}
