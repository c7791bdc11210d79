import type { Flicks, MeshTime } from '../base.ts';
import { flicks, toMs } from '../base.ts';
import type { Fact } from './fact.ts';

/**
 * Mesh time ↔ run time. Run time is what a run lives through: flicks since the play, standing still while it is paused,
 * so that the machine itself knows nothing of pauses.
 */
export interface Timeline {
  /** Rounded to whole flicks; negative before the start. */
  toRun(at: MeshTime): Flicks;
  /** Infinity for what lies beyond a pause that nobody ended. A date on which it paused is lived after the pause. */
  toMesh(date: Flicks): MeshTime;
  isPaused(at: MeshTime): boolean;
  /** Dates between which it does not stand still, within [from, to); in order. */
  moving(from: MeshTime, to: MeshTime): readonly (readonly [MeshTime, MeshTime])[];
}

interface Point {
  readonly mesh: MeshTime;
  readonly run: Flicks;
  readonly isMoving: boolean;
}

/** facts: of one run, ordered. */
export function timeline(start: MeshTime, facts: readonly Fact[]): Timeline {
  const points: Point[] = [{ mesh: start, run: 0 as Flicks, isMoving: true }];
  const runAt = (point: Point, at: MeshTime): Flicks => (point.isMoving ? ((point.run + flicks(at - point.mesh)) as Flicks) : point.run);
  for (const fact of facts) {
    const last = points.at(-1)!;
    if ((fact.type !== 'pause' && fact.type !== 'resume') || last.isMoving === (fact.type === 'resume')) continue;
    const mesh = Math.max(start, fact.at) as MeshTime;
    points.push({ mesh, run: runAt(last, mesh), isMoving: fact.type === 'resume' });
  }
  const pointAt = (at: MeshTime): Point => points.findLast(({ mesh }) => mesh <= at) ?? points[0]!;
  return {
    toRun: (at) => runAt(pointAt(at), at),
    toMesh(date) {
      const point = points.findLast(({ run }) => run <= date) ?? points[0]!;
      return point.isMoving ? ((point.mesh + toMs((date - point.run) as Flicks)) as MeshTime) : (Infinity as MeshTime);
    },
    isPaused: (at) => !pointAt(at).isMoving,
    moving(from, to) {
      const spans = points.map((point, i) => [point, points[i + 1]?.mesh ?? Infinity] as const).filter(([{ isMoving }]) => isMoving);
      return spans
        .map(([{ mesh }, end]) => [Math.max(mesh, from) as MeshTime, Math.min(end, to) as MeshTime] as const)
        .filter(([a, b]) => a < b);
    },
  };
}
