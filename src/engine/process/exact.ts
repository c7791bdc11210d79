/**
 * Elementary functions that give the same bits on every engine. ECMAScript leaves the last digits of Math.sin, exp and
 * the like to the implementation; a formula that feeds on its own past would magnify them, and two browsers would
 * drift apart. These use additions, multiplications and divisions only, which IEEE 754 fixes.
 * Error: some 1e-15 of the result up to |x| = 1e6; beyond, angles are reduced by the double nearest to 2π.
 * Source: the polynomials of fdlibm (Sun Microsystems 1993).
 */

const HALF_PI = Math.PI / 2;
const PIO2_HIGH = 1.5707963267341256;
const PIO2_LOW = 6.077100506506192e-11;
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** Farther out the two halves of π/2 do not suffice. */
const ANGLE_MAX = 1e6;

/** Σ cᵢ zⁱ, by Horner. */
function polynomial(z: number, coefficients: readonly number[]): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * z + coefficients[i]!;
  return sum;
}

const SINE = [
  -1.66666666666666324348e-1, 8.33333333332248946124e-3, -1.98412698298579493134e-4, 2.75573137070700676789e-6, -2.50507602534068634195e-8,
  1.58969099521155010221e-10,
];
const COSINE = [
  4.16666666666666019037e-2, -1.38888888888741095749e-3, 2.48015872894767294178e-5, -2.75573143513906633035e-7, 2.0875723212981748279e-9,
  -1.13596475577881948265e-11,
];

/** Sine of x + quarters × π/2. */
function wave(x: number, quarters: number): number {
  if (!Number.isFinite(x)) return NaN;
  const angle = Math.abs(x) > ANGLE_MAX ? x % (2 * Math.PI) : x;
  const turn = Math.round(angle / HALF_PI);
  const rest = angle - turn * PIO2_HIGH - turn * PIO2_LOW;
  const square = rest * rest;
  const quarter = (((turn + quarters) % 4) + 4) % 4;
  const isCosine = quarter % 2 === 1;
  const value = isCosine
    ? 1 - (square / 2 - square * square * polynomial(square, COSINE))
    : rest + rest * square * polynomial(square, SINE);
  return quarter < 2 ? value : -value;
}

export const sin = (x: number): number => wave(x, 0);
export const cos = (x: number): number => wave(x, 1);
export const tan = (x: number): number => sin(x) / cos(x);

const EXPONENTIAL = [
  1.66666666666666019037e-1, -2.77777777770155933842e-3, 6.61375632143793436117e-5, -1.6533902205465251539e-6, 4.13813679705723846039e-8,
];

export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019411) return 0;
  const power = Math.round(x / Math.LN2);
  const high = x - power * LN2_HIGH;
  const low = power * LN2_LOW;
  const rest = high - low;
  const square = rest * rest;
  const c = rest - square * polynomial(square, EXPONENTIAL);
  return scale(1 - (low - (rest * c) / (2 - c) - high), power);
}

/** x × 2^power, exact where the result is normal. */
function scale(x: number, power: number): number {
  if (power > 1000) return scale(x, power - 1000) * 2 ** 1000;
  if (power < -1000) return scale(x, power + 1000) * 2 ** -1000;
  return x * raise(power < 0 ? 0.5 : 2, Math.abs(power));
}

/** base to a whole power ≥ 0. */
function raise(base: number, power: number): number {
  let result = 1;
  for (let square = base, rest = power; rest > 0; rest = Math.floor(rest / 2), square *= square) if (rest % 2 === 1) result *= square;
  return result;
}

const LOGARITHM = [
  6.66666666666673513e-1, 3.999999999940941908e-1, 2.857142874366239149e-1, 2.222219843214978396e-1, 1.818357216161805012e-1,
  1.531383769920937332e-1, 1.479819860510658591e-1,
];

/** Powers of two, with their exponents. */
const STEPS = [
  [512, 2 ** 512],
  [64, 2 ** 64],
  [8, 2 ** 8],
  [1, 2],
] as const;

/** Natural logarithm; −Infinity of 0, NaN below. */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return NaN;
  if (x === 0 || x === Infinity) return x === 0 ? -Infinity : Infinity;
  let [mantissa, power] = [x, 0];
  for (const [step, factor] of STEPS) {
    while (mantissa >= factor) [mantissa, power] = [mantissa / factor, power + step];
    while (mantissa < 1 && mantissa * factor < 2) [mantissa, power] = [mantissa * factor, power - step];
  }
  if (mantissa > Math.SQRT2) [mantissa, power] = [mantissa / 2, power + 1];
  const f = mantissa - 1;
  const s = f / (2 + f);
  const z = s * s;
  const half = (f * f) / 2;
  return power * LN2_HIGH - (half - (s * (half + z * polynomial(z, LOGARITHM)) + power * LN2_LOW) - f);
}

const ARCTANGENT = [
  3.33333333333329318027e-1, -1.99999999998764832476e-1, 1.42857142725034663711e-1, -1.1111110405462355788e-1, 9.09088713343650656196e-2,
  -7.69187620504482999495e-2, 6.66107313738753120669e-2, -5.83357013379057348645e-2, 4.97687799461593236017e-2, -3.6531572744216915527e-2,
  1.62858201153657823623e-2,
];
const ATAN_HALF = 0.46364760900080611621;
const ATAN_THREE_HALVES = 0.98279372324732906799;

export function atan(x: number): number {
  if (x < 0) return -atan(-x);
  if (Number.isNaN(x)) return NaN;
  if (x < 7 / 16) return small(x);
  if (x < 11 / 16) return ATAN_HALF + small((2 * x - 1) / (2 + x));
  if (x < 19 / 16) return Math.PI / 4 + small((x - 1) / (x + 1));
  if (x < 39 / 16) return ATAN_THREE_HALVES + small((x - 1.5) / (1 + 1.5 * x));
  return HALF_PI + small(-1 / x);
}

const small = (x: number): number => x - x * x * x * polynomial(x * x, ARCTANGENT);

export function atan2(y: number, x: number): number {
  if (x > 0) return atan(y / x);
  if (x < 0) return y < 0 ? atan(y / x) - Math.PI : atan(y / x) + Math.PI;
  return y === 0 ? 0 : y > 0 ? HALF_PI : -HALF_PI;
}

export const asin = (x: number): number => (Math.abs(x) > 1 ? NaN : atan2(x, Math.sqrt(1 - x * x)));
export const acos = (x: number): number => (Math.abs(x) > 1 ? NaN : HALF_PI - asin(x));
export const sinh = (x: number): number => (Math.abs(x) < 1e-5 ? x : (exp(x) - exp(-x)) / 2);
export const cosh = (x: number): number => (exp(x) + exp(-x)) / 2;
export const tanh = (x: number): number => (Math.abs(x) < 1e-5 ? x : Math.abs(x) > 20 ? Math.sign(x) : 1 - 2 / (exp(2 * x) + 1));

/** Whole powers up to 1024 by multiplication, others by exp and log; NaN of negative bases with broken powers. */
export function pow(base: number, power: number): number {
  if (Number.isInteger(power) && Math.abs(power) <= 1024) {
    const raised = raise(base, Math.abs(power));
    return power < 0 ? 1 / raised : raised;
  }
  if (base === 0) return power > 0 ? 0 : Infinity;
  if (base < 0 && Number.isInteger(power)) return (power % 2 === 0 ? 1 : -1) * exp(power * log(-base));
  return exp(power * log(base));
}

const AREA_SINE = [1, -1 / 6, 3 / 40, -15 / 336, 105 / 3456];

/** Inverse of sinh; small ones by their series, since of 1 + x little is left of x. */
export function asinh(x: number): number {
  if (x < 0) return -asinh(-x);
  return x < 0.02 ? x * polynomial(x * x, AREA_SINE) : log(x + Math.sqrt(x * x + 1));
}

/** Powers of the base are exact. */
const logarithm =
  (base: number) =>
  (x: number): number => {
    const power = log(x) / log(base);
    const whole = Math.round(power);
    return pow(base, whole) === x ? whole : power;
  };
export const log2 = logarithm(2);
export const log10 = logarithm(10);

/** Length of a vector. */
export const length = (...numbers: readonly number[]): number => Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0));
