import { describe, expect, it } from 'vitest';
import { rehearse } from '../sim/rehearsal.ts';

describe('a rehearsal', () => {
  it('[SM1] of one seed is the same to the last byte', () => {
    const [one, two] = [rehearse(3), rehearse(3)];
    expect(one.trace).toBe(two.trace);
    expect(one.violations).toEqual(two.violations);
    expect(rehearse(8).trace).not.toBe(one.trace);
  });

  it('[SM5] [SM6] ends with nothing to report', () => {
    expect(rehearse(7).violations).toEqual([]);
  });
});
