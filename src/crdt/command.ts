import type { Issue } from '../base.ts';
import type { Cable, CableEnd, CurvePoint, GroupId, ObjectId, ParameterDeclaration, Policies, Process, Track } from './score.ts';
import type { Value } from './value.ts';

/**
 * Every way to write the score. A command is plain data (the scripting console sends them as they are), validated
 * before it touches the document, and one undo step. Times are in ms.
 */
export type Command =
  /** Puts an interval at `at` in a scenario (default: the root's). Without `from`, a gap interval ties it to the scenario's start; with `to`, it ends at that state. */
  | {
      readonly type: 'createInterval';
      readonly id?: ObjectId;
      readonly scenario?: ObjectId;
      readonly at?: number;
      readonly duration: number;
      readonly lane?: number;
      readonly name?: string;
      readonly from?: ObjectId;
      readonly to?: ObjectId;
      readonly isTransition?: boolean;
      readonly group?: GroupId;
    }
  /** Moves an interval: what stands before grows or shrinks, its own length stays, what follows moves along. */
  | { readonly type: 'moveInterval'; readonly id: ObjectId; readonly at: number; readonly lane?: number }
  /** New nominal length; min and max move by the same amount; what follows moves along. */
  | { readonly type: 'resizeInterval'; readonly id: ObjectId; readonly duration: number }
  /** Moves a sync in time: intervals before it grow, intervals after it shrink, all else stays. */
  | { readonly type: 'moveSync'; readonly id: ObjectId; readonly at: number }
  /** null removes the trigger (intervals before become rigid); a text adds or changes it (intervals before become flexible, min 0, max infinite, where it is new or they are rigid). */
  | { readonly type: 'setTrigger'; readonly id: ObjectId; readonly expression: string | null }
  /** Another event on a sync, with a state: a branch. */
  | { readonly type: 'createEvent'; readonly id?: ObjectId; readonly sync: ObjectId; readonly condition?: string; readonly lane?: number }
  | { readonly type: 'createState'; readonly id?: ObjectId; readonly event: ObjectId; readonly lane?: number }
  | { readonly type: 'createProcess'; readonly id?: ObjectId; readonly interval: ObjectId; readonly process: NewProcess }
  /**
   * Plain fields of any object, cable, device, track or group, names and ranges as in score.ts, and whole lists of a
   * process (points, notes, steps ...), of which only what differs is written; null makes an optional field absent.
   */
  | { readonly type: 'set'; readonly id: ObjectId; readonly fields: Readonly<Record<string, unknown>> }
  /** Objects, cables, devices, tracks or groups; what hangs on an interval goes with it, and syncs that nothing uses any more. */
  | { readonly type: 'delete'; readonly ids: readonly ObjectId[] }
  | { readonly type: 'setMessage'; readonly state: ObjectId; readonly id?: ObjectId; readonly address: string; readonly value: Value }
  | { readonly type: 'deleteMessage'; readonly state: ObjectId; readonly id: ObjectId }
  | {
      readonly type: 'setPoint';
      readonly process: ObjectId;
      readonly id?: ObjectId;
      readonly x: number;
      readonly y: number;
      readonly curve?: CurvePoint['curve'];
    }
  | { readonly type: 'deletePoint'; readonly process: ObjectId; readonly id: ObjectId }
  /** Of a gradient; color: red, green, blue, alpha, 0 to 1. */
  | {
      readonly type: 'setStop';
      readonly process: ObjectId;
      readonly id?: ObjectId;
      readonly x: number;
      readonly color: readonly [number, number, number, number];
    }
  | { readonly type: 'deleteStop'; readonly process: ObjectId; readonly id: ObjectId }
  /** Of a spline; a new one comes after the point `after`, else at the end. */
  | {
      readonly type: 'setKnot';
      readonly process: ObjectId;
      readonly id?: ObjectId;
      readonly x: number;
      readonly y: number;
      readonly after?: ObjectId;
    }
  | { readonly type: 'deleteKnot'; readonly process: ObjectId; readonly id: ObjectId }
  | {
      readonly type: 'setNote';
      readonly process: ObjectId;
      readonly id?: ObjectId;
      readonly start: number;
      readonly duration: number;
      readonly pitch: number;
      readonly velocity?: number;
    }
  | { readonly type: 'deleteNote'; readonly process: ObjectId; readonly id: ObjectId }
  | {
      readonly type: 'setInput';
      readonly process: ObjectId;
      readonly name: string;
      readonly value: number;
      readonly min?: number;
      readonly max?: number;
    }
  | { readonly type: 'deleteInput'; readonly process: ObjectId; readonly name: string }
  | { readonly type: 'createGroup'; readonly id?: GroupId; readonly name: string; readonly hue?: number }
  | { readonly type: 'createTrack'; readonly id?: ObjectId; readonly track: Partial<Omit<Track, 'id'>> }
  /** From an outlet of one process to an inlet of another, or to one of its parameters. */
  | {
      readonly type: 'createCable';
      readonly id?: ObjectId;
      readonly from: CableEnd;
      readonly to: CableEnd;
      readonly timing?: Cable['timing'];
      readonly isStrict?: boolean;
    }
  | {
      readonly type: 'createComment';
      readonly id?: ObjectId;
      readonly scenario?: ObjectId;
      readonly text: string;
      readonly at: number;
      readonly lane?: number;
    }
  | {
      readonly type: 'createDevice';
      readonly id?: ObjectId;
      readonly name: string;
      readonly protocol?: string;
      readonly parameters?: Readonly<Record<string, Partial<ParameterDeclaration>>>;
    }
  /** Adds or changes one; what is not given stays, null makes an optional field absent. */
  | {
      readonly type: 'setParameter';
      readonly device: ObjectId;
      readonly path: string;
      readonly parameter: { readonly [K in keyof ParameterDeclaration]?: ParameterDeclaration[K] | null };
    }
  | { readonly type: 'deleteParameter'; readonly device: ObjectId; readonly path: string }
  /** Adds to a value whose concurrent nudges add up: a track's volume in dB, the score's tempo in BPM (id 'score'). */
  | { readonly type: 'nudge'; readonly id: ObjectId; readonly field: 'volume' | 'tempo'; readonly by: number }
  | { readonly type: 'setTitle'; readonly title: string }
  | { readonly type: 'setTempo'; readonly tempo: number }
  /** How long an ordered sync waits for who has not seen the end of what stood before: 0 to 600,000 ms. */
  | { readonly type: 'setSyncTimeout'; readonly ms: number }
  /** Policies of an object; null for inherit. */
  | { readonly type: 'setPolicies'; readonly id: ObjectId; readonly policies: { readonly [K in keyof Policies]?: Policies[K] | null } }
  /** Everything is replaced by a score in file form, in one undo step. */
  | { readonly type: 'replace'; readonly file: unknown }
  /** A score of a newer version counts as one of this version from now on. */
  | { readonly type: 'editAnyway' }
  /** Several commands as one undo step; all or none. */
  | { readonly type: 'batch'; readonly commands: readonly Command[] };

type Distribute<T> = T extends Process ? Partial<Omit<T, 'id' | 'kind' | 'interval' | 'type'>> & { readonly type: T['type'] } : never;
/** A process to be made: its type, and whatever differs from the defaults of that type. Durations in flicks, as in score.ts. */
export type NewProcess = Distribute<Process>;

/** What a command made, in order, main object first; or why nothing was changed. */
export type EditResult = { readonly created: readonly ObjectId[] } | { readonly issue: Issue };
