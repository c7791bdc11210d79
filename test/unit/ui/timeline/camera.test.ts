import { expect, it } from 'vitest';
import { flicks, type Flicks } from '../../../../src/base.ts';
import { fit, follow, INITIAL_CAMERA, limit, panBy, toDate, toX, zoomAt } from '../../../../src/ui/timeline/camera.ts';

const camera = { ...INITIAL_CAMERA, width: 1000, height: 600 };

it('[TL2] toX and toDate are inverse', () => {
  for (const ms of [0, 1, 999, 3_600_000]) expect(toDate(camera, toX(camera, flicks(ms)))).toBeCloseTo(flicks(ms), -4);
});

it('[TL2] what is under the pointer stays under it while zooming', () => {
  for (const factor of [0.5, 1.1, 7])
    expect(toDate(zoomAt(camera, factor, 640), 640) / flicks(1)).toBeCloseTo(toDate(camera, 640) / flicks(1), 3);
});

it('[TL2] a camera shows neither the time before the start nor the void after the end', () => {
  const extent = { seconds: 60, height: 900 };
  expect(toX(limit(panBy(camera, -1e6, -1e6), extent), 0 as Flicks)).toBeCloseTo(32);
  const far = limit(panBy(camera, 1e9, 1e9), extent);
  expect(toX(far, flicks(60_000))).toBeCloseTo(250);
  expect(far.top).toBeLessThan(900);
});

it('[TL2] fit shows both ends', () => {
  const fitted = fit(camera, flicks(5_000), flicks(25_000));
  expect(toX(fitted, flicks(5_000))).toBeCloseTo(32);
  expect(toX(fitted, flicks(25_000))).toBeCloseTo(968);
});

it('[TL9] following turns the page when the playhead leaves, and not before', () => {
  expect(follow(camera, flicks(1_000))).toBe(camera);
  expect(toX(follow(camera, flicks(60_000)), flicks(60_000))).toBeCloseTo(100);
});
