import type { Issue, MeshTime, PeerId } from '../base.ts';
import { compare } from '../base.ts';
import type { ObjectId, Score } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import { evaluate, mentions, parse } from '../engine/expression.ts';
import type { Environment, Expression } from '../engine/expression.ts';
import type { OccurrencePath } from '../engine/fact.ts';
import type { Share } from '../engine/moment.ts';
import type { Ballot } from './ballot.ts';
import { decide, neededOf, votes as says } from './decide.ts';
import type { Axes, Knowledge, Vote } from './decide.ts';
import { isMember, membersOf, policiesOf } from './placement.ts';
import type { EffectivePolicies, Memberships } from './placement.ts';
import type { Standing } from './standing.ts';

/**
 * Watches the syncs that wait and says when they fire. The engine knows that a trigger is reached; the devices know
 * values; the mesh knows who is here. Only here do the three meet, so only here is decided. What comes out is a fact
 * for everybody; whether others know the device never matters.
 */
export interface Triggers {
  /** What waits and which conditions are open, after every turn of the engine. */
  update(waiting: readonly Waiting[], pending: readonly Pending[]): void;
  /** A value passed at an address of this peer's devices. */
  value(address: Address): void;
  /** A person presses, and where several decide takes its vote back by pressing again; the reason when nothing fires. */
  click(sync: ObjectId): Issue | undefined;
  vote(from: PeerId, ballot: Ballot): void;
  /** How those stand that several decide, as far as this peer has heard. */
  tallies(): readonly Tally[];
  /** Somebody came, perhaps again: own votes that stand are said once more. */
  joined(): void;
  /** Its votes go with it: after a reload it counts them from one again. */
  left(peer: PeerId): void;
  /** Another run: nothing that was said in the former counts. */
  forget(): void;
  /** Someone came, went, froze or changed group: electorates differ now. */
  electorateChanged(): void;
}

export interface Waiting {
  readonly sync: ObjectId;
  readonly path: OccurrencePath;
  readonly since: MeshTime;
  readonly expression: string;
  /** It was triggered before: its expression must have been false since to count again. */
  readonly isAgain?: boolean;
  /** Of the scenario it lies in, as the run has it. */
  readonly share?: Share;
  /** What stands before it is to have ended everywhere before anything follows. */
  readonly isOrdered?: boolean;
}

export interface Tally {
  readonly sync: ObjectId;
  readonly path: OccurrencePath;
  /** Who has a say and sees it true, or pressed; and who does not yet. By id. */
  readonly yes: readonly PeerId[];
  readonly missing: readonly PeerId[];
  /** So many must. */
  readonly needed: number;
  /** Pressed here, and counted; nothing is decided yet. */
  readonly isPressed: boolean;
}

/** An event whose sync fired at `at` and whose condition nobody has decided yet. */
export interface Pending {
  readonly event: ObjectId;
  readonly path: OccurrencePath;
  readonly at: MeshTime;
  readonly condition: string;
  /** Who fired the sync: has the device, most likely. */
  readonly firedBy: PeerId | '';
  /** In a free scenario: everybody decides it for itself. */
  readonly isOwn?: boolean;
  /** In a mixed one: not everybody need be here. */
  readonly isMixed?: boolean;
}

export interface Triggered {
  readonly sync: ObjectId;
  readonly path: OccurrencePath;
  readonly at: MeshTime;
  readonly reason: 'click' | 'expression';
  readonly type: 'fired' | 'ending';
  readonly scope: 'own' | 'all';
}

export interface Decided {
  readonly event: ObjectId;
  readonly path: OccurrencePath;
  readonly at: MeshTime;
  readonly holds: boolean;
  readonly scope: 'own' | 'all';
}

export interface TriggerDeps extends Pick<Environment, 'matching' | 'unitOf'> {
  readonly self: PeerId;
  score(): Score;
  memberships(): Memberships;
  /** Present and not frozen, self included. */
  present(): readonly PeerId[];
  /** Who stands where in a mixed scenario. */
  readonly standing: Pick<Standing, 'waits' | 'asks'>;
  isMaster(): boolean;
  now(): MeshTime;
  /** Date at which everyone can be there: now plus what the slowest link needs. */
  compensated(): MeshTime;
  read(address: Address): Value | undefined;
  /** False: it may not be said, or no more of it, so it is still to be said. */
  fire(of: Triggered): boolean;
  decided(of: Decided): boolean;
  castVote(ballot: Ballot): void;
}

/** How long the first in line may take to decide a condition before the next in line does. */
const TURN_MS = 300;
/** A vote may be lost, or come before it is known that its voter has one: so often what stands is said again, one each turn. */
const AGAIN_MS = 1000;
/** ms for which a condition whose group nobody present is in waits for somebody of it. */
const NOBODY_MS = 2000;
/** Votes of one peer kept for syncs that this peer has not reached yet: whoever invents some crowds out only its own. */
const EARLY_VOTES_MAX = 256;

const NOT_SAID = 'This could not be said to the others: you may not control here, or stated as much as one may in a run.';

interface Watch {
  /** As the run has it now. */
  waiting: Waiting;
  readonly expression: Expression | undefined;
  readonly isConcerned: (address: Address) => boolean;
  /** Where a message arrived since this waits [XP11]. */
  readonly impulses: Set<Address>;
  wasClicked: boolean;
  wasFalse: boolean;
  ownVote: Vote;
  votedAt: MeshTime;
  isStated: boolean;
}

const keyOf = (path: OccurrencePath, id: ObjectId): string => `${path}/${id}`;

export function createTriggers(deps: TriggerDeps): Triggers {
  let watches = new Map<string, Watch>();
  const votes = new Map<string, Map<PeerId, Vote>>();
  const early = new Map<PeerId, string[]>();
  let pending: readonly Pending[] = [];
  const decidedKeys = new Set<string>();
  let seq = 0;

  const policies = (id: ObjectId): EffectivePolicies => policiesOf(deps.score(), id);
  const isMine = (id: ObjectId): boolean => isMember(deps.memberships(), deps.self, policies(id).group);

  const axesOf = ({ sync, share = 'shared', isOrdered = false }: Waiting): Axes => ({
    ...policies(sync),
    ...{ share, order: isOrdered ? 'sync' : 'async', hasBefore: isOrdered },
  });

  /** Inside a free scenario each who runs it decides, whatever the groups in it. */
  const isConcerned = ({ sync, share }: Waiting): boolean => share === 'free' || isMine(sync);

  /** Who has a say: in a mixed scenario of those only for whom it waits. */
  const electorateOf = ({ sync, path, share }: Waiting): readonly PeerId[] => {
    const members = membersOf(deps.memberships(), deps.present(), policies(sync).group);
    return share === 'mixed' ? members.filter((peer) => peer === deps.self || deps.standing.waits(peer, { sync, path })) : members;
  };

  const knowledgeOf = ({ waiting }: Watch, holds: boolean): Knowledge => ({
    ...{ holds, isMember: isMine(waiting.sync), isMaster: deps.isMaster() },
    electorate: electorateOf(waiting),
    votes: votes.get(keyOf(waiting.path, waiting.sync)) ?? new Map(),
  });

  /** States what there is to state. cause: when its expression became true here. */
  const tally = (
    watch: Watch,
    { holds = false, cause = deps.now() }: { readonly holds?: boolean; readonly cause?: MeshTime } = {},
  ): void => {
    const { sync, path } = watch.waiting;
    const decision = watch.isStated ? undefined : decide(axesOf(watch.waiting), knowledgeOf(watch, holds));
    if (!decision) return;
    const { type, scope, dated } = decision;
    const wished = dated === 'now' ? deps.now() : cause;
    const at = dated === 'met' ? (Math.max(wished, deps.compensated()) as MeshTime) : wished;
    // What this sets going may look here again before it returns.
    watch.isStated = true;
    watch.isStated = deps.fire({ sync, path, at, reason: watch.wasClicked ? 'click' : 'expression', type, scope });
  };

  const tallyOf = ({ waiting, wasClicked, isStated }: Watch): Tally => {
    const { sync, path } = waiting;
    const said = votes.get(keyOf(path, sync));
    const electorate = [...electorateOf(waiting)].sort(compare);
    const holds = (peer: PeerId): boolean => said?.get(peer)?.holds === true;
    const needed = neededOf(policies(sync).consensus, electorate.length);
    const [yes, missing] = [electorate.filter(holds), electorate.filter((peer) => !holds(peer))];
    return { sync, path, yes, missing, needed, isPressed: wasClicked && !isStated };
  };

  const putVote = (from: PeerId, ballot: Ballot): void => {
    const key = keyOf(ballot.path, ballot.sync);
    const known = votes.get(key) ?? new Map<PeerId, Vote>();
    if (!watches.has(key) && !known.has(from)) makeRoom(from, key);
    votes.set(key, known);
    if ((known.get(from)?.seq ?? -1) < ballot.seq) known.set(from, { holds: ballot.holds, seq: ballot.seq });
  };

  const makeRoom = (from: PeerId, key: string): void => {
    const own = early.get(from) ?? [];
    early.set(from, own);
    own.push(key);
    const oldest = own.length > EARLY_VOTES_MAX ? own.shift() : undefined;
    if (oldest === undefined || watches.has(oldest)) return;
    votes.get(oldest)?.delete(from);
    if (votes.get(oldest)?.size === 0) votes.delete(oldest);
  };

  const vote = (watch: Watch, holds: boolean): void => {
    if (watch.ownVote.holds === holds) return;
    seq += 1;
    watch.ownVote = { holds, seq };
    putVote(deps.self, { sync: watch.waiting.sync, path: watch.waiting.path, holds, seq });
    say(watch);
    tally(watch);
  };

  const say = (watch: Watch): void => {
    watch.votedAt = deps.now();
    deps.castVote({ sync: watch.waiting.sync, path: watch.waiting.path, ...watch.ownVote });
  };

  const sayAgain = (): void => {
    // Mesh time may have stepped.
    const age = ({ votedAt }: Watch): number => Math.abs(deps.now() - votedAt);
    let oldest: Watch | undefined;
    for (const watch of watches.values()) if (watch.ownVote.seq >= 0 && (!oldest || age(watch) > age(oldest))) oldest = watch;
    if (oldest && age(oldest) >= AGAIN_MS) say(oldest);
  };

  const look = (watch: Watch, wished: MeshTime): void => {
    if (!isConcerned(watch.waiting)) return;
    const impulse = (address: Address): boolean => watch.impulses.has(address);
    const isTrue = watch.expression !== undefined && evaluate(watch.expression, { ...deps, impulse });
    const holds = watch.wasClicked || (isTrue && watch.wasFalse);
    watch.wasFalse ||= !isTrue;
    if (says(axesOf(watch.waiting))) vote(watch, holds);
    else if (holds) tally(watch, { holds, cause: wished });
  };

  const begin = (waiting: Waiting): Watch => {
    const parsed = parse(waiting.expression);
    const expression = 'expression' in parsed ? parsed.expression : undefined;
    return {
      waiting,
      expression,
      isConcerned: expression ? mentions(expression) : () => false,
      impulses: new Set(),
      wasClicked: false,
      wasFalse: waiting.isAgain !== true,
      ownVote: { holds: false, seq: -1 },
      votedAt: deps.now(),
      isStated: false,
    };
  };

  /** Who decides a condition: who fired the sync if a member, then members by id; each next one after a turn. */
  const isMyTurn = ({ event, path, at, firedBy, isOwn = false, isMixed = false }: Pending): boolean => {
    if (isOwn) return deps.now() >= at;
    const here = isMixed
      ? deps.present().filter((peer) => peer === deps.self || deps.standing.asks(peer, { event, path }))
      : deps.present();
    const entitled = membersOf(deps.memberships(), here, policies(event).group);
    // Whose members all stayed behind has nobody there to ask; who is away may come back.
    const wait = entitled.length > 0 || isMixed ? 0 : NOBODY_MS;
    const members = [...(entitled.length === 0 ? here : entitled)].sort(compare);
    const queue = members.includes(firedBy as PeerId) ? [firedBy, ...members.filter((peer) => peer !== firedBy)] : members;
    const turn = queue.indexOf(deps.self);
    return turn >= 0 && deps.now() >= at + wait + turn * TURN_MS;
  };

  const decideConditions = (): void => {
    for (const open of pending) {
      const key = `${keyOf(open.path, open.event)}@${open.at}`;
      if (decidedKeys.has(key) || !isMyTurn(open)) continue;
      const parsed = parse(open.condition);
      const holds = 'expression' in parsed ? evaluate(parsed.expression, { ...deps, impulse: () => false }) : true;
      const decided = { event: open.event, path: open.path, at: open.at, holds };
      if (deps.decided({ ...decided, scope: open.isOwn === true ? 'own' : 'all' })) decidedKeys.add(key);
    }
  };

  return {
    update(waiting, nowPending) {
      const next = new Map<string, Watch>();
      const fresh: Watch[] = [];
      for (const each of waiting) {
        const key = keyOf(each.path, each.sync);
        const known = watches.get(key);
        // What was stated while its time was another's says nothing any more; but order may change while it waits.
        const was = known?.waiting;
        const isSame = was?.since === each.since && was.expression === each.expression && was.share === each.share;
        const watch = known && isSame ? known : begin(each);
        watch.waiting = each;
        if (watch !== known) fresh.push(watch);
        next.set(key, watch);
      }
      for (const key of watches.keys()) if (!next.has(key)) votes.delete(key);
      watches = next;
      pending = nowPending;
      for (const watch of fresh) {
        look(watch, watch.waiting.since);
        tally(watch);
      }
      // Who tallies may be another since, and where others may have gone on, so may who has a say.
      for (const watch of watches.values()) if (says(axesOf(watch.waiting))) tally(watch);
      sayAgain();
      if (pending.length === 0) decidedKeys.clear();
      decideConditions();
    },
    value(address) {
      for (const watch of watches.values()) {
        if (!watch.isConcerned(address)) continue;
        watch.impulses.add(address);
        look(watch, deps.now());
      }
    },
    click(sync) {
      const watch = [...watches.values()].find(({ waiting }) => waiting.sync === sync);
      if (!watch) return { message: 'This trigger does not wait now: the score is not there yet, or has passed it.', where: sync };
      if (!isConcerned(watch.waiting)) return { message: 'This trigger belongs to a group that you are not in.', where: sync };
      // A vote that has decided nothing yet is its voter's to take back [RN24].
      watch.wasClicked = !(watch.wasClicked && !watch.isStated && says(axesOf(watch.waiting)));
      look(watch, deps.now());
      if (watch.isStated || says(axesOf(watch.waiting))) return undefined;
      watch.wasClicked = false;
      return { message: NOT_SAID, where: sync };
    },
    vote(from, ballot) {
      // Whose count is known when it is tallied: its voter may be a member that this peer has not heard of yet.
      putVote(from, ballot);
      const watch = watches.get(keyOf(ballot.path, ballot.sync));
      if (watch) tally(watch);
    },
    tallies: () => [...watches.values()].filter(({ waiting }) => says(axesOf(waiting))).map(tallyOf),
    joined() {
      for (const watch of watches.values()) if (watch.ownVote.seq >= 0) say(watch);
    },
    left(peer) {
      for (const known of votes.values()) known.delete(peer);
      early.delete(peer);
    },
    forget() {
      votes.clear();
      early.clear();
      decidedKeys.clear();
      watches.clear();
    },
    electorateChanged() {
      for (const watch of watches.values()) {
        look(watch, deps.now());
        tally(watch);
      }
      decideConditions();
    },
  };
}
