import type { Address, Value } from '../crdt/value.ts';
import { readThrough } from './destination.ts';
import type { Expression, Operand, Operator } from './expression-tree.ts';
import { isPattern } from './pattern.ts';
import { parseUnit } from './unit.ts';

export interface Environment {
  /** Last known value; undefined when nobody here knows the address. */
  read(address: Address): Value | undefined;
  /** A message arrived there while this was waited for. */
  impulse(address: Address): boolean;
  /** Addresses here that a pattern means; absent: none. */
  matching?(pattern: Address): readonly Address[];
  /** The unit in which a parameter counts, as its device names it; undefined when it does not say. */
  unitOf?(address: Address): string | undefined;
}

/** Of the addresses that a pattern means so many are looked at, in order of name. */
const MATCHES_MAX = 256;

/**
 * Never throws; what cannot be compared does not hold, whatever the operator [XP4, XP5]. A pattern stands for any of
 * the addresses that it means: a relation holds if it holds for one of them [XP8].
 */
export function evaluate(expression: Expression, environment: Environment): boolean {
  switch (expression.type) {
    case 'and':
      return evaluate(expression.left, environment) && evaluate(expression.right, environment);
    case 'or':
      return evaluate(expression.left, environment) || evaluate(expression.right, environment);
    case 'xor':
      return evaluate(expression.left, environment) !== evaluate(expression.right, environment);
    case 'not':
      return !evaluate(expression.operand, environment);
    case 'impulse':
      return meant(expression.address, environment).some((address) => environment.impulse(address));
    case 'truth':
      return someValue(expression.operand, environment, isTrue);
    case 'relation': {
      const { left, right, operator } = expression;
      return someValue(left, environment, (a) => someValue(right, environment, (b) => holds(operator, a, b)));
    }
  }
}

const meant = (address: Address, { matching }: Environment): readonly Address[] =>
  isPattern(address) ? (matching?.(address) ?? []).slice(0, MATCHES_MAX) : [address];

/** Whether one of the values that an operand stands for passes. */
function someValue(operand: Operand, environment: Environment, passes: (value: Value) => boolean): boolean {
  if (operand.type === 'value') return passes(operand.value);
  const { accessors } = operand;
  return meant(operand.address, environment).some((address) => {
    const own = accessors.length > 0 ? parseUnit(environment.unitOf?.(address) ?? '')?.unit : undefined;
    const value = readThrough(environment.read(address), { own, accessors });
    return value !== undefined && passes(value);
  });
}

const isTrue = (value: Value): boolean =>
  value === true || (typeof value === 'number' && value !== 0) || (typeof value === 'object' && 'impulse' in value);

function holds(operator: Operator, left: Value, right: Value): boolean {
  if (operator === 'contains') return contains(left, right);
  const order = ordering(left, right);
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    default:
      return order !== undefined && RELATIONS[operator](order);
  }
}

const RELATIONS = {
  '<': (order: number) => order < 0,
  '>': (order: number) => order > 0,
  '<=': (order: number) => order <= 0,
  '>=': (order: number) => order >= 0,
};

const contains = (whole: Value, part: Value): boolean => {
  if (typeof whole === 'string') return typeof part === 'string' && whole.includes(part);
  return Array.isArray(whole) && (whole as readonly Value[]).some((item) => ordering(item, part) === 0);
};

/** Negative, 0, positive; undefined when the two have no order: a text and a number, a list and a truth. */
function ordering(left: Value, right: Value): number | undefined {
  const [a, b] = [numeric(left), numeric(right)];
  if (a !== undefined && b !== undefined) return a - b;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  if (Array.isArray(left) && Array.isArray(right)) return listOrdering(left as readonly Value[], right as readonly Value[]);
  return undefined;
}

const numeric = (value: Value): number | undefined => (typeof value === 'number' || typeof value === 'boolean' ? Number(value) : undefined);

function listOrdering(left: readonly Value[], right: readonly Value[]): number | undefined {
  for (const [index, item] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = ordering(item, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
