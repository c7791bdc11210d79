import type { Address } from '../crdt/value.ts';

/** `at` and `end` are character positions in the text. */
interface Span {
  readonly at: number;
  readonly end: number;
}
export type Token = Span &
  (
    | { readonly type: 'number'; readonly value: number }
    | { readonly type: 'text'; readonly value: string }
    | { readonly type: 'address'; readonly address: Address; readonly accessors: readonly (number | string)[]; readonly isBare: boolean }
    /** Words, operators, brackets, commas. */
    | { readonly type: 'sign'; readonly sign: string }
  );

export interface Mistake {
  /** A plain sentence. */
  readonly message: string;
  readonly at: number;
}

const SPACE = /\s+/y;
const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const TEXT = /"((?:[^"\\]|\\[\s\S])*)"/y;
const CHARACTER = /'([^'\\]|\\[\s\S])'/y;
const QUOTED_ADDRESS = /%([^%]*)%/y;
const BARE_ADDRESS = /[A-Za-z0-9_-]+:\/[^\s%{}[\]<>=!,"']*(?:@(?:\[[^\]\s]*\])+)?/y;
const SIGN = /<=|>=|!=|==|[<>{}[\],]|[A-Za-z_]+/y;
const ADDRESS_PARTS = /^([^:%@]+:\/[^%@]*)((?:@(?:\[[^[\]]+\])+)?)$/;

const unescape = (text: string): string => text.replace(/\\([\s\S])/g, (_, char: string) => ({ n: '\n', t: '\t', r: '\r' })[char] ?? char);

/** Splits `device:/path@[0][1]`; undefined if it is no address. */
function addressParts(text: string): { address: Address; accessors: (number | string)[] } | undefined {
  const match = ADDRESS_PARTS.exec(text.trim());
  if (!match) return undefined;
  const accessors = [...match[2]!.matchAll(/\[([^[\]]+)\]/g)].map(([, inner]) => (/^\d{1,6}$/.test(inner!) ? Number(inner) : inner!));
  return { address: match[1]!.trim(), accessors };
}

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

function tokenAt(text: string, at: number, match: (pattern: RegExp) => RegExpExecArray | null): Token | Mistake {
  const spanOf = (hit: RegExpExecArray): Span => ({ at, end: at + hit[0].length });
  if (text[at] === '%') {
    const quoted = match(QUOTED_ADDRESS);
    if (!quoted) return { message: 'This % opens an address, but no second % closes it.', at };
    const parts = addressParts(quoted[1]!);
    return parts
      ? { ...spanOf(quoted), type: 'address', ...parts, isBare: false }
      : { message: 'Between % signs stands an address, as in %keys:/space%.', at };
  }
  const bare = match(BARE_ADDRESS);
  const bareParts = bare && addressParts(bare[0]);
  if (bare && bareParts) return { ...spanOf(bare), type: 'address', ...bareParts, isBare: true };
  const literal = match(TEXT) ?? match(CHARACTER);
  if (literal) return { ...spanOf(literal), type: 'text', value: unescape(literal[1]!) };
  const number = match(NUMBER);
  if (number) {
    const value = Number(number[0]);
    return Number.isFinite(value) ? { ...spanOf(number), type: 'number', value } : { message: 'This number is too large.', at };
  }
  const sign = match(SIGN);
  if (sign) return { ...spanOf(sign), type: 'sign', sign: sign[0] };
  if (text[at] === '"' || text[at] === "'") return { message: 'This quotation mark is not closed.', at };
  return { message: `"${String.fromCodePoint(text.codePointAt(at)!)}" has no meaning here.`, at };
}
