import type { Flicks } from '../../../base.ts';
import type { Presence } from '../../../crdt/presence.ts';
import type { ObjectId } from '../../../crdt/score.ts';
import { COMMENT_HEIGHT, COMMENT_WIDTH, HEAD_HEIGHT, yOfLane } from '../places.ts';
import type { Ink } from '../shapes.ts';
import { dashes, frame, ring } from '../strokes.ts';
import { lozengeY } from '../hit.ts';
import { LOZENGE } from './trigger-words.ts';
import { isSeen, spanPx, xOf, type Pen } from './pen.ts';

/** Somebody else, as the timeline shows them. */
export interface Other {
  readonly id: string;
  readonly name: string;
  readonly hue: number;
  readonly presence: Presence;
  /** ms since last heard */
  readonly age: number;
}

const CARET_HEIGHT = HEAD_HEIGHT;
const FADE_FROM_MS = 5000;
const FADE_MS = 1500;
const AWAY_ALPHA = 0.25;
/** Share of the way that a caret covers per frame: 20 Hz of places look like one movement. */
const EASE = 0.35;

/** Where carets were drawn last, so that they glide. */
export type Carets = Map<string, { x: number; y: number }>;

/** True while some caret still glides. */
export function drawPeople(pen: Pen, others: readonly Other[], carets: Carets): boolean {
  let isMoving = false;
  for (const other of others) {
    for (const id of other.presence.selection ?? [])
      outline(pen, id, { colour: pen.tokens.hues[other.hue] ?? pen.tokens.text2, alpha: presenceAlpha(other.age) });
    drawDrag(pen, other);
    isMoving = drawCaret(pen, other, carets) || isMoving;
  }
  return isMoving;
}

const presenceAlpha = (age: number): number => Math.max(AWAY_ALPHA, 1 - Math.max(0, age - FADE_FROM_MS) / FADE_MS);

/** A ring round whatever an object looks like. */
export function outline(pen: Pen, id: ObjectId, ink: Ink, width = 1.5): void {
  const box = pen.layout.boxOf.get(id) ?? pen.layout.slotOf.get(id);
  if (box) {
    if (!isSeen(pen, box)) return;
    const [left, right] = spanPx(pen, box);
    const thick = Math.max(1, Math.round(width));
    return frame(pen.shapes, { x: left, y: box.y - thick, w: right - left + 1, h: box.height + 2 * thick }, ink, thick);
  }
  const sync = pen.layout.syncOf.get(id);
  if (sync) {
    pen.shapes.rect(xOf(pen, sync.at) - 1, sync.top, 3, sync.bottom - sync.top, ink);
    if (sync.sync.trigger !== undefined) ring(pen.shapes, [xOf(pen, sync.at) + 0.5, lozengeY(sync)], LOZENGE + 4, ink, { sides: 4, width });
    return;
  }
  const dot = pen.layout.dotOf.get(id);
  if (dot) return ring(pen.shapes, [xOf(pen, dot.at) + 0.5, dot.y], 9, ink, { width });
  const comment = pen.layout.commentOf.get(id);
  if (comment) {
    const [left, right] = spanPx(pen, comment);
    const w = Math.min(COMMENT_WIDTH, right - left);
    return frame(pen.shapes, { x: left - 2, y: comment.y - 1, w, h: COMMENT_HEIGHT }, ink);
  }
  const arc = pen.layout.arcs.find((a) => a.id === id);
  if (arc) for (const end of [arc.from, arc.to]) ring(pen.shapes, [xOf(pen, end.at) + 0.5, end.y], 8, ink, { width });
}

function drawDrag(pen: Pen, { name, hue, presence: { drag } }: Other): void {
  const box = drag && pen.layout.boxOf.get(drag.id);
  const area = box && pen.layout.areas.get(box.scenario);
  if (!drag || !box || !area) return;
  const at = (area.at + drag.at) as Flicks;
  const end = (at + (drag.duration ?? box.end - box.at)) as Flicks;
  const [left, right] = spanPx(pen, { at, end, limit: area.end });
  const y = drag.lane === box.lane ? box.y : yOfLane(area, Math.floor(drag.lane));
  const colour = pen.tokens.hues[hue] ?? pen.tokens.text2;
  pen.shapes.rect(left, y, right - left, HEAD_HEIGHT, { colour, alpha: 0.14 });
  dashes(pen.shapes, { x: left, y }, right - left, { colour });
  dashes(pen.shapes, { x: left, y: y + HEAD_HEIGHT - 1 }, right - left, { colour });
  pen.labels.put(`${name} is dragging`, left + 8, y + 4, { colour, size: 11, maxWidth: Math.max(90, right - left - 12) });
}

/** A caret and a name: people are lines and rings, groups are fills, so that the two are never taken for one another. */
function drawCaret(pen: Pen, other: Other, carets: Carets): boolean {
  const { cursor } = other.presence;
  const area = cursor && pen.layout.areas.get(cursor.scenario);
  if (!cursor || !area) {
    carets.delete(other.id);
    return false;
  }
  const target = { x: xOf(pen, (area.at + cursor.at) as Flicks), y: yOfLane(area, Math.floor(cursor.lane)) };
  const before = carets.get(other.id) ?? target;
  const step = pen.tokens.isMotionReduced ? 1 : EASE;
  const isNear = Math.abs(target.x - before.x) + Math.abs(target.y - before.y) < 1;
  const caret = isNear ? target : { x: before.x + (target.x - before.x) * step, y: before.y + (target.y - before.y) * step };
  carets.set(other.id, caret);
  const colour = pen.tokens.hues[other.hue] ?? pen.tokens.text2;
  const alpha = presenceAlpha(other.age);
  const [x, y] = [Math.round(caret.x), Math.round(caret.y)];
  pen.shapes.rect(x, y - 2, 2, CARET_HEIGHT + 4, { colour, alpha });
  pen.shapes.rect(x - 2, y - 2, 6, 2, { colour, alpha });
  pen.shapes.rect(x - 2, y + CARET_HEIGHT, 6, 2, { colour, alpha });
  if (!other.presence.drag) pen.labels.put(other.name, x + 7, y + CARET_HEIGHT - 3, { colour, size: 11, isStrong: true, alpha });
  return !isNear;
}
