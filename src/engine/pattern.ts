import type { Address } from '../crdt/value.ts';
import type { Mistake } from './mistake.ts';

/**
 * Addresses that stand for many, as in OSC and ossia. A pattern is matched by walking sets of positions, never by a
 * regular expression: its cost is bounded by its length times the address's, whatever it says.
 *
 *   pattern  = device ":" path          path = { "/" element | "//" } — "//" is any number of levels, none included
 *   element  = ".." (one level back)  |  { piece }
 *   piece    = "*" any characters | "?" at most one | "[a-z]" one of | "[!a-z]" one not of | "{" piece {"," piece} "}"
 *            | "{5..23}" "{5..23..7}" a whole number of a range (and step) | "!" an instance: nothing, or ".12" | character
 */
export interface Pattern {
  matches(address: Address): boolean;
}

type Piece =
  | { readonly type: 'character'; readonly character: string }
  | { readonly type: 'any' | 'optional' | 'instance' }
  | { readonly type: 'set'; readonly isNegated: boolean; readonly ranges: readonly (readonly [string, string])[] }
  | { readonly type: 'range'; readonly from: number; readonly to: number; readonly step: number }
  | { readonly type: 'choice'; readonly sequences: readonly Sequence[] };
type Sequence = readonly Piece[];
/** undefined stands for whatever number of levels. */
type Level = Sequence | undefined;

const SIGNS = /[?*[\]{}!]|\/\/|\/\.\.(?:\/|$)/;
const RANGE = /^(\d{1,9})\.\.(\d{1,9})(?:\.\.(\d{1,9}))?$/;
const INSTANCE = /^\.[0-9A-Za-z]+/;
/** Choices within choices. */
const DEPTH_MAX = 8;
const CACHE_MAX = 512;

/** Whether an address (without `@…`) may stand for others. */
export const isPattern = (address: Address): boolean => SIGNS.test(address);

const cache = new Map<string, Pattern | Mistake>();

/** The same text gives the same pattern; the last 512 are kept. */
export function compilePattern(text: string): Pattern | Mistake {
  const known = cache.get(text);
  if (known) return known;
  const made = compile(text);
  if (cache.size >= CACHE_MAX) cache.delete(cache.keys().next().value!);
  cache.set(text, made);
  return made;
}

/** Whether an address is meant by a pattern; by one that cannot be read, none is. */
export function matches(pattern: string, address: Address): boolean {
  if (!isPattern(pattern)) return pattern === address;
  const compiled = compilePattern(pattern);
  return 'matches' in compiled && compiled.matches(address);
}

function compile(text: string): Pattern | Mistake {
  const colon = text.indexOf(':/');
  if (colon < 1) return { message: 'An address begins with a device, as in keys:/space.', at: 0 };
  const device = readSequence(text.slice(0, colon), 0);
  if ('message' in device) return device;
  const levels: Level[] = [];
  let at = colon + 1;
  for (const part of splitLevels(text.slice(at))) {
    if (part === '..') levels.pop();
    else if (part === '') levels.push(undefined);
    else {
      const sequence = readSequence(part, at + 1);
      if ('message' in sequence) return sequence;
      levels.push(sequence.pieces);
    }
    at += part.length + 1;
  }
  return {
    matches(address) {
      const split = address.indexOf(':/');
      if (split < 1 || !spans(device.pieces, address.slice(0, split))) return false;
      return matchLevels(levels, splitLevels(address.slice(split + 1)));
    },
  };
}

/** `/a//b` is a, any, b; `/` alone is nothing. A slash within brackets is one of the path all the same. */
function splitLevels(path: string): string[] {
  const parts = path.split('/').slice(1);
  if (parts.at(-1) === '') parts.pop();
  return parts;
}

/** Which prefixes of the levels have been met, after each name of the address. */
function matchLevels(levels: readonly Level[], names: readonly string[]): boolean {
  let met = skipped(levels, new Set([0]));
  for (const name of names) {
    const next = new Set<number>();
    for (const index of met) {
      if (index >= levels.length) continue;
      const level = levels[index];
      if (level === undefined) next.add(index);
      else if (spans(level, name)) next.add(index + 1);
    }
    met = skipped(levels, next);
    if (met.size === 0) return false;
  }
  return met.has(levels.length);
}

/** Any number of levels may be none. */
function skipped(levels: readonly Level[], met: Set<number>): Set<number> {
  for (const index of met) if (index < levels.length && levels[index] === undefined) met.add(index + 1);
  return met;
}

const spans = (sequence: Sequence, text: string): boolean => ends(sequence, text, new Set([0])).has(text.length);

/** Positions at which a sequence may end that begins at one of `starts`. */
function ends(sequence: Sequence, text: string, starts: ReadonlySet<number>): ReadonlySet<number> {
  let at = starts;
  for (const piece of sequence) {
    if (at.size === 0) break;
    at = step(piece, text, at);
  }
  return at;
}

function step(piece: Piece, text: string, starts: ReadonlySet<number>): ReadonlySet<number> {
  const found = new Set<number>();
  switch (piece.type) {
    case 'any':
      for (let at = Math.min(...starts); at <= text.length; at++) found.add(at);
      return found;
    case 'choice':
      for (const sequence of piece.sequences) for (const at of ends(sequence, text, starts)) found.add(at);
      return found;
    case 'optional':
      for (const at of starts) {
        found.add(at);
        if (at < text.length) found.add(at + 1);
      }
      return found;
    case 'instance':
      for (const at of starts) {
        const [instance = ''] = INSTANCE.exec(text.slice(at)) ?? [];
        found.add(at);
        for (let length = 2; length <= instance.length; length++) found.add(at + length);
      }
      return found;
    case 'range':
      for (const at of starts) for (const length of numberLengths(piece, text.slice(at, at + 10))) found.add(at + length);
      return found;
    default:
      for (const at of starts) if (at < text.length && isOne(piece, text[at]!)) found.add(at + 1);
      return found;
  }
}

const isOne = (piece: Extract<Piece, { type: 'character' | 'set' }>, character: string): boolean =>
  piece.type === 'character'
    ? piece.character === character
    : piece.ranges.some(([from, to]) => from <= character && character <= to) !== piece.isNegated;

/** How many digits there may be the number of a range; no leading zeros. */
function numberLengths({ from, to, step: by }: Extract<Piece, { type: 'range' }>, text: string): number[] {
  const [digits = ''] = /^(?:0|[1-9]\d*)/.exec(text) ?? [];
  return Array.from({ length: digits.length }, (_, i) => i + 1).filter((length) => {
    const number = Number(digits.slice(0, length));
    return number >= from && number <= to && (number - from) % by === 0;
  });
}

interface Reader {
  readonly text: string;
  /** Where the text begins in the whole pattern. */
  readonly offset: number;
  at: number;
}

function readSequence(text: string, offset: number): { readonly pieces: Sequence } | Mistake {
  const reader: Reader = { text, offset, at: 0 };
  return pieces(reader, '', 0);
}

/** Up to one of `until`, which is left unread. */
function pieces(reader: Reader, until: string, depth: number): { readonly pieces: Sequence } | Mistake {
  const found: Piece[] = [];
  while (reader.at < reader.text.length && !until.includes(reader.text[reader.at]!)) {
    const piece = readPiece(reader, depth);
    if ('message' in piece) return piece;
    found.push(piece);
  }
  return { pieces: found };
}

const PLAIN: Readonly<Record<string, 'any' | 'optional' | 'instance'>> = { '*': 'any', '?': 'optional', '!': 'instance' };

function readPiece(reader: Reader, depth: number): Piece | Mistake {
  const character = reader.text[reader.at]!;
  const fault = (message: string): Mistake => ({ message, at: reader.offset + reader.at });
  if (character === '[') return readSet(reader);
  if (character === '{') return depth < DEPTH_MAX ? readChoice(reader, depth) : fault('Braces lie too deep in one another here.');
  if (character === ']' || character === '}') return fault(`Nothing is open that this ${character} could close.`);
  reader.at += 1;
  const type = PLAIN[character];
  return type ? { type } : { type: 'character', character };
}

function readSet(reader: Reader): Piece | Mistake {
  const close = reader.text.indexOf(']', reader.at + 2);
  if (close < 0) return { message: 'This [ is not closed.', at: reader.offset + reader.at };
  const inner = reader.text.slice(reader.at + 1, close);
  reader.at = close + 1;
  const isNegated = inner.startsWith('!');
  const ranges = [...inner.slice(isNegated ? 1 : 0).matchAll(/([^])-([^])|([^])/g)].map(([, from, to, one]): [string, string] =>
    one === undefined ? [from!, to!] : [one, one],
  );
  return { type: 'set', isNegated, ranges };
}

function readChoice(reader: Reader, depth: number): Piece | Mistake {
  const open = reader.at;
  const close = reader.text.indexOf('}', open);
  const range = close < 0 ? null : RANGE.exec(reader.text.slice(open + 1, close));
  if (range) {
    reader.at = close + 1;
    return { type: 'range', from: Number(range[1]), to: Number(range[2]), step: Math.max(1, Number(range[3] ?? 1)) };
  }
  const sequences: Sequence[] = [];
  for (;;) {
    reader.at += 1;
    const sequence = pieces(reader, ',}', depth + 1);
    if ('message' in sequence) return sequence;
    sequences.push(sequence.pieces);
    const end = reader.text[reader.at];
    if (end === undefined) return { message: 'This { is not closed.', at: reader.offset + open };
    if (end === '}') break;
  }
  reader.at += 1;
  return { type: 'choice', sequences };
}
