import type { LocalTime } from '../base.ts';

/**
 * When frames of `fast` leave. What a room says at once shares a frame per link; the more there is, the longer it gathers,
 * so that a peer never sends more packets than its budget, whoever moves how much and however it is relayed [LR3].
 */
export interface Pacer {
  /** ms to wait before the next frames, at least that of one tick. links: to which frames go. */
  wait(links: number, now: LocalTime): number;
  /** Frames left for so many links. */
  sent(packets: number, now: LocalTime): void;
  /** One left besides: frames make room for it, within bounds. */
  besides(now: LocalTime): void;
}

/** ms that the messages of one turn wait for each other. */
export const PERIOD_MS = 8;
/** Packets a second, less what pings take (`PINGS` a link) and all that does not travel in frames. */
const PACKETS = 250;
const PINGS = 8;
const RESERVE = 40;
/** Packets at once, so that a short gesture is not slowed. */
const BURST = 60;
const RATE_MIN = 20;

export function createPacer(): Pacer {
  let level = BURST;
  let filledAt: LocalTime | undefined;
  let rate = PACKETS;

  function fill(now: LocalTime): void {
    level = Math.min(BURST, level + (Math.max(0, now - (filledAt ?? now)) / 1000) * rate);
    filledAt = now;
  }

  return {
    wait(links, now) {
      rate = Math.max(RATE_MIN, PACKETS - RESERVE - PINGS * links);
      fill(now);
      return Math.max(PERIOD_MS, level >= links ? 0 : ((links - level) / rate) * 1000);
    },
    sent(packets, now) {
      fill(now);
      level -= packets;
    },
    besides(now) {
      fill(now);
      level = Math.max(Math.min(level, -BURST), level - 1);
    },
  };
}
