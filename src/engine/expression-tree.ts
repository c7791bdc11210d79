import type { Address, Value } from '../crdt/value.ts';
import { printDestination } from './destination.ts';
import type { Destination } from './destination.ts';
import { isPattern, matches } from './pattern.ts';

/** A trigger's or a condition's expression as a tree; texts of people and of files become one only through `parse`. */
export type Expression =
  | { readonly type: 'relation'; readonly operator: Operator; readonly left: Operand; readonly right: Operand }
  /** True in the instant in which any message arrives at the address. */
  | { readonly type: 'impulse'; readonly address: Address }
  /** A member that stands alone: true when it is `true`, a number other than 0, or an impulse. */
  | { readonly type: 'truth'; readonly operand: Operand }
  | { readonly type: 'not'; readonly operand: Expression }
  | { readonly type: Junction; readonly left: Expression; readonly right: Expression };

export type Junction = 'and' | 'or' | 'xor';
export const OPERATORS = ['<=', '>=', '!=', '==', '<', '>', 'contains'] as const;
export type Operator = (typeof OPERATORS)[number];

export type Operand = { readonly type: 'value'; readonly value: Value } | ({ readonly type: 'address' } & Destination);

/** Binds tighter the higher it is; all junctions associate to the right, as in ossia. */
const STRENGTH = { or: 1, xor: 2, and: 3, not: 4, relation: 5, impulse: 5, truth: 5 } as const;

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '"': '\\"', '\\': '\\\\' };

function printValue(value: Value): string {
  if (typeof value === 'string') return `"${value.replace(/[\n\t\r"\\]/g, (char) => ESCAPES[char] ?? char)}"`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'boolean') return String(value);
  return 'impulse' in value ? 'impulse' : `[${value.map(printValue).join(', ')}]`;
}

function printOperand(operand: Operand): string {
  if (operand.type === 'value') return printValue(operand.value);
  return `%${printDestination(operand)}%`;
}

const braced = (expression: Expression, least: number): string =>
  STRENGTH[expression.type] < least ? `{ ${print(expression)} }` : print(expression);

/** The text that `parse` reads as this very tree [XP7]. */
export function print(expression: Expression): string {
  switch (expression.type) {
    case 'relation':
      return `${printOperand(expression.left)} ${expression.operator} ${printOperand(expression.right)}`;
    case 'impulse':
      return `%${expression.address}% impulse`;
    case 'truth':
      return printOperand(expression.operand);
    case 'not':
      return `not ${braced(expression.operand, STRENGTH.not)}`;
    default: {
      const strength = STRENGTH[expression.type];
      return `${braced(expression.left, strength + 1)} ${expression.type} ${braced(expression.right, strength)}`;
    }
  }
}

/** Whether a value at an address concerns it, also by a pattern. */
export function mentions(expression: Expression): (address: Address) => boolean {
  const all = addresses(expression);
  const plain = new Set(all.filter((it) => !isPattern(it)));
  const patterns = all.filter(isPattern);
  return (address) => plain.has(address) || patterns.some((pattern) => matches(pattern, address));
}

/** Every address (or pattern) that it mentions, each once, in order of appearance. */
export function addresses(expression: Expression): Address[] {
  const found = new Set<Address>();
  const visit = (node: Expression): void => {
    const operands = node.type === 'relation' ? [node.left, node.right] : node.type === 'truth' ? [node.operand] : [];
    for (const operand of operands) if (operand.type === 'address') found.add(operand.address);
    if (node.type === 'impulse') found.add(node.address);
    if (node.type === 'not') visit(node.operand);
    if (node.type === 'and' || node.type === 'or' || node.type === 'xor') {
      visit(node.left);
      visit(node.right);
    }
  };
  visit(expression);
  return [...found];
}
