import type { Flicks, Issue } from '../base.ts';
import type { DeviceDeclaration } from './declarations.ts';
import type { Foreign, GroupId, ObjectId, Policies, Quantisation, Signature } from './object.ts';
import type { Process } from './processes.ts';
import type { Value } from './value.ts';

export * from './declarations.ts';
export * from './object.ts';
export * from './processes.ts';

/**
 * The score as plain immutable data: what `read(doc)` returns and what everyone above works with.
 * Objects are keyed by unique id; edges are fields that name ids. Durations are the truth and dates derive from them,
 * so that "make this longer" and "make that longer", said at once by two people, both hold.
 */

/** Always there, in every score, even in an empty document; nobody can delete them. */
export const ROOT = {
  interval: 'root',
  scenario: 'root.scenario',
  startSync: 'root.start.sync',
  startEvent: 'root.start.event',
  startState: 'root.start.state',
  endSync: 'root.end.sync',
  endEvent: 'root.end.event',
  endState: 'root.end.state',
} as const;

/** The group of everyone; it has no entry of its own in the score. */
export const ALL: GroupId = 'all';

/** Bytes of a score as a file. */
export const FILE_LENGTH_MAX = 64 * 1024 * 1024;

export interface Interval extends Foreign {
  readonly kind: 'interval';
  readonly id: ObjectId;
  readonly policies: Policies;
  /** The scenario process it lies in; null for the root interval alone. */
  readonly scenario: ObjectId | null;
  readonly name: string;
  /** States. */
  readonly start: ObjectId;
  readonly end: ObjectId;
  /** Drawing length and scale of its processes; ≥ 0. */
  readonly nominal: Flicks;
  /** What execution obeys, flags applied: 0 ≤ min ≤ max ≤ Infinity; a rigid interval has min = max = nominal. */
  readonly min: Flicks;
  readonly max: Flicks;
  readonly isRigid: boolean;
  readonly isMinNull: boolean;
  readonly isMaxInfinite: boolean;
  readonly speed: number;
  /** A zero-time jump that may close a cycle ("graphal"). */
  readonly isTransition: boolean;
  readonly isMuted: boolean;
  /** Ordered by date; empty: inherited, the root's 4/4. */
  readonly signatures: readonly Signature[];
  /** Grid of its starts and stops by hand, and of what inherits. */
  readonly quantisation: Quantisation;
  /** Vertical place, in rows from the top of its scenario; may be fractional. */
  readonly lane: number;
  /** Derived: date of its start in its scenario. */
  readonly date: Flicks;
}

export interface Sync extends Foreign {
  readonly kind: 'sync';
  readonly id: ObjectId;
  readonly policies: Policies;
  readonly scenario: ObjectId | null;
  readonly name: string;
  /** The trigger; absent: the sync fires as soon as it is ready. Empty text: fires only by click or when max is reached. */
  readonly trigger?: string;
  /** "Start on play": a root that waits or fires as soon as its scenario starts. */
  readonly isStart: boolean;
  readonly isRetriggering: boolean;
  /** Once it may fire, it waits for this grid. */
  readonly quantisation: Quantisation;
  /** Derived date in its scenario, nominal lengths assumed; a sync with nothing before it keeps its own. */
  readonly date: Flicks;
}

export interface Event extends Foreign {
  readonly kind: 'event';
  readonly id: ObjectId;
  readonly policies: Policies;
  readonly scenario: ObjectId | null;
  readonly sync: ObjectId;
  /** Empty: always true. */
  readonly condition: string;
  readonly offset: 'true' | 'false' | 'evaluate';
}

export interface State extends Foreign {
  readonly kind: 'state';
  readonly id: ObjectId;
  readonly scenario: ObjectId | null;
  readonly event: ObjectId;
  readonly name: string;
  readonly lane: number;
  /** In the order in which they are sent. */
  readonly messages: readonly Message[];
}

export interface Message {
  readonly id: ObjectId;
  readonly address: string;
  readonly value: Value;
}

/** Words beside the score; no meaning in time. */
export interface Comment extends Foreign {
  readonly kind: 'comment';
  readonly id: ObjectId;
  readonly scenario: ObjectId;
  readonly text: string;
  readonly date: Flicks;
  readonly lane: number;
}

/** A place where a cable ends: 'in', 'out', the name of a parameter; of an opaque process, the id of its port as text. */
export interface CableEnd {
  readonly process: ObjectId;
  readonly port: string;
}

/** Values that flow from one process into another, besides addresses. */
export interface Cable extends Foreign {
  readonly id: ObjectId;
  readonly from: CableEnd;
  readonly to: CableEnd;
  /** Delayed: what the source said at the tick before; the only kind that may close a circle. */
  readonly timing: 'immediate' | 'delayed';
  /** Both ends must run; else what there is is taken. */
  readonly isStrict: boolean;
}

export type ScoreObject = Interval | Sync | Event | State | Process | Comment;

export interface Group {
  readonly id: GroupId;
  readonly name: string;
  /** 0 to 11: one of the twelve hues. */
  readonly hue: number;
  readonly rank: string;
}

export const INSTRUMENTS = ['poly', 'fm', 'pluck', 'bass', 'drums', 'pad'] as const;
export interface Track {
  readonly id: ObjectId;
  readonly policies: Policies;
  /** Unique in the score: `sound:/<key>` is its instrument, `sound:/<key>/volume` its volume. */
  readonly key: string;
  readonly name: string;
  readonly hue: number;
  readonly rank: string;
  readonly instrument: (typeof INSTRUMENTS)[number];
  /** dB, −60 to 12; concurrent nudges add up. */
  readonly volume: number;
  /** −1 left to 1 right */
  readonly pan: number;
  readonly isMuted: boolean;
}

export interface Score extends Foreign {
  /** Lineage: two documents with different ids are never merged. */
  readonly id: string;
  readonly title: string;
  /** BPM, 20 to 500, at which the score's time runs at speed 1; a quarter of the root is 60 s / tempo long. Concurrent nudges add up. */
  readonly tempo: number;
  /** ms for which an ordered sync waits for those who have not seen the end of what stood before; 0 to 600,000. */
  readonly syncTimeout: number;
  readonly intervals: ReadonlyMap<ObjectId, Interval>;
  readonly syncs: ReadonlyMap<ObjectId, Sync>;
  readonly events: ReadonlyMap<ObjectId, Event>;
  readonly states: ReadonlyMap<ObjectId, State>;
  readonly processes: ReadonlyMap<ObjectId, Process>;
  readonly comments: ReadonlyMap<ObjectId, Comment>;
  readonly cables: ReadonlyMap<ObjectId, Cable>;
  readonly devices: ReadonlyMap<ObjectId, DeviceDeclaration>;
  readonly groups: ReadonlyMap<GroupId, Group>;
  readonly tracks: ReadonlyMap<ObjectId, Track>;
  /** What `read` repaired, for the person to see. */
  readonly issues: readonly Issue[];
}
