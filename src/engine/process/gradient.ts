import type { Gradient } from '../../crdt/score.ts';
import type { Address, Value } from '../../crdt/value.ts';
import { convert, parseUnit } from '../unit.ts';
import { firstBeyond } from './curve.ts';
import { pow } from './exact.ts';

type Colour = readonly [number, number, number, number];
type Triple = readonly [number, number, number];

/**
 * Colour at x: red, green, blue, alpha, each 0 to 1. Between two stops it goes straight in Hunter's Lab space, so that
 * even steps look even; before the first and beyond the last their colours hold. Source: libossia's gradient.
 * stops: ordered by x; undefined when there are none.
 */
export function gradientAt(stops: Gradient['stops'], x: number): Colour | undefined {
  const after = firstBeyond(stops, x);
  const left = stops[Math.max(0, after - 1)];
  const right = stops[after];
  if (!left) return undefined;
  if (!right || x <= left.x) return asColour(left.color);
  return between(asColour(left.color), asColour(right.color), (x - left.x) / (right.x - left.x));
}

const RGBA = parseUnit('color.rgba')!.unit;

/** Where a gradient sends its colour, and how it is said there: an address that names no unit of colours gets rgba [PR1]. */
export function colouring(address: Address): { readonly address: Address; say(colour: Value): Value | undefined } {
  const at = address.indexOf('@');
  const named = at < 0 ? undefined : parseUnit(/\[([^\]]*)\]/.exec(address.slice(at))?.[1] ?? '')?.unit;
  const unit = named?.space === 'color' ? named : RGBA;
  const stem = at < 0 ? address : address.slice(0, at);
  return {
    address: stem === '' || stem.startsWith('process:') ? stem : `${stem}@[${unit.name}]`,
    say: (colour) => convert(colour, RGBA, unit),
  };
}

function between(a: Colour, b: Colour, share: number): Colour {
  const [from, to] = [toLab(a), toLab(b)];
  const mix = (i: 0 | 1 | 2): number => from[i] + (to[i] - from[i]) * share;
  const [red, green, blue] = fromLab([mix(0), mix(1), mix(2)]);
  return [unit(red), unit(green), unit(blue), a[3] + (b[3] - a[3]) * share];
}

const asColour = (color: readonly number[]): Colour => [unit(color[0]), unit(color[1]), unit(color[2]), unit(color[3] ?? 1)];
const unit = (x = 0): number => Math.min(1, Math.max(0, x));

const linear = (x: number): number => 100 * (x > 0.04045 ? pow((x + 0.055) / 1.055, 2.4) : x / 12.92);
const gamma = (x: number): number => (x / 100 > 0.0031308 ? 1.055 * pow(x / 100, 1 / 2.4) - 0.055 : (12.92 * x) / 100);

/** sRGB → XYZ (D65, Y of white is 100) → Hunter Lab; black has no hue. */
function toLab([red, green, blue]: Colour): Triple {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const x = r * 0.4124 + g * 0.3576 + b * 0.1805;
  const y = r * 0.2126 + g * 0.7152 + b * 0.0722;
  const z = r * 0.0193 + g * 0.1192 + b * 0.9505;
  if (y <= 0) return [0, 0, 0];
  const root = Math.sqrt(y);
  return [10 * root, (17.5 * (1.02 * x - y)) / root, (7 * (y - 0.847 * z)) / root];
}

function fromLab([light, a, b]: Triple): Triple {
  const root = light / 10;
  const y = root * root;
  const x = ((a / 17.5) * root + y) / 1.02;
  const z = (y - (b / 7) * root) / 0.847;
  return [
    gamma(x * 3.2406 + y * -1.5372 + z * -0.4986),
    gamma(x * -0.9689 + y * 1.8758 + z * 0.0415),
    gamma(x * 0.0557 + y * -0.204 + z * 1.057),
  ];
}
