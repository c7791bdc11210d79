import { compare, type Flicks } from '../../base.ts';
import type { CableEnd, ObjectId, Process, Score } from '../../crdt/score.ts';
import type { CableMark, Signal, Slot, Socket } from './places.ts';

/** px from a slot's top to its first socket, and from one to the next. */
const FIRST = 9;
const PITCH = 9;

/** Cables between slots: an end for each port that one is in, ins above outs, from the top of the slot down. */
export function placeCables(
  score: Score,
  slotOf: ReadonlyMap<ObjectId, Slot>,
): { readonly cables: readonly CableMark[]; readonly socketsOf: ReadonlyMap<ObjectId, readonly Socket[]> } {
  const ends = new Map<ObjectId, Map<string, Pick<Socket, 'port' | 'direction' | 'signal'>>>();
  const plug = ({ process, port }: CableEnd, direction: Socket['direction']): void => {
    const slot = slotOf.get(process);
    if (!slot) return;
    const known = ends.get(process) ?? new Map<string, Pick<Socket, 'port' | 'direction' | 'signal'>>();
    ends.set(process, known.set(keyOf(direction, port), { port, direction, signal: signalOf(slot.process, { direction, port }) }));
  };
  for (const { from, to } of score.cables.values()) {
    plug(from, 'out');
    plug(to, 'in');
  }
  const socketsOf = new Map<ObjectId, readonly Socket[]>();
  for (const [process, known] of ends) socketsOf.set(process, placed(slotOf.get(process)!, [...known.values()]));
  const find = ({ process, port }: CableEnd, direction: Socket['direction']): Socket | undefined =>
    socketsOf.get(process)?.find((socket) => socket.port === port && socket.direction === direction);
  const cables = [...score.cables.values()].flatMap((cable): CableMark[] => {
    const from = find(cable.from, 'out');
    const to = find(cable.to, 'in');
    return from && to ? [{ id: cable.id, cable, signal: from.signal, from, to }] : [];
  });
  return { cables, socketsOf };
}

const keyOf = (direction: string, port: string): string => `${direction} ${port}`;

/** Where there is no room for all, they come closer. */
function placed({ at, y, height }: Slot, ends: readonly Pick<Socket, 'port' | 'direction' | 'signal'>[]): Socket[] {
  const ordered = [...ends].sort((a, b) => compare(a.direction, b.direction) || compare(a.port, b.port));
  const pitch = Math.min(PITCH, (height - 2 * FIRST) / Math.max(1, ordered.length - 1));
  return ordered.map((end, i) => ({ ...end, at: at as Flicks, y: y + FIRST + i * pitch }));
}

/** What flows there: notes and sound have cables of their own kind. */
function signalOf(process: Process, { direction, port }: { readonly direction: Socket['direction']; readonly port: string }): Signal {
  if (process.type === 'opaque')
    return process.ports.find((each) => each.direction === direction && String(each.id) === port)?.type ?? 'value';
  if (direction === 'in') return 'value';
  if (process.type === 'sound') return 'audio';
  return process.type === 'notes' || process.type === 'pattern' ? 'midi' : 'value';
}

/** A cable's bow, as corners of a polyline: out to the left of both slots and back, wider the farther they are apart. */
export function cableCorners(from: readonly [number, number], to: readonly [number, number]): number[] {
  const reach = Math.min(REACH_MAX, REACH_MIN + (Math.abs(to[1] - from[1]) + Math.abs(to[0] - from[0])) / 6);
  const points: number[] = [];
  for (let i = 0; i <= STEPS; i++) {
    const t = i / STEPS;
    const [a, b, c, d] = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t ** 2, t ** 3];
    points.push(a * from[0] + b * (from[0] - reach) + c * (to[0] - reach) + d * to[0], a * from[1] + b * from[1] + c * to[1] + d * to[1]);
  }
  return points;
}
const REACH_MIN = 10;
const REACH_MAX = 40;
const STEPS = 20;
