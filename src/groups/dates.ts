import type { MeshTime } from '../base.ts';
import type { Fact } from '../engine/fact.ts';
import type { Host } from '../mesh/host.ts';

/**
 * Who may judge what others date. What a link brings must be about now: who is dated further back, or further ahead but
 * for a play, can have written it into the room document long ago [RN8].
 */
export interface Dates {
  /** This peer's main thread has a turn. */
  turn(): void;
  isNow(fact: Fact): boolean;
}

const PAST_MS = 10_000;
export const FUTURE_MS = 10_000;
/** Whoever had no turn for so long has old messages waiting, and judges nobody's dates for a while. */
const SLEPT_MS = 1000;
const WAKING_MS = 5000;

export interface DatesDeps {
  readonly host: Pick<Host, 'clock'>;
  now(): MeshTime;
  isReady(): boolean;
}

export function createDates({ host, now, isReady }: DatesDeps): Dates {
  // By this machine's clock: mesh time begins anew with each session.
  const local = (): number => host.clock.now();
  let turnedAt = -Infinity;
  let wokeAt = -Infinity;
  return {
    turn() {
      if (local() - turnedAt > SLEPT_MS) wokeAt = local();
      turnedAt = local();
    },
    isNow({ at, type }) {
      if (!isReady() || local() - turnedAt > SLEPT_MS || local() - wokeAt < WAKING_MS) return true;
      return at >= now() - PAST_MS && (type === 'play' || at <= now() + FUTURE_MS);
    },
  };
}
