import { pow } from './exact.ts';
import { FUNCTIONS, spread } from './formula-functions.ts';
import { parseFormula } from './formula-parse.ts';
import { REMEMBERING, VECTOR_MAX } from './formula-tree.ts';
import type { FormulaError, Node, Operator, Quantity } from './formula-tree.ts';

/**
 * A formula ready to run: compiled to closures, never to code, so that nothing that came from elsewhere is executed.
 * A run takes at most `STEPS_MAX` operations and gives the same bits on every peer.
 */
export interface Formula {
  /** It depends on what was before, or on chance. */
  readonly isRemembering: boolean;
  /** It speaks of the input as a vector. */
  readonly isVector: boolean;
  /** bound: values by name, 0 where missing. draw: chance in [0, 1), called in order. stepsMax: fewer than `STEPS_MAX`, if at all. */
  run(bound: Readonly<Record<string, Quantity>>, draw: () => number, stepsMax?: number): FormulaOutcome;
}

export interface FormulaOutcome {
  /** undefined: no finite number came out. */
  readonly value: Quantity | undefined;
  readonly m1: Quantity;
  readonly m2: Quantity;
  readonly m3: Quantity;
}

/** Operations on single numbers: a loop without end must not hang a page. */
const STEPS_MAX = 20_000;
/** Of all formulas of a score in one instant, as far as each keeps `STEPS_MIN`. */
const STEPS_TOTAL = 200_000;
const STEPS_MIN = 1000;

/** Operations that one formula of a score may take in an instant: so many hold up a page together. formulas: how many it has. */
export const stepsOf = (formulas: number): number => Math.min(STEPS_MAX, Math.max(STEPS_MIN, Math.floor(STEPS_TOTAL / formulas)));
const KNOWN_MAX = 500;

interface Machine {
  readonly slots: Quantity[];
  readonly draw: () => number;
  steps: number;
  readonly stepsMax: number;
  signal: 'none' | 'break' | 'continue' | 'return' | 'stop';
  returned: Quantity;
}
type Run = (machine: Machine) => Quantity;

const known = new Map<string, Formula | FormulaError>();

/** Kept by text: the same is asked at every turn. */
export function formulaOf(text: string): Formula | FormulaError {
  const found = known.get(text);
  if (found) return found;
  const made = make(text);
  known.set(text, made);
  const oldest = known.keys().next().value;
  if (known.size > KNOWN_MAX && oldest !== undefined) known.delete(oldest);
  return made;
}

export const isFormula = (made: Formula | FormulaError): made is Formula => 'run' in made;

function make(text: string): Formula | FormulaError {
  const parsed = parseFormula(text);
  if ('message' in parsed) return parsed;
  const { root, slots, names } = parsed;
  const run = compile(root);
  const used = [...names].filter((name) => slots.includes(name)).map((name) => [name, slots.indexOf(name)] as const);
  const [m1, m2, m3] = [slots.indexOf('m1'), slots.indexOf('m2'), slots.indexOf('m3')];
  return {
    isRemembering: [...names].some((name) => REMEMBERING.has(name)),
    isVector: ['xv', 'pxv', 'pov'].some((name) => names.has(name)),
    run(bound, draw, stepsMax = STEPS_MAX) {
      const machine: Machine = {
        ...{ slots: new Array<Quantity>(slots.length).fill(0), draw, steps: 0, stepsMax },
        ...{ signal: 'none', returned: 0 },
      };
      for (const [name, slot] of used) machine.slots[slot] = bound[name] ?? 0;
      machine.slots[m1] = bound['m1'] ?? 0;
      machine.slots[m2] = bound['m2'] ?? 0;
      machine.slots[m3] = bound['m3'] ?? 0;
      const last = run(machine);
      const value = machine.signal === 'return' ? machine.returned : last;
      return {
        value: isSound(value) && machine.signal !== 'stop' ? value : undefined,
        m1: kept(machine, m1),
        m2: kept(machine, m2),
        m3: kept(machine, m3),
      };
    },
  };
}

const isSound = (value: Quantity): boolean => (typeof value === 'number' ? Number.isFinite(value) : value.every(Number.isFinite));
const kept = ({ slots }: Machine, slot: number): Quantity => (isSound(slots[slot]!) ? slots[slot]! : 0);

const OPERATIONS: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': pow,
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  and: (a, b) => Number(a !== 0 && b !== 0),
  or: (a, b) => Number(a !== 0 || b !== 0),
  nand: (a, b) => Number(!(a !== 0 && b !== 0)),
  nor: (a, b) => Number(!(a !== 0 || b !== 0)),
  xor: (a, b) => Number((a !== 0) !== (b !== 0)),
  xnor: (a, b) => Number((a !== 0) === (b !== 0)),
};

const operate = (operator: Operator, a: Quantity, b: Quantity): Quantity =>
  typeof a === 'number' && typeof b === 'number' ? OPERATIONS[operator](a, b) : spread(OPERATIONS[operator], [a, b]);
/** Counts what was worked on; beyond the limit everything unwinds. */
function counted(machine: Machine, value: Quantity): Quantity {
  machine.steps += typeof value === 'number' ? 1 : value.length;
  if (machine.steps > machine.stepsMax) machine.signal = 'stop';
  return value;
}
const first = (value: Quantity): number => (typeof value === 'number' ? value : (value[0] ?? 0));
const holds = (value: Quantity): boolean => first(value) !== 0;
const elementOf = (value: Quantity, index: Quantity): number => {
  const place = Math.trunc(first(index));
  return typeof value === 'number' ? (place === 0 ? value : 0) : (value[place] ?? 0);
};

function compile(node: Node): Run {
  switch (node.type) {
    case 'number':
      return () => node.value;
    case 'variable':
      return ({ slots }) => slots[node.slot]!;
    case 'element': {
      const index = compile(node.index);
      return (machine) => elementOf(machine.slots[node.slot]!, index(machine));
    }
    case 'size':
      return ({ slots }) => {
        const value = slots[node.slot]!;
        return typeof value === 'number' ? 1 : value.length;
      };
    case 'call': {
      const [f, args] = [FUNCTIONS.get(node.name)!, node.args.map(compile)];
      return (machine) =>
        counted(
          machine,
          f.apply(
            args.map((arg) => counted(machine, arg(machine))),
            machine.draw,
          ),
        );
    }
    case 'unary': {
      const of = compile(node.of);
      return node.operator === '-' ? (machine) => spread((x) => -x, [of(machine)]) : (machine) => Number(!holds(of(machine)));
    }
    case 'binary': {
      const [left, right] = [compile(node.left), compile(node.right)];
      return (machine) => counted(machine, operate(node.operator, left(machine), right(machine)));
    }
    case 'choice': {
      const [condition, then, otherwise] = [compile(node.condition), compile(node.then), node.otherwise && compile(node.otherwise)];
      return (machine) => (holds(condition(machine)) ? then(machine) : (otherwise?.(machine) ?? 0));
    }
    case 'assign':
      return compileAssignment(node);
    case 'declare': {
      const values = node.values.map(compile);
      return (machine) => {
        const given = values.map((value) => value(machine));
        const single = given.length === 1 ? given[0]! : given.flat();
        return (machine.slots[node.slot] = node.size === undefined ? (given.length === 0 ? 0 : single) : filled(node.size, single));
      };
    }
    case 'block': {
      const statements = node.statements.map(compile);
      return (machine) => {
        let value: Quantity = 0;
        for (const statement of statements) {
          value = statement(machine);
          if (machine.signal !== 'none') break;
        }
        return value;
      };
    }
    case 'loop':
      return compileLoop(node);
    case 'return': {
      const values = node.values.map(compile);
      return (machine) => {
        const given = values.map((value) => value(machine));
        machine.returned = given.length === 1 ? given[0]! : given.flat().slice(0, VECTOR_MAX);
        machine.signal = 'return';
        return machine.returned;
      };
    }
    case 'break':
    case 'continue':
      return (machine) => {
        machine.signal = node.type;
        return 0;
      };
  }
}

/** A vector of this size: one number fills all of it, of a list the rest is 0. */
const filled = (size: number, value: Quantity): Quantity =>
  Array.from({ length: size }, (_, i) => (typeof value === 'number' ? value : (value[i] ?? 0)));

function compileAssignment(node: Extract<Node, { type: 'assign' }>): Run {
  const [value, index, { slot, operator }] = [compile(node.value), node.index && compile(node.index), node];
  return (machine) => {
    const before = machine.slots[slot]!;
    if (!index) return (machine.slots[slot] = operator ? operate(operator, before, value(machine)) : value(machine));
    const place = Math.trunc(first(index(machine)));
    const given = first(value(machine));
    const made = operator ? first(operate(operator, elementOf(before, place), given)) : given;
    const vector = typeof before === 'number' ? [before] : [...before];
    if (place >= 0 && place < VECTOR_MAX) {
      while (vector.length < place) vector.push(0);
      vector[place] = made;
      machine.slots[slot] = vector;
      void counted(machine, vector);
    }
    return made;
  };
}

function compileLoop({ condition, body, next, isRepeat }: Extract<Node, { type: 'loop' }>): Run {
  const [until, turn, step] = [compile(condition), compile(body), next && compile(next)];
  return (machine) => {
    let value: Quantity = 0;
    for (let count = 0; ; count++) {
      if ((!isRepeat && !holds(until(machine))) || (isRepeat && count > 0 && holds(until(machine)))) return value;
      void counted(machine, 0);
      if (machine.signal !== 'none') return value;
      value = turn(machine);
      const signal = machine.signal as Machine['signal'];
      if (signal === 'continue' || signal === 'break') machine.signal = 'none';
      if (signal !== 'continue' && signal !== 'none') return value;
      step?.(machine);
    }
  };
}
