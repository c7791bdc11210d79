import type { Flicks, MeshTime } from '../base.ts';
import type { ObjectId, Process } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import type { Outbox } from './outbox.ts';
import type { PerformerDeps } from './performer-deps.ts';
import type { Piece, PlannedOccurrence } from './plan.ts';
import type { Metre } from './process/metre.ts';

/** What devices were told of one interval occurrence. */
export interface Part {
  /** Names its gate: `interval@path`. */
  readonly name: string;
  told: readonly Piece[];
  toldTo: MeshTime;
  /** Until when each process's notes were told, and up to which position of the line that goes on there. */
  readonly notes: Map<ObjectId, { readonly to: MeshTime; readonly position?: Flicks }>;
  readonly curves: Map<ObjectId, Curve>;
  /** Where its notes went along cables, and when those who took them ran, by their ids. */
  takers: ReadonlyMap<ObjectId, readonly Piece[]>;
}

/** Where notes of a process go. */
export interface Instrument {
  readonly address: Address;
  /** What stands in for a process that a cable leads to: it plays while that runs. */
  readonly taker?: { readonly process: ObjectId; readonly pieces: readonly Piece[] };
}

export interface Curve {
  to: MeshTime;
  value: Value | undefined;
  /** A tween as it begins: from what its address had then. */
  shape: Process | undefined;
}

export interface PartWindow {
  readonly now: MeshTime;
  /** Before it nothing is looked at. */
  readonly since: MeshTime;
  readonly to: MeshTime;
  readonly valuesTo: MeshTime;
  /** Before it no note is played any more. */
  readonly floor: MeshTime;
}

export interface Task {
  readonly occurrence: PlannedOccurrence;
  readonly processes: readonly Process[];
  readonly window: PartWindow;
  metre(at: MeshTime): Metre;
  /** Those that this peer performs. */
  instruments(process: Process): readonly Instrument[];
  /** What a tween's address had when it began. */
  tween(process: ObjectId, address: Address, from: MeshTime): Value | undefined;
}

export type PartDeps = Pick<PerformerDeps, 'score'> & { readonly devices: Outbox };
