import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ENGINE = join(import.meta.dirname, '../../../../src/engine');
const FILES = [...readdirSync(join(ENGINE, 'process')).map((name) => join('process', name)), 'tempo.ts'];
/** What ECMAScript leaves to the implementation: `**` too, but of two literals, which a build folds. */
const LOOSE = /Math\.(?:a?(?:sin|cos|tan)h?|atan2|exp|expm1|log|log2|log10|log1p|pow|cbrt|hypot)\b|(?<!\b\d+ )\*\* |\*\* (?!-?\d)/g;

describe('what every peer computes for itself', () => {
  it.each(FILES)('[PR11] %s asks nothing of the machine that machines answer differently', (name) => {
    const code = readFileSync(join(ENGINE, name), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    expect(code.match(LOOSE)).toBeNull();
  });
});
