import type { Address, Value } from '../crdt/value.ts';
import type { Mistake } from './mistake.ts';
import { compilePattern, isPattern } from './pattern.ts';
import { convert, parseUnit } from './unit.ts';
import type { Unit } from './unit.ts';

/**
 * An address and what of its value is meant: `light:/spot@[color.hsv]`, `light:/spot@[color.hsv.h]`, `osc:/list@[1][0]`.
 *
 *   destination = address [ "@" [ "[" unit "]" ] { "[" index "]" } ]
 */
export interface Destination {
  readonly address: Address;
  /** A unit (or a component of one) first, then places in lists. */
  readonly accessors: readonly Accessor[];
}
export type Accessor = number | string;

const ADDRESS = /^[^\s:%@"'/](?:[^:%@"'/]*[^\s:%@"'/])?:\/[^\s%@"']*/;
const INDEX = /^\d{1,6}$/;
const CACHE_MAX = 4096;
/** Places of a list that an accessor may open by writing. */
const LENGTH_MAX = 1024;

/** The destination, or what is wrong with it and where in the text. */
export function readDestination(text: string): Destination | Mistake {
  const [address] = ADDRESS.exec(text) ?? [];
  if (address === undefined) return { message: 'Here an address is expected, as keys:/space.', at: 0 };
  if (isPattern(address)) {
    const pattern = compilePattern(address);
    if ('message' in pattern) return pattern;
  }
  const accessors: Accessor[] = [];
  if (text.length === address.length) return { address, accessors };
  if (text[address.length] !== '@') return { message: 'This does not belong to an address.', at: address.length };
  for (let at = address.length + 1; at < text.length || accessors.length === 0;) {
    const close = text.indexOf(']', at);
    if (text[at] !== '[' || close < 0) return { message: 'After @ stand places or a unit, as [0] or [color.rgb].', at };
    const inner = text.slice(at + 1, close).trim();
    const accessor = INDEX.test(inner) ? Number(inner) : inner;
    if (typeof accessor === 'string' && (accessors.length > 0 || !parseUnit(accessor)))
      return { message: accessors.length > 0 ? 'A unit stands first.' : `There is no unit "${inner}".`, at: at + 1 };
    accessors.push(accessor);
    at = close + 1;
  }
  return { address, accessors };
}

const cache = new Map<string, Destination | undefined>();

/** undefined if it is none; the last 4096 are kept. */
export function parseDestination(text: string): Destination | undefined {
  const known = cache.get(text);
  if (known !== undefined || cache.has(text)) return known;
  const read = readDestination(text);
  const made = 'message' in read ? undefined : read;
  if (cache.size >= CACHE_MAX) cache.delete(cache.keys().next().value!);
  cache.set(text, made);
  return made;
}

export const printDestination = ({ address, accessors }: Destination): string =>
  accessors.length === 0 ? address : `${address}@${accessors.map((it) => `[${it}]`).join('')}`;

/** own: the unit in which the parameter counts; undefined: whatever is asked for. */
interface Through {
  readonly own: Unit | undefined;
  readonly accessors: readonly Accessor[];
}

/** What is meant of a value; undefined where there is nothing of the kind. */
export function readThrough(value: Value | undefined, { own, accessors }: Through): Value | undefined {
  let found = value;
  for (const accessor of accessors) {
    if (found === undefined) return undefined;
    found = typeof accessor === 'number' ? placeOf(found, accessor) : inUnit(found, own, accessor);
  }
  return found;
}

const placeOf = (value: Value, place: number): Value | undefined => (Array.isArray(value) ? (value as readonly Value[])[place] : undefined);

function inUnit(value: Value, own: Unit | undefined, name: string): Value | undefined {
  const part = parseUnit(name);
  if (!part) return undefined;
  const whole = convert(value, own ?? part.unit, part.unit);
  return whole === undefined || part.component === undefined ? whole : placeOf(whole, part.component);
}

/**
 * What the parameter gets when `value` is sent to a part of it: the rest stays as `before` has it. undefined where that
 * makes no sense.
 */
export function writeThrough(before: Value | undefined, value: Value, { own, accessors }: Through): Value | undefined {
  const [first, ...rest] = accessors;
  if (first === undefined) return value;
  if (typeof first === 'number')
    return withPlace(before, first, writeThrough(at(before, first), value, { own: undefined, accessors: rest }));
  const part = parseUnit(first);
  if (!part) return undefined;
  const unit = own ?? part.unit;
  if (part.component === undefined && rest.length === 0) return convert(value, part.unit, unit);
  const known = before === undefined ? undefined : convert(before, unit, part.unit);
  const places = part.component === undefined ? rest : [part.component, ...rest];
  const blank = Array.from(part.unit.components, () => 0);
  const whole = writeThrough(known ?? blank, value, { own: undefined, accessors: places });
  return whole === undefined ? undefined : convert(whole, part.unit, unit);
}

const at = (value: Value | undefined, place: number): Value | undefined => (value === undefined ? undefined : placeOf(value, place));

function withPlace(list: Value | undefined, place: number, value: Value | undefined): Value | undefined {
  if (value === undefined || place >= LENGTH_MAX) return undefined;
  const before = Array.isArray(list) ? (list as readonly Value[]) : [];
  return Array.from({ length: Math.max(before.length, place + 1) }, (_, i) => (i === place ? value : (before[i] ?? 0)));
}
