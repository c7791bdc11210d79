import type { Clock } from '../mesh/host.ts';
import type { Owner } from './flat.ts';
import { GESTURE_MS, STEPS_MAX } from './history.ts';
import type { Steps } from './history.ts';
import { takenBack } from './overlay.ts';
import type { Overlay, Own } from './overlay.ts';

/** Steps of one person's own work: each is what lay over the score before and after, of the objects that it touched. */
export interface OverlaySteps extends Steps {
  add(before: Overlay, after: Overlay, gesture: string | undefined): void;
  /** What was published is not of these steps any more. */
  forget(owners: ReadonlySet<Owner>): void;
}

interface Step {
  readonly gesture: string | undefined;
  readonly time: number;
  /** When it was done, or taken back, among all steps of this person. */
  readonly at: number;
  readonly owners: ReadonlyMap<Owner, { readonly before: Own | undefined; readonly after: Own | undefined }>;
}

export function createOverlaySteps(
  clock: Clock | undefined,
  order: () => number,
  overlay: () => Overlay,
  lay: (next: Overlay) => void,
): OverlaySteps {
  let done: Step[] = [];
  let undone: Step[] = [];

  const between = (before: Overlay, after: Overlay): Step['owners'] =>
    new Map(
      [...new Set([...before.keys(), ...after.keys()])]
        .filter((owner) => before.get(owner) !== after.get(owner))
        .map((owner) => [owner, { before: before.get(owner), after: after.get(owner) }]),
    );
  const joined = (a: Step['owners'], b: Step['owners']): Step['owners'] => {
    const all = new Map(a);
    for (const [owner, { before, after }] of b) all.set(owner, { before: a.has(owner) ? a.get(owner)!.before : before, after });
    return all;
  };
  const turn = (from: Step[], to: Step[], isBack: boolean): 'done' | 'overtaken' | undefined => {
    const step = from.pop();
    if (!step) return undefined;
    const next = new Map(overlay());
    let isDone = false;
    for (const [owner, { before, after }] of step.owners) {
      const outcome = isBack ? takenBack(next.get(owner), before, after) : takenBack(next.get(owner), after, before);
      if (outcome === 'overtaken') continue;
      isDone = true;
      if (outcome) next.set(owner, outcome);
      else next.delete(owner);
    }
    to.push({ ...step, gesture: undefined, at: order() });
    if (!isDone) return 'overtaken';
    lay(next);
    return 'done';
  };

  return {
    add(before, after, gesture) {
      const owners = between(before, after);
      if (owners.size === 0) return;
      const time = clock?.now() ?? 0;
      const last = done.at(-1);
      const goesOn = gesture !== undefined && last?.gesture === gesture && time - last.time < GESTURE_MS && undone.length === 0;
      undone = [];
      const step = { gesture, time, at: order(), owners: goesOn && last ? joined(last.owners, owners) : owners };
      done = [...(goesOn ? done.slice(0, -1) : done).slice(1 - STEPS_MAX), step];
    },
    forget(owners) {
      const left = (steps: readonly Step[]): Step[] =>
        steps
          .map((step) => ({ ...step, owners: new Map([...step.owners].filter(([owner]) => !owners.has(owner))) }))
          .filter((step) => step.owners.size > 0);
      [done, undone] = [left(done), left(undone)];
    },
    undo: () => turn(done, undone, true),
    redo: () => turn(undone, done, false),
    get canUndo() {
      return done.length > 0;
    },
    get canRedo() {
      return undone.length > 0;
    },
    get undoAt() {
      return done.at(-1)?.at ?? -1;
    },
    get redoAt() {
      return undone.at(-1)?.at ?? -1;
    },
  };
}
