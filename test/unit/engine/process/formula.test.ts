import { describe, expect, it } from 'vitest';
import { formulaOf, isFormula, stepsOf } from '../../../../src/engine/process/formula.ts';
import { FUNCTIONS } from '../../../../src/engine/process/formula-functions.ts';
import type { Quantity } from '../../../../src/engine/process/formula-tree.ts';
import * as exact from '../../../../src/engine/process/exact.ts';

const run = (text: string, bound: Record<string, Quantity> = {}): Quantity | undefined => {
  const made = formulaOf(text);
  if (!isFormula(made)) throw new Error(`${made.message} at ${made.at}`);
  return made.run(bound, () => 0.25).value;
};
const wrong = (text: string): readonly [number, string] => {
  const made = formulaOf(text);
  return isFormula(made) ? [-1, ''] : [made.at, made.message];
};

describe('formulas', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['2 ^ 3 ^ 2', 512],
    ['-2 ^ 2', -4],
    ['(1 + 2) * 3 - 10 / 4', 6.5],
    ['7 % 4', 3],
    ['2x', 6],
    ['2(x + 1)(x - 1)', 16],
    ['x > 2 and x < 4', 1],
    ['not (x == 3) or false', 0],
    ['x = 3 xor true', 0],
    ['x <> 3', 0],
    ['x > 2 ? 10 : 20', 10],
    ['if (x > 2, 10, 20)', 10],
    ['if (x < 2) 10; else 20;', 20],
    ['if (x < 2) { 10; } else if (x < 4) { 15; } else { 20; }', 15],
    ['var y := x * 2; y += 1; y', 7],
    ['var s := 0; for (var i := 0; i < 5; i += 1) { s += i; } s', 10],
    ['var s := 1; while (s < 100) { s *= 3; }; s', 243],
    ['var s := 0; repeat s += 1; until (s >= 4); s', 4],
    ['var s := 0; while (true) { s += 1; if (s > 6) { break; } } s', 7],
    ['switch { case x > 5 : 1; case x > 2 : 2; default : 3; }', 2],
    ['clamp(0, x, 1) + inrange(2, x, 4)', 2],
    ['min(4, x, 5) + max(1, 2) + avg(1, 3)', 7],
    ['sqrt(16) + abs(-2) + floor(2.7) + round(2.5) + frac(1.25)', 11.25],
    ['/* two */ 1 + 1 // comment\n# and another', 2],
    ['random(10, 20)', 12.5],
    ['pi > 3.14159 and pi < 3.1416', 1],
  ])('[XF1] %s', (text, value) => {
    expect(run(text, { x: 3 })).toBe(value);
  });

  it('[XF1] vectors: elements, size, arithmetic of all elements, a list as result', () => {
    const bound = { xv: [3, 4] };
    expect(run('sqrt(xv[0]^2 + xv[1]^2)', bound)).toBe(5);
    expect(run('xv[]', bound)).toBe(2);
    expect(run('return [xv[1], xv[0], 1]', bound)).toEqual([4, 3, 1]);
    expect(run('2 * xv + 1', bound)).toEqual([7, 9]);
    expect(run('var v[3] := {1, 2}; v[2] := 5; sum(v)')).toBe(8);
    expect(run('return [ xv[0] cos(0), xv[0] sin(0) ];', bound)).toEqual([3, 0]);
    expect(run('xv[9]', bound)).toBe(0);
  });

  it('[XF1] what it remembers goes in and out: the logistic map of the manual', () => {
    const made = formulaOf('if (m1 == 0) { m2 := 0.8; m1 := 1; } var r := 4 * a; m2 := r * m2 * (1 - m2); m2;');
    if (!isFormula(made)) throw new Error(made.message);
    expect(made.isRemembering).toBe(true);
    const first = made.run({ a: 0.9 }, () => 0);
    const second = made.run({ a: 0.9, m1: first.m1, m2: first.m2 }, () => 0);
    expect(first.value).toBeCloseTo(3.6 * 0.8 * 0.2, 12);
    expect(second.value).toBeCloseTo(3.6 * 0.576 * 0.424, 12);
  });

  it.each([
    ['', 0, 'nothing to compute'],
    ['1 +', 3, 'missing'],
    ['x * (2 + 3', 10, '“)” is missing'],
    ['1 + § 2', 4, '“§” means nothing'],
    ['2 * speed', 4, 'no variable “speed”'],
    ['1 + boo(2)', 4, 'no function “boo”'],
    ['atan2(1)', 0, 'takes 2 values'],
    ['3 := x', 0, 'only a variable'],
    ['x x 3', 4, 'not expected'],
    ['var := 3', 4, 'a name is expected'],
    ['window.alert(1)', 0, 'no function “window.alert”'],
    ['constructor', 0, 'no variable'],
    ['__proto__', 0, 'no variable'],
  ])('[XF2] says what is wrong with “%s” and where', (text, at, words) => {
    const [place, message] = wrong(text);
    expect(message).toContain(words);
    expect(place).toBe(at);
  });

  it('[XF2] depth and length are bounded', () => {
    expect(wrong(`${'('.repeat(200)}1${')'.repeat(200)}`)[1]).toContain('nested');
    expect(wrong('-'.repeat(4000) + '1')[1]).toContain('nested');
    expect(wrong('1+'.repeat(3000))[1]).toContain('longer');
  });

  it('[XF3] a loop without end says nothing, and soon', () => {
    expect(run('while (true) { 1; }')).toBeUndefined();
    expect(run('var v[1024] := 1; while (true) { v := v + 1; }')).toBeUndefined();
    expect(run('for (;;) { for (;;) { x += 1; } }')).toBeUndefined();
    expect(run('1 / 0')).toBeUndefined();
  });
  it('[XF3] many in one score have fewer operations each, all the same number', () => {
    expect([1, 10, 20, 200, 1e6].map(stepsOf)).toEqual([20_000, 20_000, 10_000, 1000, 1000]);
    const made = formulaOf('var s := 0; for (var i := 0; i < 500; i += 1) { s += i; } s');
    const told = (steps: number): unknown => isFormula(made) && made.run({}, () => 0, steps).value;
    expect([told(stepsOf(10)), told(stepsOf(500))]).toEqual([124_750, undefined]);
  });
});

describe('exact functions', () => {
  const near = (a: number, b: number): number => Math.abs(a - b) / Math.max(1, Math.abs(b));
  const samples = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 37.1);
  it.each(['sin', 'cos', 'atan', 'tanh'] as const)('[XF4] %s is right to the last digits', (name) => {
    expect(Math.max(...samples.map((x) => near(exact[name](x), Math[name](x))))).toBeLessThan(4e-15);
  });
  it('[XF4] exp, log, pow, asin, atan2, sinh, too', () => {
    expect(Math.max(...samples.map((x) => Math.abs(exact.exp(x) / Math.exp(x) - 1)))).toBeLessThan(1e-14);
    expect(Math.max(...samples.map((x) => near(exact.log(Math.exp(x)), x)))).toBeLessThan(1e-14);
    expect(Math.max(...samples.map((x) => near(exact.pow(Math.abs(x) + 0.01, 1.7), (Math.abs(x) + 0.01) ** 1.7)))).toBeLessThan(1e-13);
    expect(Math.max(...samples.map((x) => near(exact.asin(x / 60), Math.asin(x / 60))))).toBeLessThan(1e-14);
    expect(Math.max(...samples.map((x) => near(exact.atan2(x, 3 - x), Math.atan2(x, 3 - x))))).toBeLessThan(1e-14);
    expect([exact.exp(-800), exact.exp(800), exact.log(0), exact.log(-1)]).toEqual([0, Infinity, -Infinity, NaN]);
    expect([exact.pow(-2, 3), exact.pow(2, -2), exact.pow(0, 0.5)]).toEqual([-8, 0.25, 0]);
  });
  it('[XF4] far angles and tiny and huge numbers', () => {
    expect(exact.sin(1e5)).toBeCloseTo(Math.sin(1e5), 10);
    expect(Math.abs(exact.sin(7e14))).toBeLessThanOrEqual(1);
    expect(exact.log(Number.MAX_VALUE)).toBeCloseTo(Math.log(Number.MAX_VALUE), 10);
    expect(exact.log(Number.MIN_VALUE)).toBeCloseTo(Math.log(Number.MIN_VALUE), 10);
  });
  it('[XF1] every function gives a finite number somewhere', () => {
    for (const [name, { least }] of FUNCTIONS) {
      const value = run(`${name}(${Array.from({ length: least }, (_, i) => (name === 'acosh' ? 2 : 0.5 + i / 4)).join(', ')})`);
      expect(Number.isFinite(value), name).toBe(true);
    }
  });
});
