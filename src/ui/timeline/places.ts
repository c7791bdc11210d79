import type { Flicks } from '../../base.ts';
import type { Cable, Comment, Event, Interval, ObjectId, PORT_TYPES, Process, State, Sync } from '../../crdt/score.ts';

/**
 * Where everything of a score lies: dates absolute in the root interval, heights in px from the top of the score.
 * Zoom and scroll change nothing here.
 */
export interface Layout {
  readonly areas: ReadonlyMap<ObjectId, Area>;
  /** In drawing order: an interval before what is nested in it. */
  readonly boxes: readonly Box[];
  readonly gaps: readonly Gap[];
  readonly slots: readonly Slot[];
  readonly syncs: readonly SyncMark[];
  readonly conditions: readonly ConditionMark[];
  readonly dots: readonly StateDot[];
  readonly arcs: readonly Arc[];
  readonly comments: readonly CommentMark[];
  readonly cables: readonly CableMark[];
  /** Cable ends by process: what is drawn at its slot. */
  readonly socketsOf: ReadonlyMap<ObjectId, readonly Socket[]>;
  readonly boxOf: ReadonlyMap<ObjectId, Box>;
  readonly slotOf: ReadonlyMap<ObjectId, Slot>;
  readonly syncOf: ReadonlyMap<ObjectId, SyncMark>;
  readonly dotOf: ReadonlyMap<ObjectId, StateDot>;
  readonly commentOf: ReadonlyMap<ObjectId, CommentMark>;
  /** Intervals with a scenario inside. */
  readonly nesting: ReadonlySet<ObjectId>;
  /** Last date of anything drawn. */
  readonly end: Flicks;
  readonly height: number;
}

interface Placed {
  readonly id: ObjectId;
  /** Scenario process that it lies in. */
  readonly scenario: ObjectId;
  /** Nothing of it is drawn from here on: the end of what encloses it; Infinity in the root. */
  readonly limit: Flicks;
}

/** A scenario's ground. */
export interface Area {
  readonly id: ObjectId;
  readonly at: Flicks;
  readonly end: Flicks;
  readonly y: number;
  readonly height: number;
  readonly depth: number;
  /** By lane; `y` is the top of the bars in it. */
  readonly rows: readonly { readonly y: number; readonly height: number }[];
}

/** An interval's bar (its head) with the slots under it. */
export interface Box extends Placed {
  readonly interval: Interval;
  readonly at: Flicks;
  readonly end: Flicks;
  readonly y: number;
  /** Head and slots */
  readonly height: number;
  readonly depth: number;
  readonly lane: number;
}

/** An interval that only keeps time between two states. */
export interface Gap extends Placed {
  readonly interval: Interval;
  readonly at: Flicks;
  readonly end: Flicks;
  readonly y: number;
}

export interface Slot extends Placed {
  readonly process: Process;
  readonly at: Flicks;
  readonly end: Flicks;
  readonly y: number;
  readonly height: number;
}

export interface SyncMark extends Placed {
  readonly sync: Sync;
  readonly at: Flicks;
  /** The line; the lozenge sits on its top end. */
  readonly top: number;
  readonly bottom: number;
}

export interface ConditionMark extends Placed {
  readonly event: Event;
  readonly at: Flicks;
  readonly top: number;
  readonly bottom: number;
}

export interface StateDot extends Placed {
  readonly state: State;
  readonly sync: ObjectId;
  readonly at: Flicks;
  readonly y: number;
}

export interface Arc extends Placed {
  readonly interval: Interval;
  readonly from: { readonly at: Flicks; readonly y: number };
  readonly to: { readonly at: Flicks; readonly y: number };
  readonly peak: number;
}

/** A line of words above the bars of its lane. */
export interface CommentMark extends Placed {
  readonly comment: Comment;
  readonly at: Flicks;
  /** Room for its words: to the next comment of the lane. */
  readonly end: Flicks;
  readonly y: number;
  readonly lane: number;
}

export type Signal = (typeof PORT_TYPES)[number];

/** Where cables end at a slot. */
export interface Socket {
  readonly port: string;
  readonly direction: 'in' | 'out';
  readonly signal: Signal;
  readonly at: Flicks;
  readonly y: number;
}

export interface CableMark {
  readonly id: ObjectId;
  readonly cable: Cable;
  readonly signal: Signal;
  readonly from: Socket;
  readonly to: Socket;
}

export const HEAD_HEIGHT = 24;
/** One line of a comment, and at most so wide. */
export const COMMENT_HEIGHT = 18;
export const COMMENT_WIDTH = 360;
/** Room above bars for lozenges and their labels. */
export const MARK_HEIGHT = 20;

/** Further room where transitions run. */
export const ARC_HEIGHT = 20;

/** Middle of the bar, where states sit. */
export const middleOf = (box: { readonly y: number }): number => box.y + HEAD_HEIGHT / 2;

/** Lane at a height of an area; beyond its last row further rows are imagined. */
export function laneAt(area: Area, y: number): number {
  const row = area.rows.findIndex(({ y: top, height }) => y < top + height);
  if (row >= 0) return row;
  const last = area.rows.at(-1);
  return area.rows.length + Math.max(0, Math.floor((y - (last ? last.y + last.height : area.y)) / ROW_PITCH));
}

/** Lane for something dropped at a height: below all others it gets the next row, not a far one with void between. */
export const dropLane = (area: Area, y: number): number => Math.min(area.rows.length, laneAt(area, y));

/** Top of the bars of a lane. */
export function yOfLane(area: Area, lane: number): number {
  const row = area.rows[lane];
  if (row) return row.y;
  const last = area.rows.at(-1);
  return (last ? last.y + last.height + ROW_GAP : area.y) + (lane - area.rows.length) * ROW_PITCH;
}

export const ROW_GAP = 10;
const ROW_PITCH = HEAD_HEIGHT + ROW_GAP;
