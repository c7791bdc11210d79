import * as Y from 'yjs';
import type { Clock } from '../mesh/host.ts';
import { isAlike } from './difference.ts';
import { scope } from './doc.ts';
import { read } from './read.ts';

/** One person's steps, the latest first [ED13]. */
export interface Steps {
  /** undefined: no step. `overtaken`: it changed nothing, since someone else changed the same meanwhile. */
  undo(): 'done' | 'overtaken' | undefined;
  redo(): 'done' | 'overtaken' | undefined;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Place of the next step to take back among all of this person's, wherever they were done; -1: there is none. */
  readonly undoAt: number;
  readonly redoAt: number;
}

/** Steps in one document: only this person's. */
export interface History extends Steps {
  /** Marks transactions as this person's. */
  readonly origin: object;
  /** Before an own edit: a step of its own, unless `gesture` goes on with the step before. */
  begin(gesture: string | undefined): void;
  close(): void;
}

/** Sets of one field within this time are one drag, and one step. */
export const GESTURE_MS = 500;
export const STEPS_MAX = 500;

/** clock: without one, time stands still. order: counts all steps of this person. */
export function createHistory(doc: Y.Doc, clock: Clock | undefined, order: () => number): History {
  const origin = {};
  // When a step ends is decided here, by our clock; Yjs is to join whatever it is not told to keep apart.
  const manager = new Y.UndoManager(scope(doc), { trackedOrigins: new Set([origin]), captureTimeout: Number.MAX_SAFE_INTEGER });
  const place = ({ stackItem }: { readonly stackItem: { readonly meta: Map<unknown, unknown> } }): void =>
    void stackItem.meta.set('at', order());
  manager.on('stack-item-added', place);
  manager.on('stack-item-updated', place);
  const placeOf = (stack: Y.UndoManager['undoStack']): number => (stack.at(-1)?.meta.get('at') as number | undefined) ?? -1;
  let last: { readonly gesture: string; readonly at: number } | undefined;

  // Yjs goes on to the step before when one changes nothing; the others are put aside so that it cannot.
  const step = (stack: Y.UndoManager['undoStack'], pop: () => void): 'done' | 'overtaken' | undefined => {
    if (stack.length === 0) return undefined;
    last = undefined;
    manager.stopCapturing();
    const before = read(doc);
    const others = stack.splice(0, stack.length - 1);
    pop();
    stack.unshift(...others);
    return isAlike(before, read(doc)) ? 'overtaken' : 'done';
  };

  return {
    origin,
    begin(gesture) {
      const at = clock?.now() ?? 0;
      const goesOn = gesture !== undefined && last?.gesture === gesture && at - last.at < GESTURE_MS;
      if (!goesOn) manager.stopCapturing();
      last = gesture === undefined ? undefined : { gesture, at };
      if (manager.undoStack.length > STEPS_MAX) manager.undoStack.shift();
    },
    undo: () => step(manager.undoStack, () => manager.undo()),
    redo: () => step(manager.redoStack, () => manager.redo()),
    get canUndo() {
      return manager.undoStack.length > 0;
    },
    get canRedo() {
      return manager.redoStack.length > 0;
    },
    get undoAt() {
      return placeOf(manager.undoStack);
    },
    get redoAt() {
      return placeOf(manager.redoStack);
    },
    close: () => manager.destroy(),
  };
}
