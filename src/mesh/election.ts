import { compare, type PeerId } from '../base.ts';

/**
 * Who is the clock's reference. In the manner of PTP's best-master rule: no votes, each peer computes the same answer from
 * what it hears. All carry the greatest claim they heard; a claim dies when nobody hears its master any more.
 * Why not a majority: of two peers parted by a fault both must go on playing.
 */
export interface Claim {
  readonly term: number;
  readonly master: PeerId;
  /** Mesh ms at which the reign began. */
  readonly since: number;
}

export interface Candidate {
  readonly id: PeerId;
  /** Declared by a person; higher is rather master. */
  readonly preference: number;
  readonly isVisible: boolean;
  /** Has an estimate good enough to perform by. */
  readonly isReady: boolean;
  /** Mesh ms at which it came into the session. */
  readonly joinedAt: number;
}

/** What one peer hears, itself included; frozen and silent peers and those of other sessions are left out. */
export interface View {
  /** In mesh ms. */
  readonly now: number;
  readonly self: Candidate;
  /** Of the claim; undefined while it is none of those heard. */
  readonly incumbent: Candidate | undefined;
  readonly others: readonly Candidate[];
  /** The claim's master is heard by this peer or by one it hears. */
  readonly isMasterHeard: boolean;
}

/** ms for which a challenger must be better before it takes over: a page hidden for a moment keeps its office. */
export const BETTERED = 3000;

/** Before 0 when a is rather master than b: preference, clock, visibility, age in session, id [EL1]. */
export const compareCandidates = (a: Candidate, b: Candidate): number =>
  Number(b.isReady) - Number(a.isReady) ||
  b.preference - a.preference ||
  Number(b.isVisible) - Number(a.isVisible) ||
  a.joinedAt - b.joinedAt ||
  compare(a.id, b.id);

/** Which of two claims holds: the later term, of one term the lesser master id [EL3]. */
export const isGreater = (a: Claim, b: Claim): boolean => a.term > b.term || (a.term === b.term && a.master < b.master);

/** Terms rise one by one; a leap beyond any number of elections is a lie that would leave no terms for others [EL6]. */
export const mayFollow = (own: Claim, other: Claim): boolean => other.term <= own.term + TERM_LEAP_MAX;

const TERM_LEAP_MAX = 2 ** 20;

/** The claim that follows the loss of a master: the best of those heard, in the next term [EL2]. */
export function succeed(claim: Claim, view: View): Claim {
  if (view.isMasterHeard || claim.master === view.self.id) return claim;
  return next(
    claim,
    best(
      view.self,
      view.others.filter(({ id }) => id !== claim.master),
    ).id,
    view.now,
  );
}

/** Self is the best of all heard and clearly better than the present master: by preference, or seen where that is hidden [EL4]. */
export function isChallenger(view: View): boolean {
  const { self, incumbent } = view;
  if (incumbent === undefined || incumbent.id === self.id || !self.isReady) return false;
  const isSeen = self.isVisible && !incumbent.isVisible;
  const isBetter = self.preference > incumbent.preference || (self.preference === incumbent.preference && isSeen);
  return isBetter && best(self, view.others).id === self.id;
}

export const next = (claim: Claim, master: PeerId, since: number): Claim => ({ term: claim.term + 1, master, since });

const best = (self: Candidate, others: readonly Candidate[]): Candidate =>
  others.reduce((least, candidate) => (compareCandidates(candidate, least) < 0 ? candidate : least), self);

/** What the master of `own` needs to know when a greater claim reaches it. */
export interface Reunion {
  /** Mesh ms since which it has heard, without a break, who brought the claim. */
  readonly metAt: number;
  /** Mesh ms since which it has heard somebody; Infinity when nobody. */
  readonly companyAt: number;
  /** Mesh ms between which its main thread hung or its machine slept last. */
  readonly slept: { readonly from: number; readonly to: number };
}

/** A master that was parted from a younger reign, in company and awake, outlives it: it is the older reference [EL5].
 *  One that was cut off alone or asleep has been succeeded and yields. */
export function outlives(own: Claim, other: Claim, reunion: Reunion): boolean {
  const wasApart = other.since < reunion.metAt && reunion.companyAt < other.since;
  const wasAwake = other.since < reunion.slept.from || other.since > reunion.slept.to;
  return own.since < other.since && wasApart && wasAwake;
}
