import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asinh, length, log10, log2, pow } from '../../../../src/engine/process/exact.ts';

const ENGINE = join(import.meta.dirname, '../../../../src/engine');
const FILES = [...['process', 'unit'].flatMap((folder) => readdirSync(join(ENGINE, folder)).map((name) => join(folder, name))), 'tempo.ts'];
/** What ECMAScript leaves to the implementation: `**` too, but of two literals, which a build folds. */
const LOOSE = /Math\.(?:a?(?:sin|cos|tan)h?|atan2|exp|expm1|log|log2|log10|log1p|pow|cbrt|hypot)\b|(?<!\b\d+ )\*\* |\*\* (?!-?\d)/g;

describe('elementary functions', () => {
  it('[XF4] of units agree with those of the machine, and are exact where a whole number is', () => {
    for (let x = 1e-6; x < 1e6; x *= 1.37) {
      expect(asinh(x) / Math.asinh(x)).toBeCloseTo(1, 11);
      expect(asinh(-x)).toBe(-asinh(x));
      expect(log2(x)).toBeCloseTo(Math.log2(x), 12);
      expect(log10(x)).toBeCloseTo(Math.log10(x), 12);
      expect(pow(x, 1 / 3) / Math.cbrt(x)).toBeCloseTo(1, 13);
      expect(length(x, 2 * x, -3 * x) / Math.hypot(x, 2 * x, 3 * x)).toBeCloseTo(1, 13);
    }
    for (let power = -20; power <= 20; power++) expect([log2(2 ** power), log10(Number(`1e${power}`))]).toEqual([power, power]);
    expect([log10(0), log2(-1)]).toEqual([-Infinity, NaN]);
  });
});

describe('what every peer computes for itself', () => {
  it.each(FILES)('[PR11] %s asks nothing of the machine that machines answer differently', (name) => {
    const code = readFileSync(join(ENGINE, name), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    expect(code.match(LOOSE)).toBeNull();
  });
});
