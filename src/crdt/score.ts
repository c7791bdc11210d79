import type { Flicks, Issue } from '../base.ts';
import type { Value } from './value.ts';

/**
 * The score as plain immutable data: what `read(doc)` returns and what everyone above works with.
 * Objects are keyed by unique id; edges are fields that name ids. Durations are the truth and dates derive from them,
 * so that "make this longer" and "make that longer", said at once by two people, both hold.
 */
export type ObjectId = string;
export type GroupId = string;

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

/** Who runs an object and how its decisions are taken. What is absent is inherited along the score. */
export interface Policies {
  readonly group?: GroupId;
  readonly share?: 'shared' | 'mixed' | 'free';
  readonly order?: 'async' | 'sync';
  readonly date?: 'immediate' | 'compensated';
  readonly consensus?: 'first' | 'majority' | 'all';
}

export interface Interval {
  readonly kind: 'interval';
  readonly id: ObjectId;
  readonly policies: Policies;
  /** The scenario process it lies in; null for the root interval alone. */
  readonly scenario: ObjectId | null;
  readonly name: string;
  /** States. */
  readonly start: ObjectId;
  readonly end: ObjectId;
  /** Drawing length and scale of its processes; > 0. */
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
  /** Vertical place, in rows from the top of its scenario; may be fractional. */
  readonly lane: number;
  /** Derived: date of its start in its scenario. */
  readonly date: Flicks;
}

export interface Sync {
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
  /** Derived date in its scenario, nominal lengths assumed; a sync with nothing before it keeps its own. */
  readonly date: Flicks;
}

export interface Event {
  readonly kind: 'event';
  readonly id: ObjectId;
  readonly policies: Policies;
  readonly scenario: ObjectId | null;
  readonly sync: ObjectId;
  /** Empty: always true. */
  readonly condition: string;
  readonly offset: 'true' | 'false' | 'evaluate';
}

export interface State {
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

interface ProcessBase {
  readonly kind: 'process';
  readonly id: ObjectId;
  readonly policies: Policies;
  readonly interval: ObjectId;
  readonly name: string;
  /** Fractional index: order of slots under the interval, top first. */
  readonly rank: string;
  /** The process's own time wraps at `loopDuration` inside its interval. */
  readonly isLooping: boolean;
  readonly loopDuration: Flicks;
  readonly startOffset: Flicks;
}

export interface Scenario extends ProcessBase {
  readonly type: 'scenario';
  readonly isExclusive: boolean;
  readonly startSync: ObjectId;
}

/** x: share of the interval's nominal length, ≥ 0, may pass 1; y: 0 to 1, mapped onto min..max; curve: exponent of the segment that begins here, 1 is a line. */
export interface CurvePoint {
  readonly id: ObjectId;
  readonly x: number;
  readonly y: number;
  readonly curve: number;
}

export interface Automation extends ProcessBase {
  readonly type: 'automation';
  readonly address: string;
  readonly min: number;
  readonly max: number;
  /** Ordered by x, then id. */
  readonly points: readonly CurvePoint[];
}

export const WAVEFORMS = ['sine', 'triangle', 'saw', 'square', 'random'] as const;
export interface Lfo extends ProcessBase {
  readonly type: 'lfo';
  readonly address: string;
  readonly waveform: (typeof WAVEFORMS)[number];
  /** Hz, 0.01 to 100 */
  readonly frequency: number;
  /** value = offset + amplitude × wave, wave in −1..1 */
  readonly amplitude: number;
  readonly offset: number;
  /** Turns, 0 to 1 */
  readonly phase: number;
}

/** start and duration in the process's own time; pitch: MIDI 0 to 127, may be fractional; velocity 0 to 1. */
export interface Note {
  readonly id: ObjectId;
  readonly start: Flicks;
  readonly duration: Flicks;
  readonly pitch: number;
  readonly velocity: number;
}

export interface Notes extends ProcessBase {
  readonly type: 'notes';
  /** The instrument, as `sound:/lead`. */
  readonly address: string;
  /** Ordered by start, pitch, id. */
  readonly notes: readonly Note[];
}

export interface ShaderInput {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
}

/** A layer of the visual device; `visual:/<key>/<input>` are its parameters. */
export interface Shader extends ProcessBase {
  readonly type: 'shader';
  /** Unique in the score; part of the address, so it does not follow the name. */
  readonly key: string;
  /** GLSL: body of `vec4 render(vec2 uv)`, with `time`, `resolution` and the inputs in scope. */
  readonly source: string;
  /** Ordered by name. */
  readonly inputs: readonly ShaderInput[];
}

export const COMBINATIONS = ['list', 'average', 'sum', 'min', 'max', 'median', 'latest'] as const;
export type Combination = (typeof COMBINATIONS)[number];

/** Combines what all present peers put in; readable at `pit:/<key>`. */
export interface Pit extends ProcessBase {
  readonly type: 'pit';
  readonly key: string;
  readonly combination: Combination;
  /** Live outside a run, too. */
  readonly isAlways: boolean;
  /** Range of the fader. */
  readonly min: number;
  readonly max: number;
  /** What this peer puts in follows this address of its own devices; empty: the fader alone. */
  readonly input: string;
  /** Where the combined value goes; empty: only to who reads `pit:/<key>`. */
  readonly output: string;
}

export type Process = Scenario | Automation | Lfo | Notes | Shader | Pit;
export type ProcessType = Process['type'];
export type ScoreObject = Interval | Sync | Event | State | Process;

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

export interface Score {
  /** Lineage: two documents with different ids are never merged. */
  readonly id: string;
  readonly title: string;
  /** BPM, 20 to 500; concurrent nudges add up. */
  readonly tempo: number;
  readonly intervals: ReadonlyMap<ObjectId, Interval>;
  readonly syncs: ReadonlyMap<ObjectId, Sync>;
  readonly events: ReadonlyMap<ObjectId, Event>;
  readonly states: ReadonlyMap<ObjectId, State>;
  readonly processes: ReadonlyMap<ObjectId, Process>;
  readonly groups: ReadonlyMap<GroupId, Group>;
  readonly tracks: ReadonlyMap<ObjectId, Track>;
  /** What `read` repaired, for the person to see. */
  readonly issues: readonly Issue[];
}
