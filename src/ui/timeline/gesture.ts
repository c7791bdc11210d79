import type { Flicks, Issue } from '../../base.ts';
import type { Command } from '../../crdt/command.ts';
import type { ObjectId, Score } from '../../crdt/score.ts';
import { beatOf, rootMetre, type Magnets } from './grid.ts';
import type { Camera } from './camera.ts';
import type { Hit } from './hit.ts';
import type { Area, Layout } from './places.ts';

/** What a hand does, without a DOM: x, y in px of the canvas. */
export interface Pointer {
  readonly x: number;
  readonly y: number;
  readonly button: 'left' | 'middle' | 'right';
  readonly isShift: boolean;
  /** Alt or Ctrl held: nothing snaps. */
  readonly isFine: boolean;
  /** 2 for the second press of a double-click. */
  readonly clicks: number;
  /** A finger, which has no wheel: on empty ground it scrolls. */
  readonly isTouch?: boolean;
}

/** Everything that a gesture may look at. */
export interface Scene {
  readonly score: Score;
  readonly layout: Layout;
  readonly camera: Camera;
  readonly selected: readonly ObjectId[];
  /** Syncs that wait now. */
  readonly waiting: ReadonlySet<ObjectId>;
}

/** What a hand is in the midst of; all that a ghost needs to be drawn. */
export type Gesture =
  | { readonly type: 'idle' }
  /** Down, but not moved far enough to be a drag. */
  | { readonly type: 'press'; readonly hit: Hit; readonly from: Pointer; readonly wasSelected: boolean }
  | { readonly type: 'pan'; readonly x: number; readonly y: number }
  | { readonly type: 'marquee'; readonly from: Place; readonly to: Place; readonly before: readonly ObjectId[] }
  | {
      readonly type: 'move';
      readonly ids: readonly ObjectId[];
      readonly lead: ObjectId;
      readonly grab: Flicks;
      readonly delta: Flicks;
      readonly lanes: number;
    }
  | { readonly type: 'resize'; readonly id: ObjectId; readonly end: Flicks }
  /** A comment on its way. */
  | { readonly type: 'remark'; readonly id: ObjectId; readonly grab: Flicks; readonly at: Flicks; readonly lane: number }
  | { readonly type: 'slide'; readonly sync: ObjectId; readonly at: Flicks }
  | {
      readonly type: 'draw';
      readonly state: ObjectId;
      readonly at: Flicks;
      readonly y: number;
      readonly lane: number;
      readonly target?: ObjectId;
    }
  | { readonly type: 'point'; readonly process: ObjectId; readonly point: ObjectId; readonly x: number; readonly y: number };

/** A musical place: date in the root interval, px of the score. */
export interface Place {
  readonly at: Flicks;
  readonly y: number;
}

export type Effect =
  | { readonly type: 'edit'; readonly command: Command; readonly isSelecting?: boolean }
  | { readonly type: 'select'; readonly ids: readonly ObjectId[] }
  | { readonly type: 'toggle'; readonly id: ObjectId }
  | { readonly type: 'trigger'; readonly sync: ObjectId }
  | { readonly type: 'locate'; readonly at: Flicks }
  | { readonly type: 'rename'; readonly id: ObjectId }
  /** A comment at the playhead, else where *Play* begins. */
  | { readonly type: 'remark' }
  | { readonly type: 'pan'; readonly dx: number; readonly dy: number }
  | { readonly type: 'issue'; readonly issue: Issue };

export interface Outcome {
  readonly gesture: Gesture;
  readonly effects: readonly Effect[];
}

export const IDLE = { type: 'idle' } as const satisfies Gesture;
export const NOTHING: Outcome = { gesture: IDLE, effects: [] };

/** What a drag in a scenario snaps to: its syncs, but those that the drag itself moves. */
export function magnetsOf(scene: Scene, area: Area | undefined, isOff: boolean, without: readonly ObjectId[] = []): Magnets {
  const neighbours = scene.layout.syncs.filter((s) => s.scenario === area?.id && !without.includes(s.id)).map((s) => s.at);
  return { camera: scene.camera, metre: rootMetre(scene.score), neighbours, isOff };
}

/** Shortest interval that a drag makes: 1/16 of the first beat. */
export const shortest = (scene: Scene): Flicks => Math.round(beatOf(rootMetre(scene.score), 0) / 16) as Flicks;

export const areaOf = (scene: Scene, scenario: ObjectId | null): Area | undefined => scene.layout.areas.get(scenario ?? '');

/** Sync of a state. */
export function syncOf(scene: Scene, state: ObjectId): ObjectId | undefined {
  return scene.score.events.get(scene.score.states.get(state)?.event ?? '')?.sync;
}
