import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLICKS_PER_MS, flicks } from '../../../src/base.ts';
import { meterOf, nextLine } from '../../../src/engine/grid.ts';
import { gridIn } from '../../../src/engine/process/metre.ts';

describe('the grid of the engine', () => {
  it('[EX29] is the one that processes have', () => {
    const signature = fc.record({
      date: fc.nat(20).map((n) => flicks(n * 250)),
      numerator: fc.integer({ min: 1, max: 12 }),
      denominator: fc.constantFrom(1, 2, 4, 8, 16),
    });
    const rates = fc.constantFrom(0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32);
    const quarters = fc.constantFrom(30, 60, 90, 120, 240).map((bpm) => (60_000 * FLICKS_PER_MS) / bpm);
    fc.assert(
      fc.property(
        fc.uniqueArray(signature, { maxLength: 3, selector: ({ date }) => date }),
        rates,
        quarters,
        fc.nat(8000),
        (all, rate, quarter, from) => {
          const signatures = [...all].sort((a, b) => a.date - b.date);
          const meter = meterOf(
            signatures.map(({ date, numerator, denominator }) => [date, numerator, denominator] as const),
            quarter,
          );
          const metre = { signatures, quarter, shift: 0 };
          const line = nextLine(meter, { rate, position: flicks(from), near: 1 });
          const points = gridIn(metre, rate, [flicks(from), flicks(from + 800_000)]);
          expect(Math.abs(line - (points[0]?.date ?? NaN))).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 300 },
    );
  });
});
