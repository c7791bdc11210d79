import { describe, expect, it } from 'vitest';
import { performRow } from '../sim/axes/perform.ts';
import { ROWS, titleOf } from '../sim/axes/rows.ts';

describe('every two choices of the axes, with whole peers', () => {
  it.each(ROWS.map((row, i) => [titleOf(row), i] as const))('[SM20] %s', (_, i) => {
    expect(performRow(ROWS[i]!, 100 + i).violations).toEqual([]);
  });
});
