import type { Easing } from '../../crdt/score.ts';
import { cos, pow, sin } from './exact.ts';

/**
 * The 31 easings that an ossia curve knows: share of the way in time → share of the way in value, both 0 at 0 and 1 at
 * 1 (elastic and back swing beyond in between). An `Out` is its `In` turned round, an `InOut` is one half of each.
 * Source: the easing equations as collected in AHEasing, Perlin's fade for the last.
 */
type Ease = (x: number) => number;

const power =
  (exponent: number): Ease =>
  (x) =>
    pow(x, exponent);

/** 121/16 and so on: parabolas of the ball's four leaps. */
const leaps: Ease = (x) =>
  x < 4 / 11
    ? (121 * x * x) / 16
    : x < 8 / 11
      ? (363 / 40) * x * x - (99 / 10) * x + 17 / 5
      : x < 9 / 10
        ? (4356 / 361) * x * x - (35442 / 1805) * x + 16061 / 1805
        : (54 / 5) * x * x - (513 / 25) * x + 268 / 25;

const reversed =
  (ease: Ease): Ease =>
  (x) =>
    1 - ease(1 - x);
const halves =
  (ease: Ease): Ease =>
  (x) =>
    x < 0.5 ? ease(2 * x) / 2 : 1 - ease(2 - 2 * x) / 2;

const FAMILIES = {
  quadratic: power(2),
  cubic: power(3),
  quartic: power(4),
  quintic: power(5),
  sine: (x) => 1 - cos((x * Math.PI) / 2),
  circular: (x) => 1 - Math.sqrt(Math.max(0, 1 - x * x)),
  exponential: (x) => (x <= 0 ? 0 : pow(2, 10 * (x - 1))),
  elastic: (x) => sin(((13 * Math.PI) / 2) * x) * pow(2, 10 * (x - 1)),
  back: (x) => x * x * x - x * sin(x * Math.PI),
  bounce: reversed(leaps),
} as const satisfies Readonly<Record<string, Ease>>;

const families = Object.entries(FAMILIES).flatMap(([name, ease]: [string, Ease]): [string, Ease][] => [
  [`${name}In`, ease],
  [`${name}Out`, reversed(ease)],
  [`${name}InOut`, halves(ease)],
]);
const EASES: ReadonlyMap<string, Ease> = new Map([...families, ['perlinInOut', (x) => x * x * x * (x * (6 * x - 15) + 10)]]);

/** x: 0 to 1. */
export const ease = (easing: Easing, x: number): number => EASES.get(easing)!(x);
