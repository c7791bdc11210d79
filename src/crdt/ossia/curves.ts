import type { CurvePoint } from '../score.ts';
import { at, float, listAt, numberAt, objectOf, objectsAt, textAt, toNumber, whole } from './access.ts';
import { isList } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { EASING_OF, LINEAR, NOISE, POINT_ARRAY, POWER, SEGMENT_OF, WAVE_OF } from './segments.ts';
import { waveBetween } from './waves.ts';

/**
 * Curves: ossia keeps segments with two ends each, Tutti points of which each says how the way to the next one goes.
 *
 *   curve   = { ObjectName, id, Segments: [{ uuid, id, Previous, Following, Start: [x, y], End: [x, y], Power?, Points? }] }
 *
 * x: share of the interval's nominal length. ossia draws both ends but performs only where each segment ends: it begins
 * where the one before has ended, the first at its own start if that is 0, else at the plain number 0. So do we.
 * Source: score-plugin-curve, CurveConversion; libossia, editor/curve/curve.
 */
export interface Curve {
  readonly points: readonly CurvePoint[];
  /** What came out otherwise than it was written, in words. */
  readonly notes: readonly string[];
}

type Pair = readonly [x: number, y: number];
interface Segment {
  readonly start: Pair;
  readonly end: Pair;
  readonly curve: CurvePoint['curve'];
  /** What it passes on the way from where it begins to its end, and where that end is. */
  readonly way?: (from: Pair, to: Pair) => readonly Pair[];
}

const POINTS_MAX = 20_000;
/** Ends this close are one point: files of scripts round. */
const CLOSE = 1e-9;
/** A segment this short is a jump, which ossia has no other word for. */
const JUMP = 2 ** -30;

/** zero: height of the plain number 0. */
export function toCurve(json: Json | undefined, zero = 0): Curve {
  const notes = new Set<string>();
  const segments = objectsAt(json, 'Segments').flatMap((segment) => toSegment(segment, notes) ?? []);
  segments.sort((a, b) => a.start[0] - b.start[0]);
  if (segments.some((segment, i) => i > 0 && !isClose(segments[i - 1]!.end, segment.start)))
    notes.add('where segments of a curve do not meet, each begins where the one before has ended, as ossia performs it');
  const points: { x: number; y: number; curve: CurvePoint['curve'] }[] = [];
  const add = ([x, y]: Pair): void => {
    if (x < 0 || y < 0 || y > 1) notes.add('points beyond the frame of the curve are moved to its edge');
    points.push({ x: Math.max(0, x) + 0, y: Math.min(1, Math.max(0, y)) + 0, curve: 1 });
  };
  let last: Pair | undefined;
  let before = 0;
  for (const { end, curve, way } of inOrder(segments)) {
    if (!last) {
      last = originOf(segments[0]!.start, zero, notes);
      add(last);
      before = last[0];
    }
    points.at(-1)!.curve = curve;
    const to: Pair = [end[0] - before < 2 * JUMP ? last[0] : Math.max(last[0], end[0]), end[1]];
    before = end[0];
    const passed = way?.(last, to) ?? [to];
    for (const point of passed) add(point);
    last = to;
  }
  if (points.length > POINTS_MAX) notes.add(`only the first ${POINTS_MAX} points are kept`);
  return { points: points.slice(0, POINTS_MAX).map((point, i) => ({ id: pointId(i), ...point })), notes: [...notes] };
}

/** By where they end; of two that end at one place the one that begins first. */
const inOrder = (segments: readonly Segment[]): readonly Segment[] =>
  [...segments].sort((a, b) => a.end[0] - b.end[0]).filter(({ end }, i, all) => i === 0 || end[0] !== all[i - 1]!.end[0]);

function originOf(start: Pair, zero: number, notes: Set<string>): Pair {
  if (start[0] <= CLOSE) return start;
  notes.add('a curve whose first segment begins later starts at the number 0, as ossia performs it');
  return [0, Math.min(1, Math.max(0, zero))];
}

/** In order as text, so that points of one date stay in order. */
export const pointId = (i: number): string => `p${String(i).padStart(5, '0')}`;

const isClose = (a: Pair, b: Pair): boolean => Math.abs(a[0] - b[0]) <= CLOSE && Math.abs(a[1] - b[1]) <= CLOSE;

const pairOf = (json: Json | undefined): Pair | undefined => {
  const [x, y] = (isList(json) ? json : [at(json, 'x'), at(json, 'y')]).map(toNumber);
  return x !== undefined && y !== undefined && Number.isFinite(x) && Number.isFinite(y) ? [x, y] : undefined;
};

function toSegment(json: JsonObject, notes: Set<string>): Segment | undefined {
  const start = pairOf(at(json, 'Start'));
  const end = pairOf(at(json, 'End'));
  if (!start || !end) {
    notes.add('a segment without ends is left out');
    return undefined;
  }
  const uuid = textAt(json, 'uuid', textAt(json, 'Type')).toLowerCase();
  if (uuid === POINT_ARRAY) {
    const between = pointArray(json, start, end, notes);
    return { start, end, curve: 1, way: (_, to) => [...between, to] };
  }
  if (Object.hasOwn(EASING_OF, uuid)) return { start, end, curve: EASING_OF[uuid as keyof typeof EASING_OF] };
  const wave = WAVE_OF.get(uuid);
  if (wave) {
    notes.add('a wave that is drawn as a segment of a curve becomes points joined by lines');
    const [turns, height] = [numberAt(json, 'Freq', 5), numberAt(json, 'Ampl', 0.5)];
    return { start, end, curve: 1, way: (from, to) => waveBetween(from, to, { wave, turns, height }) };
  }
  if (uuid === NOISE) notes.add('a segment of noise is a line here');
  else if (uuid !== POWER && uuid !== LINEAR) notes.add('a segment of an unknown kind is a line here');
  const power = uuid === LINEAR || uuid === NOISE ? 1 : numberAt(json, 'Power', numberAt(at(json, 'Data'), 'Power', 1));
  if (power < 0.01 || power > 100) notes.add('a bend is limited to an exponent of 0.01 to 100');
  return { start, end, curve: Math.min(100, Math.max(0.01, power)) };
}

/** What was recorded: the frame of the points is laid over the segment across, and over 0 to 1 upwards. */
function pointArray(json: JsonObject, start: Pair, end: Pair, notes: Set<string>): readonly Pair[] {
  const points = listAt(json, 'Points').flatMap((point) => (pairOf(point) ? [pairOf(point)!] : []));
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const extent = (name: string, values: readonly number[]): Pair => [
    numberAt(
      json,
      `Min${name}`,
      values.reduce((a, b) => Math.min(a, b), Infinity),
    ),
    numberAt(
      json,
      `Max${name}`,
      values.reduce((a, b) => Math.max(a, b), -Infinity),
    ),
  ];
  const [left, right] = extent('X', xs);
  const [low, high] = extent('Y', ys);
  if (points.length === 0 || right - left < 1e-12) return [];
  notes.add('a recorded curve becomes points joined by lines');
  const height = Math.max(1e-12, high - low);
  return points
    .map(([x, y]) => [start[0] + ((end[0] - start[0]) * (x - left)) / (right - left), (y - low) / height] as const)
    .sort((a, b) => a[0] - b[0])
    .filter((point) => point[0] > start[0] && point[0] < end[0]);
}

/** A curve that begins later holds its first height until then; a jump is the shortest segment. */
export function fromCurve(points: readonly CurvePoint[]): JsonObject {
  const [first] = points;
  const isLate = first !== undefined && (first.x > 0 || points.length === 1);
  const all = isLate ? [{ ...first, x: 0, curve: 1 }, ...(first.x > 0 ? points : [{ ...first, x: 1 }])] : points;
  let end = 0;
  const segments = all.slice(1).map((to, i) => {
    const from = all[i]!;
    const start = i === 0 ? from.x : end;
    end = to.x > from.x ? to.x : start + JUMP;
    return objectOf({
      uuid: typeof from.curve === 'number' ? POWER : (SEGMENT_OF.get(from.curve) ?? POWER),
      ObjectName: 'CurveSegmentModel',
      id: i + 1,
      Previous: i > 0 ? i : null,
      Following: i < all.length - 2 ? i + 2 : null,
      Start: [float(start), float(from.y)],
      End: [float(end), float(to.y)],
      ...(typeof from.curve === 'number' && { Power: float(from.curve) }),
    });
  });
  return objectOf({ ObjectName: 'CurveModel', id: whole(1), Segments: segments });
}
