import type { Flicks } from '../../base.ts';
import { ROOT, type ObjectId } from '../../crdt/score.ts';
import { commit, doubleClick } from './commit.ts';
import { drag, start } from './drag.ts';
import { areaOf, IDLE, magnetsOf, NOTHING, type Gesture, type Outcome, type Pointer, type Scene } from './gesture.ts';
import { snap } from './grid.ts';
import { hit, type Hit } from './hit.ts';

/**
 * The pointer as a state machine: press → (moved 3 px) drag → commit. The score is edited once, when a gesture ends;
 * until then there are only ghosts, so that a drag is one undo step, a lost drag is none, and nobody's document fills
 * with pointer moves.
 */
const DRAG_MIN = 3;

/** A button went down. */
export function press(scene: Scene, pointer: Pointer): Outcome {
  if (pointer.button === 'middle') return { gesture: { type: 'pan', x: pointer.x, y: pointer.y }, effects: [] };
  const what = hit(scene.layout, scene.camera, pointer.x, pointer.y);
  if (pointer.button === 'right') return { gesture: IDLE, effects: selectedFor(scene, what) };
  if (pointer.clicks === 2 && what.type !== 'ruler') return doubleClick(scene, what);
  if (pointer.isTouch && what.type === 'empty')
    return { gesture: { type: 'pan', x: pointer.x, y: pointer.y }, effects: [{ type: 'select', ids: [] }] };
  const id = idOf(what);
  const wasSelected = id !== undefined && scene.selected.includes(id);
  const gesture: Gesture = { type: 'press', hit: what, from: pointer, wasSelected };
  // Taking hold selects at once: what is dragged is what is seen as selected.
  if (id === undefined || wasSelected || pointer.isShift) return { gesture, effects: [] };
  return { gesture, effects: [{ type: 'select', ids: [id] }] };
}

const selectedFor = (scene: Scene, what: Hit): Outcome['effects'] => {
  const id = idOf(what);
  return id === undefined || scene.selected.includes(id) ? [] : [{ type: 'select', ids: [id] }];
};

/** The pointer moved, with or without a button. */
export function move(scene: Scene, gesture: Gesture, pointer: Pointer): Outcome {
  if (gesture.type === 'idle') return NOTHING;
  if (gesture.type === 'pan') {
    const { x, y } = pointer;
    return { gesture: { type: 'pan', x, y }, effects: [{ type: 'pan', dx: gesture.x - x, dy: gesture.y - y }] };
  }
  if (gesture.type !== 'press') return drag(scene, gesture, pointer);
  const { from } = gesture;
  if (Math.hypot(pointer.x - from.x, pointer.y - from.y) < DRAG_MIN) return { gesture, effects: [] };
  const begun = start(scene, gesture);
  return begun.type === 'idle' ? { gesture, effects: [] } : drag(scene, begun, pointer);
}

/** The button went up: the one place where a gesture becomes an edit. */
export function release(scene: Scene, gesture: Gesture, pointer: Pointer): Outcome {
  if (gesture.type !== 'press') return { gesture: IDLE, effects: commit(scene, gesture) };
  const { hit: what, wasSelected } = gesture;
  if (what.type === 'ruler') return { gesture: IDLE, effects: [{ type: 'locate', at: locate(scene, what.at, pointer) }] };
  if (what.type === 'trigger' && scene.waiting.has(what.sync)) return { gesture: IDLE, effects: [{ type: 'trigger', sync: what.sync }] };
  const id = idOf(what);
  if (id === undefined) return { gesture: IDLE, effects: pointer.isShift ? [] : [{ type: 'select', ids: [] }] };
  if (pointer.isShift) return { gesture: IDLE, effects: [{ type: 'toggle', id }] };
  return { gesture: IDLE, effects: wasSelected && scene.selected.length > 1 ? [{ type: 'select', ids: [id] }] : [] };
}

const locate = (scene: Scene, at: Flicks, { isFine }: Pointer): Flicks =>
  Math.max(0, snap(at, magnetsOf(scene, areaOf(scene, ROOT.scenario), isFine))) as Flicks;

/** The object that a click on something selects. */
export function idOf(what: Hit): ObjectId | undefined {
  switch (what.type) {
    case 'trigger':
      return what.sync;
    case 'point':
    case 'slot':
      return what.process;
    case 'ruler':
    case 'empty':
      return undefined;
    default:
      return what.id;
  }
}

/** The shape of the pointer over something, as CSS names it. */
export function cursorAt(scene: Scene, gesture: Gesture, x: number, y: number): string {
  if (gesture.type === 'pan' || gesture.type === 'move' || gesture.type === 'remark') return 'grabbing';
  if (gesture.type === 'resize' || gesture.type === 'slide') return 'ew-resize';
  if (gesture.type !== 'idle' && gesture.type !== 'press') return 'crosshair';
  const what = hit(scene.layout, scene.camera, x, y);
  if (what.type === 'edge' || what.type === 'sync') return 'ew-resize';
  if (what.type === 'state') return 'crosshair';
  if (what.type === 'point') return 'move';
  return what.type === 'body' || what.type === 'comment' || what.type === 'transition' || what.type === 'trigger' ? 'pointer' : 'default';
}
