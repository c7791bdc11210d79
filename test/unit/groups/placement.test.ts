import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import type { Policies, Score, Track } from '../../../src/crdt/score.ts';
import { groupOf, membersOf, policiesOf, sounded } from '../../../src/groups/placement.ts';

const object = (fields: Record<string, unknown>, policies: Policies = {}) => ({ policies, ...fields });

/** root interval > root.scenario > interval `i` > process `p`; a sync, event and state beside it. */
const score = (policies: Readonly<Record<string, Policies>>): Score =>
  ({
    intervals: new Map([
      ['root', object({ kind: 'interval', scenario: null }, policies['root'])],
      ['i', object({ kind: 'interval', scenario: 's' }, policies['i'])],
    ]),
    processes: new Map([
      ['s', object({ kind: 'process', interval: 'root' }, policies['s'])],
      ['p', object({ kind: 'process', interval: 'i' }, policies['p'])],
    ]),
    syncs: new Map([['y', object({ kind: 'sync', scenario: 's' }, policies['y'])]]),
    events: new Map([['e', object({ kind: 'event', sync: 'y' }, policies['e'])]]),
    states: new Map([['t', { kind: 'state', event: 'e' }]]),
    tracks: new Map([['track', object({}, policies['track'])]]),
    groups: new Map([
      ['left', {}],
      ['right', {}],
    ]),
  }) as unknown as Score;

describe('placement', () => {
  it('[GR1] is `all` where nothing is said', () => expect(groupOf(score({}), 'p')).toBe('all'));
  it('[GR1] is inherited along the score, the nearest word winning', () => {
    const nested = score({ root: { group: 'left' }, i: { group: 'right' } });
    expect(['p', 'y', 'e', 't'].map((id) => groupOf(nested, id))).toEqual(['right', 'left', 'left', 'left']);
  });
  it('[GR1] passes over groups that the score does not have', () =>
    expect(groupOf(score({ i: { group: 'right' }, p: { group: 'gone' } }), 'p')).toBe('right'));
  it('[GR2] inherits each axis on its own', () =>
    expect(policiesOf(score({ s: { date: 'compensated' }, y: { consensus: 'all' } }), 'y')).toMatchObject({
      date: 'compensated',
      consensus: 'all',
      group: 'all',
    }));
  it('takes tracks as they are', () => expect(groupOf(score({ track: { group: 'left' } }), 'track')).toBe('left'));
  it('[UI83] makes the sound of a track where its group is', () => {
    const tracks = [{ id: 'mine' }, { id: 'theirs' }] as unknown as Track[];
    expect(sounded(tracks, (id) => id === 'mine')).toEqual([{ id: 'mine' }, { id: 'theirs', isMuted: true }]);
  });
  it('[GR3] counts everyone present as a member of `all`', () => {
    const present = ['a', 'b'] as PeerId[];
    const memberships = new Map([['b' as PeerId, ['left']]]);
    expect(membersOf(memberships, present, 'all')).toEqual(present);
    expect(membersOf(memberships, present, 'left')).toEqual(['b']);
    expect(membersOf(memberships, present, 'right')).toEqual([]);
  });
});
