import { expect, it } from 'vitest';
import { betterHues, leastUsed } from '../../../src/ui/hue.ts';

it('[UI9] a newcomer without a colour gets one that nobody has, far from the others', () => {
  const free = leastUsed([0, 0, 6]);
  expect(free).toHaveLength(10);
  expect(free).not.toContain(0);
  // 200° and 230° lie opposite of 20° and 50°.
  expect([1, 11]).toContain(free[0]);
});

it('[UI9] with all twelve taken, the least taken are free again', () => {
  const taken = Array.from({ length: 12 }, (_, hue) => hue);
  expect([...leastUsed(taken)].sort((a, b) => a - b)).toEqual(taken);
  expect(leastUsed([...taken, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])).toEqual([0]);
});

it('[UI9] who comes with a colour much like another takes one that is apart; where all are taken, none does', () => {
  // 200° beside 230°: two cyans.
  const free = betterHues(1, [11, 9]);
  expect(free).not.toHaveLength(0);
  for (const hue of free) expect(betterHues(hue, [11, 9])).toEqual([]);
  expect(betterHues(4, [11, 9])).toEqual([]);
  expect(betterHues(1, [])).toEqual([]);
  const odd = [0, 2, 4, 1, 7, 9];
  // Six stand 60° apart: whoever comes next stands between two, wherever.
  expect(betterHues(3, odd)).toEqual([]);
  expect(betterHues(0, odd).length).toBeGreaterThan(0);
});
