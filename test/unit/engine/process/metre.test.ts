import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLICKS_PER_MS, flicks } from '../../../../src/base.ts';
import { beatsIn, gridIn, metreFrom, nextLine } from '../../../../src/engine/process/metre.ts';
import type { SignatureEntry } from '../../../../src/engine/process/metre.ts';

const QUARTER = 352_800_000;
const quarters = (n: number): number => n * QUARTER;
const metre = metreFrom([], QUARTER);
const next = (rate: number, position: number): number => nextLine(metre, rate, { position: quarters(position), near: 1 }) / QUARTER;

describe('lines of a grid', () => {
  it('[EX29] what waits for a line waits for the first one that processes see', () => {
    const signature = fc.record({
      date: fc.nat(20).map((n) => flicks(n * 250)),
      numerator: fc.integer({ min: 1, max: 12 }),
      denominator: fc.constantFrom(1, 2, 4, 8, 16),
    });
    const rates = fc.constantFrom(0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32);
    const lengths = fc.constantFrom(30, 60, 90, 120, 240).map((bpm) => (60_000 * FLICKS_PER_MS) / bpm);
    const signatures = fc.uniqueArray(signature, { maxLength: 3, selector: ({ date }) => date });
    fc.assert(
      fc.property(signatures, rates, lengths, fc.nat(8000), (all, rate, quarter, from) => {
        const it = metreFrom(
          all.map(({ date, numerator, denominator }) => [date, numerator, denominator] as const),
          quarter,
        );
        const line = nextLine(it, rate, { position: flicks(from), near: 1 });
        expect(Math.abs(line - (gridIn(it, rate, [flicks(from), flicks(from + 800_000)])[0]?.date ?? NaN))).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['the very beginning', [0.25, 1, 2, 100], 0, 0],
    ['the beginning of a bar', [1], 4, 4],
    ['just before a bar', [1], 3.9, 4],
    ['just behind a bar', [1], 4.1, 8],
    ['bars, two by two', [0.5], 8, 8],
    ['just before a pair of bars', [0.5], 7.9, 8],
    ['an odd bar is no line of pairs', [0.5], 3.9, 8],
    ['quarters', [4], 0.95, 1],
    ['a quarter itself', [4], 1, 1],
    ['just behind a quarter', [4], 1.01, 2],
    ['dotted halves begin again at the bar', [1.5], 3.5, 4],
  ])('[EX29] %s', (_, rates, position, line) => {
    for (const rate of rates) expect(next(rate, position)).toBeCloseTo(line, 6);
  });

  it('[EX29] a million bars from the beginning nothing has drifted', () => {
    for (const bar of [1, 999, 99_999]) {
      expect(next(1, bar * 4 - 0.1)).toBe(bar * 4);
      expect(next(1, bar * 4)).toBe(bar * 4);
    }
  });

  it('[PR3] beats come once each in odd bars, however time is cut, and begin anew where a signature changes', () => {
    const beatsOf = (signatures: SignatureEntry[], cut: number, until = 64_000): string[] => {
      const found: string[] = [];
      for (let from = 0; from < until; from += cut)
        for (const { date, isBar } of beatsIn(metreFrom(signatures, 1000), [from, Math.min(until, from + cut)]))
          found.push(`${date}${isBar ? '|' : ''}`);
      return found;
    };
    for (const [numerator, denominator] of [
      [4, 4],
      [7, 8],
      [5, 4],
    ] as const) {
      const bar = (4000 * numerator) / denominator;
      const expected: string[] = [];
      for (let begin = 0; begin < 64_000; begin += bar)
        for (let at = begin; at < begin + bar && at < 64_000; at += 1000) expected.push(`${at}${at === begin ? '|' : ''}`);
      for (const cut of [313, 999, 1000, 1024, 2500]) expect(beatsOf([[0, numerator, denominator]], cut)).toEqual(expected);
    }
    // A bar that is cut short by the next signature, between two beats.
    const changing: SignatureEntry[] = [
      [0, 4, 4],
      [6500, 3, 4],
    ];
    for (const cut of [250, 500, 10_000])
      expect(beatsOf(changing, cut, 10_000)).toEqual([
        '0|',
        '1000',
        '2000',
        '3000',
        '4000|',
        '5000',
        '6000',
        '6500|',
        '7500',
        '8500',
        '9500|',
      ]);
  });

  it('[PR3] each line is in one window, however time is cut', () => {
    const cuts = [128, 512, 1000].flatMap((samples) => [0.5, 1, 1.37, 2].map((speed) => (samples * 14_700 * speed) | 0));
    for (const rate of [1, 1.5, 2, 3, 4, 8]) {
      const whole = gridIn(metre, rate, [0, quarters(20)]).map(({ date }) => date);
      for (const cut of cuts) {
        const dates: number[] = [];
        for (let from = 0; from < quarters(20); from += cut)
          dates.push(...gridIn(metre, rate, [from, Math.min(from + cut, quarters(20))]).map(({ date }) => date));
        expect(dates).toEqual(whole);
      }
      expect(new Set(whole).size).toBe(whole.length);
    }
  });
});
