import type { Issue, MeshTime, PeerId } from '../base.ts';
import { flicks, toMs } from '../base.ts';
import type { LogEntry } from '../crdt/room.ts';
import type { ObjectId } from '../crdt/score.ts';
import type { Address } from '../crdt/value.ts';
import { isOwn } from '../engine/fact.ts';
import type { Fact, RunId } from '../engine/fact.ts';
import type { Moment } from '../engine/moment.ts';
import { createEngine } from '../engine/run.ts';
import type { Engine } from '../engine/run.ts';
import { viewpointOf } from '../engine/viewpoint.ts';
import { createId } from '../mesh/host.ts';
import { createDates, FUTURE_MS } from './dates.ts';
import { encodeCompleted, encodeVote, toVote } from './ballot.ts';
import { createCrossings } from './crossings.ts';
import type { Awaited } from './crossings.ts';
import { createHands } from './hands.ts';
import type { Draft, Hands } from './hands.ts';
import { policiesOf } from './placement.ts';
import { createPlenty } from './plenty.ts';
import type { RunDeps } from './run-deps.ts';
import { encodeStatement } from './statement.ts';
import { createStanding } from './standing.ts';
import { createStructures } from './structures.ts';
import { createTestimony } from './testimony.ts';
import { createTriggers } from './triggers.ts';
import type { Tally, Triggers, Waiting } from './triggers.ts';

/**
 * The run as this peer takes part in it: states facts, hears those of others, keeps the structure that all obey, and
 * lets triggers be decided. Everything that everybody must agree on is a fact; everything else is derived from facts.
 */
export interface RunDesk extends Hands {
  readonly engine: Engine;
  /** at: mesh ms (default: as soon as everyone can); from: ms in the root interval. Nothing happens while a run is on. */
  play(options?: { readonly at?: MeshTime; readonly from?: number }): void;
  stop(): void;
  pause(): void;
  resume(): void;
  /** ms in the root interval */
  seek(to: number): void;
  /** Between two dates of the root interval, in ms, again and again, at least 50 ms; null: not any more. */
  loop(from: number, to: number | null): void;
  /** ms in the root interval; undefined when idle or not started yet. */
  position(): number | undefined;
  moment(): Moment;
  /** What stands between an end and what follows, and who is waited for [EX38]. */
  awaited(): readonly Awaited[];
  tallies(): readonly Tally[];
  /** What was said of the run and has not come yet, by date. */
  coming(): readonly Fact[];
  /** Facts of the run that is on, else of the last one, by date. */
  log(): readonly Fact[];
  /** Fires a waiting sync; returns why not when it cannot. */
  trigger(sync: ObjectId): Issue | undefined;
  /** Entries of the room document; those that are proven are taken, at once or soon. */
  read(entries: readonly LogEntry[]): void;
  /** Writes down what this peer stated of the run that is on. */
  restate(by: PeerId): void;
  receiveFact(from: PeerId, payload: Uint8Array): void | 'refused';
  receiveVote(from: PeerId, payload: Uint8Array): void | 'refused';
  receiveStructure(from: PeerId, payload: Uint8Array): void | 'refused';
  /** A value passed at an address of this peer's devices. */
  value(address: Address): void;
  /** A link to a peer is whole, or it is gone. */
  joined(): void;
  left(peer: PeerId): void;
  electorateChanged(): void;
  /** The score changed; structural changes of a run that is on are adopted by the clock master. */
  scoreChanged(): void;
  /** Others may control than before: what holds no more is taken back; false when nothing was. */
  reconsider(): boolean;
  /** Another session: nothing of the former holds. */
  reset(): void;
  /** Every 25 ms or so. */
  turn(): void;
  close(): void;
}

/** A lost packet on `event` waits for a retransmission; copies on `fast` do not. */
const COPIES_AFTER_MS = [0, 15, 40];
/** What a fact may weigh in a message; a heavier one (an adoption of many changes) goes by the room document alone. */
const FACT_MESSAGE_MAX = 12 * 1024;
/** For devices to be ready when the date comes. */
const DEVICE_MS = 15;
/** A start is prepared: sound is scheduled ahead, the count-in is seen. */
const START_MS = 150;
const PASSED = 'The others have gone on from here, to what is none of your groups: you stay in what runs until it ends.';
/** In the log, and in the room document. */
const RUNS_KEPT = 8;

export function createRunDesk(deps: RunDeps): RunDesk {
  let engine = createEngine();
  let isToForget = false;
  const dates = createDates(deps);
  const testimony = createTestimony({ ...deps, log: () => engine.log, take: (fact) => insert(fact) });

  const compensated = (): MeshTime => (deps.now() + deps.latency() + deps.spread() + DEVICE_MS) as MeshTime;

  const holds = (fact: Fact): boolean => deps.holds?.(fact) ?? true;
  const plenty = createPlenty(deps.self, (message) => deps.warn?.(message));
  /** False when it was not said: this peer may not, or stated too much [LG2]. */
  const state = (run: RunId, draft: Draft<Fact>): boolean => {
    const isAlone = deps.mayState?.() === false;
    if (isAlone && !('scope' in draft)) return false;
    plenty.watch(run, engine.log.of(run));
    const fact = engine.insert({ ...draft, run, by: deps.self });
    if (!fact) return false;
    // Who may say nothing to others still has its own time.
    if (isAlone) {
      deps.changed();
      return true;
    }
    if (fact.type === 'play') {
      forgetOldRuns();
      // What is not proven yet may be of a run that is on.
      testimony.prune(new Set(engine.log.all().map((known) => known.run)));
    }
    const proof = testimony.prove(fact);
    const payload = encodeStatement(fact, proof);
    if (payload.length <= FACT_MESSAGE_MAX) {
      deps.broadcastFact('event', payload);
      for (const ms of COPIES_AFTER_MS) deps.host.timer.after(ms, () => deps.broadcastFact('fast', payload));
    }
    testimony.record([fact]);
    deps.changed();
    return true;
  };

  const currentRun = (): RunId | undefined => {
    const now = deps.now();
    const span = engine.log.current(now);
    return span && span.end > now ? span.run : undefined;
  };

  const stateNow = (draft: (at: MeshTime) => Draft<Fact>): boolean => {
    const run = currentRun();
    return run !== undefined && state(run, draft(compensated()));
  };

  const structures = createStructures({ ...deps, engine: () => engine, run: currentRun, compensated, state });
  const standing = createStanding({ ...deps, engine: () => engine });

  const triggers: Triggers = createTriggers({
    ...{ ...deps, standing },
    compensated,
    fire({ type, sync, path, at, reason, scope }) {
      const run = currentRun();
      if (run === undefined) return false;
      if (type === 'ending') return state(run, { type, path, sync, at });
      return state(run, { type: 'fired', path, sync, at, reason, ...(scope === 'own' && { scope }) });
    },
    decided({ event, path, at, holds, scope }) {
      const run = currentRun();
      return run !== undefined && state(run, { type: 'decided', path, event, at, holds, ...(scope === 'own' && { scope }) });
    },
    castVote: (ballot) => deps.mayState?.() !== false && deps.broadcastVote(encodeVote(currentRun() ?? '', ballot)),
  });

  const crossings = createCrossings({
    ...{ ...deps, standing },
    say: (of) => deps.mayState?.() !== false && deps.broadcastVote(encodeCompleted(currentRun() ?? '', of)),
    begin({ sync, path }) {
      const isCompensated = policiesOf(deps.score(), sync).date === 'compensated';
      return stateNow((at) => ({ type: 'fired', path, sync, at: isCompensated ? at : deps.now(), reason: 'ready' }));
    },
  });

  let seenRun: RunId | undefined;
  const watchRun = (): void => {
    const run = currentRun();
    if (run !== seenRun) for (const each of [triggers, crossings]) each.forget();
    seenRun = run;
  };

  const watch = (): void => {
    const moment = engine.advance(deps.now());
    triggers.update(watchedOf(moment), moment.pending);
  };

  /** Only the last runs are kept; a later play whose predecessor's stop has not come yet is none of the old ones. */
  const forgetOldRuns = (): void => {
    isToForget = false;
    // A play for next year displaces nothing.
    const soon = deps.now() + FUTURE_MS;
    const runs = engine.log.runs().filter(({ play }) => play.at <= soon);
    const oldest = runs.at(-RUNS_KEPT)?.play.at;
    if (runs.length <= RUNS_KEPT || oldest === undefined) return;
    const recent = engine.log.all().filter(({ at }) => at >= oldest);
    engine.log.prune([...new Set(recent.map(({ run }) => run))]);
  };

  const runFacts = (): readonly Fact[] => {
    const span = engine.log.current(deps.now());
    return span ? engine.log.of(span.run) : [];
  };

  const insert = (input: Fact): Fact | undefined => {
    const fact = holds(input) ? engine.insert(input) : undefined;
    if (!fact) return undefined;
    structures.renew();
    // Most often it leads to the score that this peer has, too, or will in a moment.
    if (fact.type === 'adopt' && fact.changes === null) structures.holdScore();
    // Once for all that come together.
    if (fact.type === 'play') isToForget = true;
    // Who pressed play may not have seen an edit that was under way; an adoption may lead away from the score.
    if (fact.type === 'play' || fact.type === 'adopt') structures.adoptSoon();
    deps.changed();
    return fact;
  };

  const hands = createHands({ ...deps, engine: () => engine, state: stateNow });

  const see = (): void => {
    if (engine.setViewpoint(viewpointOf(deps.self, deps.memberships().get(deps.self) ?? []))) deps.reentered();
  };

  see();
  return {
    get engine() {
      return engine;
    },
    play({ at, from = 0 } = {}) {
      const before = engine.log.current(deps.now());
      // A run that is stopped already, if only in a moment, makes room for the next.
      const free = before?.end ?? -Infinity;
      if (free === Infinity) return;
      const date = Math.max(free, at ?? 0, compensated() + (at === undefined ? START_MS : 0)) as MeshTime;
      state(createId(deps.host.random), { type: 'play', at: date, from: flicks(Math.max(0, from)), structure: structures.holdScore() });
    },
    stop: () => stateNow((at) => ({ type: 'stop', at })),
    pause: () => stateNow((at) => ({ type: 'pause', at })),
    resume: () => stateNow((at) => ({ type: 'resume', at })),
    loop: (from, to) =>
      stateNow((at) => ({ type: 'loop', at, start: flicks(Math.max(0, from)), end: to === null ? null : flicks(Math.max(0, to)) })),
    seek: (to) => stateNow((at) => ({ type: 'seek', at, to: flicks(Math.max(0, to)) })),
    ...hands,
    position() {
      const moment = engine.advance(deps.now());
      return moment.state === 'starting' || moment.position === undefined ? undefined : toMs(moment.position);
    },
    moment: () => engine.view(),
    awaited: () => crossings.awaited(),
    tallies: () => triggers.tallies(),
    coming() {
      const facts = runFacts();
      const next = facts.findLastIndex(({ at }) => at <= deps.now()) + 1;
      return facts.slice(next).filter((fact) => !isOwn(fact) || fact.by === deps.self);
    },
    log: runFacts,
    trigger(sync) {
      // Whoever sees it wait may press it: not only what waited at the last turn.
      watch();
      if (engine.view().passed.some((it) => it.sync === sync)) return { message: PASSED, where: sync };
      const issue = triggers.click(sync);
      // Whoever presses sees it counted before anybody else has answered.
      if (!issue) deps.changed();
      return issue;
    },
    read: testimony.read,
    restate: (by) => testimony.record(runFacts().filter((fact) => fact.by === by)),
    receiveFact(from, payload) {
      // A peer speaks for itself; what others stated it may not retell.
      const statement = testimony.hear(payload, (fact) => fact.by === from && dates.isNow(fact));
      if (statement === undefined || statement === 'refused') return statement;
      const fresh = insert(statement.fact);
      if (fresh) testimony.keep(fresh, statement.proof);
    },
    receiveVote(from, payload) {
      const vote = toVote(payload);
      if (!vote) return 'refused';
      watchRun();
      if (vote.run !== seenRun) return;
      if ('ballot' in vote) triggers.vote(from, vote.ballot);
      else crossings.completed(from, vote.completed);
    },
    receiveStructure: (from, payload) => structures.receive(from, payload),
    value: (address) => triggers.value(address),
    joined() {
      for (const each of [triggers, crossings]) each.joined();
    },
    left(peer) {
      for (const each of [triggers, crossings]) each.left(peer);
    },
    electorateChanged() {
      see();
      triggers.electorateChanged();
    },
    scoreChanged() {
      structures.renew();
      structures.adoptSoon();
    },
    reconsider() {
      const known = engine.log.all();
      const touched = new Set(known.flatMap((fact) => (holds(fact) ? [] : [fact.run])));
      if (touched.size === 0) return false;
      engine.log.prune([...new Set(known.map(({ run }) => run))].filter((run) => !touched.has(run)));
      for (const fact of known) if (touched.has(fact.run) && holds(fact)) testimony.carry(fact, engine.insert(fact));
      structures.renew();
      deps.changed();
      return true;
    },
    reset() {
      engine = createEngine();
      see();
      structures.renew();
      testimony.reset();
      deps.changed();
    },
    turn() {
      dates.turn();
      if (isToForget) forgetOldRuns();
      testimony.witness(engine.log.of(currentRun() ?? ''));
      const moment = engine.advance(deps.now());
      watchRun();
      structures.turn();
      triggers.update(watchedOf(moment), moment.pending);
      crossings.update(moment.crossing);
    },
    close() {
      testimony.close();
      structures.close();
    },
  };
}

const watchedOf = ({ waiting, again }: Moment): readonly Waiting[] => [...waiting, ...again.map((it) => ({ ...it, isAgain: true }))];
