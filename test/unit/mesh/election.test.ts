import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import {
  type Candidate,
  type Claim,
  compareCandidates,
  isChallenger,
  isGreater,
  outlives,
  succeed,
  type View,
} from '../../../src/mesh/election.ts';

const candidate = (id: string, fields: Partial<Candidate> = {}): Candidate => ({
  ...{ preference: 0, isVisible: true, isReady: true, joinedAt: 0 },
  ...fields,
  id: id as PeerId,
});
const claim = (term: number, master: string, since = 0): Claim => ({ term, master: master as PeerId, since });
const view = (fields: Partial<View>): View => ({
  now: 100,
  self: candidate('b'),
  others: [],
  incumbent: undefined,
  isMasterHeard: false,
  ...fields,
});
const order = (...candidates: Candidate[]): string[] => candidates.sort(compareCandidates).map(({ id }) => id);

describe('election', () => {
  it('[EL1] orders by clock, preference, visibility, age in session, id', () => {
    expect(order(candidate('a', { isReady: false, preference: 9 }), candidate('b'))).toEqual(['b', 'a']);
    expect(order(candidate('a'), candidate('b', { preference: 1, isVisible: false }))).toEqual(['b', 'a']);
    expect(order(candidate('a', { isVisible: false }), candidate('b', { joinedAt: 5 }))).toEqual(['b', 'a']);
    expect(order(candidate('a', { joinedAt: 5 }), candidate('b'))).toEqual(['b', 'a']);
    expect(order(candidate('b'), candidate('a'))).toEqual(['a', 'b']);
  });

  it('[EL2] keeps a claim while its master is heard', () => {
    const held = claim(4, 'x');
    expect(succeed(held, view({ isMasterHeard: true }))).toBe(held);
    expect(succeed(claim(4, 'b'), view({}))).toEqual(claim(4, 'b'));
  });

  it('[EL2] names the best of those heard when it is not, alike on every page', () => {
    const [a, b, c] = [candidate('a', { joinedAt: 9 }), candidate('b', { joinedAt: 3 }), candidate('c', { joinedAt: 4 })];
    for (const [self, ...others] of [
      [a, b, c],
      [b, c, a],
      [c, a, b],
    ] as [Candidate, Candidate, Candidate][])
      expect(succeed(claim(1, 'x'), view({ self, others }))).toEqual(claim(2, 'b', 100));
  });

  it('[EL3] the later term is greater, of one term the lesser id, nothing than itself', () => {
    expect(isGreater(claim(2, 'z'), claim(1, 'a'))).toBe(true);
    expect(isGreater(claim(2, 'a'), claim(2, 'b'))).toBe(true);
    expect(isGreater(claim(2, 'a'), claim(2, 'a'))).toBe(false);
  });

  it('[EL4] only preference and sight challenge, never age or id', () => {
    const against = (of: Partial<Candidate>, self: Partial<Candidate>): boolean => {
      const incumbent = candidate('m', of);
      return isChallenger(view({ self: candidate('a', self), others: [incumbent], incumbent, isMasterHeard: true }));
    };
    expect(against({ joinedAt: 50 }, {})).toBe(false);
    expect(against({}, { preference: 1 })).toBe(true);
    expect(against({ isVisible: false }, {})).toBe(true);
    expect(against({ isVisible: false, preference: 1 }, {})).toBe(false);
    expect(against({}, { preference: 1, isReady: false })).toBe(false);
  });

  it('[EL5] a reign outlives a younger one that it was parted from in company and awake, and no other', () => {
    const awake = { from: -Infinity, to: -Infinity };
    const parted = { metAt: 900, companyAt: 0, slept: awake };
    expect(outlives(claim(1, 'm', 0), claim(2, 'n', 500), parted)).toBe(true);
    expect(outlives(claim(2, 'n', 500), claim(3, 'm', 0), parted)).toBe(false);
    expect(outlives(claim(1, 'm', 0), claim(2, 'n', 500), { ...parted, metAt: 10 })).toBe(false);
    expect(outlives(claim(1, 'm', 0), claim(2, 'n', 500), { ...parted, companyAt: Infinity })).toBe(false);
    expect(outlives(claim(1, 'm', 0), claim(2, 'n', 500), { ...parted, slept: { from: 400, to: 800 } })).toBe(false);
  });
});
