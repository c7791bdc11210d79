import type { LocalTime } from '../base.ts';
import { PING_PERIOD } from './pinger.ts';
import type { Sample } from './time.ts';

/** How much goes over a link, and how much of it is lost. */
export interface Traffic {
  sent(): void;
  received(): void;
  /** A pong came. */
  sample(sample: Sample): void;
  /** About once a second. */
  turn(now: LocalTime): void;
  /** Messages per second, averaged over about 5 s. */
  rates(): { readonly sent: number; readonly received: number };
  /** Part of the pings of the last minute that nobody answered, 0 to 1; undefined before the first two answers. */
  loss(now: LocalTime): number | undefined;
}

const AVERAGE_MS = 5000;
const WINDOW_MS = 60_000;
const SAMPLES_MAX = 300;
/** ms without any answer: then it was no loss, somebody slept. */
const SLEPT_MS = 2000;

/** Pings have a known period, so that holes between answered ones tell the lost. */
export function createTraffic(startedAt: LocalTime): Traffic {
  let turnedAt = startedAt;
  let counts = { sent: 0, received: 0 };
  let rates = { sent: 0, received: 0 };
  let lastSent: number | undefined;
  let pings: { readonly at: LocalTime; readonly lost: number }[] = [];

  return {
    sent: () => void counts.sent++,
    received: () => void counts.received++,
    sample({ sent, back }) {
      const gap = lastSent === undefined ? 0 : sent - lastSent;
      lastSent = Math.max(sent, lastSent ?? sent);
      pings.push({ at: back, lost: gap > SLEPT_MS ? 0 : Math.max(0, Math.round(gap / PING_PERIOD) - 1) });
      if (pings.length > SAMPLES_MAX) pings.shift();
    },
    turn(now) {
      const span = now - turnedAt;
      if (span <= 0) return;
      const weight = 1 - Math.exp(-span / AVERAGE_MS);
      const average = (before: number, count: number): number => before + (count / (span / 1000) - before) * weight;
      rates = { sent: average(rates.sent, counts.sent), received: average(rates.received, counts.received) };
      counts = { sent: 0, received: 0 };
      turnedAt = now;
    },
    rates: () => rates,
    loss(now) {
      pings = pings.filter(({ at }) => now - at < WINDOW_MS);
      const lost = pings.reduce((sum, ping) => sum + ping.lost, 0);
      return pings.length < 2 ? undefined : lost / (lost + pings.length);
    },
  };
}
