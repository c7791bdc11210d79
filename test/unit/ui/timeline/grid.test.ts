import { expect, it } from 'vitest';
import { flicks, type Flicks } from '../../../../src/base.ts';
import { INITIAL_CAMERA, toX } from '../../../../src/ui/timeline/camera.ts';
import { barsOf, gridStep, snap, snapMove, type Magnets } from '../../../../src/ui/timeline/grid.ts';

const magnets = (more: Partial<Magnets> = {}): Magnets => ({ camera: INITIAL_CAMERA, tempo: 120, neighbours: [], isOff: false, ...more });

it('[TL5] the grid is as fine as 14 px allow, at every zoom', () => {
  for (const scale of [0.5, 3, 60, 900, 4000]) {
    const camera = { ...INITIAL_CAMERA, scale };
    expect(toX(camera, gridStep(camera, 120)) - toX(camera, 0 as Flicks)).toBeGreaterThanOrEqual(14);
  }
  expect(gridStep(INITIAL_CAMERA, 120)).toBe(flicks(250));
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
  expect(barsOf(0 as Flicks, 120)).toEqual({ bar: 1, beat: 1, isOnBar: true });
  expect(barsOf(flicks(2_500), 120)).toEqual({ bar: 2, beat: 2, isOnBar: false });
});
