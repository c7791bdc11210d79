import type { LocalTime, PeerId } from '../base.ts';
import { shortHash } from './beacon.ts';
import type { Company } from './company.ts';
import type { Neighbour } from './hearing.ts';
import { type ClockMap, toMesh } from './time.ts';

/** What is known of one's own error, in ms, at a local time. */
export interface Figures {
  readonly at: number;
  readonly bound: number;
  readonly spread: number;
}

/** Where mesh time is, by way of one other peer. */
export interface Reference extends Figures {
  readonly peer: PeerId;
  readonly line: ClockMap;
  readonly samples: number;
}

/** What makes a peer trustworthy as a reference: it holds the same claim in the same session. */
export interface Allegiance {
  readonly id: string;
  readonly claim: { readonly master: PeerId; readonly term: number };
}

export interface Following extends Company {
  readonly now: LocalTime;
  /** Who is followed now stays, unless another is clearly better. */
  readonly current: PeerId | undefined;
}

/** Another reference must be so much better than the one that is followed. */
const CLEARLY = 0.7;

/** Whom to follow: the master, or, where that is not linked, the best of the neighbours that are nearer to it. Each is nearer
 *  than the one before, so nobody follows in a circle, over any number of links [CK4]. A new master need not have said that it
 *  is one: it keeps the line that it announced before. */
export function referenceAmong(following: Following, { id: session, claim }: Allegiance): Reference | undefined {
  const { hearing, now, current } = following;
  const present = hearing.present();
  const isNear = present.some(({ id }) => id === claim.master);
  const weight = ({ peer, spread }: Reference): number => (peer === current ? CLEARLY * spread : spread);
  return present
    .filter(({ beacon }) => beacon?.session === session && beacon.isReady)
    .filter((neighbour) => (isNear ? neighbour.id === claim.master : isNearer(following, neighbour, claim)))
    .map((source) => referenceTo(source, now))
    .filter((reference) => reference !== undefined)
    .reduce<Reference | undefined>((best, reference) => (best && weight(best) <= weight(reference) ? best : reference), undefined);
}

function isNearer({ self, graph }: Following, { id, beacon }: Neighbour, { master, term }: Allegiance['claim']): boolean {
  if (beacon?.master !== master || beacon.term !== term) return false;
  if (beacon.heard.includes(shortHash(master))) return true;
  const [own, theirs] = [graph.distance(master, self), graph.distance(master, id)];
  return own !== undefined && theirs !== undefined && theirs < own;
}

/** undefined while there is no sample or nothing was said. */
function referenceTo({ id, estimator, beacon }: Neighbour, now: LocalTime): Reference | undefined {
  const estimate = estimator.estimate(now);
  if (!estimate || !beacon) return undefined;
  const [bound, spread] = [estimate.bound + beacon.bound, estimate.spread + beacon.spread];
  return { peer: id, at: now, line: through(estimate.map, beacon.map, now), bound, spread, samples: estimator.count() };
}

/** From own local time to mesh time by way of another peer's. */
export function through(pair: ClockMap, line: ClockMap, now: LocalTime): ClockMap {
  const theirs = toMesh(pair, now) as number as LocalTime;
  return { origin: now, offset: toMesh(line, theirs) - now, skew: (1 + pair.skew) * (1 + line.skew) - 1 };
}
