import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import { decide, isCarried, votes as says } from '../../../src/groups/decide.ts';
import type { Axes, Knowledge, Vote } from '../../../src/groups/decide.ts';

const peers = (...ids: string[]) => ids as PeerId[];
const votes = (yes: string[], no: string[] = []) =>
  new Map<PeerId, Vote>([
    ...yes.map((id) => [id as PeerId, { holds: true, seq: 1 }] as const),
    ...no.map((id) => [id as PeerId, { holds: false, seq: 1 }] as const),
  ]);

describe('decide', () => {
  it('[GR4] first: one member is enough', () =>
    expect(isCarried('first', { electorate: peers('a', 'b'), votes: votes(['b']) })).toBe(true));
  it('[GR4] majority: more than half of those present', () => {
    expect(isCarried('majority', { electorate: peers('a', 'b', 'c', 'd'), votes: votes(['a', 'b']) })).toBe(false);
    expect(isCarried('majority', { electorate: peers('a', 'b', 'c'), votes: votes(['a', 'b'], ['c']) })).toBe(true);
  });
  it('[GR4] all: a leaver no longer counts', () => {
    expect(isCarried('all', { electorate: peers('a', 'b', 'c'), votes: votes(['a', 'b']) })).toBe(false);
    expect(isCarried('all', { electorate: peers('a', 'b'), votes: votes(['a', 'b']) })).toBe(true);
  });
  it('[GR4] votes of others never count', () => expect(isCarried('first', { electorate: peers('a'), votes: votes(['x']) })).toBe(false));
  it('[GR4] an empty electorate never fires', () => {
    for (const consensus of ['first', 'majority', 'all'] as const)
      expect(isCarried(consensus, { electorate: [], votes: votes(['a']) })).toBe(false);
  });
});

describe('what a peer states of a trigger', () => {
  const axes = { date: 'immediate', order: 'async', hasBefore: true } as const;
  const alone: Knowledge = { isMember: true, isMaster: false, holds: true, electorate: peers('a', 'b'), votes: votes([]) };
  const given = (more: Pick<Axes, 'share' | 'consensus'> & Partial<Axes>, knowledge: Partial<Knowledge> = {}) =>
    decide({ ...axes, ...more }, { ...alone, ...knowledge });

  it('[GR9] free: each its own, whatever groups, votes and dates are asked for', () => {
    for (const consensus of ['first', 'majority', 'all'] as const)
      for (const date of ['immediate', 'compensated'] as const) {
        const more = { share: 'free', consensus, date, order: 'sync' } as const;
        expect(given(more, { isMember: false })).toEqual({ type: 'fired', scope: 'own', dated: 'cause' });
        expect(given(more, { holds: false, isMaster: true, votes: votes(['a', 'b']) })).toBeUndefined();
        expect(says(more)).toBe(false);
      }
  });

  it('[GR9] first: a member who sees it, at the date of its cause or one that all can meet', () => {
    for (const share of ['shared', 'mixed'] as const) {
      expect(given({ share, consensus: 'first' })).toEqual({ type: 'fired', scope: 'all', dated: 'cause' });
      expect(given({ share, consensus: 'first', date: 'compensated' })?.dated).toBe('met');
      expect(given({ share, consensus: 'first' }, { isMember: false })).toBeUndefined();
      expect(given({ share, consensus: 'first' }, { holds: false, isMaster: true })).toBeUndefined();
      expect(says({ share, consensus: 'first' })).toBe(false);
    }
  });

  it('[GR9] votes: the clock master where all share, each member who is there where they do not', () => {
    const carried = { votes: votes(['a', 'b']), holds: false };
    for (const consensus of ['majority', 'all'] as const) {
      expect(given({ share: 'shared', consensus }, carried)).toBeUndefined();
      expect(given({ share: 'shared', consensus }, { ...carried, isMaster: true, isMember: false })).toEqual({
        ...{ type: 'fired', scope: 'all', dated: 'now' },
      });
      expect(given({ share: 'mixed', consensus }, carried)?.dated).toBe('now');
      expect(given({ share: 'mixed', consensus }, { ...carried, isMember: false })).toBeUndefined();
      expect(given({ share: 'shared', consensus }, { isMaster: true, votes: votes(['a']) })).toBeUndefined();
      expect(says({ share: 'mixed', consensus })).toBe(true);
    }
  });

  it('[GR9] order: where something stands before, that ends first', () => {
    expect(given({ share: 'shared', consensus: 'first', order: 'sync' })?.type).toBe('ending');
    expect(given({ share: 'shared', consensus: 'first', order: 'sync', hasBefore: false })?.type).toBe('fired');
  });
});
