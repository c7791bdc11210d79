import { pow } from '../process/exact.ts';
import { same, vector } from './space.ts';
import type { NamedUnit } from './space.ts';

type Numbers = readonly number[];

/** Of the neutral a, r, g, b: opaque colours that know only the other three. */
const opaque = (names: readonly string[], components: string, to: (n: Numbers) => Numbers, from: (rgb: Numbers) => Numbers): NamedUnit =>
  vector(
    names,
    components,
    (numbers) => [1, ...to(numbers)],
    (argb) => from(argb.slice(1)),
  );
const by =
  (factor: number) =>
  (numbers: Numbers): Numbers =>
    numbers.map((it) => it * factor);

/** Hue 0 to 1 of the colour circle; 0 for greys. Travis 1991. */
function hueOf([r = NaN, g = NaN, b = NaN]: Numbers, most: number, range: number): number {
  if (range === 0) return 0;
  const sixths = most === r ? (g - b) / range : most === g ? (b - r) / range + 2 : (r - g) / range + 4;
  return ((sixths + 6) % 6) / 6;
}
/** The pure colour of a hue, each of r, g, b from 0 to 1. */
const pure = (hue: number): Numbers =>
  [0, 4, 2].map((turn) => Math.min(1, Math.max(0, Math.abs(((((hue * 6 + turn) % 6) + 6) % 6) - 3) - 1)));

function toHsv(rgb: Numbers): Numbers {
  const most = Math.max(...rgb);
  const range = most - Math.min(...rgb);
  return [hueOf(rgb, most, range), most === 0 ? 0 : range / most, most];
}
const fromHsv = ([h = NaN, s = NaN, v = NaN]: Numbers): Numbers => pure(h).map((it) => v * (1 - s + s * it));

function toHsl(rgb: Numbers): Numbers {
  const [most, least] = [Math.max(...rgb), Math.min(...rgb)];
  const [range, sum] = [most - least, most + least];
  return [hueOf(rgb, most, range), range === 0 ? 0 : range / (1 - Math.abs(sum - 1)), sum / 2];
}
const fromHsl = ([h = NaN, s = NaN, l = NaN]: Numbers): Numbers => pure(h).map((it) => l + s * (1 - Math.abs(2 * l - 1)) * (it - 0.5));

function toCmyk([r = NaN, g = NaN, b = NaN]: Numbers): Numbers {
  const white = Math.max(r, g, b);
  return [...[r, g, b].map((it) => (white === 0 ? 0 : (white - it) / white)), 1 - white];
}
const fromCmyk = ([c = NaN, m = NaN, y = NaN, k = NaN]: Numbers): Numbers => [c, m, y].map((it) => (1 - it) * (1 - k));

/** sRGB, IEC 61966-2-1: linear light of D65 white, and its curve. */
const TO_XYZ = [
  [0.4124, 0.3576, 0.1805],
  [0.2126, 0.7152, 0.0722],
  [0.0193, 0.1192, 0.9505],
] as const;
const FROM_XYZ = inverted(TO_XYZ);
const toLight = (it: number): number => (it > 0.04045 ? pow((it + 0.055) / 1.055, 2.4) : it / 12.92);
const fromLight = (it: number): number => (it > 0.0031308 ? 1.055 * pow(it, 1 / 2.4) - 0.055 : it * 12.92);
const times = (matrix: readonly Numbers[], numbers: Numbers): number[] =>
  matrix.map((row) => row.reduce((sum, it, i) => sum + it * (numbers[i] ?? NaN), 0));

/** Of a matrix of three by three, by its cofactors. */
function inverted(matrix: readonly Numbers[]): readonly Numbers[] {
  const at = (row: number, column: number): number => matrix[row % 3]![column % 3]!;
  const cofactor = (row: number, column: number): number =>
    at(row + 1, column + 1) * at(row + 2, column + 2) - at(row + 1, column + 2) * at(row + 2, column + 1);
  const determinant = [0, 1, 2].reduce((sum, column) => sum + at(0, column) * cofactor(0, column), 0);
  return [0, 1, 2].map((row) => [0, 1, 2].map((column) => cofactor(column, row) / determinant));
}

/** X, Y, Z from 0 to about 100. */
const toXyz = (rgb: Numbers): number[] => times(TO_XYZ, rgb.map(toLight)).map((it) => it * 100);
const fromXyz = (xyz: Numbers): Numbers =>
  times(
    FROM_XYZ,
    xyz.map((it) => it / 100),
  ).map(fromLight);
const WHITE = toXyz([1, 1, 1]);
const [WHITE_X, WHITE_Y, WHITE_Z] = WHITE as [number, number, number];

function toYxy(rgb: Numbers): Numbers {
  const [x, y, z] = toXyz(rgb) as [number, number, number];
  const sum = x + y + z;
  return sum === 0 ? [0, WHITE_X / (WHITE_X + WHITE_Y + WHITE_Z), WHITE_Y / (WHITE_X + WHITE_Y + WHITE_Z)] : [y, x / sum, y / sum];
}
const fromYxy = ([Y = NaN, x = NaN, y = NaN]: Numbers): Numbers => fromXyz(y === 0 ? [0, 0, 0] : [(x * Y) / y, Y, ((1 - x - y) * Y) / y]);

/** CIE 1976: a cube root, a line below (6/29)³. */
const EDGE = 6 / 29;
const root = (it: number): number => (it > EDGE * EDGE * EDGE ? pow(it, 1 / 3) : it / (3 * EDGE * EDGE) + 4 / 29);
const cube = (it: number): number => (it > EDGE ? it * it * it : 3 * EDGE * EDGE * (it - 4 / 29));

function toLab(rgb: Numbers): Numbers {
  const [x, y, z] = toXyz(rgb).map((it, i) => root(it / WHITE[i]!)) as [number, number, number];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
function fromLab([l = NaN, a = NaN, b = NaN]: Numbers): Numbers {
  const y = (l + 16) / 116;
  return fromXyz([cube(y + a / 500) * WHITE_X, cube(y) * WHITE_Y, cube(y - b / 200) * WHITE_Z]);
}

const chromaticity = (x: number, y: number, z: number): [u: number, v: number] => {
  const sum = x + 15 * y + 3 * z;
  return sum === 0 ? chromaticity(WHITE_X, WHITE_Y, WHITE_Z) : [(4 * x) / sum, (9 * y) / sum];
};
function toLuv(rgb: Numbers): Numbers {
  const [x, y, z] = toXyz(rgb) as [number, number, number];
  const l = 116 * root(y / WHITE_Y) - 16;
  const [u, v] = chromaticity(x, y, z);
  const [whiteU, whiteV] = chromaticity(WHITE_X, WHITE_Y, WHITE_Z);
  return [l, 13 * l * (u - whiteU), 13 * l * (v - whiteV)];
}
function fromLuv([l = NaN, u = NaN, v = NaN]: Numbers): Numbers {
  if (l === 0) return fromXyz([0, 0, 0]);
  const [whiteU, whiteV] = chromaticity(WHITE_X, WHITE_Y, WHITE_Z);
  const [a, b] = [u / (13 * l) + whiteU, v / (13 * l) + whiteV];
  const y = cube((l + 16) / 116) * WHITE_Y;
  return fromXyz([(y * 9 * a) / (4 * b), y, (y * (12 - 3 * a - 20 * b)) / (4 * b)]);
}

/** Hunter 1948, in the constants of illuminant C that everybody kept. */
function toHunter(rgb: Numbers): Numbers {
  const [x, y, z] = toXyz(rgb) as [number, number, number];
  const l = Math.sqrt(Math.max(0, y));
  return l === 0 ? [0, 0, 0] : [10 * l, (17.5 * (1.02 * x - y)) / l, (7 * (y - 0.847 * z)) / l];
}
function fromHunter([l = NaN, a = NaN, b = NaN]: Numbers): Numbers {
  const y = (l * l) / 100;
  return fromXyz([((a * l) / 175 + y) / 1.02, y, (y - (b * l) / 70) / 0.847]);
}

/** Neutral: a, r, g, b, each 0 to 1, in sRGB. The `8` of a name: 0 to 255. CIE values of D65 and 2°. */
export const COLOR: readonly NamedUnit[] = [
  vector(['argb'], 'argb', same, same),
  vector(
    ['rgba'],
    'rgba',
    ([r = NaN, g = NaN, b = NaN, a = NaN]) => [a, r, g, b],
    ([a = NaN, r = NaN, g = NaN, b = NaN]) => [r, g, b, a],
  ),
  opaque(['rgb'], 'rgb', same, same),
  opaque(
    ['bgr'],
    'bgr',
    (bgr) => bgr.toReversed(),
    (rgb) => rgb.toReversed(),
  ),
  vector(['argb8'], 'argb', by(1 / 255), by(255)),
  vector(
    ['rgba8'],
    'rgba',
    ([r = NaN, g = NaN, b = NaN, a = NaN]) => [a / 255, r / 255, g / 255, b / 255],
    ([a = NaN, r = NaN, g = NaN, b = NaN]) => [r * 255, g * 255, b * 255, a * 255],
  ),
  opaque(['hsv'], 'hsv', fromHsv, toHsv),
  opaque(['hsl'], 'hsl', fromHsl, toHsl),
  opaque(
    ['cmy8'],
    'cmy',
    (cmy) => cmy.map((it) => 1 - it / 255),
    (rgb) => rgb.map((it) => 255 * (1 - it)),
  ),
  opaque(
    ['cmyk8'],
    'cmyk',
    (cmyk) => fromCmyk(by(1 / 255)(cmyk)),
    (rgb) => by(255)(toCmyk(rgb)),
  ),
  opaque(['cie_xyz'], 'xyz', fromXyz, toXyz),
  opaque(['cie_Yxy'], 'Yxy', fromYxy, toYxy),
  opaque(['cie_lab'], 'lab', fromLab, toLab),
  opaque(['cie_luv'], 'luv', fromLuv, toLuv),
  opaque(['hunter_lab'], 'lab', fromHunter, toHunter),
];
