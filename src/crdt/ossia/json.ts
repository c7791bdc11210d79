import { toWellFormed } from '../../base.ts';
import type { Issue } from '../../base.ts';

/**
 * JSON that comes back as it was. JSON.parse rounds whole numbers above 2^53 (ossia's infinity is one), forgets whether
 * a number had a point (ossia's reader does not), sorts keys that look like numbers and refuses the `NaN` and `Infinity`
 * that ossia writes; and where files come from strangers, it has no limit on depth.
 *
 *   value   = object | list | string | number | true | false | null | NaN | [-]Infinity | [-]Inf
 */
export type Json = null | boolean | number | string | Literal | readonly Json[] | JsonObject;
/** In the order in which it was written; of a key that comes twice the last. */
export type JsonObject = ReadonlyMap<string, Json>;
/** A number that would not come back as it was written. */
export interface Literal {
  readonly literal: string;
}

export const TEXT_LENGTH_MAX = 64 * 1024 * 1024;
export const DEPTH_MAX = 500;
/** Values in one text: what a page can hold. */
export const VALUES_MAX = 8_000_000;

const NUMBER = /-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Inf(?:inity)?|NaN|nan|inf)/y;
/** Behind a mark of byte order and blanks. */
const FIRST = /[^\ufeff \t\r\n]/;
/** What no text begins with, as it looks when it is read as one: `.scorebin`, CBOR, archives, UTF-16. */
const isBinary = (sign: number): boolean => sign < SPACE || (sign >= 0x7f && sign < 0xa0) || sign === 0xfffd;
const NO_TEXT = 'This file is no text but something binary, such as a .scorebin: open it in ossia score and save it as .score.';
const SPACE = 0x20;
/** Tab, line feed, carriage return. */
const OTHER_SPACES = [9, 10, 13];
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SURROGATE = /[\ud800-\udfff]/;
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', '/': '/' };
/** By their first sign. */
const WORDS: ReadonlyMap<string, readonly [string, Json]> = new Map([
  ['t', ['true', true]],
  ['f', ['false', false]],
  ['n', ['null', null]],
]);

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
  count: number;
}

/** Why a text is no JSON; thrown inside of this file only. */
class Wrong extends Error {}

/** The value, or the first place where it cannot be read. */
export function parseJson(text: string): { readonly json: Json } | { readonly issue: Issue } {
  if (text.length > TEXT_LENGTH_MAX) return { issue: { message: 'This file is too large for a score: at most 64 MB.' } };
  const first = FIRST.exec(text)?.[0];
  if (first === undefined) return { issue: { message: 'This file is empty.' } };
  if (isBinary(first.charCodeAt(0))) return { issue: { message: NO_TEXT } };
  const reader: Reader = { text, at: text.startsWith('\ufeff') ? 1 : 0, depth: 0, count: 0 };
  try {
    const json = value(reader);
    skip(reader);
    if (reader.at < text.length) throw new Wrong('something follows after its end');
    return { json };
  } catch (error) {
    if (error instanceof Wrong) return { issue: { message: `This is not JSON: ${error.message}.`, where: lineOf(text, reader.at) } };
    throw error;
  }
}

function lineOf(text: string, at: number): string {
  const before = text.slice(0, at);
  return `line ${before.split('\n').length}, column ${at - before.lastIndexOf('\n')}`;
}

/** Indented files are mostly blanks. */
function skip(reader: Reader): void {
  const { text } = reader;
  let { at } = reader;
  for (let sign = text.charCodeAt(at); sign === SPACE || OTHER_SPACES.includes(sign);) sign = text.charCodeAt(++at);
  reader.at = at;
}

function value(reader: Reader): Json {
  skip(reader);
  if (++reader.count > VALUES_MAX) throw new Wrong('it holds too many values');
  const { text, at } = reader;
  switch (text[at]) {
    case undefined:
      throw new Wrong('it ends too early');
    case '{':
      return nested(reader, object);
    case '[':
      return nested(reader, list);
    case '"':
      return string(reader);
  }
  const word = WORDS.get(text[at]!);
  if (word && text.startsWith(word[0], at)) {
    reader.at += word[0].length;
    return word[1];
  }
  NUMBER.lastIndex = at;
  const literal = NUMBER.exec(text)?.[0];
  if (literal === undefined) throw new Wrong(`${JSON.stringify(text[at])} was not expected here`);
  reader.at += literal.length;
  const number = Number(literal);
  return String(number) === literal && Number.isFinite(number) ? number : { literal };
}

function nested<T>(reader: Reader, read: (reader: Reader) => T): T {
  if (++reader.depth > DEPTH_MAX) throw new Wrong('it is nested too deeply');
  reader.at++;
  const result = read(reader);
  reader.depth--;
  return result;
}

function object(reader: Reader): JsonObject {
  const map = new Map<string, Json>();
  for (let isFirst = true; !ends(reader, '}', isFirst); isFirst = false) {
    skip(reader);
    if (reader.text[reader.at] !== '"') throw new Wrong('a key was expected here');
    const key = string(reader);
    skip(reader);
    if (reader.text[reader.at] !== ':') throw new Wrong('a colon was expected here');
    reader.at++;
    map.set(key, value(reader));
  }
  return map;
}

function list(reader: Reader): readonly Json[] {
  const items: Json[] = [];
  for (let isFirst = true; !ends(reader, ']', isFirst); isFirst = false) items.push(value(reader));
  return items;
}

function ends(reader: Reader, bracket: string, isFirst: boolean): boolean {
  skip(reader);
  const sign = reader.text[reader.at];
  if (sign === bracket) {
    reader.at++;
    return true;
  }
  if (isFirst) return false;
  if (sign !== ',') throw new Wrong(sign === undefined ? 'it ends too early' : `a comma or ${bracket} was expected here`);
  reader.at++;
  return false;
}

function string(reader: Reader): string {
  const { text } = reader;
  let result = '';
  for (let from = ++reader.at; ;) {
    let { at } = reader;
    let sign = text.charCodeAt(at);
    while (sign !== QUOTE && sign !== BACKSLASH) {
      if (Number.isNaN(sign)) {
        reader.at = at;
        throw new Wrong('a text does not end');
      }
      sign = text.charCodeAt(++at);
    }
    result += text.slice(from, at);
    reader.at = at + 1;
    if (sign === QUOTE) return SURROGATE.test(result) ? toWellFormed(result) : result;
    result += escape(reader);
    from = reader.at;
  }
}

function escape(reader: Reader): string {
  const sign = reader.text[reader.at++];
  if (sign === 'u') {
    const digits = reader.text.slice(reader.at, reader.at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new Wrong('four hexadecimal digits were expected here');
    reader.at += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }
  const meaning = ESCAPES[sign ?? ''];
  if (meaning === undefined) throw new Wrong('this escape means nothing');
  return meaning;
}

/** One line without indent; else as ossia's own files look: a space a level. */
export function printJson(json: Json, isIndented = false): string {
  const parts: string[] = [];
  print(json, parts, isIndented ? '\n' : '');
  return parts.join('');
}

function print(json: Json, parts: string[], line: string): void {
  const inner = line === '' ? '' : `${line} `;
  if (typeof json !== 'object' || json === null) parts.push(typeof json === 'number' ? printNumber(json) : JSON.stringify(json));
  else if (isList(json)) {
    parts.push('[');
    json.forEach((item, i) => {
      parts.push(i > 0 ? ',' : '', inner);
      print(item, parts, inner);
    });
    parts.push(json.length > 0 ? line : '', ']');
  } else if (json instanceof Map) {
    parts.push('{');
    let isFirst = true;
    for (const [key, item] of json as JsonObject) {
      parts.push(isFirst ? '' : ',', inner, JSON.stringify(key), line === '' ? ':' : ': ');
      print(item, parts, inner);
      isFirst = false;
    }
    parts.push(isFirst ? '' : line, '}');
  } else parts.push((json as Literal).literal);
}

const printNumber = (number: number): string => (Number.isFinite(number) ? String(number) : number > 0 ? '4611686018427387903' : '0');

export const isList = (json: Json | undefined): json is readonly Json[] => Array.isArray(json);
export const isObject = (json: Json | undefined): json is JsonObject => json instanceof Map;

function isSameObject(a: JsonObject, b: JsonObject): boolean {
  if (a.size !== b.size) return false;
  for (const [key, item] of a) if (!isSame(item, b.get(key))) return false;
  return true;
}

/** Same text; the order of keys does not count. */
export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  if (isObject(a)) return isObject(b) && isSameObject(a, b);
  return 'literal' in b && (a as Literal).literal === b.literal;
}
