import type { Flicks, PeerId } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import type { OccurrencePath } from './fact.ts';
import type { Trie } from './trie.ts';

/**
 * Where a run stands: a marking of what runs, waits and is closed off, never a history of statuses. Everything is
 * immutable, so that any past state is a checkpoint, and every position is a line from an anchor, so that nothing is
 * ever added up step by step. Dates are flicks of run time: since the play, pauses taken out.
 */
export interface RunState {
  /** All that is due before this date has happened; nothing due at it has. */
  readonly date: Flicks;
  /** Where this epoch (since the play or the last jump) began; what lies before is only assumed to have happened. */
  readonly origin: Flicks;
  /** Begins every occurrence path of this epoch: empty since the play, then naming the jump. */
  readonly epoch: string;
  /** Earliest date at which something is due by itself: a bound, an end of a line, a line of a grid. */
  readonly due: Flicks;
  /** Made by a restoration, or time has turned round: the next step looks at every sync once. */
  readonly isFresh: boolean;
  /** Grows with every firing: gives equal dates an order. */
  readonly order: number;
  /** Running scenario occurrences by `scenarioKey`. */
  readonly scenarios: ReadonlyMap<string, ScenarioState>;
  /** Latest last, at most `RECENT_MAX`. */
  readonly recent: readonly Firing[];
  /** Syncs whose loop was cut, since it took no time or hardly any. */
  readonly capped: readonly ObjectId[];
  readonly lately: Lately;
}

export const RECENT_MAX = 20;

export interface ScenarioState {
  readonly scenario: ObjectId;
  readonly key: string;
  /** An object's path is this and its own count. */
  readonly prefix: string;
  readonly depth: number;
  /** Key of the scenario occurrence in which its interval runs; undefined around the root interval. */
  readonly outer: string | undefined;
  /** Flicks of its own time per flick of run time. */
  readonly rate: number;
  /** Its time goes backwards, or went back to its beginning and stands there: nothing is decided in it. */
  readonly isBack: boolean;
  /** -1, 0 or 1: where time goes in it, which is all that a tempo takes from what is around it. */
  readonly way: number;
  readonly running: ReadonlyMap<ObjectId, Running>;
  /** Intervals that will not start this time, since their start event was disposed. */
  readonly dead: ReadonlySet<ObjectId>;
  /** Ready syncs that nobody has fired. */
  readonly waiting: ReadonlyMap<ObjectId, Flicks>;
  /** Syncs that will fire on the next line of their grid. */
  readonly booked: ReadonlyMap<ObjectId, Booking & { readonly by: PeerId | '' }>;
  /** Intervals that will begin or end by hand. */
  readonly asked: ReadonlyMap<ObjectId, Booking & { readonly isStart: boolean }>;
  /** Events of fired syncs whose condition nobody has decided. */
  readonly undecided: ReadonlyMap<ObjectId, Undecided>;
  /** Syncs whose before has ended and whose after waits until it has everywhere [EX38]. */
  readonly crossing: ReadonlyMap<ObjectId, Crossing>;
  /** Roots that have not fired. */
  readonly armed: ReadonlySet<ObjectId>;
  /** Positions of its interval between which its present pass lies; undefined: it plays once [EX35]. */
  readonly pass: Pass | undefined;
  /** Roots that were triggered, and can be again. */
  readonly again: ReadonlySet<ObjectId>;
  /** Last firing of each sync: its count is how often before. */
  readonly fired: Trie<Firing>;
  /** Firings before the last ones of their syncs, latest first; of old ones those that matter (`earlier.ts`). */
  readonly earlier: Earlier | undefined;
  readonly hasTurned: boolean;
}

export interface Pass {
  readonly from: number;
  readonly to: number;
  readonly turned?: Turned;
  /** In a mixed scenario, the least count of what fires in it: who followed and who stayed mean the same occurrences. */
  readonly first?: number;
}

/** When the present pass began; firings of lesser order belong to the one before. */
export interface Turned {
  readonly date: Flicks;
  readonly order: number;
}

/** Firings in the span of run time (`SPAN`) at work, by sync, over all occurrences. */
export interface Lately {
  readonly span: number;
  readonly total: number;
  /** The same in what is free or mixed, which need not be alike for all. */
  readonly apart: number;
  readonly bySync: Trie<number>;
}

export interface Earlier {
  readonly firing: Firing;
  readonly rest: Earlier | undefined;
  /** Of the list from here on. */
  readonly size: number;
}

/** At this position of a running interval, whose metre it is. */
export interface Booking {
  /** Scenario occurrence and interval; undefined: at `at` in run time. */
  readonly metre: { readonly key: string; readonly interval: ObjectId } | undefined;
  readonly at: number;
}

export interface Running {
  readonly interval: ObjectId;
  readonly path: OccurrencePath;
  readonly started: Flicks;
  readonly anchor: Anchor;
  /** Its own factor, on top of its scenario's rate. */
  readonly speed: number;
  readonly minDate: Flicks;
  readonly maxDate: Flicks;
  /** When it is back at its beginning. */
  readonly zeroDate: Flicks;
  /** When its tempo changes. */
  readonly bendDate: Flicks;
  readonly isPastMin: boolean;
  /** It stands at its max until its end sync fires; its content stands with it. */
  readonly isAtMax: boolean;
  /** It stands at its beginning, going backwards. */
  readonly isAtZero: boolean;
}

/** position(date) = position + rate × (date − this date) */
export interface Anchor {
  readonly date: Flicks;
  readonly position: number;
  readonly rate: number;
}

export interface Crossing {
  readonly path: OccurrencePath;
  readonly since: Flicks;
  readonly order: number;
  readonly by: PeerId | '';
  /** Intervals that ended in it, and events that are not disposed. */
  readonly led: readonly ObjectId[];
  readonly alive: readonly ObjectId[];
}

export interface Undecided {
  readonly path: OccurrencePath;
  readonly since: Flicks;
  readonly firedBy: PeerId | '';
}

export interface Firing {
  readonly sync: ObjectId;
  readonly path: OccurrencePath;
  readonly count: number;
  readonly date: Flicks;
  readonly order: number;
  readonly by: PeerId | '';
  /** A root was triggered again: what it had started ended, and it fired or (end) only waits. turn: of a record; what fires is a scenario that loops. cross: what led to an ordered sync ended, and came back before anything followed. */
  readonly kind?: 'again' | 'end' | 'turn' | 'cross';
  /** Intervals that ended in it: those time goes back into. */
  readonly led: readonly ObjectId[];
  /** It belongs to what a pass is entered with, and comes by itself. */
  readonly isAssumed?: boolean;
}

/** What a step did, in order. */
export type Happening =
  | { readonly type: 'started'; readonly date: Flicks; readonly interval: ObjectId; readonly path: OccurrencePath; readonly anchor: Anchor }
  /** Another line from here on: another speed, or standing at its max. */
  | { readonly type: 'bent'; readonly date: Flicks; readonly interval: ObjectId; readonly path: OccurrencePath; readonly anchor: Anchor }
  | { readonly type: 'ended'; readonly date: Flicks; readonly interval: ObjectId; readonly path: OccurrencePath; readonly position: Flicks }
  | { readonly type: 'fired'; readonly date: Flicks; readonly sync: ObjectId; readonly path: OccurrencePath; readonly by: PeerId | '' }
  | { readonly type: 'happened' | 'disposed'; readonly date: Flicks; readonly event: ObjectId; readonly path: OccurrencePath };

/** What peers have decided, by object and occurrence; dates in run time. Of several facts the valid one is given. */
export interface Decisions {
  fired(sync: ObjectId, path: OccurrencePath): { readonly date: Flicks; readonly by: PeerId | '' } | undefined;
  /** What leads to an ordered sync ends; absent: nobody says so. */
  ending?(sync: ObjectId, path: OccurrencePath): { readonly date: Flicks; readonly by: PeerId | '' } | undefined;
  /** What follows an ordered sync begins, for all who stand between; absent: as `fired`. */
  begun?(sync: ObjectId, path: OccurrencePath): { readonly date: Flicks; readonly by: PeerId | '' } | undefined;
  decided(event: ObjectId, path: OccurrencePath): { readonly date: Flicks; readonly holds: boolean } | undefined;
}

export const scenarioKey = (scenario: ObjectId, path: OccurrencePath): string => `${scenario}@${path}`;

/** Not rounded, never before 0 or beyond `max`. */
export const exactly = (anchor: Anchor, date: Flicks, max = Infinity): number =>
  Math.max(0, Math.min(max, anchor.position + (date - anchor.date) * anchor.rate));

/** Whole flicks, never before 0 or beyond `max`. */
export const positionOf = (anchor: Anchor, date: Flicks, max = Infinity): Flicks => Math.floor(exactly(anchor, date, max)) as Flicks;

/** First whole flick at which the line, going forward, is at `target` or past it; Infinity when never. */
export function dateAt(anchor: Anchor, target: number): Flicks {
  if (anchor.rate < 0) return Infinity as Flicks;
  if (target <= anchor.position) return anchor.date;
  if (anchor.rate === 0 || target === Infinity) return Infinity as Flicks;
  return (anchor.date + Math.ceil((target - anchor.position) / anchor.rate)) as Flicks;
}

/** The same for a line that goes backwards. */
export function dateBack(anchor: Anchor, target: number): Flicks {
  if (anchor.rate >= 0) return Infinity as Flicks;
  return (anchor.date + Math.max(0, Math.ceil((target - anchor.position) / anchor.rate))) as Flicks;
}

export function* runningOf(state: RunState): Generator<Running> {
  for (const scenario of state.scenarios.values()) yield* scenario.running.values();
}
