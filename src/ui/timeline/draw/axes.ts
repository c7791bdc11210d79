import { ROOT, type ObjectId, type Score } from '../../../crdt/score.ts';
import { policiesOf } from '../../../groups/placement.ts';
import { shareAt } from '../../axes/axes.ts';
import { outlineOf } from '../../axes/kinds.ts';
import { lozengeY } from '../hit.ts';
import type { SyncMark } from '../places.ts';
import type { Ink } from '../shapes.ts';
import { segment } from '../strokes.ts';
import { isSeen, xOf, type Pen } from './pen.ts';

/** px that the mark of a share mode takes before a name. */
export const SHARE_WIDTH = 22;
/** px left of a lozenge that the mark of an order takes. */
const GATE_REACH = 17;

export type SharedHow = 'shared' | 'mixed' | 'free';

/** By interval: the share mode of the scenario in it, where that is another than around it. */
export function shareMarks(score: Score): ReadonlyMap<ObjectId, SharedHow> {
  const known = marks.get(score);
  if (known) return known;
  const found = new Map<ObjectId, SharedHow>();
  for (const { id, type, interval } of score.processes.values()) {
    if (type !== 'scenario') continue;
    const around = interval === ROOT.interval ? 'shared' : shareAt(score, score.intervals.get(interval)?.scenario ?? null);
    const share = shareAt(score, id);
    if (share !== around) found.set(interval, share);
  }
  marks.set(score, found);
  return found;
}
const marks = new WeakMap<Score, ReadonlyMap<ObjectId, SharedHow>>();

/**
 * Whose time it is, as a sign: three strokes that begin at three moments (free), one that goes on while its twin stays
 * (mixed), one stroke (shared again). x, y: left and middle, px.
 */
export function drawShare(pen: Pen, share: SharedHow, x: number, y: number, ink: Ink): void {
  const line = (from: number, to: number, at: number): void => pen.shapes.rect(x + from, y + at - 1, to - from, 2, ink);
  switch (share) {
    case 'free':
      line(0, 9, -4);
      line(4, 13, 0);
      return line(2, 15, 4);
    case 'mixed':
      line(0, 5, 0);
      segment(pen.shapes, [x + 5, y, x + 9, y - 4], 2, ink);
      segment(pen.shapes, [x + 5, y, x + 9, y + 4], 2, ink);
      line(9, 15, -4);
      return pen.shapes.rect(x + 9, y + 1, 2, 6, ink);
    case 'shared':
      return line(0, 15, 0);
  }
}

/** Of the whole score, which has no bar: at the upper left of its ground. */
export function drawRootShare(pen: Pen): void {
  const share = shareMarks(pen.score).get(ROOT.interval);
  const area = pen.layout.areas.get(ROOT.scenario);
  if (share === undefined || !area || !isSeen(pen, area)) return;
  const hasTrigger = pen.score.syncs.get(ROOT.startSync)?.trigger !== undefined;
  const x = Math.max(xOf(pen, area.at), 0) + (hasTrigger ? TRIGGER_ROOM : 8);
  drawShare(pen, share, x, area.y + 9, { colour: pen.tokens.text2 });
  pen.labels.put(share, x + SHARE_WIDTH, area.y + 1, { colour: pen.tokens.text2, size: 11 });
}
const TRIGGER_ROOM = 180;

/** A gate before the lozenge: what follows waits until all have ended. */
export function drawOrder(pen: Pen, mark: SyncMark, ink: Ink): void {
  if (mark.sync.trigger === undefined || policiesOf(pen.score, mark.id).order !== 'sync') return;
  if (shareAt(pen.score, mark.sync.scenario) === 'free' || !hasBefore(pen.score, mark.id)) return;
  const x = xOf(pen, mark.at) - GATE_REACH;
  const y = lozengeY(mark);
  for (const at of [0, 4]) pen.shapes.rect(x + at, y - 6, 2, 12, ink);
}

const hasBefore = (score: Score, sync: ObjectId): boolean => outlineOf(score).ending.has(sync);
