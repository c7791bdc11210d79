import { assert } from '../base.ts';
import type { Flicks, PeerId } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import { createAgenda, dueDate } from './agenda.ts';
import type { Agenda } from './agenda.ts';
import type {
  Booking,
  Crossing,
  Decisions,
  Earlier,
  Firing,
  Happening,
  Lately,
  Running,
  RunState,
  ScenarioState,
  Undecided,
} from './state.ts';
import { RECENT_MAX, dateAt, dateBack } from './state.ts';
import type { StructureIndex } from './structure-index.ts';

/** A run state being changed within one step: each scenario occurrence is copied when it is first touched. */
export interface Draft {
  readonly index: StructureIndex;
  readonly decisions: Decisions;
  readonly happenings: Happening[];
  readonly scenarios: Map<string, DraftScenario | ScenarioState>;
  readonly owned: Set<string>;
  readonly origin: Flicks;
  readonly epoch: string;
  /** The instant at work; time stands still in it. */
  date: Flicks;
  order: number;
  recent: Firing[];
  capped: readonly ObjectId[];
  lately: Lately;
  /** Syncs to look at in this instant, by depth. */
  readonly queue: Map<string, Look>[];
  /** How often each sync fired in this instant. */
  readonly passes: Map<string, number>;
  /** Made when it is first asked. */
  agenda: Agenda | undefined;
  /** Intervals that reached an end in this instant: those that nothing frees will stand. */
  reached: (readonly [scenario: string, interval: ObjectId])[];
  /** Scenario occurrences in which a fact or a line of a grid may be waited for. */
  readonly open: Set<string>;
  /** What happens now is assumed by a jump, or by time that goes back: nominal lengths, speed 1, nobody is asked. */
  isAssuming: boolean;
  /** Decisions up to this date count in what is assumed. */
  readonly knows: number;
  /** How many recorded firings are still to come, by scenario occurrence and sync; absent outside a restoration. */
  readonly recorded: Map<string, number> | undefined;
  /** Scenario occurrences that are open and not entered yet [EX35]. */
  readonly unentered: Map<string, Entry>;
  held: Held | undefined;
  /** How the one is entered that is entered now. */
  entering: Entry | undefined;
}

/** What waits, at a date that a record speaks of, until what it tells has been done [EX21]. */
export interface Held {
  /** Keys of scenario occurrences that it tells of. */
  readonly homes: ReadonlySet<string>;
  /** Dates at which it tells when they turn. */
  readonly turns: Map<string, Flicks>;
  readonly looks: Look[];
}

/** jump: what is assumed is the past that a jump restores; start: what is passed over is sent now; turn: it is not. */
export type Entry = 'jump' | 'start' | 'turn';

export interface DraftScenario extends ScenarioState {
  rate: number;
  isBack: boolean;
  way: number;
  running: Map<ObjectId, Running>;
  dead: Set<ObjectId>;
  waiting: Map<ObjectId, Flicks>;
  booked: Map<ObjectId, Booking & { readonly by: PeerId | '' }>;
  asked: Map<ObjectId, Booking & { readonly isStart: boolean }>;
  undecided: Map<ObjectId, Undecided>;
  crossing: Map<ObjectId, Crossing>;
  armed: Set<ObjectId>;
  pass: ScenarioState['pass'];
  again: Set<ObjectId>;
  fired: ScenarioState['fired'];
  earlier: Earlier | undefined;
  hasTurned: boolean;
}

export interface Look {
  readonly scenario: string;
  readonly sync: ObjectId;
}

export const lookKey = (scenario: string, sync: ObjectId): string => `${scenario}/${sync}`;

export const open = (
  state: Omit<RunState, 'due' | 'isFresh'>,
  world: {
    readonly index: StructureIndex;
    readonly decisions: Decisions;
    readonly recorded?: Map<string, number>;
    readonly knows?: Flicks;
  },
): Draft => ({
  index: world.index,
  decisions: world.decisions,
  recorded: world.recorded,
  happenings: [],
  scenarios: new Map(state.scenarios),
  owned: new Set(),
  origin: state.origin,
  epoch: state.epoch,
  date: state.date,
  order: state.order,
  recent: [...state.recent],
  capped: state.capped,
  lately: state.lately,
  queue: [],
  passes: new Map(),
  agenda: undefined,
  reached: [],
  open: new Set([...state.scenarios.values()].filter(isOpen).map(({ key }) => key)),
  isAssuming: false,
  knows: world.knows ?? -Infinity,
  unentered: new Map(),
  held: undefined,
  entering: undefined,
});

const isOpen = ({ waiting, booked, asked, undecided, crossing, again, pass }: ScenarioState): boolean =>
  pass !== undefined || crossing.size + waiting.size + booked.size + asked.size + undecided.size + again.size > 0;

export const close = (draft: Draft, date: Flicks, isFresh: boolean): RunState => ({
  date,
  origin: draft.origin,
  epoch: draft.epoch,
  due: dueOf(draft),
  isFresh,
  order: draft.order,
  scenarios: draft.scenarios,
  recent: draft.recent.slice(-RECENT_MAX),
  capped: draft.capped,
  lately: draft.lately,
});

/** What ends a line, or brings it to a bound. */
export function agendaOf(draft: Draft): Agenda {
  return (draft.agenda ??= createAgenda(draft.scenarios));
}

/** A running interval, new or on another line. */
export function put(draft: Draft, scenario: DraftScenario, running: Running): void {
  scenario.running.set(running.interval, running);
  draft.agenda?.add({ date: dueDate(running), key: scenario.key, interval: running.interval });
}

/** Earliest date at which something is due by itself. */
export function dueOf(draft: Draft): Flicks {
  let due: number = agendaOf(draft).date();
  for (const scenario of openOf(draft)) {
    const { booked, asked } = scenario;
    due = Math.min(due, turnDate(draft, scenario));
    for (const booking of booked.values()) due = Math.min(due, bookingDate(draft, booking));
    for (const booking of asked.values()) due = Math.min(due, bookingDate(draft, booking));
  }
  return due as Flicks;
}

export function* openOf(draft: Draft): Generator<ScenarioState> {
  for (const key of draft.open) {
    const scenario = draft.scenarios.get(key);
    if (scenario && isOpen(scenario)) yield scenario;
    else draft.open.delete(key);
  }
}

/** Infinity while the time of its metre stands still or goes back. */
export function bookingDate(draft: Pick<RunState, 'scenarios'>, { metre, at }: Booking): Flicks {
  if (!metre) return at as Flicks;
  const running = draft.scenarios.get(metre.key)?.running.get(metre.interval);
  return running ? dateAt(running.anchor, at) : (Infinity as Flicks);
}

/** When its pass ends, or, backwards, began; Infinity while its time stands. */
export function turnDate(draft: Draft, { scenario, key, outer, pass }: ScenarioState): number {
  if (!pass || draft.isAssuming || outer === undefined || draft.held?.turns.get(key) === draft.date) return Infinity;
  const running = draft.scenarios.get(outer)?.running.get(draft.index.scenarios.get(scenario)?.interval ?? '');
  if (!running || running.isAtMax || running.isAtZero) return Infinity;
  if (running.anchor.rate >= 0) return dateAt(running.anchor, pass.to);
  return pass.from > 0 ? dateBack(running.anchor, pass.from) : Infinity;
}

/** The occurrence, free to change; it must run. */
export function writable(draft: Draft, key: string): DraftScenario {
  const known = draft.scenarios.get(key);
  assert(known, `scenario occurrence ${key} runs`);
  draft.open.add(key);
  if (draft.owned.has(key)) return known as DraftScenario;
  const copy: DraftScenario = {
    ...known,
    running: new Map(known.running),
    dead: new Set(known.dead),
    waiting: new Map(known.waiting),
    booked: new Map(known.booked),
    asked: new Map(known.asked),
    undecided: new Map(known.undecided),
    crossing: new Map(known.crossing),
    armed: new Set(known.armed),
    again: new Set(known.again),
  };
  draft.owned.add(key);
  draft.scenarios.set(key, copy);
  return copy;
}

export function enqueue(draft: Draft, scenario: string, sync: ObjectId): void {
  const depth = draft.scenarios.get(scenario)?.depth;
  if (depth === undefined) return;
  for (let level = draft.queue.length; level <= depth; level++) draft.queue.push(new Map());
  const level = draft.queue[depth]!;
  const key = lookKey(scenario, sync);
  if (!level.has(key)) level.set(key, { scenario, sync });
}

/** Innermost first: what ends inside together with its parent still ends by itself. */
export function dequeue(draft: Draft): Look | undefined {
  for (let depth = draft.queue.length - 1; depth >= 0; depth--) {
    for (const [key, look] of draft.queue[depth]!) {
      draft.queue[depth]!.delete(key);
      return look;
    }
  }
  return undefined;
}

/** Initial looks of an instant come in whatever order maps keep; this makes it one that all share. */
export function sortQueue(draft: Draft): void {
  for (const level of draft.queue) {
    const entries = [...level].sort(([a], [b]) => (a < b ? -1 : 1));
    level.clear();
    for (const [key, look] of entries) level.set(key, look);
  }
}
