import { createEmitter, type LocalTime, type MeshTime, type PeerId, type Unsubscribe } from '../base.ts';
import { type Beacon, encodeBeacon, shortHash } from './beacon.ts';
import { alone, type Company, fellowOf, fellowsOf, isHeard, isOut, rivalsOf, sizeOf } from './company.ts';
import { BETTERED, type Claim, isChallenger, isGreater, mayFollow, next, outlives, succeed, type View } from './election.ts';
import { type Graph, type GraphNode } from './graph.ts';
import { createHearing, type Neighbour, SILENT } from './hearing.ts';
import { createId, type Host } from './host.ts';
import { type Figures, type Reference, referenceAmong, through } from './reference.ts';
import { yieldsTo } from './session.ts';
import { createSlew } from './slew.ts';
import { createTrust } from './trust.ts';
import { type ClockMap, type Sample, toMesh } from './time.ts';
import type { Beat } from './transport.ts';

/** Mesh time as the rest of a peer reads it. */
export interface MeshClock {
  /** Never runs backwards, save at a `stepped` or `session` event. */
  now(): MeshTime;
  toLocal(mesh: MeshTime): LocalTime;
  fromLocal(local: LocalTime): MeshTime;
  /** ms, p95 of the error against the master, assuming symmetric paths; 0 for the master, Infinity before the first estimate. */
  spread(): number;
  /** ms, holds always; 0 for the master, Infinity before the first estimate. */
  bound(): number;
  isMaster(): boolean;
  master(): PeerId | undefined;
  /** Rises with each master of a session; fences stale claims. */
  term(): number;
  /** undefined before the first session; age in ms. */
  session(): { readonly id: string; readonly age: number; readonly isFounder: boolean } | undefined;
  /** A session is there and, if another is its master, an estimate good enough to perform by. */
  isReady(): boolean;
  /** Clock of another peer against one's own, all in ms; undefined before the first sample. */
  pair(peer: PeerId): { readonly roundTrip: number; readonly spread: number; readonly bound: number; readonly offset: number } | undefined;
  on<K extends keyof ClockEvents>(type: K, f: (event: ClockEvents[K]) => void): Unsubscribe;
}

export interface ClockEvents {
  /** Another master or term: the beacon changed, send it soon. */
  master: PeerId;
  /** The session's id: founded or adopted. What belonged to the former session is void. */
  session: string;
  /** ms by which mesh time jumped: leave the run and re-enter. */
  stepped: number;
  /** Figures moved. */
  tick: undefined;
}

/** What the mesh feeds the clock with. */
export interface ClockInput {
  /** Nobody else is in the room: start a session. Nothing happens when one is there. */
  found(): void;
  sample(peer: PeerId, sample: Sample): void;
  beat(peer: PeerId, beat: Beat): void;
  /** Which life of its page is linked, before anything else of it. */
  recognise(peer: PeerId, life: string): void;
  /** The link to a peer is gone. */
  leave(peer: PeerId): void;
  /** Somebody came within reach, went, or states something else. */
  graphChanged(): void;
  /** What others need to know who do not hear it; session is empty before the first. */
  stated(): Statement;
  setVisible(isVisible: boolean): void;
  /** 0 to 255; higher is rather master. */
  setPreference(preference: number): void;
  /** To be given to every connection after each tick and each `master` event; at most 256 bytes. */
  beacon(): Uint8Array;
  /** Every 250 ms. */
  tick(): void;
  /** Beacons that could not be read. */
  bad(): number;
}

export interface Statement {
  readonly session: string;
  /** Mesh ms. */
  readonly joinedAt: number;
  readonly isReady: boolean;
  readonly isVisible: boolean;
  readonly preference: number;
}

/** ms */
const SPREAD_READY = 3;
const SAMPLES_READY = 6;
/** On a road so bad that the spread stays wide, what a second and a half of fast pings tell must do. */
const SAMPLES_ENOUGH = 24;
/** ms; more than this cannot be slewed unheard [CK6]. */
export const STEP = 20;
/** Ticks for which it must be off: one odd sample, or two rival masters after a partition, step nobody. */
const STEP_TICKS = 3;
/** ms; a reference this far off is held against all others at once, any other each second: it may lead astray slowly. */
const ODD = 5;
const JUDGED_EVERY = 4;
/** ms; heard lists go stale underway, so they leave out early who may be gone. */
const HEARD = 600;
/** ms for which a master that one names may leave it at that. */
const UNCLAIMED = 2000;
/** Growth of the error while nobody can be followed, without unit: the worst oscillators, and ordinary ones. */
const HOLDOVER_BOUND = 2e-3;
const HOLDOVER_SPREAD = 20e-6;

interface Membership {
  readonly id: string;
  readonly isFounder: boolean;
  claim: Claim;
  joinedAt: number;
  isReady: boolean;
}

/**
 * Mesh time is nobody's clock: each peer carries a line from its own, and the master is only whom the others' lines follow.
 * So a master that goes takes nothing along: its successor keeps its line, and the others, whose estimators for it were
 * warm all the time, turn to it without a step. Mesh time is the age of the session: it began at 0 when that was founded.
 * graph: who is within reach of the room; without one, those heard are all. counts: of those further away.
 */
export function createMeshClock(
  host: Host,
  self: PeerId,
  graph: () => Graph = alone(self),
  counts: (node: GraphNode) => boolean = () => true,
): MeshClock & ClockInput {
  const events = createEmitter<ClockEvents>();
  const hearing = createHearing(host);
  const trust = createTrust(hearing);
  const slew = createSlew();
  /** Since when each peer is within reach without a break. */
  const reachedAt = new Map<PeerId, LocalTime>();
  let followed: PeerId | undefined;
  let member: Membership | undefined;
  let claimedAt = -Infinity;
  let challengedAt: number | undefined;
  /** Since when the master whom we follow says that another is it. */
  let disownedAt: LocalTime | undefined;
  let strikes = 0;
  let ticks = 0;
  let held: Figures = { at: 0, bound: Infinity, spread: Infinity };
  let isVisible = true;
  let preference = 0;

  const isMaster = (): boolean => member?.claim.master === self;
  const company = (): Company => ({ self, hearing, graph: graph(), counts });
  const neighbours = (session: string): Neighbour[] => hearing.present().filter(({ beacon }) => beacon?.session === session);

  function join(id: string, claim: Claim, line: ClockMap): Membership {
    const isFounder = claim.master === self;
    slew.step(line);
    held = { at: 0, bound: Infinity, spread: Infinity };
    strikes = 0;
    challengedAt = undefined;
    member = { id, isFounder, claim, joinedAt: slew.at(host.clock.now()), isReady: isFounder };
    claimedAt = host.clock.now();
    events.emit('session', id);
    events.emit('master', claim.master);
    return member;
  }

  function setClaim(held: Membership, claim: Claim, now: LocalTime): void {
    held.claim = claim;
    claimedAt = now;
    challengedAt = undefined;
    if (claim.master === self) held.isReady = true;
    events.emit('master', claim.master);
  }

  /** Adopts a session of more peers, or an older one of as many; a joiner that of most whom it hears. */
  function meetSessions(now: LocalTime): void {
    const size = new Map<string, number>();
    const sizeHere = (session: string): number => {
      const known = size.get(session) ?? sizeOf(company(), session) + (session === member?.id && member.isReady ? 1 : 0);
      size.set(session, known);
      return known;
    };
    for (const neighbour of hearing.present()) {
      const { beacon } = neighbour;
      if (!beacon?.isReady || beacon.session === member?.id) continue;
      const estimate = neighbour.estimator.estimate(now);
      if (estimate === undefined) continue;
      const line = through(estimate.map, beacon.map, now);
      const other = {
        ...{ id: beacon.session, ahead: toMesh(line, now) - slew.at(now), heardFor: now - neighbour.metAt },
        more: sizeHere(beacon.session) - (member === undefined ? 0 : sizeHere(member.id)),
      };
      const isSure = neighbour.estimator.count() >= SAMPLES_READY;
      if (member === undefined || (isSure && yieldsTo(member.id, other))) join(beacon.session, claimOf(beacon), line);
    }
  }

  /** In a large room looking at everyone takes its time, and is seldom needed. */
  function viewOf(held: Membership, around: Company, now: LocalTime): View {
    const { claim, id, joinedAt, isReady } = held;
    return {
      now: slew.at(now),
      self: { id: self, preference, isVisible, isReady, joinedAt },
      get others() {
        return fellowsOf(around, id);
      },
      get incumbent() {
        return fellowOf(around, id, claim.master);
      },
      isMasterHeard: claim.master === self || isHeard(around, claim.master) || now - claimedAt < SILENT,
    };
  }

  /** A claim is believed of the master that it names; where that is not heard, of who is nearer to it, if it is within reach.
   *  One that names this peer needs half of those who are heard [EL6]. */
  function isCredible(own: Claim, claim: Claim, from: Neighbour, others: readonly Neighbour[]): boolean {
    const { master } = claim;
    if (!mayFollow(own, claim)) return false;
    if (master === self) return 2 * others.filter(({ beacon }) => beacon!.master === self).length >= others.length;
    if (others.some(({ id }) => id === master)) return from.id === master;
    return !isOut(hearing, master) && isHeard(company(), master) && isWitness(master, from);
  }

  /** Nearer to it than we are, so that no tale goes round in a circle; where no way is known, anybody. */
  function isWitness(of: PeerId, { id }: Neighbour): boolean {
    const [own, theirs] = [graph().distance(of, self), graph().distance(of, id)];
    return own === undefined || theirs === undefined || theirs < own;
  }

  /** Some named a master that never took office, because it lost nobody, or are one whom the others doubt: the tale ends
   *  [EL7]. The best of what those say who must know. */
  function disown(own: Claim, others: readonly Neighbour[], now: LocalTime): Claim | undefined {
    const master = others.find(({ id }) => id === own.master);
    const near = master === undefined ? others.filter((each) => isWitness(own.master, each)) : [master];
    const witnesses = own.master === self ? rivalsOf(others) : near;
    const isHeld = witnesses.length === 0 || witnesses.some(({ beacon }) => beacon!.master === own.master);
    if (isHeld) disownedAt = undefined;
    else if (now - Math.max(claimedAt, (disownedAt ??= now)) >= UNCLAIMED) {
      disownedAt = undefined;
      const claims = witnesses.map(({ beacon }) => claimOf(beacon!)).filter((claim) => mayFollow(own, claim));
      if (claims.length === 0) return undefined;
      const best = claims.reduce((a, b) => (isGreater(b, a) ? b : a));
      return best.master === self ? next(isGreater(own, best) ? own : best, self, slew.at(now)) : best;
    }
    return undefined;
  }

  function elect(now: LocalTime): void {
    meetSessions(now);
    if (member === undefined) return;
    const others = neighbours(member.id);
    for (const neighbour of others) {
      const claim = claimOf(neighbour.beacon!);
      const isNews = isGreater(claim, member.claim) && isCredible(member.claim, claim, neighbour, others);
      if (isNews) setClaim(member, answer(member.claim, claim, neighbour, others), now);
    }
    const truth = disown(member.claim, others, now);
    if (truth !== undefined) return setClaim(member, truth, now);
    const view = viewOf(member, company(), now);
    const claim = succeed(member.claim, view);
    if (claim !== member.claim) setClaim(member, claim, now);
    else challenge(member, view, now);
  }

  function answer(own: Claim, other: Claim, from: Neighbour, others: readonly Neighbour[]): Claim {
    const meshOf = (local: LocalTime): number => (local === -Infinity ? -Infinity : slew.at(local));
    const companyAt = Math.min(...others.map(({ metAt }) => meshOf(metAt)));
    const { from: sleptFrom, to } = hearing.slept();
    const reunions = [from.metAt, hearing.get(other.master)?.metAt ?? -Infinity, reachedAt.get(other.master) ?? -Infinity];
    const metAt = meshOf(Math.max(...reunions) as LocalTime);
    const reunion = { metAt, companyAt, slept: { from: meshOf(sleptFrom), to: meshOf(to) } };
    return own.master === self && outlives(own, other, reunion) ? next(other, self, own.since) : other;
  }

  function noteReach(now: LocalTime): void {
    const nodes = graph().nodes();
    for (const { id } of nodes) if (!reachedAt.has(id)) reachedAt.set(id, now);
    if (reachedAt.size === nodes.length) return;
    const known = new Set(nodes.map(({ id }) => id));
    for (const id of reachedAt.keys()) if (!known.has(id)) reachedAt.delete(id);
  }

  function challenge(held: Membership, view: View, now: LocalTime): void {
    if (!isChallenger(view)) challengedAt = undefined;
    else if (now - (challengedAt ??= now) >= BETTERED) setClaim(held, next(held.claim, self, view.now), now);
  }

  function referenceOf(held: Membership, now: LocalTime): Reference | undefined {
    const reference = referenceAmong({ ...company(), now, current: followed }, held);
    followed = reference?.peer;
    return reference;
  }

  function follow(held: Membership, now: LocalTime): void {
    const reference = referenceOf(held, now);
    if (reference === undefined) return;
    const own = slew.at(now);
    const off = toMesh(reference.line, now) - own;
    const isDue = Math.abs(off) > ODD || ticks++ % JUDGED_EVERY === 0;
    if (isDue && !trust.isSound(reference, { session: held.id, now, own: held.isReady ? own : undefined })) return;
    if (!held.isReady) return settle(held, reference, now);
    strikes = Math.abs(off) > STEP + reference.spread ? strikes + 1 : 0;
    if (strikes < STEP_TICKS) return slew.follow(reference.line, now);
    strikes = 0;
    slew.step(reference.line);
    events.emit('stepped', off);
  }

  function settle(held: Membership, { line, spread, samples }: Reference, now: LocalTime): void {
    slew.step(line);
    held.joinedAt = slew.at(now);
    held.isReady = samples >= SAMPLES_ENOUGH || (samples >= SAMPLES_READY && spread <= SPREAD_READY);
  }

  /** Error figures now; in holdover the last ones, growing. */
  function figures(): Figures {
    const now = host.clock.now();
    if (member === undefined || isMaster()) return { at: now, bound: member ? 0 : Infinity, spread: member ? 0 : Infinity };
    const reference = referenceOf(member, now);
    if (reference === undefined) {
      const age = now - held.at;
      return { at: now, bound: held.bound + age * HOLDOVER_BOUND, spread: held.spread + age * HOLDOVER_SPREAD };
    }
    const off = Math.abs(toMesh(reference.line, now) - slew.at(now));
    return (held = { at: now, bound: reference.bound + off, spread: reference.spread + off });
  }

  function beacon(): Uint8Array {
    if (member === undefined) return new Uint8Array(0);
    const now = host.clock.now();
    const { id, claim, joinedAt, isReady } = member;
    const heard = hearing.present().filter(({ heardAt }) => now - heardAt < HEARD);
    const unmade = Math.abs(slew.pending(now));
    const { bound, spread } = isMaster() ? { bound: unmade, spread: unmade } : figures();
    return encodeBeacon({
      ...{ session: id, ...claim, joinedAt, map: slew.line(), bound, spread, isVisible, isReady, preference },
      heard: heard.map((neighbour) => shortHash(neighbour.id)),
    });
  }

  return {
    now: () => slew.now(host.clock.now()),
    toLocal: slew.toLocal,
    fromLocal: slew.at,
    spread: () => figures().spread,
    bound: () => figures().bound,
    isMaster,
    master: () => member?.claim.master,
    term: () => member?.claim.term ?? 0,
    session: () => member && { id: member.id, age: slew.at(host.clock.now()), isFounder: member.isFounder },
    isReady: () => member?.isReady ?? false,
    pair(peer) {
      const estimate = hearing.get(peer)?.estimator.estimate(host.clock.now());
      return (
        estimate && {
          roundTrip: estimate.roundTrip,
          spread: estimate.spread,
          bound: estimate.bound,
          offset: estimate.map.offset,
        }
      );
    },
    on: events.on,
    found() {
      if (member !== undefined) return;
      const now = host.clock.now();
      join(createId(host.random), { term: 1, master: self, since: 0 }, { origin: now, offset: -now, skew: 0 });
    },
    sample: hearing.sample,
    bad: hearing.bad,
    recognise: hearing.recognise,
    beat(peer, beat) {
      const now = hearing.touch();
      if (hearing.beat(peer, beat)) elect(now);
    },
    leave(peer) {
      hearing.leave(peer);
      elect(hearing.touch());
    },
    graphChanged() {
      const now = host.clock.now();
      noteReach(now);
      elect(now);
    },
    stated: () => ({
      ...{ session: member?.id ?? '', joinedAt: member?.joinedAt ?? 0, isReady: member?.isReady ?? false },
      ...{ isVisible, preference },
    }),
    setVisible: (value) => void (isVisible = value),
    setPreference: (value) => void (preference = Math.max(0, Math.min(255, Math.round(value)))),
    beacon,
    tick() {
      const now = hearing.touch();
      elect(now);
      if (member !== undefined && !isMaster()) follow(member, now);
      figures();
      events.emit('tick', undefined);
    },
  };
}

const claimOf = ({ term, master, since }: Beacon): Claim => ({ term, master, since });
