import { compare } from '../base.ts';
import type { Event, GroupId, Interval, ObjectId, Process, Scenario, Score, Sync, Tempo } from '../crdt/score.ts';
import { ALL, ROOT } from '../crdt/score.ts';
import { policiesOf } from '../crdt/policies.ts';
import type { SignatureEntry } from './process/metre.ts';
import { BPM_MAX, BPM_MIN } from './tempo.ts';
import type { TempoPoint } from './tempo.ts';

/**
 * The temporal skeleton of a score as plain JSON: all that execution depends on and nothing else, so that moving a
 * fader or renaming an interval never touches a run, and peers can name what they execute by a hash.
 */
export interface Structure {
  readonly objects: Readonly<Record<ObjectId, StructureObject>>;
}

export type StructureObject = StructureInterval | StructureSync | StructureEvent | StructureScenario;

/** start, end: events. min, max, nominal in flicks; max null: without end. scenario null: the root interval. */
export interface StructureInterval {
  readonly kind: 'interval';
  readonly start: ObjectId;
  readonly end: ObjectId;
  readonly min: number;
  readonly max: number | null;
  readonly nominal: number;
  readonly speed: number;
  readonly isTransition: boolean;
  readonly scenario: ObjectId | null;
  /** Grid of starts and ends by hand, and of triggers inside; absent: as around it. */
  readonly quantisation?: number;
  /** Absent: as around it; the root's 4/4. */
  readonly signatures?: readonly SignatureEntry[];
  readonly tempo?: readonly TempoPoint[];
  /** BPM at which the score's time runs at speed 1; of the root interval, where anything depends on it. */
  readonly bpm?: number;
  /** Whose it is, in a mixed scenario; absent: everybody's. */
  readonly group?: GroupId;
}

/** trigger null: fires as soon as it is ready. */
export interface StructureSync {
  readonly kind: 'sync';
  readonly trigger: string | null;
  readonly isStart: boolean;
  readonly isRetriggering: boolean;
  readonly scenario: ObjectId | null;
  /** Grid on which its trigger fires; absent: as the intervals around it. */
  readonly quantisation?: number;
  /** What follows begins when what stands before has ended everywhere; absent: at once. */
  readonly order?: 'sync';
}

export interface StructureEvent {
  readonly kind: 'event';
  readonly sync: ObjectId;
  readonly condition: string;
  readonly offset: Event['offset'];
}

export interface StructureScenario {
  readonly kind: 'scenario';
  readonly interval: ObjectId;
  readonly startSync: ObjectId;
  readonly isExclusive: boolean;
  /** Length of one pass, flicks of its own time; absent: it plays once [EX35]. */
  readonly loopDuration?: number;
  /** Where in its own time every pass begins; absent: at 0. */
  readonly startOffset?: number;
  /** Whose time it has: free [EX36], mixed [EX37]; absent: all share one. */
  readonly share?: 'free' | 'mixed';
  /** Who runs it, where it is free; absent: everybody. */
  readonly group?: GroupId;
}

/** What a score says of musical time; none of it counts where nothing depends on it, so that editing it touches no run. */
interface Musical {
  readonly hasGrids: boolean;
  /** By interval; of several the topmost counts. */
  readonly tempos: ReadonlyMap<ObjectId, Tempo>;
}

export const isGrid = (it: { readonly quantisation?: number }): boolean => (it.quantisation ?? 0) > 0;

export function temposOf(processes: Iterable<Process>): ReadonlyMap<ObjectId, Tempo> {
  const tempos = new Map<ObjectId, Tempo>();
  for (const it of processes) {
    if (it.type !== 'tempo' || it.points.length === 0) continue;
    const known = tempos.get(it.interval);
    if (!known || compare(it.rank, known.rank) < 0 || (it.rank === known.rank && it.id < known.id)) tempos.set(it.interval, it);
  }
  return tempos;
}

function musicalOf(score: Score): Musical {
  const hasGrids = [...score.syncs.values()].some(isGrid) || [...score.intervals.values()].some(isGrid);
  return { hasGrids, tempos: temposOf(score.processes.values()) };
}

const tempoPoints = ({ points }: Tempo): readonly TempoPoint[] =>
  points.map(({ x, y, curve }) => [x, BPM_MIN + Math.min(1, Math.max(0, y)) * (BPM_MAX - BPM_MIN), curve] as const);

/** Time knows events only: a state is where an interval meets one. */
function ofInterval(it: Interval, score: Score, { hasGrids, tempos }: Musical): StructureInterval {
  const eventOf = (state: ObjectId): ObjectId => score.states.get(state)?.event ?? state;
  const tempo = tempos.get(it.id);
  const isMixed = it.scenario !== null && policiesOf(score, it.scenario).share === 'mixed';
  return {
    kind: 'interval',
    start: eventOf(it.start),
    end: eventOf(it.end),
    min: it.min,
    max: Number.isFinite(it.max) ? it.max : null,
    nominal: it.nominal,
    speed: it.speed,
    isTransition: it.isTransition,
    scenario: it.scenario,
    ...(hasGrids && it.quantisation >= 0 && { quantisation: it.quantisation }),
    ...(hasGrids &&
      it.signatures.length > 0 && {
        signatures: it.signatures.map(({ date, numerator, denominator }) => [date, numerator, denominator] as const),
      }),
    ...(tempo && { tempo: tempoPoints(tempo) }),
    ...(it.id === ROOT.interval && (hasGrids || tempos.size > 0) && { bpm: Math.min(BPM_MAX, Math.max(BPM_MIN, score.tempo)) }),
    ...(isMixed && groupIn(score, it.id)),
  };
}

/** Everybody's is not told. */
const groupIn = (score: Score, id: ObjectId): { readonly group?: GroupId } => {
  const { group } = policiesOf(score, id);
  return group === ALL ? {} : { group };
};

const ofSync = (it: Sync, score: Score, { hasGrids }: Musical): StructureSync => ({
  kind: 'sync',
  trigger: it.trigger ?? null,
  isStart: it.isStart,
  isRetriggering: it.isRetriggering,
  scenario: it.scenario,
  ...(hasGrids && it.quantisation >= 0 && { quantisation: it.quantisation }),
  ...(it.trigger !== undefined && policiesOf(score, it.id).order === 'sync' && { order: 'sync' as const }),
});

const ofEvent = (it: Event): StructureEvent => ({ kind: 'event', sync: it.sync, condition: it.condition, offset: it.offset });

function ofScenario(it: Scenario, score: Score): StructureScenario {
  const { share } = policiesOf(score, it.id);
  return {
    kind: 'scenario',
    interval: it.interval,
    startSync: it.startSync,
    isExclusive: it.isExclusive,
    ...(it.isLooping && it.loopDuration > 0 && { loopDuration: it.loopDuration }),
    ...(it.startOffset > 0 && { startOffset: it.startOffset }),
    ...(share !== 'shared' && { share }),
    ...(share === 'free' && groupIn(score, it.id)),
  };
}

/** An object of a score as execution sees it; undefined: not at all. */
export function objectOf(score: Score, id: ObjectId, musical: Musical): StructureObject | undefined {
  const interval = score.intervals.get(id);
  if (interval) return ofInterval(interval, score, musical);
  const sync = score.syncs.get(id);
  if (sync) return ofSync(sync, score, musical);
  const event = score.events.get(id);
  if (event) return ofEvent(event);
  const process = score.processes.get(id);
  return process?.type === 'scenario' ? ofScenario(process, score) : undefined;
}

/** Objects in order of id, so that equal scores compile to equal text. */
export function compile(score: Score): Structure {
  const objects = new Map<ObjectId, StructureObject>();
  const musical = musicalOf(score);
  for (const it of score.intervals.values()) objects.set(it.id, ofInterval(it, score, musical));
  for (const it of score.syncs.values()) objects.set(it.id, ofSync(it, score, musical));
  for (const it of score.events.values()) objects.set(it.id, ofEvent(it));
  for (const it of score.processes.values()) if (it.type === 'scenario') objects.set(it.id, ofScenario(it, score));
  return { objects: Object.fromEntries([...objects].sort(([a], [b]) => (a < b ? -1 : 1))) };
}
