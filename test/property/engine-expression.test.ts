import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Value } from '../../src/crdt/value.ts';
import type { Expression, Operand } from '../../src/engine/expression.ts';
import { evaluate, fromTree, parse, print } from '../../src/engine/expression.ts';

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
    .tuple(address, fc.constantFrom([], ['color.hsv.h'], ['gain.dB'], ['rgb']), fc.array(fc.nat(99), { maxLength: 2 }))
    .map(([it, unit, places]): Operand => ({ type: 'address', address: it, accessors: [...unit, ...places] })),
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

it('[XP10] trees of old files: whatever they hold, what comes out can be read', () => {
  const keys = fc.constantFrom(
    'Children',
    'Relation',
    'LHS',
    'RHS',
    'Op',
    'Pulse',
    'BinOp',
    'UnOp',
    'Address',
    'Device',
    'Path',
    'Value',
    'Type',
    'Int',
  );
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom(0, 1, 2, 'Float', 'a', 'a:/b', null, true),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(keys, tie('node'), { maxKeys: 4 }),
    ),
  })).node;
  fc.assert(
    fc.property(tree, (it) => {
      const text = fromTree(it);
      if (typeof it !== 'string' && text !== undefined && text !== '') expect(parse(text)).toHaveProperty('expression');
    }),
    { numRuns: 500 },
  );
});

it('[XP2] parse is total and evaluate never throws', () => {
  const scraps = fc.constantFrom(
    '%a:/b%',
    'a:/b',
    '%a:/*%',
    '%a:/[',
    '%a://b@[color.hsv.h]%',
    '@[0]',
    '(',
    ')',
    '&&',
    '!',
    'impulse',
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
        const environment = { read: () => [1, 0.5, 0], impulse: () => true, matching: () => ['a:/b', 'a:/c'], unitOf: () => 'color.rgb' };
        if ('expression' in parsed) expect(typeof evaluate(parsed.expression, environment)).toBe('boolean');
        else expect(parsed.at).toBeLessThanOrEqual(text.length);
        // What was understood with a warning means the same once it is written as it was understood.
        if ('expression' in parsed) expect(parse(print(parsed.expression))).toEqual({ expression: parsed.expression, warnings: [] });
      },
    ),
    { numRuns: 500 },
  );
});
