import { expect, it } from 'vitest';
import { oklchToRgb, parseColour } from '../../../src/ui/tokens.ts';

it('[UI2] OKLCH becomes the sRGB that the browser shows', () => {
  expect(oklchToRgb(1, 0, 0)).toBe(0xffffff);
  expect(oklchToRgb(0, 0, 0)).toBe(0);
  expect(oklchToRgb(0.62796, 0.25768, 29.234)).toBe(0xff0000);
  expect(parseColour(' oklch(0.62796 0.25768 29.234) ')).toBe(0xff0000);
  expect(parseColour('oklch(62.796% .25768 29.234)')).toBe(0xff0000);
  expect(parseColour('#0f8')).toBe(0x00ff88);
});

it('[UI2] another notation is not guessed at', () => {
  expect(parseColour('red')).toBeUndefined();
  expect(parseColour('')).toBeUndefined();
});
