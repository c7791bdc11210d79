/** A number or a vector. */
export type Quantity = number | readonly number[];

/** Where a formula is wrong: index of the first character concerned. */
export interface FormulaError {
  readonly message: string;
  readonly at: number;
}

export type Operator =
  '+' | '-' | '*' | '/' | '%' | '^' | '<' | '<=' | '>' | '>=' | '==' | '!=' | 'and' | 'or' | 'nand' | 'nor' | 'xor' | 'xnor';

/** slot: place of a variable in the machine; variables of one name share one. */
export type Node =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'variable'; readonly slot: number }
  | { readonly type: 'element'; readonly slot: number; readonly index: Node }
  | { readonly type: 'size'; readonly slot: number }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Node[] }
  | { readonly type: 'unary'; readonly operator: '-' | 'not'; readonly of: Node }
  | { readonly type: 'binary'; readonly operator: Operator; readonly left: Node; readonly right: Node }
  | { readonly type: 'choice'; readonly condition: Node; readonly then: Node; readonly otherwise: Node | undefined }
  | {
      readonly type: 'assign';
      readonly slot: number;
      readonly index: Node | undefined;
      readonly operator: Operator | undefined;
      readonly value: Node;
    }
  /** size undefined: a number, or whatever the value is. */
  | { readonly type: 'declare'; readonly slot: number; readonly size: number | undefined; readonly values: readonly Node[] }
  | { readonly type: 'block'; readonly statements: readonly Node[] }
  /** A `repeat` looks at its condition after the body. */
  | { readonly type: 'loop'; readonly condition: Node; readonly body: Node; readonly next: Node | undefined; readonly isRepeat: boolean }
  | { readonly type: 'return'; readonly values: readonly Node[] }
  | { readonly type: 'break' | 'continue' };

/** What a formula may name besides its own variables. `p…` is the value of before, `…v` the vector of it; m1 to m3 last. */
export const BOUND = [
  ...['x', 'xv', 'px', 'pxv', 'po', 'pov', 't', 'dt', 'pos', 'fs'],
  ...['a', 'b', 'c', 'pa', 'pb', 'pc', 'm1', 'm2', 'm3'],
] as const;

/** Names by which a formula depends on what was before, or on which instant it is. */
export const REMEMBERING: ReadonlySet<string> = new Set([
  ...['dt', 'px', 'pxv', 'po', 'pov', 'pa', 'pb', 'pc', 'm1', 'm2', 'm3', 'random'],
]);

export const CONSTANTS: Readonly<Record<string, number>> = {
  pi: Math.PI,
  epsilon: Number.EPSILON,
  inf: Infinity,
};

export const FORMULA_LENGTH_MAX = 4096;
export const VECTOR_MAX = 1024;
