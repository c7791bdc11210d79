import { FUNCTIONS } from './formula-functions.ts';
import { tokensOf } from './formula-tokens.ts';
import type { Token } from './formula-tokens.ts';
import { BOUND, CONSTANTS, FORMULA_LENGTH_MAX, VECTOR_MAX } from './formula-tree.ts';
import type { FormulaError, Node, Operator } from './formula-tree.ts';

/**
 * The formulas of micromaps, generators and filters: ExprTK's language as ossia's scores use it. Arithmetic and
 * comparison with the usual precedence, `^` to the right, `2x` and `(a)(b)` multiply; `c ? a : b`, `if`, `while`,
 * `for`, `repeat`; `var y := 1; var v[3] := {1, 2, 3};`, `:=`, `+=` …; `v[i]`, `v[]`; `return [a, b]`; what a text says
 * is the value of its last statement.
 */
export interface ParsedFormula {
  readonly root: Node;
  /** Bound and own variables by their slot. */
  readonly slots: readonly string[];
  /** Functions and bound variables that occur. */
  readonly names: ReadonlySet<string>;
}

const DEPTH_MAX = 64;
const WORDS = new Set([
  'var',
  'if',
  'else',
  'while',
  'for',
  'repeat',
  'until',
  'return',
  'break',
  'continue',
  'true',
  'false',
  'not',
  'and',
  'or',
  'nand',
  'nor',
  'xor',
  'xnor',
  'switch',
  'case',
  'default',
]);

/** Binary operators from loose to tight. */
const LEVELS: readonly Readonly<Record<string, Operator>>[] = [
  { or: 'or', '|': 'or', '||': 'or', nor: 'nor', xor: 'xor', xnor: 'xnor' },
  { and: 'and', '&': 'and', '&&': 'and', nand: 'nand' },
  { '<': '<', '<=': '<=', '>': '>', '>=': '>=', '=': '==', '==': '==', '!=': '!=', '<>': '!=' },
  { '+': '+', '-': '-' },
  { '*': '*', '/': '/', '%': '%' },
];
const ASSIGNMENTS: Readonly<Record<string, Operator | undefined>> = {
  ':=': undefined,
  '+=': '+',
  '-=': '-',
  '*=': '*',
  '/=': '/',
  '%=': '%',
};

const isError = (tokens: readonly Token[] | FormulaError): tokens is FormulaError => 'message' in tokens;
const own = <T>(table: Readonly<Record<string, T>>, key: string): boolean => Object.hasOwn(table, key);

/** ≤ 4096 characters, ≤ 64 levels deep; else, and of whatever it does not understand, an error [XF2]. */
export function parseFormula(text: string): ParsedFormula | FormulaError {
  if (text.length > FORMULA_LENGTH_MAX) return { message: `longer than ${FORMULA_LENGTH_MAX} characters`, at: FORMULA_LENGTH_MAX };
  const tokens = tokensOf(text);
  if (isError(tokens)) return tokens;
  const slots: string[] = [...BOUND];
  const names = new Set<string>();
  let error: FormulaError | undefined;
  let next = 0;
  let depth = 0;

  const NOTHING: Node = { type: 'number', value: 0 };
  const peek = (): Token => tokens[Math.min(next, tokens.length - 1)]!;
  const fail = (message: string, { at } = peek()): Node => {
    error ??= { message, at };
    next = tokens.length - 1;
    return NOTHING;
  };
  const is = (sign: string): boolean => peek().text === sign && peek().type !== 'end';
  const take = (sign: string): boolean => is(sign) && ++next > 0;
  const expect = (sign: string): void => {
    if (!take(sign)) void fail(peek().type === 'end' ? `“${sign}” is missing` : `“${sign}” is expected instead of “${peek().text}”`);
  };
  const deeper = (parse: () => Node): Node => {
    depth++;
    const node = depth > DEPTH_MAX ? fail(`nested more than ${DEPTH_MAX} times`) : parse();
    depth--;
    return node;
  };

  const block = (end: '}' | ''): Node => {
    const statements: Node[] = [];
    for (;;) {
      while (take(';'));
      if (error || peek().type === 'end' || (end !== '' && is(end))) break;
      const first = tokens[next];
      statements.push(statement());
      const isClosed = tokens[next - 1]?.text === '}' && first?.text !== 'var';
      if (!error && !isClosed && !is(';') && peek().type !== 'end' && !(end !== '' && is(end)))
        void fail(`“${peek().text}” is not expected here`);
    }
    if (end !== '') expect(end);
    return { type: 'block', statements };
  };

  const statement = (): Node => deeper(() => (take('var') ? declaration() : expression()));

  const declaration = (): Node => {
    const name = peek();
    if (name.type !== 'name' || WORDS.has(name.text)) return fail('a name is expected after “var”');
    next++;
    let size: number | undefined;
    if (take('[')) {
      const length = Number(peek().text);
      if (peek().type !== 'number' || !Number.isInteger(length) || length < 1 || length > VECTOR_MAX)
        return fail(`a size from 1 to ${VECTOR_MAX} is expected`);
      next++;
      expect(']');
      size = length;
    }
    const values = take(':=') || take('=') ? (take('{') ? listUpTo('}') : [expression()]) : [];
    const slot = slots.lastIndexOf(name.text) < 0 ? slots.push(name.text) - 1 : slots.lastIndexOf(name.text);
    return { type: 'declare', slot, size, values };
  };

  const listUpTo = (end: string): readonly Node[] => {
    const values: Node[] = [];
    while (!error && !is(end)) {
      values.push(expression());
      if (!take(',')) break;
    }
    expect(end);
    return values;
  };

  const expression = (): Node =>
    deeper(() => {
      const start = peek();
      const left = binary(0);
      const sign = peek().text;
      if (peek().type === 'sign' && own(ASSIGNMENTS, sign)) {
        next++;
        const value = expression();
        if (left.type === 'variable') return { type: 'assign', slot: left.slot, index: undefined, operator: ASSIGNMENTS[sign], value };
        if (left.type === 'element') return { type: 'assign', slot: left.slot, index: left.index, operator: ASSIGNMENTS[sign], value };
        return fail('only a variable can be set', start);
      }
      if (!take('?')) return left;
      const then = expression();
      expect(':');
      return { type: 'choice', condition: left, then, otherwise: expression() };
    });

  const binary = (level: number): Node => {
    const operators = LEVELS[level];
    if (!operators) return unary();
    let left = binary(level + 1);
    for (;;) {
      const { text, type } = peek();
      if (type !== 'end' && type !== 'number' && own(operators, text)) {
        next++;
        left = { type: 'binary', operator: operators[text]!, left, right: binary(level + 1) };
      } else if (own(operators, '*') && isOperand()) left = { type: 'binary', operator: '*', left, right: unary() };
      else return left;
    }
  };

  /** Two operands side by side are multiplied. */
  const isOperand = (): boolean => {
    const { type, text } = peek();
    const before = tokens[next - 1];
    if (before?.text === '}') return false;
    return (type === 'name' && !WORDS.has(text)) || (text === '(' && type === 'sign') || (type === 'number' && before?.text === ')');
  };

  const unary = (): Node =>
    deeper(() => {
      if (take('+')) return unary();
      if (take('-')) return { type: 'unary', operator: '-', of: unary() };
      if (take('!') || take('not')) return { type: 'unary', operator: 'not', of: unary() };
      const base = primary();
      return take('^') ? { type: 'binary', operator: '^', left: base, right: unary() } : base;
    });

  const primary = (): Node => {
    const token = peek();
    if (token.type === 'end') return fail(next === 0 ? 'nothing to compute' : 'something is missing at the end');
    next++;
    if (token.type === 'number') return { type: 'number', value: Number(token.text) };
    if (token.text === '(') {
      const inner = expression();
      expect(')');
      return inner;
    }
    if (token.text === '{') return block('}');
    if (token.type === 'sign') {
      next--;
      return fail(`“${token.text}” is not expected here`);
    }
    return WORDS.has(token.text) ? word(token) : named(token);
  };

  const word = (token: Token): Node => {
    switch (token.text) {
      case 'true':
      case 'false':
        return { type: 'number', value: token.text === 'true' ? 1 : 0 };
      case 'if':
        return branch();
      case 'while': {
        expect('(');
        const condition = expression();
        expect(')');
        return { type: 'loop', condition, body: expression(), next: undefined, isRepeat: false };
      }
      case 'for':
        return counted();
      case 'repeat': {
        const body = untilWord();
        expect('(');
        const condition = expression();
        expect(')');
        return { type: 'loop', condition, body, next: undefined, isRepeat: true };
      }
      case 'switch':
        return selection();
      case 'return':
        return take('[') ? { type: 'return', values: listUpTo(']') } : { type: 'return', values: [expression()] };
      case 'break':
      case 'continue':
        return { type: token.text };
      default:
        next--;
        return fail(`“${token.text}” is not expected here`);
    }
  };

  /** `if (c) a; else b;`, `if (c) { … } else if …`, and `if (c, a, b)`. */
  const branch = (): Node => {
    expect('(');
    const condition = expression();
    if (take(',')) {
      const then = expression();
      expect(',');
      const otherwise = expression();
      expect(')');
      return { type: 'choice', condition, then, otherwise };
    }
    expect(')');
    const then = expression();
    const mark = next;
    if (take(';') && !is('else')) next = mark;
    return { type: 'choice', condition, then, otherwise: take('else') ? expression() : undefined };
  };

  const counted = (): Node => {
    expect('(');
    const first = is(';') ? NOTHING : statement();
    expect(';');
    const condition: Node = is(';') ? { type: 'number', value: 1 } : expression();
    expect(';');
    const step = is(')') ? undefined : expression();
    expect(')');
    return { type: 'block', statements: [first, { type: 'loop', condition, body: expression(), next: step, isRepeat: false }] };
  };

  const untilWord = (): Node => {
    const statements: Node[] = [];
    while (!error && !is('until')) {
      if (peek().type === 'end') return fail('“until” is missing');
      statements.push(statement());
      while (take(';'));
    }
    expect('until');
    return { type: 'block', statements };
  };

  /** `switch { case c : e; …; default : e; }` is a row of choices. */
  const selection = (): Node => {
    expect('{');
    const cases: [Node, Node][] = [];
    let otherwise: Node | undefined;
    while (!error && !is('}')) {
      if (take('case')) {
        const condition = binary(0);
        expect(':');
        cases.push([condition, expression()]);
      } else {
        expect('default');
        expect(':');
        otherwise = expression();
      }
      while (take(';'));
    }
    expect('}');
    return (
      cases.reduceRight<Node | undefined>((rest, [condition, then]) => ({ type: 'choice', condition, then, otherwise: rest }), otherwise) ??
      NOTHING
    );
  };

  const named = (token: Token): Node => {
    if (FUNCTIONS.has(token.text) && is('(')) {
      next++;
      const args = listUpTo(')');
      const { least, most } = FUNCTIONS.get(token.text)!;
      if (!error && (args.length < least || args.length > most))
        return fail(
          `“${token.text}” takes ${least === most ? least : most === Infinity ? `at least ${least}` : `${least} to ${most}`} values`,
          token,
        );
      names.add(token.text);
      return { type: 'call', name: token.text, args };
    }
    const slot = slots.lastIndexOf(token.text);
    if (slot < 0) {
      if (own(CONSTANTS, token.text)) return { type: 'number', value: CONSTANTS[token.text]! };
      return fail(is('(') ? `there is no function “${token.text}”` : `there is no variable “${token.text}”`, token);
    }
    names.add(token.text);
    if (!take('[')) return { type: 'variable', slot };
    if (take(']')) return { type: 'size', slot };
    const index = expression();
    expect(']');
    return { type: 'element', slot, index };
  };

  const root = block('');
  if (!error && root.type === 'block' && root.statements.length === 0) void fail('nothing to compute');
  return error ?? { root, slots, names };
}
