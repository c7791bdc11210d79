import type { LocalTime, MeshTime } from '../base.ts';
import { type ClockMap, IDENTITY_MAP, toLocal, toMesh } from './time.ts';

/**
 * Own mesh time: a line, approached along a slightly steeper or flatter one, so that time neither jumps nor turns back.
 * A correction ends by itself when the line is reached; a page that misses its ticks meanwhile overshoots nothing.
 */
export interface Slew {
  /** Never less than before, save after `step`. */
  now(local: LocalTime): MeshTime;
  /** Without memory, for any date past or future. */
  at(local: LocalTime): MeshTime;
  toLocal(mesh: MeshTime): LocalTime;
  /** The line that is or will be reached. */
  line(): ClockMap;
  /** ms still to be made up, with its sign. */
  pending(local: LocalTime): number;
  /** Leads to a line from now on, by at most 0.5 %. */
  follow(line: ClockMap, local: LocalTime): void;
  /** Goes to a line at once. */
  step(line: ClockMap): void;
}

/** Correction per time, without unit. */
export const SLEW_MAX = 0.005;
/** ms in which a small correction is made. */
const SETTLE = 1000;

export function createSlew(): Slew {
  let line: ClockMap = IDENTITY_MAP;
  // The approach: `error` at `start` shrinks evenly to nothing at `end`.
  let start = -Infinity;
  let end = -Infinity;
  let error = 0;
  let latest = -Infinity;

  const pending = (local: number): number => (local >= end ? 0 : (error * (end - Math.max(local, start))) / (end - start));
  const at = (local: LocalTime): MeshTime => (toMesh(line, local) - pending(local)) as MeshTime;

  return {
    at,
    now(local) {
      latest = Math.max(latest, at(local));
      return latest as MeshTime;
    },
    toLocal(mesh) {
      const reached = toLocal(line, mesh);
      if (reached >= end) return reached;
      const begin = toLocal(line, (mesh + error) as MeshTime);
      if (begin <= start) return begin;
      // Between: both are lines, so is the inverse.
      const [from, to] = [at(start as LocalTime), at(end as LocalTime)];
      return (start + ((mesh - from) * (end - start)) / (to - from)) as LocalTime;
    },
    line: () => line,
    pending,
    follow(target, local) {
      error = toMesh(target, local) - at(local);
      line = target;
      start = local;
      end = local + Math.max(SETTLE, Math.abs(error) / SLEW_MAX);
    },
    step(target) {
      line = target;
      [start, end, error, latest] = [-Infinity, -Infinity, 0, -Infinity];
    },
  };
}
