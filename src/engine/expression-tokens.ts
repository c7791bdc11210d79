import type { Address } from '../crdt/value.ts';
import { readDestination } from './destination.ts';
import type { Accessor } from './destination.ts';
import type { Mistake } from './mistake.ts';

/** `at` and `end` are character positions in the text. */
interface Span {
  readonly at: number;
  readonly end: number;
}
export type Token = Span &
  (
    | { readonly type: 'number'; readonly value: number }
    | { readonly type: 'text'; readonly value: string }
    | {
        readonly type: 'address';
        readonly address: Address;
        readonly accessors: readonly Accessor[];
        /** Not, or not rightly, between two `%`. */
        readonly isBare: boolean;
      }
    /** Words, operators, brackets, commas; `written` is what stood there if it was something else. */
    | { readonly type: 'sign'; readonly sign: string; readonly written?: string }
  );

const SPACE = /\s+/y;
const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const TEXT = /"((?:[^"\\]|\\[\s\S])*)"/y;
const CHARACTER = /'([^'\\]|\\[\s\S])'/y;
const QUOTED_ADDRESS = /%([^%]*)%/y;
/** With one `%` of two, or none. */
const BARE_ADDRESS = /%?([A-Za-z0-9_.~*-]+:\/[^\s%{}()[\]<>=!,"'@&|]*(?:@(?:\[[^\]\s]*\])+)?)%?/y;
/** After an address. */
const GOES_ON = /^\s*(?:[<>!=)}&|]|(?:contains|impulse|and|or|xor)\b)/i;
const SIGN = /<=|>=|!=|==|&&|\|\||[<>=!{}()[\],]|[A-Za-z_]+/y;

/** What people write who come from other languages. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ['&&', 'and'],
  ['||', 'or'],
  ['!', 'not'],
  ['=', '=='],
  ['(', '{'],
  [')', '}'],
]);
const WORDS = new Set(['and', 'or', 'xor', 'not', 'true', 'false', 'contains', 'impulse']);

const unescape = (text: string): string => text.replace(/\\([\s\S])/g, (_, char: string) => ({ n: '\n', t: '\t', r: '\r' })[char] ?? char);

/** The text in pieces, or the first place where it cannot be read. */
export function tokens(text: string): readonly Token[] | Mistake {
  const found: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    const space = match(SPACE);
    if (space) {
      at += space[0].length;
      continue;
    }
    const token = tokenAt(text, at, match);
    if ('message' in token) return token;
    found.push(token);
    at = token.end;
  }
  return found;
}

type Match = (pattern: RegExp) => RegExpExecArray | null;

const spanOf = (hit: RegExpExecArray, at: number): Span => ({ at, end: at + hit[0].length });

function tokenAt(text: string, at: number, match: Match): Token | Mistake {
  const address = addressAt(text, at, match);
  if (address) return address;
  const literal = match(TEXT) ?? match(CHARACTER);
  if (literal) return { ...spanOf(literal, at), type: 'text', value: unescape(literal[1]!) };
  const number = match(NUMBER);
  if (number) {
    const value = Number(number[0]);
    return Number.isFinite(value) ? { ...spanOf(number, at), type: 'number', value } : { message: 'This number is too large.', at };
  }
  const sign = match(SIGN);
  if (sign) return { ...spanOf(sign, at), type: 'sign', ...meaning(sign[0]) };
  if (text[at] === '"' || text[at] === "'") return { message: 'This quotation mark is not closed.', at };
  return { message: `"${String.fromCodePoint(text.codePointAt(at)!)}" has no meaning here.`, at };
}

function meaning(written: string): { sign: string; written?: string } {
  const small = written.toLowerCase();
  const sign = MEANT.get(written) ?? (WORDS.has(small) ? small : written);
  return sign === written ? { sign } : { sign, written };
}

/** Between two `%`; where what stands there goes on like an expression, or there is only one, as far as it goes. */
function addressAt(text: string, at: number, match: Match): Token | Mistake | undefined {
  const quoted = match(QUOTED_ADDRESS);
  const inner = quoted ? partsOf(quoted[1]!, at + 1) : undefined;
  if (quoted && inner && !('message' in inner)) return { ...spanOf(quoted, at), type: 'address', ...inner, isBare: false };
  const bare = match(BARE_ADDRESS);
  if (bare && (!quoted || GOES_ON.test(text.slice(at + bare[0].length, at + quoted[0].length)))) {
    const parts = partsOf(bare[1]!, at + (bare[0].startsWith('%') ? 1 : 0));
    return 'message' in parts ? parts : { ...spanOf(bare, at), type: 'address', ...parts, isBare: true };
  }
  if (text[at] !== '%') return undefined;
  if (!quoted) return { message: 'This % opens an address, but no second % closes it.', at };
  return inner && 'message' in inner && quoted[1]!.includes(':/')
    ? inner
    : { message: 'Between % signs stands an address, as in %keys:/space%.', at };
}

function partsOf(text: string, at: number): { address: Address; accessors: readonly Accessor[] } | Mistake {
  const trimmed = text.trim();
  const read = readDestination(trimmed);
  return 'message' in read ? { message: read.message, at: at + text.length - text.trimStart().length + read.at } : read;
}
