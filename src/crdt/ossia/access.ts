import { INFINITE } from '../../base.ts';
import type { Flicks } from '../../base.ts';
import { isList, isObject } from './json.ts';
import type { Json, JsonObject, Literal } from './json.ts';

/** Looking into JSON whose every part may be missing or of another type: what does not fit is undefined or the default. */
export type Draft = Map<string, Json>;
export const NOTHING: JsonObject = new Map();

/** Beyond this a duration is without end: ossia's own literal, 2^62 − 1, does not survive a double. */
const ENDLESS = 2 ** 60;
const ENDLESS_TEXTS = new Set(['inf', 'infinity', '+inf', 'infinite']);

export const at = (json: Json | undefined, key: string): Json | undefined => (isObject(json) ? json.get(key) : undefined);
export const objectAt = (json: Json | undefined, key: string): JsonObject => {
  const inner = at(json, key);
  return isObject(inner) ? inner : NOTHING;
};
export const listAt = (json: Json | undefined, key: string): readonly Json[] => {
  const inner = at(json, key);
  return isList(inner) ? inner : [];
};
/** The objects of a list; what else is in it is no concern of the format. */
export const objectsAt = (json: Json | undefined, key: string): readonly JsonObject[] => listAt(json, key).filter(isObject);

/** Infinite and not-a-number included, also as texts. */
export function toNumber(json: Json | undefined): number | undefined {
  if (typeof json === 'number') return json;
  if (typeof json === 'string') return ENDLESS_TEXTS.has(json.trim().toLowerCase()) ? Infinity : undefined;
  if (typeof json !== 'object' || json === null || !('literal' in json)) return undefined;
  const { literal } = json as Literal;
  if (/^-?inf/i.test(literal)) return literal.startsWith('-') ? -Infinity : Infinity;
  return Number(literal);
}
export function numberAt(json: Json | undefined, key: string, initial: number): number {
  const number = toNumber(at(json, key));
  return number === undefined || !Number.isFinite(number) ? initial : number;
}
export const textAt = (json: Json | undefined, key: string, initial = ''): string => {
  const text = at(json, key);
  return typeof text === 'string' ? text : initial;
};
/** Numbers and texts, too: files of scripts write them so. */
export function truthAt(json: Json | undefined, key: string, initial = false): boolean {
  const truth = at(json, key);
  if (typeof truth === 'boolean') return truth;
  if (truth === 'true' || truth === 'false') return truth === 'true';
  const number = toNumber(truth);
  return number === undefined ? initial : number !== 0;
}

/** A duration or date in flicks; undefined where there is none. Negative ones are for the caller to judge. */
export function flicksAt(json: Json | undefined, key: string): Flicks | undefined {
  const number = toNumber(at(json, key));
  if (number === undefined || Number.isNaN(number)) return undefined;
  return Math.abs(number) >= ENDLESS ? (number > 0 ? INFINITE : (0 as Flicks)) : (Math.round(number) as Flicks);
}

/** An id as ossia gives them, which may be whatever whole number. */
export function idAt(json: Json | undefined, key: string): number | undefined {
  const id = toNumber(at(json, key));
  return id !== undefined && Number.isSafeInteger(id) ? id : undefined;
}

/** ossia's reader takes a number for what it looks like: those with a point are fractions, those without are whole. */
export const float = (number: number): Json =>
  Number.isFinite(number) && /^-?\d+$/.test(String(number)) ? { literal: `${number}.0` } : number;
export const whole = (number: number): Json => Math.round(number);
export const duration = (flicks: Flicks): Json => (flicks === Infinity ? { literal: '4611686018427387903' } : flicks);

export function draftOf(first: JsonObject, ...others: readonly JsonObject[]): Draft {
  const draft: Draft = new Map(first);
  for (const object of others) for (const [key, value] of object) draft.set(key, value);
  return draft;
}
export function objectOf(entries: Readonly<Record<string, Json | undefined>>): JsonObject {
  const object: Draft = new Map();
  for (const key of Object.keys(entries)) {
    const value = entries[key];
    if (value !== undefined) object.set(key, value);
  }
  return object;
}
