import { acos, asin, atan, atan2, cos, cosh, exp, log, pow, sin, sinh, tan, tanh } from './exact.ts';
import type { Quantity } from './formula-tree.ts';

/** A function of formulas; least and most: how many values it takes. */
export interface FormulaFunction {
  readonly least: number;
  readonly most: number;
  apply(args: readonly Quantity[], draw: () => number): Quantity;
}

type Plain = (...args: number[]) => number;

/** Element by element; a number stands for a vector of its like; the shortest vector sets the length. */
export function spread(f: Plain, args: readonly Quantity[]): Quantity {
  if (args.every((arg) => typeof arg === 'number')) return f(...(args as number[]));
  const length = Math.min(...args.map((arg) => (typeof arg === 'number' ? Infinity : arg.length)));
  return Array.from({ length }, (_, i) => f(...args.map((arg) => (typeof arg === 'number' ? arg : arg[i]!))));
}

const each = (f: Plain, least = f.length, most = least): FormulaFunction => ({ least, most, apply: (args) => spread(f, args) });
/** Of all numbers there are, whether alone or in vectors. */
const all = (f: (values: readonly number[]) => number): FormulaFunction => ({ least: 1, most: Infinity, apply: (args) => f(args.flat()) });

const clamp: Plain = (low, x, high) => Math.min(high, Math.max(low, x));
const round = (x: number): number => (x < 0 ? -Math.floor(0.5 - x) : Math.floor(x + 0.5));
const total = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0);
/** Abramowitz and Stegun 7.1.26, error 1.5e-7. */
const erf = (x: number): number => {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * exp(-x * x));
};

/** Smooth noise over x, 0 to 1: octaves of halving wavelength, each `persistence` times as strong as the one before. */
const noise: Plain = (x, octaves, persistence) => {
  let [sum, weight, total] = [0, 1, 0];
  for (let octave = 0; octave < Math.min(16, Math.max(1, Math.floor(octaves))); octave++) {
    sum += weight * gradientNoise(x * pow(2, octave));
    total += weight;
    weight *= clamp(0, persistence, 1);
  }
  return 0.5 + sum / total;
};
/** −0.5 to 0.5 */
const gradientNoise = (x: number): number => {
  const left = Math.floor(x);
  const share = x - left;
  const fade = share * share * share * (share * (share * 6 - 15) + 10);
  const [a, b] = [slope(left) * share, slope(left + 1) * (share - 1)];
  return a + fade * (b - a);
};
const slope = (place: number): number => {
  let hash = Math.imul((place | 0) ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 31 - 1;
};

export const FUNCTIONS: ReadonlyMap<string, FormulaFunction> = new Map(
  Object.entries<FormulaFunction>({
    abs: each((x) => Math.abs(x)),
    ceil: each((x) => Math.ceil(x)),
    floor: each((x) => Math.floor(x)),
    trunc: each((x) => Math.trunc(x)),
    round: each(round),
    roundn: each((x, digits) => round(x * pow(10, Math.trunc(digits))) / pow(10, Math.trunc(digits))),
    frac: each((x) => x - Math.trunc(x)),
    sgn: each((x) => Math.sign(x)),
    sqrt: each((x) => Math.sqrt(x)),
    exp: each(exp),
    expm1: each((x) => (Math.abs(x) < 1e-5 ? x + (x * x) / 2 : exp(x) - 1)),
    log: each(log),
    log10: each((x) => log(x) / Math.LN10),
    log2: each((x) => log(x) / Math.LN2),
    log1p: each((x) => (Math.abs(x) < 1e-5 ? x - (x * x) / 2 : log(1 + x))),
    logn: each((x, base) => log(x) / log(base)),
    pow: each(pow),
    root: each((x, n) => (x < 0 && Math.abs(n % 2) === 1 ? -pow(-x, 1 / n) : pow(x, 1 / n))),
    hypot: each((x, y) => Math.sqrt(x * x + y * y)),
    sin: each(sin),
    cos: each(cos),
    tan: each(tan),
    asin: each(asin),
    acos: each(acos),
    atan: each(atan),
    atan2: each(atan2),
    sinh: each(sinh),
    cosh: each(cosh),
    tanh: each(tanh),
    asinh: each((x) => Math.sign(x) * log(Math.abs(x) + Math.sqrt(x * x + 1))),
    acosh: each((x) => log(x + Math.sqrt(x * x - 1))),
    atanh: each((x) => log((1 + x) / (1 - x)) / 2),
    sec: each((x) => 1 / cos(x)),
    csc: each((x) => 1 / sin(x)),
    cot: each((x) => cos(x) / sin(x)),
    sinc: each((x) => (x === 0 ? 1 : sin(x) / x)),
    erf: each(erf),
    erfc: each((x) => 1 - erf(x)),
    ncdf: each((x) => 0.5 * (1 + erf(x / Math.SQRT2))),
    deg2rad: each((x) => (x * Math.PI) / 180),
    rad2deg: each((x) => (x * 180) / Math.PI),
    deg2grad: each((x) => x / 0.9),
    grad2deg: each((x) => x * 0.9),
    clamp: each(clamp),
    iclamp: each((low, x, high) => (x <= low || x >= high ? x : 2 * x < low + high ? low : high)),
    inrange: each((low, x, high) => Number(x >= low && x <= high)),
    equal: each((x, y) => Number(x === y)),
    not_equal: each((x, y) => Number(x !== y)),
    mod: each((x, y) => x % y),
    shl: each((x, by) => Math.trunc(x) * pow(2, Math.trunc(by))),
    shr: each((x, by) => Math.floor(Math.trunc(x) / pow(2, Math.trunc(by)))),
    noise: each(noise),
    random: { least: 2, most: 2, apply: (args, draw) => spread((low, high) => low + (high - low) * draw(), args) },
    min: all((values) => values.reduce((a, b) => Math.min(a, b), Infinity)),
    max: all((values) => values.reduce((a, b) => Math.max(a, b), -Infinity)),
    sum: all(total),
    avg: all((values) => total(values) / values.length),
    mul: all((values) => values.reduce((a, b) => a * b, 1)),
    mand: all((values) => Number(values.every((x) => x !== 0))),
    mor: all((values) => Number(values.some((x) => x !== 0))),
  }),
);
