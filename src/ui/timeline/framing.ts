import type { Flicks } from '../../base.ts';
import type { ObjectId } from '../../crdt/score.ts';
import type { RunView } from '../../peer-api.ts';
import { fit, flicksOf, RULER_HEIGHT, secondsOf, toScreenY, toX, type Camera } from './camera.ts';
import type { Scene } from './gesture.ts';
import { COMMENT_HEIGHT, type Layout } from './places.ts';

/** A score in the making shows this much, in seconds, so that there is room to write; one that is looked at as a whole need not. */
export const SHOWN_ROOMY = 30;
export const SHOWN_TIGHT = 1;
/** px above what is zoomed to, so that its marks are seen. */
const AIR = 40;
const FIELD_WIDTH_MIN = 140;
const FIELD_WIDTH_MAX = 320;

/** The camera that shows certain intervals, or the whole score when none of them is placed. */
export function frameOf(layout: Layout, camera: Camera, ids: readonly ObjectId[], shown = SHOWN_TIGHT): Camera {
  const boxes = ids.flatMap((id) => layout.boxOf.get(id) ?? []);
  if (boxes.length === 0) return fit(camera, 0 as Flicks, Math.max(layout.end, flicksOf(layout.end > 0 ? shown : SHOWN_ROOMY)) as Flicks);
  const start = Math.min(...boxes.map((box) => box.at)) as Flicks;
  const end = Math.max(...boxes.map((box) => box.end)) as Flicks;
  return fit(camera, start, end, Math.min(...boxes.map((box) => box.y)) - AIR);
}

/** Scrolled no further than brings a bar or slot into view; the same camera where it is, or where it has no place. */
export function shownWith(layout: Layout, camera: Camera, id: ObjectId): Camera {
  const place = layout.slotOf.get(id) ?? layout.boxOf.get(id);
  if (!place) return camera;
  const room = camera.height - RULER_HEIGHT - BAR_BELOW;
  const low = place.y + Math.min(place.height, room) - room;
  const top = Math.min(Math.max(camera.top, low), Math.max(low, place.y));
  const isAside = toX(camera, place.end) <= 0 || toX(camera, place.at) >= camera.width;
  const left = isAside ? secondsOf(place.at) - (camera.width * ASIDE) / camera.scale : camera.left;
  return top === camera.top && !isAside ? camera : { ...camera, top, left };
}
/** px at the lower edge that buttons lie over. */
const BAR_BELOW = 64;
/** What was out of sight comes so far into it, as a share of the width. */
const ASIDE = 0.2;

/** The furthest running playhead as drawn; the root's own runs ahead of the drawing while a trigger waits. */
export function frontOf(layout: Layout, view: RunView): Flicks | undefined {
  const dates = view.running.flatMap(({ interval, position }) => {
    const box = layout.boxOf.get(interval);
    return box ? [Math.min(box.at + position, box.end)] : [];
  });
  return dates.length > 0 ? (Math.max(...dates) as Flicks) : undefined;
}

export interface NamePlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly name: string;
  readonly isText?: boolean;
}

/** Where the field for a new comment lies. */
export const remarkPlace = ({ camera }: Scene, at: Flicks, y: number): NamePlace => ({
  x: Math.min(Math.max(0, camera.width - FIELD_WIDTH_MAX), Math.max(0, Math.round(toX(camera, at)))),
  y: Math.max(RULER_HEIGHT, Math.round(toScreenY(camera, y)) - COMMENT_HEIGHT),
  width: FIELD_WIDTH_MAX,
  name: '',
  isText: true,
});

/** Where the text field for an object's name lies, in px of the canvas; undefined for what has no name. */
export function namePlace({ score, layout, camera }: Scene, id: ObjectId): NamePlace | undefined {
  const remark = layout.commentOf.get(id);
  if (remark) {
    const place = { x: Math.max(0, Math.round(toX(camera, remark.at))), y: Math.round(toScreenY(camera, remark.y)) };
    return { ...place, width: FIELD_WIDTH_MAX, name: remark.comment.text, isText: true };
  }
  const named = score.intervals.get(id) ?? score.processes.get(id) ?? score.states.get(id) ?? score.syncs.get(id);
  if (!named) return undefined;
  const box = layout.boxOf.get(id) ?? layout.slotOf.get(id);
  const dot = layout.dotOf.get(id);
  const sync = layout.syncOf.get(id);
  const at = box?.at ?? dot?.at ?? sync?.at ?? (0 as Flicks);
  const y = box?.y ?? (dot ? dot.y - 12 : (sync?.top ?? 0));
  const width = box ? toX(camera, box.end) - toX(camera, box.at) : 0;
  return {
    x: Math.max(0, Math.round(toX(camera, at))),
    y: Math.round(toScreenY(camera, y)),
    width: Math.min(FIELD_WIDTH_MAX, Math.max(FIELD_WIDTH_MIN, width)),
    name: named.name,
  };
}
