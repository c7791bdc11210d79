import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Value } from '../../src/crdt/value.ts';
import type { Expression, Operand } from '../../src/engine/expression.ts';
import { evaluate, parse, print } from '../../src/engine/expression.ts';

const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.string({ maxLength: 12 }),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
})).value;

const address = fc
  .tuple(fc.stringMatching(/^[a-z][a-zA-Z0-9_-]{0,5}$/), fc.stringMatching(/^(\/[a-z0-9.*]{1,4}){1,3}$/))
  .map((parts) => parts.join(':'));
const operand: fc.Arbitrary<Operand> = fc.oneof(
  value.map((it): Operand => ({ type: 'value', value: it })),
  fc
    .tuple(address, fc.array(fc.nat(99), { maxLength: 2 }))
    .map(([it, accessors]): Operand => ({ type: 'address', address: it, accessors })),
);
const expression: fc.Arbitrary<Expression> = fc.letrec<{ node: Expression }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    operand.map((it): Expression => ({ type: 'truth', operand: it })),
    address.map((it): Expression => ({ type: 'impulse', address: it })),
    fc.record({
      type: fc.constant('relation' as const),
      operator: fc.constantFrom('<=', '>=', '!=', '==', '<', '>', 'contains'),
      left: operand,
      right: operand,
    }),
    tie('node').map((it): Expression => ({ type: 'not', operand: it })),
    fc.record({ type: fc.constantFrom('and', 'or', 'xor'), left: tie('node'), right: tie('node') }),
  ),
})).node;

it('[XP7] parse ∘ print is the identity', () => {
  fc.assert(
    fc.property(expression, (tree) => {
      const text = print(tree);
      fc.pre(text.length <= 4096);
      expect(parse(text)).toEqual({ expression: tree, warnings: [] });
    }),
    { numRuns: 300 },
  );
});

it('[XP2] parse is total and evaluate never throws', () => {
  const scraps = fc.constantFrom(
    '%a:/b%',
    'a:/b',
    '{',
    '}',
    '[',
    ']',
    ',',
    'and',
    'not',
    '==',
    'contains',
    '1',
    '"x"',
    "'",
    '%',
    '\\',
    ' ',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(scraps, { maxLength: 20 }).map((all) => all.join(' ')),
      ),
      (text) => {
        const parsed = parse(text);
        if ('expression' in parsed) expect(typeof evaluate(parsed.expression, { read: () => [1], impulse: () => true })).toBe('boolean');
        else expect(parsed.at).toBeLessThanOrEqual(text.length);
      },
    ),
    { numRuns: 500 },
  );
});
