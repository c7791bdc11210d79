import { expect, it } from 'vitest';
import { drawn, gridOf, pitchName, rangeOf, resized, shifted } from '../../../src/ui/inspector/roll.ts';

const note = { id: 'n', start: 130, duration: 125, pitch: 60, velocity: 0.8 };

it('[UI5] the grid is a sixteenth, doubled until cells are wide enough', () => {
  expect(gridOf(120, 4000)).toBe(125);
  expect(gridOf(120, 16_000)).toBe(250);
});

it('[UI5] moving keeps the offset from the grid and stays in range', () => {
  expect(shifted(note, { ms: 130, pitch: 3 }, 125)).toMatchObject({ start: 255, pitch: 63 });
  expect(shifted(note, { ms: -900, pitch: -90 }, 125)).toMatchObject({ start: 0, pitch: 0 });
});

it('[UI5] no hand makes a note shorter than a cell', () => {
  expect(resized(note, -900, 125).duration).toBe(125);
  expect(resized(note, 260, 125).duration).toBe(375);
  expect(drawn({ ...note, start: 0 }, 260, 125).duration).toBe(375);
  expect(drawn({ ...note, start: 500 }, 100, 125).duration).toBe(125);
});

it('[UI5] the roll shows two octaves at least, around what is there', () => {
  expect(pitchName(60)).toBe('C4');
  const { low, high } = rangeOf([]);
  expect(high - low).toBeGreaterThanOrEqual(23);
});
