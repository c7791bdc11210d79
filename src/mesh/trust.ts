import type { LocalTime } from '../base.ts';
import type { Hearing } from './hearing.ts';
import { through, type Reference } from './reference.ts';
import { toMesh } from './time.ts';

/**
 * Whether a reference tells the truth. Nobody can prove a clock, but all of a session hold the same time: a reference that
 * fewer than half of those who are heard agree with is doubted, and whom one doubts one neither follows nor elects.
 * So one liar drags nobody off in company; and who is off himself finds all others against him, and steps.
 * Why not a median instead of a master: it would move with every peer that comes or goes.
 */
export interface Trust {
  /** One verdict a tick; the third one in a row that goes against the reference makes a doubt [CK12]. False while it is against it. */
  isSound(reference: Reference, voice: Voice): boolean;
}

export interface Voice {
  readonly session: string;
  readonly now: LocalTime;
  /** Own mesh time, ms; undefined while it is not ready to count. */
  readonly own: number | undefined;
}

/** ms; clocks further apart than this and their spreads disagree. */
const APART = 20;
const VERDICTS = 3;
/** Without unit: no two clocks differ more in rate, so no line of mesh time is steeper. */
const SKEW_MAX = 3e-3;

export function createTrust(hearing: Hearing): Trust {
  let suspect: { readonly reference: Reference; count: number } | undefined;

  function isSupported(reference: Reference, { session, now, own }: Voice): boolean {
    const theirs = toMesh(reference.line, now);
    // How sure they say they are does not matter: who finds his reference gone astray says that he is off by as much.
    const others = hearing.present().flatMap(({ id, beacon, estimator }) => {
      const isVoice = id !== reference.peer && beacon?.session === session && beacon.isReady;
      const pair = isVoice ? estimator.estimate(now) : undefined;
      if (beacon === undefined || pair === undefined || pair.spread > APART) return [];
      return [{ time: toMesh(through(pair.map, beacon.map, now), now) as number, spread: pair.spread }];
    });
    const voices = own === undefined ? others : [...others, { time: own, spread: 0 }];
    const support = voices.filter(({ time, spread }) => Math.abs(time - theirs) <= APART + spread + reference.spread);
    return 2 * (support.length + 1) >= voices.length + 1 && Math.abs(reference.line.skew) <= SKEW_MAX;
  }

  return {
    isSound(reference, voice) {
      if (isSupported(reference, voice)) suspect = undefined;
      else if (suspect?.reference.peer !== reference.peer) suspect = { reference, count: 1 };
      else if (++suspect.count >= VERDICTS) hearing.doubt(reference.peer);
      return suspect === undefined;
    },
  };
}
