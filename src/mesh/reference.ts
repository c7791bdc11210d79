import type { LocalTime, PeerId } from '../base.ts';
import { shortHash } from './beacon.ts';
import type { Hearing, Neighbour } from './hearing.ts';
import { type ClockMap, toMesh } from './time.ts';

/** What is known of one's own error, in ms, at a local time. */
export interface Figures {
  readonly at: number;
  readonly bound: number;
  readonly spread: number;
}

/** Where mesh time is, by way of one other peer. */
export interface Reference extends Figures {
  readonly line: ClockMap;
  readonly samples: number;
}

/** What makes a peer trustworthy as a reference: it holds the same claim in the same session. */
export interface Allegiance {
  readonly id: string;
  readonly claim: { readonly master: PeerId; readonly term: number };
}

/** Whom to follow: the master, or, where that is not linked, the best of those who hear it. One hop only, so nobody follows
 *  in a circle. A new master need not have said that it is one: it keeps the line that it announced before. */
export function referenceAmong(hearing: Hearing, { id: session, claim }: Allegiance, now: LocalTime): Reference | undefined {
  const { master, term } = claim;
  const hash = shortHash(master);
  const present = hearing.present();
  const isNear = present.some(({ id }) => id === master);
  return present
    .filter(({ beacon }) => beacon?.session === session && beacon.isReady)
    .filter(({ id, beacon }) =>
      isNear ? id === master : beacon!.master === master && beacon!.term === term && beacon!.heard.includes(hash),
    )
    .map((source) => referenceTo(source, now))
    .filter((reference) => reference !== undefined)
    .reduce<Reference | undefined>((best, reference) => (best && best.spread <= reference.spread ? best : reference), undefined);
}

function referenceTo({ estimator, beacon }: Neighbour, now: LocalTime): Reference | undefined {
  const estimate = estimator.estimate(now);
  if (!estimate || !beacon) return undefined;
  const [bound, spread] = [estimate.bound + beacon.bound, estimate.spread + beacon.spread];
  return { at: now, line: through(estimate.map, beacon.map, now), bound, spread, samples: estimator.count() };
}

/** From own local time to mesh time by way of another peer's. */
export function through(pair: ClockMap, line: ClockMap, now: LocalTime): ClockMap {
  const theirs = toMesh(pair, now) as number as LocalTime;
  return { origin: now, offset: toMesh(line, theirs) - now, skew: (1 + pair.skew) * (1 + line.skew) - 1 };
}
