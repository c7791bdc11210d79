import { expect, it } from 'vitest';
import { keyed, snap, type Gesture } from '../../../src/ui/controls/gesture.ts';

const gesture = (value: number): Gesture => ({ value, min: 0, max: 1, step: 0.1, travel: 100, axis: 'up', preview() {}, commit() {} });
const plain = { isFine: false, isLarge: false };

it('[UI6] values snap to the step from min and stay in range', () => {
  expect(snap(0.34, { min: 0, max: 1, step: 0.1 })).toBe(0.3);
  expect(snap(9, { min: 0, max: 1, step: 0.1 })).toBe(1);
  expect(snap(-7, { min: -Infinity, max: Infinity, step: 2 })).toBe(-6);
});

it('[UI6] arrows step, Alt is fine, Page is large, Home and End are the ends', () => {
  expect(keyed('ArrowUp', gesture(0.5), plain)).toBe(0.6);
  expect(keyed('ArrowLeft', gesture(0.5), plain)).toBe(0.4);
  expect(keyed('ArrowUp', gesture(0.5), { isFine: true, isLarge: false })).toBe(0.51);
  expect(keyed('PageUp', gesture(0.5), plain)).toBe(1);
  expect(keyed('Home', gesture(0.5), plain)).toBe(0);
  expect(keyed('x', gesture(0.5), plain)).toBeUndefined();
});
