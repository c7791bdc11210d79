import type { Command } from '../../crdt/command.ts';
import { ALL, ROOT, type ObjectId, type Policies, type Score } from '../../crdt/score.ts';
import { policiesOf, parentOf } from '../../groups/placement.ts';
import { kindOf, kindsOf, outlineOf, type Kind } from './kinds.ts';

export type Axis = keyof Policies;
export const AXES = ['group', 'share', 'order', 'date', 'consensus'] as const satisfies readonly Axis[];

/** One axis of what is selected, as a person sees and sets it. */
export interface AxisView {
  readonly axis: Axis;
  /** What a choice is written to: of the selection all to which the axis says something. A state's is its event's. */
  readonly targets: readonly ObjectId[];
  /** What they themselves say: '' where they inherit, undefined where they differ. */
  readonly own: string | undefined;
  /** What holds; undefined where that differs. */
  readonly value: string | undefined;
  /** What they would inherit; undefined where that differs. */
  readonly inherited: string | undefined;
  /** Who says what is, or would be, inherited; null: nobody, it is the default; undefined where that differs. */
  readonly from: ObjectId | null | undefined;
  /** It is set, and says nothing here. */
  readonly isIdle: boolean;
  /** The lot that is spoken of. */
  readonly kinds: readonly Kind[];
}

/** Axes that mean something to any of `ids`, in the order of AXES; of many only what can be told of all [UI81]. */
export function axesOf(score: Score, ids: readonly ObjectId[]): readonly AxisView[] {
  return AXES.flatMap((axis) => {
    const meant = ids.filter((id) => applies(score, id, axis));
    const idle = meant.length > 0 ? [] : ids.filter((id) => ownOf(score, targetOf(score, id), axis) !== undefined);
    const objects = meant.length > 0 ? meant : idle;
    if (objects.length === 0) return [];
    const targets = [...new Set(objects.map((id) => targetOf(score, id)))];
    const view: AxisView = {
      ...{ axis, targets, isIdle: meant.length === 0 },
      own: alike(targets.map((id) => ownOf(score, id, axis) ?? '')),
      value: alike(targets.map((id) => policiesOf(score, id)[axis])),
      inherited: alike(targets.map((id) => inheritedBy(score, id, axis))),
      from: alike(targets.map((id) => sourceOf(score, id, axis))),
      kinds: kindsOf(score, objects),
    };
    return [view];
  });
}

/** One step, however many are selected; null: inherit. */
export function choosing({ targets, axis }: Pick<AxisView, 'targets' | 'axis'>, value: string | null): Command {
  const commands = targets.map((id): Command => ({ type: 'setPolicies', id, policies: { [axis]: value } }));
  return commands.length === 1 && commands[0] ? commands[0] : { type: 'batch', commands };
}

const alike = <T>(all: readonly T[]): T | undefined => (all.every((each) => each === all[0]) ? all[0] : undefined);

/** A state says nothing itself: it goes with its event. */
const targetOf = (score: Score, id: ObjectId): ObjectId => score.states.get(id)?.event ?? id;

const policiesAt = (score: Score, id: ObjectId): Policies =>
  (score.intervals.get(id) ?? score.syncs.get(id) ?? score.events.get(id) ?? score.processes.get(id) ?? score.tracks.get(id))?.policies ??
  {};

/** undefined: inherited; so is a group that is gone. */
function ownOf(score: Score, id: ObjectId, axis: Axis): string | undefined {
  const value = policiesAt(score, id)[axis];
  return axis !== 'group' || value === undefined || value === ALL || score.groups.has(value) ? value : undefined;
}

const inheritedBy = (score: Score, id: ObjectId, axis: Axis): string => policiesOf(score, parentOf(score, id) ?? '')[axis];

/** Nesting that `read` lets through, with room. */
const DEPTH_MAX = 1000;

/** Who of those around it says what it inherits. */
function sourceOf(score: Score, id: ObjectId, axis: Axis): ObjectId | null {
  let at = parentOf(score, id);
  for (let depth = 0; at !== undefined && depth < DEPTH_MAX; depth++, at = parentOf(score, at))
    if (ownOf(score, at, axis) !== undefined) return at;
  return null;
}

/** Whether an axis says anything of an object, or of what lies in it. */
export function applies(score: Score, id: ObjectId, axis: Axis): boolean {
  const kind = kindOf(score, id);
  if (kind === undefined || kind === 'comment') return false;
  if (kind === 'trigger') {
    // In a free scenario who runs it decides for itself.
    if (isFreeAt(score, score.syncs.get(id)?.scenario ?? null)) return false;
    return axis === 'group' || axis === 'date' || axis === 'consensus' || (axis === 'order' && outlineOf(score).ending.has(id));
  }
  if (axis === 'group') return true;
  return kind === 'scenario' || (kind === 'interval' && outlineOf(score).nesting.has(id));
}

/** Whose time a scenario has: all that lies in a free one is free [EX36]. */
export const shareAt = (score: Score, scenario: ObjectId | null): NonNullable<Policies['share']> =>
  isFreeAt(score, scenario) ? 'free' : policiesOf(score, scenario ?? ROOT.scenario).share;

function isFreeAt(score: Score, scenario: ObjectId | null): boolean {
  let at: ObjectId | undefined = scenario ?? ROOT.scenario;
  for (let depth = 0; at !== undefined && depth < DEPTH_MAX; depth++, at = parentOf(score, at))
    if (score.processes.get(at)?.type === 'scenario' && policiesOf(score, at).share === 'free') return true;
  return false;
}
