import { expect, it } from 'vitest';
import { flicks, type Flicks } from '../../../../src/base.ts';
import { INITIAL_CAMERA, toX } from '../../../../src/ui/timeline/camera.ts';
import { metreFrom } from '../../../../src/engine/process/metre.ts';
import { barsOf, barsText, gridStep, linesIn, snap, snapMove, type Magnets } from '../../../../src/ui/timeline/grid.ts';

const FOUR = metreFrom([], flicks(500));
/** Four in four, from the third bar on seven eighths, two of them, then three quarters. */
const TURNING = metreFrom(
  [
    [0, 4, 4],
    [flicks(4_000), 7, 8],
    [flicks(7_500), 3, 4],
  ],
  flicks(500),
);

const magnets = (more: Partial<Magnets> = {}): Magnets => ({ camera: INITIAL_CAMERA, metre: FOUR, neighbours: [], isOff: false, ...more });

it('[TL5] the grid is as fine as 14 px allow, at every zoom', () => {
  for (const scale of [0.5, 3, 60, 900, 4000]) {
    const camera = { ...INITIAL_CAMERA, scale };
    expect(toX(camera, gridStep(camera, FOUR, 0)) - toX(camera, 0 as Flicks)).toBeGreaterThanOrEqual(14);
  }
  expect(gridStep(INITIAL_CAMERA, FOUR, 0)).toBe(flicks(250));
});

it('[TL5] a date snaps to a neighbour within 8 px, else to the grid, and not at all while Alt or Ctrl is held', () => {
  expect(snap(flicks(1_090), magnets())).toBe(flicks(1_000));
  expect(snap(flicks(1_090), magnets({ neighbours: [flicks(1_111)] }))).toBe(flicks(1_111));
  expect(snap(flicks(1_090), magnets({ neighbours: [flicks(1_111)], isOff: true }))).toBe(flicks(1_090));
});

it('[TL5] a moved stretch keeps its offset from the grid, and either end finds a neighbour', () => {
  expect(snapMove(flicks(1_010), flicks(500), flicks(270), magnets())).toBe(flicks(250));
  const neighbours = [flicks(2_030)];
  expect(snapMove(flicks(1_010), flicks(500), flicks(500), magnets({ neighbours }))).toBe(flicks(520));
});

it('[TL4] bars and beats count from one', () => {
  expect(barsOf(0 as Flicks, FOUR)).toEqual({ bar: 1, beat: 1, isOnBar: true, isOnBeat: true });
  expect(barsOf(flicks(2_500), FOUR)).toEqual({ bar: 2, beat: 2, isOnBar: false, isOnBeat: true });
  expect([0, 2000, 2625].map((ms) => barsText(ms, FOUR))).toEqual(['1.1.1', '2.1.1', '2.2.2']);
});

it('[TL4] the ruler counts by the signatures of the whole score: a beat is as long as each says, and a change begins a bar', () => {
  expect([3_999, 4_000, 5_500, 5_750, 5_875, 7_500, 8_600, 9_000].map((ms) => barsText(ms, TURNING))).toEqual([
    '2.4.4',
    '3.1.1',
    '3.7.1',
    '4.1.1',
    '4.1.2',
    '5.1.1',
    '5.3.1',
    '6.1.1',
  ]);
  const camera = { ...INITIAL_CAMERA, scale: 31, left: 0, width: 300 };
  const lines = linesIn(camera, TURNING, { pxMin: 46, isCoarse: true });
  expect(lines.map(({ at, bar }) => [at, bar])).toEqual(
    [
      [0, 1],
      [2_000, 2],
      [4_000, 3],
      [5_750, 4],
      [7_500, 5],
      [9_000, 6],
    ].map(([ms, bar]) => [flicks(ms!), bar]),
  );
  // A signature that comes amid a bar cuts it short: it counts, but has no room of its own.
  const cut = metreFrom(
    [
      [0, 4, 4],
      [flicks(2_100), 5, 4],
    ],
    flicks(500),
  );
  expect(linesIn({ ...camera, width: 120 }, cut, { pxMin: 46, isCoarse: true }).map(({ at, bar }) => [at, bar])).toEqual([
    [0, 1],
    [flicks(2_100), 3],
  ]);
});

it('[TL4] [TL5] lines keep their distance whatever the signatures, and dates snap to the lines of the bars they lie in', () => {
  for (const scale of [0.02, 0.5, 7, 30, 90, 700]) {
    const camera = { ...INITIAL_CAMERA, scale, left: 0, width: 1000 };
    const xs = linesIn(camera, TURNING, { pxMin: 10 }).map(({ at }) => toX(camera, at));
    expect(xs.length).toBeGreaterThan(1);
    for (const [i, x] of xs.entries()) if (i > 0) expect(x - xs[i - 1]!).toBeGreaterThan(9.99);
  }
  const turning = magnets({ metre: TURNING, camera: { ...INITIAL_CAMERA, scale: 10 } });
  expect([3_100, 5_000, 6_500, 7_300, 8_400].map((ms) => snap(flicks(ms), turning))).toEqual(
    [4_000, 5_750, 5_750, 7_500, 9_000].map((ms) => flicks(ms)),
  );
  expect(snapMove(flicks(4_100), flicks(100), flicks(3_200), turning)).toBe(flicks(3_500));
});
