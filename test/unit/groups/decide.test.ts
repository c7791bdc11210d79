import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import { decide } from '../../../src/groups/decide.ts';
import type { Vote } from '../../../src/groups/decide.ts';

const peers = (...ids: string[]) => ids as PeerId[];
const votes = (yes: string[], no: string[] = []) =>
  new Map<PeerId, Vote>([
    ...yes.map((id) => [id as PeerId, { holds: true, seq: 1 }] as const),
    ...no.map((id) => [id as PeerId, { holds: false, seq: 1 }] as const),
  ]);

describe('decide', () => {
  it('[GR4] first: one member is enough', () => expect(decide('first', peers('a', 'b'), votes(['b']))).toBe(true));
  it('[GR4] majority: more than half of those present', () => {
    expect(decide('majority', peers('a', 'b', 'c', 'd'), votes(['a', 'b']))).toBe(false);
    expect(decide('majority', peers('a', 'b', 'c'), votes(['a', 'b'], ['c']))).toBe(true);
  });
  it('[GR4] all: a leaver no longer counts', () => {
    expect(decide('all', peers('a', 'b', 'c'), votes(['a', 'b']))).toBe(false);
    expect(decide('all', peers('a', 'b'), votes(['a', 'b']))).toBe(true);
  });
  it('[GR4] votes of others never count', () => expect(decide('first', peers('a'), votes(['x']))).toBe(false));
  it('[GR4] an empty electorate never fires', () => {
    for (const consensus of ['first', 'majority', 'all'] as const) expect(decide(consensus, [], votes(['a']))).toBe(false);
  });
});
