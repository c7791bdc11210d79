import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import { COMBINATIONS } from '../../../src/crdt/score.ts';
import type { Value } from '../../../src/crdt/value.ts';
import { combine } from '../../../src/pit/combine.ts';

const put = (peer: string, value: Value, at = 0) => ({ peer: peer as PeerId, value, seq: 1, at });

describe('combine', () => {
  it('[PT1] is the same whatever the order of arrival', () => {
    const contribution = fc.record({
      peer: fc.constantFrom('a', 'b', 'c', 'd').map((id) => id as PeerId),
      value: fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.boolean(), fc.array(fc.integer(), { maxLength: 3 })),
      seq: fc.nat(),
      at: fc.integer({ min: 0, max: 1000 }),
    });
    const distinct = fc.uniqueArray(contribution, { selector: ({ peer }) => peer });
    fc.assert(
      fc.property(distinct, fc.constantFrom(...COMBINATIONS), (all, combination) => {
        expect(combine(combination, [...all].reverse())).toEqual(combine(combination, all));
      }),
    );
  });

  it('lists values in order of peer ids', () => expect(combine('list', [put('b', 2), put('a', 'x')])).toEqual(['x', 2]));
  it('averages numbers and truths', () => expect(combine('average', [put('a', 1), put('b', true), put('c', 4)])).toBe(2));
  it('sums', () => expect(combine('sum', [put('a', 1), put('b', 2.5)])).toBe(3.5));
  it('takes the middle of an even count as the mean of the two middle ones', () =>
    expect(combine('median', [put('a', 9), put('b', 1), put('c', 3), put('d', 2)])).toBe(2.5));
  it('[PT2] counts whatever is put in, and says how far it is apart', () => {
    const all = [put('a', 'loud'), put('b', 2), put('c', -1), put('d', [9, 9])];
    expect(combine('count', all)).toBe(4);
    expect(combine('spread', all)).toBe(10);
    expect(combine('spread', [put('a', [1, 5]), put('b', [4, 1])])).toEqual([3, 4]);
    expect(combine('list', all)).toEqual(['loud', 2, -1, [9, 9]]);
  });
  it('[PT2] combines lists place by place, as far as the shortest reaches', () =>
    expect(combine('sum', [put('a', [1, 2, 3]), put('b', [10, 20])])).toEqual([11, 22]));
  it('[PT2] leaves texts to list and latest', () => {
    expect(combine('sum', [put('a', 'loud'), put('b', 2)])).toBe(2);
    expect(combine('latest', [put('a', 'loud', 5), put('b', 2, 3)])).toBe('loud');
  });
  it('is undefined when nobody put anything in', () => {
    for (const combination of COMBINATIONS) expect(combine(combination, [])).toBe(combination === 'count' ? 0 : undefined);
  });
});
