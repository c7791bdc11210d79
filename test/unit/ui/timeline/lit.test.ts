import { expect, it } from 'vitest';
import type { PeerId } from '../../../../src/base.ts';
import type { RunView } from '../../../../src/peer-api.ts';
import { INITIAL_CAMERA } from '../../../../src/ui/timeline/camera.ts';
import { BAND_HEIGHT, drawBodies } from '../../../../src/ui/timeline/draw/bodies.ts';
import type { Owners, Pen } from '../../../../src/ui/timeline/draw/pen.ts';
import { drawRunning, type RunFrame } from '../../../../src/ui/timeline/draw/running.ts';
import { layOut } from '../../../../src/ui/timeline/layout.ts';
import type { Ink } from '../../../../src/ui/timeline/shapes.ts';
import { tide } from '../../../ui/timeline-score.ts';

/** How bright the band of an interval is, and whether light falls beside it. */
function band(whose: 'mine' | 'others' | 'nobody', isRunning: boolean): { readonly alpha: number; readonly shines: boolean } {
  const score = { ...tide(), tempo: 120 };
  const layout = layOut(score);
  const box = layout.boxes.find(({ depth, interval }) => depth === 0 && !interval.isMaxInfinite)!;
  const rects: { readonly y: number; readonly h: number; readonly ink: Ink }[] = [];
  let shines = false;
  const shapes = {
    rect: (_x: number, y: number, _w: number, h: number, ink: Ink) => rects.push({ y, h, ink }),
    quad: () => undefined,
    fade: ([, y]: readonly number[]) => void (shines ||= y !== undefined && y < box.y),
  };
  const owners: Owners = {
    groupOf: () => 'all',
    isMine: (id) => id === box.id && whose === 'mine',
    members: () => (whose === 'nobody' ? [] : ['ben' as PeerId]),
  };
  const pen = {
    ...{ score, layout, owners, shapes, camera: INITIAL_CAMERA, unsent: new Set() },
    labels: { put: () => 0 },
    tokens: { canvas: 0, panel: 0, text: 0xffffff, text2: 0x999999, text3: 0x777777, line: 0x333333, accent: 0x4488ff, hues: [] },
    ...{ left: -1e6, right: 1e6, top: -1e6, bottom: 1e6 },
  } as unknown as Pen;
  const running = { interval: box.id, path: '0', position: 0, isHeld: true, isMine: whose === 'mine', rate: 1, speed: 1, isAtMax: false };
  const none = { waiting: [], again: [], booked: [], dead: [], fired: [], coming: [], awaited: [] };
  const view = { ...none, state: 'playing', running: [running] } as unknown as RunView;
  if (isRunning) drawRunning(pen, { view, now: 0, beat: 0 } as unknown as RunFrame);
  else drawBodies(pen);
  const drawn = rects.filter(({ y, h }) => y === box.y && h === BAND_HEIGHT);
  return { alpha: Math.max(0, ...drawn.map(({ ink }) => ink.alpha ?? 1)), shines };
}

it('[UI87] a band rests dim and is lit while it runs: mine bright and shining, that of others less', () => {
  const [mine, others] = [band('mine', false), band('others', false)];
  const [mineLit, othersLit, nobodyLit] = [band('mine', true), band('others', true), band('nobody', true)];
  expect(mine.alpha).toBeCloseTo(0.6);
  expect(others.alpha).toBeLessThan(mine.alpha);
  expect(mineLit).toEqual({ alpha: 1, shines: true });
  expect(othersLit.alpha).toBeGreaterThan(others.alpha);
  expect(othersLit.alpha).toBeLessThan(mineLit.alpha);
  expect([othersLit.shines, nobodyLit.shines, nobodyLit.alpha]).toEqual([false, false, 0]);
});
