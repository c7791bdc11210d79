import { createEmitter, type Unsubscribe } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';

/** What this person has in hand: timeline, inspector and keys share one. */
export interface Selection {
  /** Ids of score objects, tracks or groups in the order of selecting; the last one leads. */
  ids(): readonly ObjectId[];
  has(id: ObjectId): boolean;
  /** Replaces all; does not tell when nothing changes. */
  set(ids: readonly ObjectId[]): void;
  toggle(id: ObjectId): void;
  clear(): void;
  /** Called after each change. */
  on(f: () => void): Unsubscribe;
}

export function createSelection(): Selection {
  let held: readonly ObjectId[] = [];
  const emitter = createEmitter<{ change: undefined }>();
  const set = (ids: readonly ObjectId[]): void => {
    const next = [...new Set(ids)];
    if (next.length === held.length && next.every((id, i) => id === held[i])) return;
    held = next;
    emitter.emit('change', undefined);
  };
  return {
    ids: () => held,
    has: (id) => held.includes(id),
    set,
    toggle: (id) => set(held.includes(id) ? held.filter((other) => other !== id) : [...held, id]),
    clear: () => set([]),
    on: (f) => emitter.on('change', f),
  };
}
