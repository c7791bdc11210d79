import type { Value } from '../value.ts';
import { IMPULSE } from '../value.ts';
import { at, float, listAt, objectOf, textAt, toNumber } from './access.ts';
import { isList, isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * Values as ossia saves them: one key that names the type.
 *
 *   value   = { Float | Int | Bool | String | Char | Impulse | Vec2f | Vec3f | Vec4f | Tuple | Map: content }
 *           | { Type: name, Value: content }            before version 3
 *           | {} | null                                 unset
 */
export function toValue(json: Json | undefined): Value | undefined {
  if (!isObject(json) || json.size === 0) return undefined;
  const type = at(json, 'Type');
  if (typeof type === 'string' && json.has('Value')) return contentOf(type, at(json, 'Value'));
  for (const [name, content] of json) {
    const value = contentOf(name, content);
    if (value !== undefined) return value;
  }
  return undefined;
}

function contentOf(type: string, content: Json | undefined): Value | undefined {
  switch (type) {
    case 'Float':
    case 'Int':
    case 'Double': {
      const number = toNumber(content);
      return number !== undefined && Number.isFinite(number) ? number : undefined;
    }
    case 'Bool':
      return typeof content === 'boolean' ? content : undefined;
    case 'String':
    case 'Char':
      return typeof content === 'string' ? content : undefined;
    case 'Impulse':
      return IMPULSE;
    case 'Vec2f':
    case 'Vec3f':
    case 'Vec4f':
      return isList(content) ? content.map((item) => toNumber(item) ?? 0).map((item) => (Number.isFinite(item) ? item : 0)) : undefined;
    case 'Tuple':
    case 'List':
      return isList(content) ? content.map(toValue).filter((item) => item !== undefined) : undefined;
    case 'Map':
      return toPairs(content);
    default:
      return undefined;
  }
}

/** There are no maps in Tutti: a list of [key, value]. */
function toPairs(content: Json | undefined): Value | undefined {
  const pairs: readonly (readonly [Json | undefined, Json | undefined])[] = isObject(content)
    ? [...content]
    : isList(content)
      ? content.map((pair) => (isList(pair) ? [pair[0], pair[1]] : [at(pair, 'k'), at(pair, 'v')]))
      : [];
  return pairs.flatMap(([key, json]) => {
    const value = toValue(json);
    return typeof key === 'string' && value !== undefined ? [[key, value]] : [];
  });
}

/** Numbers become floats, which ossia converts to what the parameter wants; two to four of them a vector. */
export function fromValue(value: Value | undefined): JsonObject {
  if (value === undefined) return objectOf({});
  if (typeof value === 'number') return objectOf({ Float: float(value) });
  if (typeof value === 'boolean') return objectOf({ Bool: value });
  if (typeof value === 'string') return objectOf({ String: value });
  if (!isValues(value)) return objectOf({ Impulse: null });
  const numbers = value.filter((item) => typeof item === 'number');
  if (numbers.length === value.length && value.length >= 2 && value.length <= 4) {
    return objectOf({ [`Vec${value.length}f`]: numbers.map(float) });
  }
  return objectOf({ Tuple: value.map(fromValue) });
}

const isValues = (value: Value): value is readonly Value[] => Array.isArray(value);

export const isSameValue = (a: Value | undefined, b: Value | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

/** No device and no names, whatever stands behind: a port that was given a unit, but no address. */
const UNSET = /^:?\/*(?:@.*)?$/s;

/**
 * An address as text, with its accessors or unit; '' where there is none.
 *
 *   address = "device:/path@[0]" | "device:/path@[color.rgb]" | ":/@[color.rgb]", which is none
 *           | { Device, Path: "a/b" | [a, b] } | { address: …, Accessors: [n], Unit: text }     before version 3
 */
export function toAddress(json: Json | undefined): string {
  if (typeof json === 'string') return UNSET.test(json.trim()) ? '' : json.trim();
  if (!isObject(json)) return '';
  const inner = at(json, 'address') ?? at(json, 'Address');
  const stem = inner === undefined ? deviceAndPath(json) : toAddress(inner);
  return stem === '' ? '' : stem + qualifiers(at(json, 'Qualifiers') ?? json);
}

function deviceAndPath(json: JsonObject): string {
  const device = textAt(json, 'Device');
  const path = at(json, 'Path');
  const parts = isList(path) ? path.filter((part) => typeof part === 'string') : textAt(json, 'Path').split('/');
  return device === '' ? '' : `${device}:/${parts.filter((part) => part !== '').join('/')}`;
}

/** `@[0][1]` or `@[color.rgb]`; of both the place, which means the same in the parameter's own unit. */
export function qualifiers(json: Json | undefined): string {
  const places = listAt(json, 'Accessors')
    .map(toNumber)
    .filter((place) => place !== undefined && Number.isInteger(place) && place >= 0);
  if (places.length > 0) return `@${places.map((place) => `[${place}]`).join('')}`;
  const unit = textAt(json, 'Unit', 'none').trim();
  return unit === '' || unit === 'none' ? '' : `@[${unit}]`;
}

/** Takes an address apart: `device`, names of the path, what stands behind the @. */
export function partsOf(address: string): { readonly device: string; readonly path: readonly string[]; readonly behind: string } {
  const match = /^([^:]*):\/?([^@]*)(@.*)?$/s.exec(address);
  return {
    device: match?.[1] ?? address,
    path: (match?.[2] ?? '').split('/').filter((part) => part !== ''),
    behind: match?.[3] ?? '',
  };
}

/** Accessors and unit as a message node has them. */
export function qualifierFields(behind: string): { readonly Accessors: Json; readonly Unit: Json } {
  const inner = [...behind.matchAll(/\[([^\]]*)\]/g)].map(([, text]) => text!);
  const places = inner.filter((text) => /^\d+$/.test(text)).map(Number);
  const unit = inner.find((text) => !/^\d+$/.test(text));
  return { Accessors: places, Unit: unit ?? 'none' };
}
