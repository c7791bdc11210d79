import { describe, expect, it } from 'vitest';
import { exportScore } from '../../../../src/crdt/ossia/export.ts';
import { fromCurve, toCurve } from '../../../../src/crdt/ossia/curves.ts';
import { parseJson } from '../../../../src/crdt/ossia/json.ts';
import type { Json } from '../../../../src/crdt/ossia/json.ts';
import type { CurvePoint } from '../../../../src/crdt/score.ts';
import { curveAt } from '../../../../src/engine/process/curve.ts';
import { opened } from './fixtures.ts';
import { document, text } from './write.ts';

const POWER = '1e7cb83f-4e47-4b14-814d-2242a9c75991';
const LINEAR = 'a8bd14e2-d7e4-47cd-b76a-6a88fa11f0d2';
const json = (value: unknown): Json => {
  const parsed = parseJson(JSON.stringify(value));
  if ('issue' in parsed) throw new Error(parsed.issue.message);
  return parsed.json;
};
type Pair = readonly [number, number];
const segment = (uuid: string, Start: Pair, End: Pair, more: object = {}): object => ({ uuid, Start, End, ...more });
const curve = (segments: readonly object[], zero?: number): ReturnType<typeof toCurve> => toCurve(json({ Segments: segments }), zero);
const shape = (segments: readonly object[], zero?: number): unknown => curve(segments, zero).points.map(({ x, y, curve }) => [x, y, curve]);

describe('curves of ossia', () => {
  it('[OS11] segments begin where the one before has ended, whatever they say themselves', () => {
    const gap = [segment(LINEAR, [0, 0.2], [0.4, 1]), segment(POWER, [0.6, 0], [1, 0.5], { Power: 2 })];
    expect(shape(gap)).toEqual([
      [0, 0.2, 1],
      [0.4, 1, 2],
      [1, 0.5, 1],
    ]);
    expect(curve(gap).notes).toEqual([expect.stringContaining('do not meet')]);
    expect(shape([...gap].reverse())).toEqual(shape(gap));
    const twice = [segment(LINEAR, [0, 0], [0.5, 1]), segment(LINEAR, [0.1, 0], [0.5, 0.3]), segment(LINEAR, [0.5, 1], [1, 0])];
    expect(shape(twice)).toEqual([
      [0, 0, 1],
      [0.5, 1, 1],
      [1, 0, 1],
    ]);
  });

  it('[OS11] one that begins later starts at the number 0, within its range', () => {
    const late = [segment(LINEAR, [0.5, 0.75], [1, 1])];
    expect(shape(late, 0.25)).toEqual([
      [0, 0.25, 1],
      [1, 1, 1],
    ]);
    const process = (min: number, max: number): object => ({
      ...{ uuid: 'd2a67bd8-5d3f-404e-b6e9-e350cf2a833f', ObjectName: 'Automation', id: 1 },
      Outlet: { ObjectName: 'Outlet', id: 0, MinInlet: { Value: { Float: min } }, MaxInlet: { Value: { Int: max } } },
      Curve: { Segments: late },
    });
    const first = (min: number, max: number): unknown => {
      const { score } = opened(text(document([process(min, max) as never])));
      const found = score.processes.get('root.p1');
      return found?.type === 'automation' ? found.points[0]?.y : undefined;
    };
    expect(first(-1, 3)).toBe(0.25);
    expect(first(2, 4)).toBe(0);
    expect(first(-4, -2)).toBe(1);
    expect(first(1, 1)).toBe(0);
  });

  it('[OS11] x is a share of the interval, whatever length the process says', () => {
    const process = {
      ...{ uuid: 'd2a67bd8-5d3f-404e-b6e9-e350cf2a833f', ObjectName: 'Automation', id: 1, Duration: 352_800_000 },
      Curve: { Segments: [segment(LINEAR, [0, 0], [0.5, 1])] },
    };
    const { score } = opened(text(document([process])));
    expect(score.processes.get('root.p1')).toMatchObject({ points: [{ x: 0 }, { x: 0.5 }] });
  });

  it('[OS11] a jump is the shortest segment, and one that begins later holds until then', () => {
    const points = [
      [0, 0.5],
      [0.25, 1],
      [0.25, 0],
      [0.25, 0.75],
      [1, 0.125],
    ].map(([x, y], i): CurvePoint => ({ id: `p0000${i}`, x: x!, y: y!, curve: 1 }));
    const written = fromCurve(points);
    expect(toCurve(written)).toEqual({ points, notes: [] });
    const late = points.slice(1).map((point) => ({ ...point, x: point.x + 0.25 }));
    const read = toCurve(fromCurve(late)).points;
    for (const x of [0, 0.1, 0.49, 0.6, 1.2]) expect(curveAt(read, x)).toBeCloseTo(curveAt(late, x)!, 9);
    expect(toCurve(fromCurve(points.slice(0, 1))).points.map(({ x, y }) => [x, y])).toEqual([
      [0, 0.5],
      [1, 0.5],
    ]);
  });

  it('[OS11] waves of older files go through their corners', () => {
    const wave = (uuid: string, turns: number, height = 0.5): unknown =>
      curve([segment(uuid, [0, 0], [1, 1], { Freq: turns, Ampl: height })]).points.map(({ x, y }) => [x, Math.round(y * 1e6) / 1e6]);
    const quarter = Math.round((0.5 + (Math.PI / 2) * 0.25) * 1e6) / 1e6;
    expect(wave('09863350-a392-4865-aa28-cac6e5dfe13c', 1.5)).toEqual([
      [0, 0],
      [0, 1],
      [1 / 3, 1],
      [1 / 3, 0],
      [2 / 3, 0],
      [2 / 3, 1],
      [1, 1],
    ]);
    expect(wave('7053f4fc-691e-42e2-a5f4-6a608a6bd547', 1, 0.25)).toEqual([
      [0, 0],
      [0, 0.5],
      [0.25, Math.round((0.5 + (Math.PI / 2) * 0.25) * 1e6) / 1e6],
      [0.75, Math.round((0.5 - (Math.PI / 2) * 0.25) * 1e6) / 1e6],
      [1, 0.5],
    ]);
    expect(wave('23e3a159-b5de-43a3-b965-bf9c48114f02', 0.5, 0.25)).toEqual([
      [0, 0],
      [0, 0.5],
      [0.5, quarter],
      [0.5, Math.round((0.5 - (Math.PI / 2) * 0.25) * 1e6) / 1e6],
      [1, 0.5],
    ]);
    const { points, notes } = curve([segment('c16dad6a-a422-4fb7-8bd5-850cbe8c3f28', [0, 0], [1, 1])]);
    expect(points).toHaveLength(5 * 32 + 2);
    for (const x of [0.013, 0.25, 0.61]) expect(curveAt(points, x)).toBeCloseTo(0.5 + 0.5 * Math.sin(10 * Math.PI * x), 2);
    expect(notes).toHaveLength(1);
  });

  it('[OS7] bends of before version 3 were counted downwards from a line at 11.05', () => {
    const file = (version: number, plugins: unknown, power: number): string =>
      text({
        ...document([
          {
            ...{ uuid: 'd2a67bd8-5d3f-404e-b6e9-e350cf2a833f', ObjectName: 'Automation', id: 1 },
            Curve: { Segments: [segment(POWER, [0, 0], [1, 1], { Power: power })] },
          },
        ]),
        Version: version,
        Plugins: plugins,
      });
    const bend = (...given: Parameters<typeof file>): unknown => {
      const found = opened(file(...given)).score.processes.get('root.p1');
      return found?.type === 'automation' ? found.points[0]?.curve : undefined;
    };
    expect([11.05, 12.05, 10.05, 12, 0].map((power) => bend(2, {}, power))).toEqual([...[1, 1, 2], expect.closeTo(0.05) as unknown, 12.05]);
    // The months before version 3 already count as today.
    expect([bend(2, [], 2), bend(4, [], 2), bend(3, [], 0.5)]).toEqual([2, 2, 0.5]);
    const { score } = opened(file(2, {}, 10.05));
    expect(exportScore(score)).toContain('"Power": 2.0');
  });
});
