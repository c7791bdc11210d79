import type { Event, Interval, ObjectId, Scenario, Score, Sync } from '../crdt/score.ts';

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
}

/** trigger null: fires as soon as it is ready. */
export interface StructureSync {
  readonly kind: 'sync';
  readonly trigger: string | null;
  readonly isStart: boolean;
  readonly isRetriggering: boolean;
  readonly scenario: ObjectId | null;
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
}

/** Time knows events only: a state is where an interval meets one. */
const ofInterval = (it: Interval, eventOf: (state: ObjectId) => ObjectId): StructureInterval => ({
  kind: 'interval',
  start: eventOf(it.start),
  end: eventOf(it.end),
  min: it.min,
  max: Number.isFinite(it.max) ? it.max : null,
  nominal: it.nominal,
  speed: it.speed,
  isTransition: it.isTransition,
  scenario: it.scenario,
});

const ofSync = (it: Sync): StructureSync => ({
  kind: 'sync',
  trigger: it.trigger ?? null,
  isStart: it.isStart,
  isRetriggering: it.isRetriggering,
  scenario: it.scenario,
});

const ofEvent = (it: Event): StructureEvent => ({ kind: 'event', sync: it.sync, condition: it.condition, offset: it.offset });

const ofScenario = (it: Scenario): StructureScenario => ({
  kind: 'scenario',
  interval: it.interval,
  startSync: it.startSync,
  isExclusive: it.isExclusive,
});

/** Objects in order of id, so that equal scores compile to equal text. */
export function compile(score: Score): Structure {
  const objects = new Map<ObjectId, StructureObject>();
  const eventOf = (state: ObjectId): ObjectId => score.states.get(state)?.event ?? state;
  for (const it of score.intervals.values()) objects.set(it.id, ofInterval(it, eventOf));
  for (const it of score.syncs.values()) objects.set(it.id, ofSync(it));
  for (const it of score.events.values()) objects.set(it.id, ofEvent(it));
  for (const it of score.processes.values()) if (it.type === 'scenario') objects.set(it.id, ofScenario(it));
  return { objects: Object.fromEntries([...objects].sort(([a], [b]) => (a < b ? -1 : 1))) };
}
