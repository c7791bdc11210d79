import { expect, it } from 'vitest';
import {
  agoText,
  bytesText,
  initials,
  millisText,
  numberText,
  parseNumber,
  percentText,
  spreadText,
  timeText,
  valueText,
} from '../../../src/ui/format.ts';

it('[UI8] positions read as mm:ss.t', () => {
  expect(timeText(undefined)).toBe('00:00.0');
  expect(timeText(125_349)).toBe('02:05.3');
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
  expect(spreadText(0)).toBe('±0.0 ms');
  expect(spreadText(0.01)).toBe('±0.1 ms');
  expect(spreadText(Infinity)).toBe('–');
  expect(initials('ada lovelace')).toBe('AL');
  expect(initials('')).toBe('?');
  expect(valueText([1, true, 'x'])).toBe('[1, true, x]');
  expect(valueText({ impulse: true })).toBe('impulse');
});

it('[UI8] figures of links stay within three digits, and what is not known is a dash', () => {
  expect([undefined, 0.04, 9.96, 999.4, 1500, Infinity].map(millisText)).toEqual(['–', '0.0 ms', '10 ms', '999 ms', '1.5 s', '–']);
  expect([undefined, 0, 0.004, 0.123, 1].map(percentText)).toEqual(['–', '0 %', '0.4 %', '12 %', '100 %']);
  expect([undefined, 20, 999, 1300, 12_000, 200_000].map(agoText)).toEqual(['–', 'now', 'now', '1.3 s', '12 s', '3 min']);
  expect(bytesText(1_234_000, 2_012_000)).toBe('1.2 of 2.0 MB');
  expect(bytesText(0, 40_000)).toBe('0.0 of 40.0 kB');
});
