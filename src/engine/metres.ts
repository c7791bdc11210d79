import type { MeshTime } from '../base.ts';
import { FLICKS_PER_MS } from '../base.ts';
import type { Score } from '../crdt/score.ts';
import { ROOT } from '../crdt/score.ts';
import { contentsOf } from './contents.ts';
import type { Plan, PlannedOccurrence } from './plan.ts';
import { positionAt } from './plan.ts';
import type { Metre } from './process/metre.ts';

/** Flicks per minute. */
const MINUTE = 60_000 * FLICKS_PER_MS;

/** Flicks of an interval's own time per quarter. */
export const quarterOf = ({ tempo }: Pick<Score, 'tempo'>): number => MINUTE / tempo;

/**
 * Bars and beats of an occurrence at a date: its own where its interval has signatures, else those of the nearest
 * interval around it that has; its beginning then lies somewhere in their bars.
 */
export function metreOf(score: Score, plan: Plan, occurrence: PlannedOccurrence, at: MeshTime): Metre {
  const owner = contentsOf(score).metreOf(occurrence.interval);
  const signatures = score.intervals.get(owner)?.signatures ?? [];
  const metre = { signatures, quarter: quarterOf(score), shift: 0 };
  if (owner === occurrence.interval) return metre;
  const around = plan.occurrences.find(
    ({ interval, path }) => interval === owner && (owner === ROOT.interval || occurrence.path.startsWith(`${path}.`)),
  );
  const [outer, own] = [around && positionIn(around, at), positionIn(occurrence, at)];
  return outer === undefined || own === undefined ? metre : { ...metre, shift: outer - own };
}

/** Also where it stands still; undefined before it moved within the plan. */
function positionIn({ pieces }: PlannedOccurrence, at: MeshTime): number | undefined {
  const piece = pieces.findLast(({ from }) => from <= at) ?? pieces[0];
  return piece && positionAt(piece, Math.min(at, piece.to) as MeshTime);
}
