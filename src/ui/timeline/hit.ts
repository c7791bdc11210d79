import type { Flicks } from '../../base.ts';
import { ROOT, type ObjectId } from '../../crdt/score.ts';
import { repeats } from './curve.ts';
import { RULER_HEIGHT, toDate, toScoreY, toX, type Camera } from './camera.ts';
import { COMMENT_HEIGHT, COMMENT_WIDTH, HEAD_HEIGHT, laneAt, type Area, type Box, type Layout, type Slot } from './places.ts';

/** What lies under the pointer, the nearest thing first. */
export type Hit =
  | { readonly type: 'ruler'; readonly at: Flicks }
  | { readonly type: 'trigger'; readonly sync: ObjectId }
  | { readonly type: 'state'; readonly id: ObjectId }
  | { readonly type: 'point'; readonly process: ObjectId; readonly point: ObjectId }
  | { readonly type: 'edge'; readonly id: ObjectId; readonly side: 'start' | 'end' }
  | { readonly type: 'sync'; readonly id: ObjectId }
  | { readonly type: 'body'; readonly id: ObjectId }
  /** x: share of the interval; y: 1 at the top of the slot's curve, 0 at its foot. */
  | { readonly type: 'slot'; readonly process: ObjectId; readonly interval: ObjectId; readonly x: number; readonly y: number }
  | { readonly type: 'comment'; readonly id: ObjectId }
  | { readonly type: 'transition'; readonly id: ObjectId }
  | { readonly type: 'empty'; readonly scenario: ObjectId; readonly at: Flicks; readonly lane: number };

/** Half sizes of what a hand must hit, in px. */
const STATE_REACH = 8;
const POINT_REACH = 8;
const LINE_REACH = 3;
const EDGE_REACH = 12;
const ARC_REACH = 5;
/** Narrower bars keep their body for dragging. */
const EDGES_WIDTH_MIN = 28;
/** Air above and below a curve inside its slot. */
export const SLOT_PADDING = 5;
/** A slot's own label has this strip to itself, so that no curve runs through words. */
export const SLOT_LABEL = 17;

/** Height within a slot ↔ value 0..1. */
export const slotY = (slot: Slot, value: number): number => slot.y + SLOT_LABEL + (1 - value) * (slot.height - SLOT_LABEL - SLOT_PADDING);
export const slotValue = (slot: Slot, y: number): number =>
  Math.min(1, Math.max(0, 1 - (y - slot.y - SLOT_LABEL) / (slot.height - SLOT_LABEL - SLOT_PADDING)));
/** From the top of a sync's line down to the middle of its lozenge. */
const LOZENGE_DROP = 8;
/** Height of the lozenge's middle. */
export const lozengeY = (mark: { readonly top: number }): number => mark.top + LOZENGE_DROP;

/** x, y: px of the canvas. */
export function hit(layout: Layout, camera: Camera, x: number, y: number): Hit {
  const at = toDate(camera, x);
  if (y < RULER_HEIGHT) return { type: 'ruler', at };
  const place: Place = { layout, camera, x, y: toScoreY(camera, y), at };
  return (
    hitMark(place) ??
    hitLine(place) ??
    hitEdge(place) ??
    hitBar(place) ??
    hitComment(place) ??
    hitArc(place) ??
    hitSlot(place) ??
    hitGround(place)
  );
}

interface Place {
  readonly layout: Layout;
  readonly camera: Camera;
  readonly x: number;
  readonly y: number;
  readonly at: Flicks;
}

const dx = (place: Place, at: Flicks): number => place.x - toX(place.camera, at);

function hitMark(place: Place): Hit | undefined {
  for (const mark of place.layout.syncs) {
    // Heights are compared first, here and below: of ten thousand marks few lie at this one.
    if (mark.sync.trigger === undefined || Math.abs(place.y - lozengeY(mark)) > 12) continue;
    if (Math.abs(dx(place, mark.at)) + Math.abs(place.y - lozengeY(mark)) <= 12) return { type: 'trigger', sync: mark.id };
  }
  for (const dot of place.layout.dots)
    if (Math.abs(place.y - dot.y) <= STATE_REACH && Math.abs(dx(place, dot.at)) <= STATE_REACH) return { type: 'state', id: dot.id };
  return hitPoint(place);
}

function hitPoint(place: Place): Hit | undefined {
  const slot = place.layout.slots.findLast(
    (s) => s.process.type === 'automation' && isInside(place, s, POINT_REACH) && !repeats(s.process),
  );
  if (slot?.process.type !== 'automation') return undefined;
  const point = slot.process.points.findLast(({ x, y }) => {
    const at = (slot.at + x * (slot.end - slot.at)) as Flicks;
    return Math.abs(dx(place, at)) <= POINT_REACH && Math.abs(place.y - slotY(slot, y)) <= POINT_REACH;
  });
  return point && { type: 'point', process: slot.id, point: point.id };
}

function hitEdge(place: Place): Hit | undefined {
  for (const box of place.layout.boxes) {
    if (place.y < box.y || place.y > box.y + HEAD_HEIGHT || box.at > place.at + (box.end - box.at)) continue;
    const fromStart = dx(place, box.at);
    const fromEnd = dx(place, box.end);
    if (fromStart - fromEnd < EDGES_WIDTH_MIN) continue;
    if (fromEnd >= -EDGE_REACH && fromEnd <= 1) return { type: 'edge', id: box.id, side: 'end' };
    if (fromStart <= EDGE_REACH && fromStart >= -1) return { type: 'edge', id: box.id, side: 'start' };
  }
  return undefined;
}

function hitLine(place: Place): Hit | undefined {
  const mark = place.layout.syncs.find((s) => place.y >= s.top && place.y <= s.bottom && Math.abs(dx(place, s.at)) <= LINE_REACH);
  return mark && { type: 'sync', id: mark.id };
}

function hitBar(place: Place): Hit | undefined {
  const box = place.layout.boxes.findLast((b) => place.y < b.y + HEAD_HEIGHT && isInside(place, b, 0));
  return box && { type: 'body', id: box.id };
}

/** px of a letter, roughly: only canvas and fonts know better. */
const LETTER = 7;

function hitComment(place: Place): Hit | undefined {
  const mark = place.layout.comments.findLast(({ at, end, limit, y, comment }) => {
    const across = dx(place, at);
    const room = Math.min(
      COMMENT_WIDTH,
      16 + LETTER * comment.text.length,
      toX(place.camera, Math.min(end, limit) as Flicks) - toX(place.camera, at),
    );
    return across >= -3 && across <= Math.max(10, room) && place.y >= y && place.y < y + COMMENT_HEIGHT;
  });
  return mark && { type: 'comment', id: mark.id };
}

function hitArc(place: Place): Hit | undefined {
  const arc = place.layout.arcs.find(({ from, to, peak }) => {
    const left = Math.min(from.at, to.at);
    const right = Math.max(from.at, to.at);
    if (place.at < left || place.at > right || right === left) return false;
    const t = (place.at - left) / (right - left);
    const foot = Math.min(from.y, to.y);
    return Math.abs(place.y - (foot + (peak - foot) * 4 * t * (1 - t))) <= ARC_REACH;
  });
  return arc && { type: 'transition', id: arc.id };
}

function hitSlot(place: Place): Hit | undefined {
  const slot = place.layout.slots.findLast((s) => isInside(place, s, 0));
  if (!slot || slot.process.type === 'scenario') return undefined;
  const x = (place.at - slot.at) / (slot.end - slot.at);
  return { type: 'slot', process: slot.id, interval: slot.process.interval, x, y: slotValue(slot, place.y) };
}

function hitGround(place: Place): Hit {
  const area = areaAt(place.layout, place.at, place.y);
  if (!area) return { type: 'empty', scenario: ROOT.scenario, at: place.at, lane: 0 };
  return { type: 'empty', scenario: area.id, at: place.at, lane: laneAt(area, place.y) };
}

/** The innermost scenario at a place; the root's reaches everywhere. */
export function areaAt(layout: Layout, at: Flicks, y: number): Area | undefined {
  let found = layout.areas.get(ROOT.scenario);
  for (const area of layout.areas.values()) {
    const isIn = at >= area.at && at < area.end && y >= area.y && y < area.y + area.height;
    if (isIn && (!found || area.depth >= found.depth)) found = area;
  }
  return found;
}

function isInside(place: Place, thing: Pick<Box | Slot, 'at' | 'end' | 'limit' | 'y' | 'height'>, reach: number): boolean {
  if (place.y < thing.y || place.y >= thing.y + thing.height) return false;
  const right = Math.min(thing.end, thing.limit) as Flicks;
  return dx(place, thing.at) >= -reach && dx(place, right) <= reach;
}

/** Intervals that a rectangle of the canvas touches. */
export function boxesIn(layout: Layout, from: { at: Flicks; y: number }, to: { at: Flicks; y: number }): ObjectId[] {
  const [left, right] = [Math.min(from.at, to.at), Math.max(from.at, to.at)];
  const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
  return layout.boxes
    .filter((b) => b.at < right && Math.min(b.end, b.limit) > left && b.y < bottom && b.y + HEAD_HEIGHT > top)
    .map((b) => b.id);
}
