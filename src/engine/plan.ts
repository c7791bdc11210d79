import type { Flicks, MeshTime } from '../base.ts';
import { FLICKS_PER_MS } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import { ROOT } from '../crdt/score.ts';
import type { Cursor } from './course.ts';
import type { OccurrencePath, RunId } from './fact.ts';
import type { RunSpan } from './log.ts';
import { BASE_KEY } from './path.ts';
import type { Anchor, Happening } from './state.ts';
import { positionOf, runningOf } from './state.ts';
import { index } from './structure-index.ts';
import type { Timeline } from './timeline.ts';

/** What runs and happens in a window of mesh time, as if no further fact came: what performers schedule from. */
export interface Plan {
  readonly run: RunId | undefined;
  /** Begins anew with every play and jump: the one that is on, or about to be; the window may see further ones. */
  readonly epoch: string | undefined;
  /** When this epoch began or will begin; Infinity while it is paused. */
  readonly begins: MeshTime;
  readonly occurrences: readonly PlannedOccurrence[];
  /** In order of date. */
  readonly events: readonly { readonly event: ObjectId; readonly path: OccurrencePath; readonly at: MeshTime }[];
}

export interface PlannedOccurrence {
  readonly interval: ObjectId;
  readonly path: OccurrencePath;
  /** Within the window; `to` is Infinity when no end is in sight. */
  readonly from: MeshTime;
  readonly to: MeshTime;
  /** Where its time moves; pauses and standing still lie between. */
  readonly pieces: readonly Piece[];
}

/** [from, to) along one line: position, in flicks, at `from`; `rate` in flicks per flick, never 0, below it backwards. */
export interface Piece {
  readonly from: MeshTime;
  readonly to: MeshTime;
  readonly position: Flicks;
  readonly rate: number;
}

export interface Window {
  readonly span: RunSpan;
  readonly timeline: Timeline;
  readonly first: Cursor;
  readonly last: Cursor;
  readonly epoch: Cursor['epoch'];
  readonly happenings: readonly Happening[];
  readonly from: MeshTime;
  readonly to: MeshTime;
}

interface Line {
  readonly anchor: Anchor;
  readonly to: number;
}
interface Open {
  readonly interval: ObjectId;
  readonly path: OccurrencePath;
  readonly lines: Line[];
  end: number;
}

export function planOf(window: Window): Plan {
  const { span, timeline, epoch, happenings } = window;
  const events = happenings.flatMap((it) =>
    it.type === 'happened' ? [{ event: it.event, path: it.path, at: timeline.toMesh(it.date) }] : [],
  );
  return {
    run: span.run,
    epoch: epoch.epoch,
    begins: timeline.toMesh(epoch.origin),
    occurrences: lines(window)
      .map((it) => planned(window, it))
      .filter(({ from, to }) => from < to),
    events: [...events.filter(({ at }) => at < span.end), ...stopped(window)],
  };
}

/** Whoever stops a score ends it: its end happens, unless it had by itself. */
function stopped({ span, last, from, to }: Window): Plan['events'] {
  const isStopped = from <= span.end && span.end <= to && last.place?.state.scenarios.get(BASE_KEY)?.running.has(ROOT.interval) === true;
  return isStopped ? [{ event: ROOT.endEvent, path: `${last.epoch.epoch}0`, at: span.end }] : [];
}

/** Each occurrence as lines of run time, from what ran at first and what happened since. */
function lines({ first, happenings }: Window): readonly Open[] {
  const open = new Map<string, Open>();
  const all: Open[] = [];
  const begin = (interval: ObjectId, path: OccurrencePath, anchor: Anchor): void => {
    const it: Open = { interval, path, lines: [{ anchor, to: Infinity }], end: Infinity };
    open.set(`${interval}@${path}`, it);
    all.push(it);
  };
  for (const { interval, path, anchor } of first.place ? runningOf(first.place.state) : []) begin(interval, path, anchor);
  for (const it of happenings) {
    if (it.type === 'started') begin(it.interval, it.path, it.anchor);
    if (it.type !== 'ended' && it.type !== 'bent') continue;
    const known = open.get(`${it.interval}@${it.path}`);
    const line = known?.lines.pop();
    if (!known || !line) continue;
    known.lines.push({ anchor: line.anchor, to: it.date });
    if (it.type === 'bent') known.lines.push({ anchor: it.anchor, to: Infinity });
    else known.end = it.date;
    if (it.type === 'ended') open.delete(`${it.interval}@${it.path}`);
  }
  return all;
}

function planned({ span, timeline, first, last, from }: Window, { interval, path, lines: own, end }: Open): PlannedOccurrence {
  const place = last.place ?? first.place;
  const max = place && index(place.structure).intervals.get(interval)?.max;
  const meshOf = (date: number): MeshTime => Math.min(span.end, date === Infinity ? Infinity : timeline.toMesh(date as Flicks)) as MeshTime;
  const pieces = own.flatMap(({ anchor, to }) => {
    if (anchor.rate === 0) return [];
    const begins = Math.max(from, timeline.toMesh(anchor.date), span.play.at) as MeshTime;
    return timeline.moving(begins, meshOf(to)).map(([a, b]) => {
      const position = positionOf(anchor, Math.max(anchor.date, timeline.toRun(a)) as Flicks, max);
      return { from: a, to: b, position, rate: anchor.rate };
    });
  });
  const begun = Math.max(from, timeline.toMesh(own[0]!.anchor.date), span.play.at) as MeshTime;
  return { interval, path, from: Math.min(begun, pieces[0]?.from ?? begun) as MeshTime, to: meshOf(end), pieces };
}

/** Mesh date at which a piece is at a position, which it need not reach. */
export const meshAt = (piece: Piece, position: number): MeshTime =>
  (piece.from + (position - piece.position) / piece.rate / FLICKS_PER_MS) as MeshTime;

export const positionAt = (piece: Piece, at: MeshTime): Flicks => Math.max(0, Math.floor(lineAt(piece, at))) as Flicks;

/** Whole flick nearest to a date: dates are floats, and a note must not fall between two windows, nor into both. */
export const nearest = (piece: Piece, at: MeshTime): Flicks => Math.round(lineAt(piece, at)) as Flicks;

/** Within what counts in whole flicks: beyond it, what looks for the next line of a grid would not get there. */
const lineAt = (piece: Piece, at: MeshTime): number => {
  const position = piece.position + (at - piece.from) * FLICKS_PER_MS * piece.rate;
  return Number.isNaN(position) ? 0 : Math.min(POSITION_MAX, Math.max(-POSITION_MAX, position));
};
const POSITION_MAX = Number.MAX_SAFE_INTEGER / 4;
