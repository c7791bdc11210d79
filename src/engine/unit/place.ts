import { asin, atan2, cos, length, sin } from '../process/exact.ts';
import { degrees, radians, same, vector } from './space.ts';
import type { NamedUnit } from './space.ts';

type Numbers = readonly number[];

/** A circle of the plane: by angles that turn from the x axis to the left, or from the front (y) to the right. */
const fromX = (radius: number, angle: number): [number, number] => [radius * cos(angle), radius * sin(angle)];
const fromFront = (radius: number, azimuth: number): [number, number] => [radius * sin(radians(azimuth)), radius * cos(radians(azimuth))];
const azimuthOf = (x: number, y: number): number => degrees(atan2(x, y));

/** Neutral: x to the right, y to the front, z up; metres. Radians with r, t, p; degrees with a, e, and t of a cylinder. */
export const POSITION: readonly NamedUnit[] = [
  vector(['cart3D', 'xyz', 'cartesian3d', 'point3d', '3d', 'point', 'pos', 'coord', 'coordinates'], 'xyz', same, same),
  vector(
    ['cart2D', 'xy', 'cartesian2d', 'point2d', '2d', 'complex'],
    'xy',
    ([x = NaN, y = NaN]) => [x, y, 0],
    ([x = NaN, y = NaN]) => [x, y],
  ),
  vector(
    ['openGL', 'gl'],
    'xyz',
    ([x = NaN, y = NaN, z = NaN]) => [x, -z, y],
    ([x = NaN, y = NaN, z = NaN]) => [x, z, -y],
  ),
  vector(
    ['polar', 'rp'],
    'rp',
    ([r = NaN, p = NaN]) => [...fromX(r, p), 0],
    ([x = NaN, y = NaN]) => [length(x, y), atan2(y, x)],
  ),
  vector(
    ['spherical', 'rtp'],
    'rtp',
    ([r = NaN, t = NaN, p = NaN]) => [...fromX(r * cos(p), t), r * sin(p)],
    ([x = NaN, y = NaN, z = NaN]) => [length(x, y, z), atan2(y, x), atan2(z, length(x, y))],
  ),
  vector(
    ['cylindrical', 'rtz'],
    'rtz',
    ([r = NaN, t = NaN, z = NaN]) => [...fromX(r, radians(t)), z],
    ([x = NaN, y = NaN, z = NaN]) => [length(x, y), degrees(atan2(y, x)), z],
  ),
  vector(
    ['AED'],
    'aed',
    ([a = NaN, e = NaN, d = NaN]) => [...fromFront(d * cos(radians(e)), a), d * sin(radians(e))],
    ([x = NaN, y = NaN, z = NaN]) => [azimuthOf(x, y), degrees(atan2(z, length(x, y))), length(x, y, z)],
  ),
  vector(
    ['AD'],
    'ad',
    ([a = NaN, d = NaN]) => [...fromFront(d, a), 0],
    ([x = NaN, y = NaN]) => [azimuthOf(x, y), length(x, y)],
  ),
  vector(
    ['AZD'],
    'azd',
    ([a = NaN, z = NaN, d = NaN]) => [...fromFront(d, a), z],
    ([x = NaN, y = NaN, z = NaN]) => [azimuthOf(x, y), z, length(x, y)],
  ),
];

/** Of quaternions x, y, z, w. */
function multiply([ax = NaN, ay = NaN, az = NaN, aw = NaN]: Numbers, [bx = NaN, by = NaN, bz = NaN, bw = NaN]: Numbers): Numbers {
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}
const half = (angle: number): [sine: number, cosine: number] => [sin(radians(angle) / 2), cos(radians(angle) / 2)];

/** Yaw to the right about z, then pitch about x, then roll about y. */
function fromEuler([yaw = NaN, pitch = NaN, roll = NaN]: Numbers): Numbers {
  const [yawSine, yawCosine] = half(-yaw);
  const [pitchSine, pitchCosine] = half(pitch);
  const [rollSine, rollCosine] = half(roll);
  return multiply(multiply([0, 0, yawSine, yawCosine], [pitchSine, 0, 0, pitchCosine]), [0, rollSine, 0, rollCosine]);
}

/** Read off the rotation's matrix. */
function toEuler([x = NaN, y = NaN, z = NaN, w = NaN]: Numbers): Numbers {
  return [
    degrees(atan2(2 * (x * y - z * w), 1 - 2 * (x * x + z * z))),
    degrees(asin(Math.min(1, Math.max(-1, 2 * (y * z + x * w))))),
    degrees(atan2(2 * (y * w - x * z), 1 - 2 * (x * x + y * y))),
  ];
}

function fromAxis([x = NaN, y = NaN, z = NaN, angle = NaN]: Numbers): Numbers {
  const [sine, cosine] = half(angle);
  const whole = length(x, y, z) || 1;
  return [(x * sine) / whole, (y * sine) / whole, (z * sine) / whole, cosine];
}

/** Without a rotation any axis is right: x. */
function toAxis([x = NaN, y = NaN, z = NaN, w = NaN]: Numbers): Numbers {
  const sine = length(x, y, z);
  const angle = degrees(2 * atan2(sine, w));
  return sine === 0 ? [1, 0, 0, angle] : [x / sine, y / sine, z / sine, angle];
}

/** Neutral: quaternion x, y, z, w. Angles in degrees. */
export const ORIENTATION: readonly NamedUnit[] = [
  vector(['quaternion', 'quat'], 'abcd', same, same),
  vector(['euler', 'ypr'], 'ypr', fromEuler, toEuler),
  vector(['axis', 'xyzw'], 'xyzw', fromAxis, toAxis),
];
