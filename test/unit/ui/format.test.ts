import { expect, it } from 'vitest';
import { barsText, initials, numberText, parseNumber, spreadText, timeText, valueText } from '../../../src/ui/format.ts';

it('[UI8] positions read as mm:ss.t and bar.beat.sixteenth', () => {
  expect(timeText(undefined)).toBe('00:00.0');
  expect(timeText(125_349)).toBe('02:05.3');
  expect(barsText(0, 120)).toBe('1.1.1');
  expect(barsText(2000, 120)).toBe('2.1.1');
  expect(barsText(2625, 120)).toBe('2.2.2');
});

it('[UI8] what a number is shown as can be typed back', () => {
  for (const value of [0, -3.25, 0.1, 1e6, 440.5]) expect(parseNumber(numberText(value))).toBe(value);
  expect(parseNumber('∞')).toBe(Infinity);
  expect(parseNumber('3,5 Hz')).toBe(3.5);
  expect(parseNumber('abc')).toBeUndefined();
  expect(numberText(-0.0001)).toBe('0');
});

it('[UI8] spreads, names and values stay short', () => {
  expect(spreadText(0.41)).toBe('±0.4 ms');
  expect(spreadText(12.3)).toBe('±12 ms');
  expect(initials('ada lovelace')).toBe('AL');
  expect(initials('')).toBe('?');
  expect(valueText([1, true, 'x'])).toBe('[1, true, x]');
  expect(valueText({ impulse: true })).toBe('impulse');
});
