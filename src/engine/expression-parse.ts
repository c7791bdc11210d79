import type { Issue } from '../base.ts';
import type { Value } from '../crdt/value.ts';
import { printDestination } from './destination.ts';
import { tokens } from './expression-tokens.ts';
import type { Token } from './expression-tokens.ts';
import { OPERATORS } from './expression-tree.ts';
import type { Expression, Junction, Operand, Operator } from './expression-tree.ts';
import type { Mistake } from './mistake.ts';

/**
 * ossia's grammar, by recursive descent; it never evaluates text as code.
 *
 *   or       = xor ["or" or]          xor = and ["xor" xor]          and = not ["and" and]
 *   not      = "not" not | "{" or "}" | member [operator member | "impulse"] | "impulse" "{" address "}"
 *   member   = address | number | 'c' | "text" | true | false | "[" [member {"," member}] "]"
 *   address  = "%" destination "%"   (destination.ts)
 *
 * Read with a warning: an address that lacks its %, ( ) for { }, && || ! = and words in capitals.
 */
export type Parsed =
  | { readonly expression: Expression; readonly warnings: readonly Mistake[] }
  /** at: character position in the text */
  | { readonly issue: Issue; readonly at: number };

export const TEXT_MAX = 4096;
export const DEPTH_MAX = 64;

interface Reader {
  readonly tokens: readonly Token[];
  readonly length: number;
  index: number;
  depth: number;
  readonly warnings: Mistake[];
}

type Read<T> = T | { readonly mistake: Mistake };
const isMistake = (result: object): result is { readonly mistake: Mistake } => 'mistake' in result;

/** Whatever the text is: too long or too deep is an issue as well [XP1, XP2]. */
export function parse(text: string): Parsed {
  if (text.length > TEXT_MAX) return failed({ message: `An expression has at most ${TEXT_MAX} characters.`, at: TEXT_MAX });
  const found = tokens(text);
  if ('message' in found) return failed(found);
  const reader: Reader = { tokens: found, length: text.length, index: 0, depth: 0, warnings: [] };
  const expression = junction(reader, 0);
  if (isMistake(expression)) return failed(expression.mistake);
  const rest = found[reader.index];
  if (rest) return failed({ message: 'The expression is complete before this; join parts with and, or, xor.', at: rest.at });
  return { expression, warnings: reader.warnings };
}

const failed = ({ message, at }: Mistake): Parsed => ({ issue: { message, where: `character ${at + 1}` }, at });

const fail = (reader: Reader, message: string): { mistake: Mistake } => ({
  mistake: { message, at: reader.tokens[reader.index]?.at ?? reader.length },
});

function takeSign(reader: Reader, sign: string): boolean {
  const token = reader.tokens[reader.index];
  if (token?.type !== 'sign' || token.sign !== sign) return false;
  if (token.written !== undefined) reader.warnings.push({ message: `Read as ${sign}.`, at: token.at });
  reader.index += 1;
  return true;
}

/** Runs `read` one level deeper, or refuses to. */
function deeper<T>(reader: Reader, read: () => Read<T>): Read<T> {
  if (reader.depth >= DEPTH_MAX) return fail(reader, `Nested deeper than ${DEPTH_MAX} levels.`);
  reader.depth += 1;
  const result = read();
  reader.depth -= 1;
  return result;
}

const JUNCTIONS: readonly Junction[] = ['or', 'xor', 'and'];

function junction(reader: Reader, level: number): Read<Expression> {
  const type = JUNCTIONS[level];
  if (!type) return negation(reader);
  const left = junction(reader, level + 1);
  if (isMistake(left) || !takeSign(reader, type)) return left;
  const right = junction(reader, level);
  return isMistake(right) ? right : { type, left, right };
}

function negation(reader: Reader): Read<Expression> {
  if (takeSign(reader, 'not')) {
    const operand = deeper(reader, () => negation(reader));
    return isMistake(operand) ? operand : { type: 'not', operand };
  }
  if (takeSign(reader, '{')) {
    const inner = deeper(reader, () => junction(reader, 0));
    if (isMistake(inner) || takeSign(reader, '}')) return inner;
    return fail(reader, 'A { is not closed; here a } is missing.');
  }
  return relation(reader);
}

function relation(reader: Reader): Read<Expression> {
  if (takeSign(reader, 'impulse')) return impulseOf(reader);
  const left = member(reader);
  if (isMistake(left)) return left;
  if (takeSign(reader, 'impulse')) {
    if (left.type === 'address') return { type: 'impulse', address: left.address };
    reader.index -= 1;
    return fail(reader, 'Only an address can receive an impulse.');
  }
  const operator = takeOperator(reader);
  if (!operator) return { type: 'truth', operand: left };
  const right = member(reader);
  return isMistake(right) ? right : { type: 'relation', operator, left, right };
}

/** `impulse(%a:/b%)`, as older texts have it. */
function impulseOf(reader: Reader): Read<Expression> {
  const isOpen = takeSign(reader, '{');
  const operand = member(reader);
  if (isMistake(operand)) return operand;
  if (operand.type === 'value') return fail(reader, 'Only an address can receive an impulse.');
  if (isOpen && !takeSign(reader, '}')) return fail(reader, 'A { is not closed; here a } is missing.');
  return { type: 'impulse', address: operand.address };
}

function takeOperator(reader: Reader): Operator | undefined {
  return OPERATORS.find((operator) => takeSign(reader, operator));
}

function member(reader: Reader): Read<Operand> {
  const token = reader.tokens[reader.index];
  if (token?.type !== 'address') {
    const value = literal(reader);
    return isMistake(value) ? value : { type: 'value', value: value.value };
  }
  reader.index += 1;
  const { address, accessors } = token;
  if (token.isBare)
    reader.warnings.push({ message: `Read as an address; write it as %${printDestination({ address, accessors })}%.`, at: token.at });
  return { type: 'address', address, accessors };
}

function literal(reader: Reader): Read<{ readonly value: Value }> {
  const token = reader.tokens[reader.index];
  if (!token) return fail(reader, 'Here an address or a value is missing.');
  if (token.type === 'number' || token.type === 'text') {
    reader.index += 1;
    return { value: token.value };
  }
  if (takeSign(reader, 'true')) return { value: true };
  if (takeSign(reader, 'false')) return { value: false };
  if (takeSign(reader, '[')) return deeper(reader, () => list(reader));
  if (token.type === 'address') return fail(reader, 'A list holds values only, no addresses.');
  return fail(reader, `Here stands "${token.sign}" where an address or a value is expected.`);
}

function list(reader: Reader): Read<{ readonly value: Value }> {
  const values: Value[] = [];
  if (takeSign(reader, ']')) return { value: values };
  for (;;) {
    const item = literal(reader);
    if (isMistake(item)) return item;
    values.push(item.value);
    if (takeSign(reader, ']')) return { value: values };
    if (!takeSign(reader, ',')) return fail(reader, 'In a list, a comma or ] is expected here.');
  }
}
