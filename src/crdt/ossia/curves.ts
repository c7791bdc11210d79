import type { CurvePoint } from '../score.ts';
import { at, float, listAt, numberAt, objectOf, objectsAt, textAt, toNumber, whole } from './access.ts';
import { isList } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { EASING_OF, LINEAR, POINT_ARRAY, POWER, SEGMENT_OF } from './segments.ts';

/**
 * Curves: ossia keeps segments with two ends each, Tutti points of which each says how the way to the next one goes.
 *
 *   curve   = { ObjectName, id, Segments: [{ uuid, id, Previous, Following, Start: [x, y], End: [x, y], Power?, Points? }] }
 *
 * x: share of the process's duration, which Tutti takes as that of the interval.
 */
export interface Curve {
  readonly points: readonly CurvePoint[];
  /** What came out otherwise than it was written, in words. */
  readonly notes: readonly string[];
}

interface Segment {
  readonly start: readonly [number, number];
  readonly end: readonly [number, number];
  readonly curve: CurvePoint['curve'];
  /** Between the ends, as shares of the way and heights. */
  readonly between: readonly (readonly [number, number])[];
}

const POINTS_MAX = 20_000;
/** Ends this close are one point: files of scripts round. */
const CLOSE = 1e-9;

export function toCurve(json: Json | undefined, scale = 1): Curve {
  const notes = new Set<string>();
  const segments = objectsAt(json, 'Segments').flatMap((segment) => toSegment(segment, notes) ?? []);
  segments.sort((a, b) => a.start[0] - b.start[0] || a.end[0] - b.end[0]);
  const points: Omit<CurvePoint, 'id'>[] = [];
  const add = ([x, y]: readonly [number, number], curve: CurvePoint['curve'] = 1): void => {
    if (x < 0 || y < 0 || y > 1) notes.add('points beyond the frame of the curve are moved to its edge');
    points.push({ x: Math.max(0, x * scale) + 0, y: Math.min(1, Math.max(0, y)) + 0, curve });
  };
  segments.forEach((segment, i) => {
    const before = segments[i - 1];
    if (before && !isClose(before.end, segment.start)) add(before.end);
    add(segment.start, segment.curve);
    for (const point of segment.between) add(point);
  });
  const last = segments.at(-1);
  if (last) add(last.end);
  if (points.length > POINTS_MAX) notes.add(`only the first ${POINTS_MAX} points are kept`);
  return { points: points.slice(0, POINTS_MAX).map((point, i) => ({ id: pointId(i), ...point })), notes: [...notes] };
}

/** In order as text, so that points of one date stay in order. */
export const pointId = (i: number): string => `p${String(i).padStart(5, '0')}`;

const isClose = (a: readonly [number, number], b: readonly [number, number]): boolean =>
  Math.abs(a[0] - b[0]) <= CLOSE && Math.abs(a[1] - b[1]) <= CLOSE;

const pairOf = (json: Json | undefined): readonly [number, number] | undefined => {
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
  if (uuid === POINT_ARRAY) return { start, end, curve: 1, between: pointArray(json, start, end, notes) };
  if (uuid in EASING_OF) return { start, end, curve: EASING_OF[uuid as keyof typeof EASING_OF], between: [] };
  if (uuid !== POWER && uuid !== LINEAR) notes.add('a segment of an unknown kind is a line here');
  const power = uuid === LINEAR ? 1 : numberAt(json, 'Power', numberAt(at(json, 'Data'), 'Power', 1));
  if (power < 0.01 || power > 100) notes.add('a bend is limited to an exponent of 0.01 to 100');
  return { start, end, curve: Math.min(100, Math.max(0.01, power)), between: [] };
}

/** What was recorded: the frame of the points is laid over the segment across, and over 0 to 1 upwards. */
function pointArray(
  json: JsonObject,
  start: readonly [number, number],
  end: readonly [number, number],
  notes: Set<string>,
): readonly (readonly [number, number])[] {
  const points = listAt(json, 'Points').flatMap((point) => (pairOf(point) ? [pairOf(point)!] : []));
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const extent = (name: string, values: readonly number[]): readonly [number, number] => [
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

/** Points of one place need no segment: the curve jumps there. */
export function fromCurve(points: readonly CurvePoint[], scale = 1): JsonObject {
  const pairs = points.slice(1).map((to, i) => ({ from: points[i]!, to }));
  const ways = pairs.filter(({ from, to }, i) => to.x > from.x || (pairs.length === 1 && i === 0));
  const segments = ways.map(({ from, to }, i) =>
    objectOf({
      uuid: typeof from.curve === 'number' ? POWER : (SEGMENT_OF.get(from.curve) ?? POWER),
      ObjectName: 'CurveSegmentModel',
      id: i + 1,
      Previous: i > 0 ? i : null,
      Following: i < ways.length - 1 ? i + 2 : null,
      Start: [float(from.x / scale), float(from.y)],
      End: [float(to.x / scale), float(to.y)],
      ...(typeof from.curve === 'number' && { Power: float(from.curve) }),
    }),
  );
  return objectOf({ ObjectName: 'CurveModel', id: whole(1), Segments: segments });
}
