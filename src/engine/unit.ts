import type { Value } from '../crdt/value.ts';
import { COLOR } from './unit/color.ts';
import { ORIENTATION, POSITION } from './unit/place.ts';
import { ANGLE, DISTANCE, GAIN, SPEED, TIME } from './unit/scalar.ts';
import type { NamedUnit, Space, Unit } from './unit/space.ts';

/**
 * What numbers mean: ossia's units, by which a state that says −6 dB reaches a fader that counts from 0 to 127. All
 * units of one space convert through its neutral one [DM1].
 */
export type { Space, Unit };

const SPACES: Readonly<Record<Space, readonly NamedUnit[]>> = {
  gain: GAIN,
  time: TIME,
  angle: ANGLE,
  distance: DISTANCE,
  speed: SPEED,
  color: COLOR,
  position: POSITION,
  orientation: ORIENTATION,
};

/** Not a row of numbers but `#rrggbb` or `#rrggbbaa`: the colour of web pages. */
const HEX: Unit = { name: 'color.hex', space: 'color', components: '', toNeutral: (it) => it, fromNeutral: (it) => it };

/** Every unit, by space, the neutral one first. */
export const UNITS: readonly Unit[] = [
  ...(Object.keys(SPACES) as Space[]).flatMap((space) =>
    SPACES[space].map(({ names, components = '', toNeutral, fromNeutral }): Unit => ({
      ...{ name: `${space}.${names[0]!}`, space, components },
      ...{ toNeutral, fromNeutral },
    })),
  ),
  HEX,
];

/** By each name in lower case: `gain.db`, `db`. Where a short one could be two, the first space that has it is meant. */
const BY_NAME: ReadonlyMap<string, Unit> = new Map(
  [
    ...both('color', 'hex', HEX),
    ...(Object.keys(SPACES) as Space[]).flatMap((space) => [
      [space, unitNamed(space === 'color' ? 'color.rgba8' : `${space}.${SPACES[space][0]!.names[0]!}`)] as const,
      ...SPACES[space].flatMap(({ names }) => names.flatMap((name) => both(space, name, unitNamed(`${space}.${names[0]!}`)))),
    ]),
  ].toReversed(),
);

function unitNamed(name: string): Unit {
  return UNITS.find((unit) => unit.name === name)!;
}
function both(space: Space, name: string, unit: Unit): (readonly [string, Unit])[] {
  return [
    [`${space}.${name}`.toLowerCase(), unit],
    [name.toLowerCase(), unit],
  ];
}

/** One number of a unit: `color.hsv.h` is component 0 of hsv. */
export interface UnitPart {
  readonly unit: Unit;
  readonly component?: number;
}

/** What a text names, capitals or not: a unit, short or with its space, or a component of one; undefined if neither. */
export function parseUnit(text: string): UnitPart | undefined {
  const name = text.trim().toLowerCase();
  const unit = BY_NAME.get(name);
  if (unit) return { unit };
  const dot = name.lastIndexOf('.');
  const whole = dot > 0 ? BY_NAME.get(name.slice(0, dot)) : undefined;
  const component = whole && dot === name.length - 2 ? whole.components.toLowerCase().indexOf(name.slice(-1)) : -1;
  return whole && component >= 0 ? { unit: whole, component } : undefined;
}

/** A value of one unit in another; undefined where the two are of different spaces, or the value is none of the unit. */
export function convert(value: Value, from: Unit, to: Unit): Value | undefined {
  if (from === to) return value;
  if (from.space !== to.space) return undefined;
  const numbers = numbersOf(value, from);
  const neutral = numbers && from.toNeutral(numbers);
  return neutral && valueOf(to === HEX ? neutral : to.fromNeutral(neutral), to);
}

function numbersOf(value: Value, unit: Unit): readonly number[] | undefined {
  if (unit === HEX) return typeof value === 'string' ? fromHex(value) : undefined;
  if (unit.components === '') return typeof value === 'number' ? [value] : undefined;
  const isRow = Array.isArray(value) && value.length === unit.components.length;
  return isRow && value.every((it) => typeof it === 'number') ? (value as readonly number[]) : undefined;
}

function valueOf(numbers: readonly number[], unit: Unit): Value | undefined {
  if (!numbers.every(Number.isFinite)) return undefined;
  if (unit === HEX) return toHex(numbers);
  return unit.components === '' ? numbers[0] : numbers;
}

const HEX_COLOR = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})?$/i;

function fromHex(text: string): readonly number[] | undefined {
  const long = text.replace(/^#([0-9a-f])([0-9a-f])([0-9a-f])$/i, '#$1$1$2$2$3$3');
  const [, ...parts] = HEX_COLOR.exec(long) ?? [];
  if (parts.length === 0) return undefined;
  const [r = NaN, g = NaN, b = NaN, a = 1] = parts.map((it) => (it === undefined ? 1 : parseInt(it, 16) / 255));
  return [a, r, g, b];
}

function toHex([a = 1, ...rgb]: readonly number[]): string {
  const byte = (it: number): string =>
    Math.round(Math.min(1, Math.max(0, it)) * 255)
      .toString(16)
      .padStart(2, '0');
  return `#${rgb.map(byte).join('')}${a < 1 ? byte(a) : ''}`;
}
