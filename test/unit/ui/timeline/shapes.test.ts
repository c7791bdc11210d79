import { expect, it } from 'vitest';
import { createShapes, mix } from '../../../../src/ui/timeline/shapes.ts';
import { dashes, hatch } from '../../../../src/ui/timeline/strokes.ts';

it('[TL11] a rectangle is one quad; colours lie in memory as r, g, b, a', () => {
  const shapes = createShapes();
  shapes.rect(1, 2, 3, 4, { colour: 0x102030, alpha: 0.5 });
  expect([...shapes.positions.subarray(0, 8)]).toEqual([1, 2, 4, 2, 4, 6, 1, 6]);
  expect([...new Uint8Array(shapes.colours.buffer, 0, 4)]).toEqual([0x10, 0x20, 0x30, 128]);
});

it('[TL11] it grows, and counts every change', () => {
  const shapes = createShapes();
  for (let i = 0; i < 5000; i++) shapes.rect(i, 0, 1, 1, { colour: 0 });
  expect(shapes.count).toBe(5000);
  expect(shapes.positions[4999 * 8]).toBe(4999);
  const { revision } = shapes;
  shapes.clear();
  expect([shapes.count, shapes.revision > revision]).toEqual([0, true]);
});

it('[TL11] stripes and dashes stay inside', () => {
  const shapes = createShapes();
  hatch(shapes, { x: 10, y: 20, w: 31, h: 9 }, { colour: 0 });
  dashes(shapes, { x: 10, y: 20 }, 30, { colour: 0 });
  for (let i = 0; i < shapes.count * 8; i += 2) {
    expect(shapes.positions[i]).toBeGreaterThanOrEqual(10);
    expect(shapes.positions[i]).toBeLessThanOrEqual(41);
    expect(shapes.positions[i + 1]).toBeGreaterThanOrEqual(20);
    expect(shapes.positions[i + 1]).toBeLessThanOrEqual(29);
  }
});

it('[TL11] mix goes from one colour to the other', () => {
  expect([mix(0x000000, 0xffffff, 0), mix(0x000000, 0xffffff, 1), mix(0x000000, 0x204060, 0.5)]).toEqual([0, 0xffffff, 0x102030]);
});
