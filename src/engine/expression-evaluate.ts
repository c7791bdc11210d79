import type { Address, Value } from '../crdt/value.ts';
import type { Expression, Operand, Operator } from './expression-tree.ts';

export interface Environment {
  /** Last known value; undefined when nobody here knows the address. */
  read(address: Address): Value | undefined;
  /** A message arrived there in this instant. */
  impulse(address: Address): boolean;
}

/** Never throws; what cannot be compared does not hold, whatever the operator [XP4, XP5]. */
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
      return environment.impulse(expression.address);
    case 'truth':
      return isTrue(valueOf(expression.operand, environment));
    case 'relation': {
      const left = valueOf(expression.left, environment);
      const right = valueOf(expression.right, environment);
      return left !== undefined && right !== undefined && holds(expression.operator, left, right);
    }
  }
}

const isTrue = (value: Value | undefined): boolean =>
  value === true || (typeof value === 'number' && value !== 0) || (typeof value === 'object' && 'impulse' in value);

function valueOf(operand: Operand, environment: Environment): Value | undefined {
  if (operand.type === 'value') return operand.value;
  let value = environment.read(operand.address);
  for (const accessor of operand.accessors) {
    if (typeof accessor !== 'number') continue;
    value = Array.isArray(value) ? (value as readonly Value[])[accessor] : undefined;
  }
  return value;
}

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
