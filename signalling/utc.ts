import type { LocalTime } from '../src/base.ts';
import { createUtcEstimate, type StatedUtc } from '../src/mesh/utc.ts';

/**
 * UTC as this server states it: its machine's clock, or, where it was told of an NTP server, what that one says. It is
 * kept on a monotonic clock, so that it does not jump with the machine's, and counts as checked while most of the last
 * answers, at least three, agree and one of them is of the last two hours.
 */
export interface ServerUtc {
  now(): StatedUtc;
  close(): void;
}

export interface ServerUtcDeps {
  /** ms, monotonic. */
  clock(): number;
  /** ms since 1970, as the machine has it. */
  wall(): number;
  after(ms: number, f: () => void): () => void;
  /** Asks once; absent: there is nobody to ask. answer: at most once, UTC in ms of the moment when the answer left, or why there is none. */
  readonly ask?: (answer: (utc: number | { readonly why: string }) => void) => void;
  /** For who runs the server; once for each trouble and its end. */
  report?(line: string): void;
}

/** As NTP clients begin, and as they go on: nobody's server is asked more often than every 64 s for long. */
const FIRST_ASKS = 8;
const FIRST_MS = 2000;
const ASK_MS = 64_000;
const ASK_MAX_MS = 1_024_000;
const AGREEING_MIN = 3;
const STALE_MS = 7_200_000;
/** An answer that took longer is worth nothing. */
const ROUND_TRIP_MAX_MS = 1000;
/** Half a step of a stamp in whole ms. */
const GRAIN_MS = 0.5;

export function createServerUtc({ clock, wall, after, ask, report }: ServerUtcDeps): ServerUtc {
  const estimate = createUtcEstimate();
  const local = (): LocalTime => clock() as LocalTime;
  let asks = 0;
  let goodAt = -Infinity;
  let isClosed = false;
  let told: boolean | undefined;
  let cancel: (() => void) | undefined;

  const isChecked = (): boolean => estimate.agreeing(local()) >= AGREEING_MIN && clock() - goodAt < STALE_MS;

  function tell(why?: string): void {
    const isGood = isChecked();
    if (isGood === told || (!isGood && why === undefined)) return;
    told = isGood;
    report?.(isGood ? 'UTC is checked against NTP.' : `UTC is this machine's own: NTP says nothing of use (${why}).`);
  }

  function question(): void {
    asks += 1;
    const asked = local();
    ask?.((answer) => {
      if (isClosed) return;
      const heard = local();
      const isTaken =
        typeof answer === 'number' &&
        heard - asked <= ROUND_TRIP_MAX_MS &&
        estimate.add(asked, heard, { ms: answer + GRAIN_MS, isSynchronised: true, bound: GRAIN_MS });
      if (isTaken) goodAt = clock();
      tell(isTaken ? undefined : typeof answer === 'number' ? 'its answer was late, or no date' : answer.why);
    });
    const wait = asks < FIRST_ASKS ? FIRST_MS : Math.min(ASK_MAX_MS, ASK_MS * 2 ** Math.min(10, asks - FIRST_ASKS));
    cancel = after(wait, question);
  }

  if (ask) question();
  return {
    now() {
      const found = isChecked() ? estimate.at(local()) : undefined;
      return found ?? { ms: wall(), isSynchronised: false };
    },
    close() {
      isClosed = true;
      cancel?.();
    },
  };
}
