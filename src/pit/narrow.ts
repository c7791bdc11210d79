/**
 * Whether a line is too narrow for what it is given, and how much passes. A browser's estimate alone does not say: for
 * sound it follows what was sent, silence included. So it counts only while packets are lost or queue up.
 */
export interface Narrow {
  /** Each second. trip: ms; lost: part of what was sent, 0 to 1; available: kbit/s by the browser's estimate. */
  turn(seen: { readonly trip: number | undefined; readonly lost: number; readonly available: number | undefined }): void;
  /** kbit/s; undefined: it is not narrow. */
  room(): number | undefined;
}

const LOST = 0.02;
const QUEUE_MS = 50;
/** Part of the estimate that is used, and how it grows each second without loss, until it is forgotten. */
const USED = 0.8;
const GROWTH = 1.08;
const CALM_TURNS = 15;

export function createNarrow(): Narrow {
  let best = Infinity;
  let calm = 0;
  let room: number | undefined;
  return {
    turn({ trip, lost, available }) {
      if (trip !== undefined) best = Math.min(best, trip);
      if (lost > LOST || (trip ?? 0) > best + QUEUE_MS) {
        calm = 0;
        if (available !== undefined) room = available * USED;
        return;
      }
      calm++;
      if (room !== undefined) room = calm >= CALM_TURNS ? undefined : room * GROWTH;
    },
    room: () => room,
  };
}
