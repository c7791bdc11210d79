import type { Flicks } from '../../base.ts';
import type { ObjectId } from '../../crdt/score.ts';
import { toDate, toScoreY } from './camera.ts';
import { areaOf, IDLE, magnetsOf, shortest, syncOf, type Gesture, type Outcome, type Pointer, type Scene } from './gesture.ts';
import { snap, snapMove } from './grid.ts';
import { boxesIn, hit, slotValue } from './hit.ts';
import { dropLane, laneAt } from './places.ts';

type Press = Extract<Gesture, { type: 'press' }>;
type Dragging = Exclude<Gesture, { type: 'idle' | 'press' | 'pan' }>;

/** Turns a press that moved into the drag that fits what was pressed; idle where there is none. */
export function start(scene: Scene, { hit: what, from }: Press): Dragging | { readonly type: 'idle' } {
  const at = toDate(scene.camera, from.x);
  const y = toScoreY(scene.camera, from.y);
  switch (what.type) {
    case 'empty':
      return { type: 'marquee', from: { at, y }, to: { at, y }, before: from.isShift ? scene.selected : [] };
    case 'body':
      return startMove(scene, what.id, at);
    case 'slot':
      return startMove(scene, what.interval, at);
    case 'comment': {
      const mark = scene.layout.commentOf.get(what.id);
      return mark ? { type: 'remark', id: mark.id, grab: (at - mark.at) as Flicks, at: mark.at, lane: mark.lane } : IDLE;
    }
    case 'edge':
      return startEdge(scene, what.id, what.side);
    case 'sync':
    case 'trigger': {
      const id = what.type === 'sync' ? what.id : what.sync;
      const mark = scene.layout.syncOf.get(id);
      return mark && isMovable(scene, id) ? { type: 'slide', sync: id, at: mark.at } : IDLE;
    }
    case 'state':
      return { type: 'draw', state: what.id, at, y, lane: 0 };
    case 'point': {
      const process = scene.score.processes.get(what.process);
      const point = process?.type === 'automation' ? process.points.find(({ id }) => id === what.point) : undefined;
      return point ? { type: 'point', process: what.process, point: point.id, x: point.x, y: point.y } : IDLE;
    }
    default:
      return IDLE;
  }
}

function startMove(scene: Scene, lead: ObjectId, grab: Flicks): Dragging | { readonly type: 'idle' } {
  const held = scene.selected.filter((id) => scene.layout.boxOf.has(id));
  const ids = held.includes(lead) ? held : [lead];
  return scene.layout.boxOf.has(lead) ? { type: 'move', ids, lead, grab, delta: 0 as Flicks, lanes: 0 } : IDLE;
}

/** The left edge belongs to the sync before: moving it makes what stands before longer or shorter. */
function startEdge(scene: Scene, id: ObjectId, side: 'start' | 'end'): Dragging | { readonly type: 'idle' } {
  const box = scene.layout.boxOf.get(id);
  if (!box) return IDLE;
  if (side === 'end') return { type: 'resize', id, end: box.end };
  const sync = syncOf(scene, box.interval.start);
  return sync !== undefined && isMovable(scene, sync) ? { type: 'slide', sync, at: box.at } : IDLE;
}

/** A scenario's start stays where it is. */
function isMovable(scene: Scene, sync: ObjectId): boolean {
  const scenario = scene.score.processes.get(scene.score.syncs.get(sync)?.scenario ?? '');
  return scenario?.type === 'scenario' && scenario.startSync !== sync;
}

export function drag(scene: Scene, gesture: Gesture, pointer: Pointer): Outcome {
  const at = toDate(scene.camera, pointer.x);
  const y = toScoreY(scene.camera, pointer.y);
  switch (gesture.type) {
    case 'marquee': {
      const caught = boxesIn(scene.layout, gesture.from, { at, y });
      return { gesture: { ...gesture, to: { at, y } }, effects: [{ type: 'select', ids: [...new Set([...gesture.before, ...caught])] }] };
    }
    case 'move':
      return quiet(dragMove(scene, gesture, { at, y, isFine: pointer.isFine }));
    case 'resize': {
      const box = scene.layout.boxOf.get(gesture.id);
      if (!box) return quiet(IDLE);
      const own = syncOf(scene, box.interval.end);
      const magnets = magnetsOf(scene, areaOf(scene, box.scenario), pointer.isFine, own === undefined ? [] : [own]);
      return quiet({ ...gesture, end: Math.max(box.at + shortest(scene), snap(at, magnets)) as Flicks });
    }
    case 'slide':
      return quiet(dragSync(scene, gesture, { at, isFine: pointer.isFine }));
    case 'remark': {
      const area = areaOf(scene, scene.layout.commentOf.get(gesture.id)?.scenario ?? null);
      if (!area) return quiet(IDLE);
      const date = snap((at - gesture.grab) as Flicks, magnetsOf(scene, area, pointer.isFine));
      return quiet({ ...gesture, at: Math.max(area.at, date) as Flicks, lane: dropLane(area, y) });
    }
    case 'draw':
      return quiet(dragDraw(scene, gesture, { at, y, pointer }));
    case 'point':
      return quiet(dragPoint(scene, gesture, { at, y, isFine: pointer.isFine }));
    default:
      return { gesture, effects: [] };
  }
}

const quiet = (gesture: Gesture): Outcome => ({ gesture, effects: [] });

function dragMove(scene: Scene, gesture: Extract<Gesture, { type: 'move' }>, hand: { at: Flicks; y: number; isFine: boolean }): Gesture {
  const box = scene.layout.boxOf.get(gesture.lead);
  const area = areaOf(scene, box?.scenario ?? null);
  if (!box || !area) return IDLE;
  const held = gesture.ids.flatMap((id) => scene.layout.boxOf.get(id) ?? []);
  const own = held.flatMap(({ interval }) => [syncOf(scene, interval.start) ?? '', syncOf(scene, interval.end) ?? '']);
  const magnets = magnetsOf(scene, area, hand.isFine, own);
  const duration = (box.end - box.at) as Flicks;
  const delta = snapMove(box.at, duration, (hand.at - gesture.grab) as Flicks, magnets);
  // Nothing starts before its scenario does; the whole handful stops with the first that would.
  const room = Math.min(...held.map((b) => b.at - (areaOf(scene, b.scenario)?.at ?? 0)));
  const lanes = Math.max(dropLane(area, hand.y) - box.lane, -Math.min(...held.map((b) => b.lane)));
  const isUnderneath = hand.y > box.y && hand.y < box.y + box.height;
  return { ...gesture, delta: Math.max(delta, -room) as Flicks, lanes: isUnderneath ? 0 : lanes };
}

function dragSync(scene: Scene, gesture: Extract<Gesture, { type: 'slide' }>, hand: { at: Flicks; isFine: boolean }): Gesture {
  const mark = scene.layout.syncOf.get(gesture.sync);
  if (!mark) return IDLE;
  const magnets = magnetsOf(scene, areaOf(scene, mark.scenario), hand.isFine, [gesture.sync]);
  const [low, high] = roomOf(scene, gesture.sync);
  return { ...gesture, at: Math.min(high, Math.max(low, snap(hand.at, magnets))) as Flicks };
}

/** How far a sync may go: no interval at it becomes shorter than the shortest. */
function roomOf(scene: Scene, sync: ObjectId): [number, number] {
  const mark = scene.layout.syncOf.get(sync);
  const origin = areaOf(scene, mark?.scenario ?? null)?.at ?? 0;
  let low: number = origin;
  let high = Infinity;
  for (const interval of scene.score.intervals.values()) {
    if (interval.isTransition || interval.scenario !== mark?.scenario) continue;
    if (syncOf(scene, interval.end) === sync) low = Math.max(low, origin + interval.date + shortest(scene));
    if (syncOf(scene, interval.start) === sync) high = Math.min(high, origin + interval.date + interval.nominal - shortest(scene));
  }
  return [low, Math.max(low, high)];
}

function dragDraw(scene: Scene, gesture: Extract<Gesture, { type: 'draw' }>, hand: { at: Flicks; y: number; pointer: Pointer }): Gesture {
  const dot = scene.layout.dotOf.get(gesture.state);
  const area = areaOf(scene, dot?.scenario ?? null);
  if (!dot || !area) return IDLE;
  const under = hit(scene.layout, scene.camera, hand.pointer.x, hand.pointer.y);
  const target = under.type === 'state' && under.id !== gesture.state ? scene.layout.dotOf.get(under.id) : undefined;
  const base = { type: 'draw', state: gesture.state } as const;
  if (target?.scenario === dot.scenario) return { ...base, at: target.at, y: target.y, lane: laneAt(area, target.y), target: target.id };
  const at = snap(hand.at, magnetsOf(scene, area, hand.pointer.isFine));
  return { ...base, at, y: hand.y, lane: dropLane(area, hand.y) };
}

function dragPoint(scene: Scene, gesture: Extract<Gesture, { type: 'point' }>, hand: { at: Flicks; y: number; isFine: boolean }): Gesture {
  const slot = scene.layout.slotOf.get(gesture.process);
  if (!slot) return IDLE;
  const at = snap(hand.at, { ...magnetsOf(scene, undefined, hand.isFine), neighbours: [slot.at, slot.end] });
  return { ...gesture, x: Math.max(0, (at - slot.at) / (slot.end - slot.at)), y: slotValue(slot, hand.y) };
}
