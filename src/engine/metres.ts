import type { MeshTime } from '../base.ts';
import { FLICKS_PER_MS } from '../base.ts';
import type { ObjectId, Score, Signature } from '../crdt/score.ts';
import { ROOT } from '../crdt/score.ts';
import { contentsOf } from './contents.ts';
import { jumpOf } from './path.ts';
import type { Plan, PlannedOccurrence } from './plan.ts';
import { positionAt } from './plan.ts';
import type { Metre } from './process/metre.ts';

const NONE: readonly Signature[] = [];

/** Flicks per minute. */
const MINUTE = 60_000 * FLICKS_PER_MS;

/** Flicks of an interval's own time per quarter. */
export const quarterOf = ({ tempo }: Pick<Score, 'tempo'>): number => MINUTE / tempo;

/**
 * Bars and beats of an interval at a date: its own where it has signatures, else those of the nearest interval around it
 * that has; its beginning then lies somewhere in their bars. whereIs: position at that date, undefined where unknown.
 */
export function metreIn(score: Score, interval: ObjectId, whereIs: (interval: ObjectId) => number | undefined): Metre {
  const owner = contentsOf(score).metreOf(interval);
  const signatures = score.intervals.get(owner)?.signatures ?? NONE;
  const metre = { signatures, quarter: quarterOf(score), shift: 0 };
  if (owner === interval) return metre;
  const [outer, own] = [whereIs(owner), whereIs(interval)];
  return outer === undefined || own === undefined ? metre : { ...metre, shift: outer - own };
}

/** The same of an occurrence in a plan. */
export const metreOf = (score: Score, plan: Plan, occurrence: PlannedOccurrence, at: MeshTime): Metre =>
  metreIn(score, occurrence.interval, (id) => {
    const isAround = ({ interval, path }: PlannedOccurrence): boolean =>
      interval === id && (id === ROOT.interval ? jumpOf(path) === jumpOf(occurrence.path) : occurrence.path.startsWith(`${path}.`));
    const found = id === occurrence.interval ? occurrence : plan.occurrences.find(isAround);
    return found && positionIn(found, at);
  });

/** Also where it stands still; undefined before it moved within the plan. */
function positionIn({ pieces }: PlannedOccurrence, at: MeshTime): number | undefined {
  const piece = pieces.findLast(({ from }) => from <= at) ?? pieces[0];
  return piece && positionAt(piece, Math.min(at, piece.to) as MeshTime);
}
