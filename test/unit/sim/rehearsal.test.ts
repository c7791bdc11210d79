import { describe, expect, it } from 'vitest';
import { rehearse } from '../../sim/rehearsal.ts';

describe('a rehearsal', { timeout: 60_000 }, () => {
  it('[SM1] of one seed is the same to the last byte', () => {
    const [one, two] = [rehearse(5), rehearse(5)];
    expect(one.trace).toBe(two.trace);
    expect(one.violations).toEqual(two.violations);
    expect(rehearse(6).trace).not.toBe(one.trace);
  });
});
