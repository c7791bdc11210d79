import { describe, expect, it } from 'vitest';
import type { MeshTime, PeerId } from '../../../src/base.ts';
import type { Score } from '../../../src/crdt/score.ts';
import { decodeAny } from '../../../src/mesh/any.ts';
import { encodeCompleted, encodeVote, toVote } from '../../../src/groups/ballot.ts';
import { createCrossings } from '../../../src/groups/crossings.ts';
import type { CrossingSync } from '../../../src/engine/moment.ts';

const [ada, bela, clara] = ['ada', 'bela', 'clara'] as [PeerId, PeerId, PeerId];
const X: CrossingSync = { sync: 'x', path: '0', since: 1000 as MeshTime, share: 'shared' };

/** a and b, of groups, lead to x, which is of a group of its own; c follows. */
function setting(groups: Readonly<Record<string, string>>, self = ada, timeout = 2000) {
  const interval = (id: string, start: string, end: string) =>
    [id, { kind: 'interval', id, start, end, scenario: null, policies: groups[id] ? { group: groups[id] } : {} }] as const;
  const event = (sync: string) => [sync, { kind: 'event', sync, policies: {} }] as const;
  const state = (at: string) => [at, { kind: 'state', event: at }] as const;
  const score = {
    intervals: new Map([interval('a', 's', 'x'), interval('b', 's', 'x'), interval('c', 'x', 'y')]),
    events: new Map(['s', 'x', 'y'].map(event)),
    states: new Map(['s', 'x', 'y'].map(state)),
    syncs: new Map([['x', { kind: 'sync', scenario: null, policies: { group: 'h' } }]]),
    processes: new Map(),
    tracks: new Map(),
    groups: new Map(['g', 'h'].map((group) => [group, {}])),
    syncTimeout: timeout,
  } as unknown as Score;
  const world = {
    now: 1000,
    isMaster: true,
    elsewhere: [] as PeerId[],
    present: [ada, bela, clara] as PeerId[],
    memberships: new Map<PeerId, readonly string[]>(),
    said: [] as string[],
    begun: [] as string[],
    isMute: false,
  };
  const crossings = createCrossings({
    self,
    score: () => score,
    memberships: () => world.memberships,
    present: () => world.present,
    standing: { crosses: (peer) => !world.elsewhere.includes(peer) },
    isMaster: () => world.isMaster,
    now: () => world.now as MeshTime,
    say: ({ path }) => void world.said.push(path),
    begin: ({ path }) => !world.isMute && world.begun.push(path) > 0,
  });
  return { world, crossings };
}

describe('what stands between an end and what follows', () => {
  it('[GR60] what one has seen end is said again as long as it stands, since it may have been lost', () => {
    const { world, crossings } = setting({});
    crossings.update([X]);
    for (let i = 0; i < 39; i++, world.now += 25) crossings.update([X]);
    expect(world.said).toEqual(['0']);
    for (let i = 0; i < 40; i++, world.now += 25) crossings.update([X]);
    expect(world.said).toEqual(['0', '0']);
  });

  it.each(['shared', 'mixed'] as const)('[GR61] %s: what its teller may not say is said when it may', (share) => {
    const { world, crossings } = setting({});
    world.present = [ada];
    world.isMute = true;
    crossings.update([{ ...X, share }]);
    world.isMute = false;
    crossings.update([{ ...X, share }]);
    crossings.update([{ ...X, share }]);
    expect(world.begun).toEqual(['0']);
  });

  it('[EX38] begins once all who were before have seen it end, and is said once', () => {
    const { world, crossings } = setting({});
    crossings.update([X]);
    crossings.completed(bela, X);
    expect([world.said, world.begun]).toEqual([['0'], []]);
    expect(crossings.awaited()).toEqual([{ sync: 'x', path: '0', peers: [clara], until: 3000 }]);
    crossings.completed(clara, X);
    crossings.update([X]);
    expect([world.said, world.begun]).toEqual([['0'], ['0']]);
  });

  it('[EX38] the score says how long nobody else is waited for', () => {
    for (const timeout of [0, 500, 60_000]) {
      const { world, crossings } = setting({}, ada, timeout);
      world.now = 1000 + timeout - 1;
      if (timeout > 0) crossings.update([X]);
      expect([world.begun, crossings.awaited().map(({ until }) => until)]).toEqual([[], timeout > 0 ? [1000 + timeout] : []]);
      world.now += 1;
      crossings.update([X]);
      expect(world.begun).toEqual(['0']);
    }
  });

  it('[D6] [EX38] of the groups of what led there, each peer counts once, and the trigger’s own group not at all', () => {
    const { world, crossings } = setting({ a: 'g', b: 'g' });
    world.memberships = new Map([
      [bela, ['g', 'h']],
      [clara, ['h']],
    ]);
    crossings.update([X]);
    expect(crossings.awaited()[0]?.peers).toEqual([bela]);
    crossings.completed(bela, X);
    expect(world.begun).toEqual(['0']);
  });

  it('[D7] [EX38] another time round is another matter', () => {
    const { world, crossings } = setting({});
    for (const path of ['0', '1']) {
      const it = { ...X, path };
      crossings.update([it]);
      expect(world.begun).not.toContain(path);
      for (const peer of [bela, clara]) crossings.completed(peer, it);
      crossings.update([]);
    }
    expect(world.begun).toEqual(['0', '1']);
  });

  it('[D8] [EX38] who is alone waits for nobody', () => {
    const { world, crossings } = setting({});
    world.present = [ada];
    crossings.update([X]);
    expect(world.begun).toEqual(['0']);
  });

  it('[EX38] waits 2 s, no longer, and not for who is gone; whoever is master then states it', () => {
    const { world, crossings } = setting({});
    world.isMaster = false;
    crossings.completed(bela, X);
    crossings.update([X]);
    world.now = 1000 + 2000 - 1;
    world.isMaster = true;
    crossings.update([X]);
    expect(world.begun).toEqual([]);
    world.now += 1;
    crossings.update([X]);
    expect(world.begun).toEqual(['0']);
    const gone = setting({});
    gone.crossings.update([X]);
    gone.crossings.completed(bela, X);
    gone.world.present = [ada, bela];
    gone.crossings.update([X]);
    expect(gone.world.begun).toEqual(['0']);
  });

  it('[GR40] in a mixed scenario nobody waits for who is elsewhere', () => {
    const { world, crossings } = setting({});
    crossings.update([{ ...X, share: 'mixed' }]);
    crossings.completed(bela, X);
    expect(crossings.awaited()[0]?.peers).toEqual([clara]);
    world.elsewhere = [clara];
    crossings.update([{ ...X, share: 'mixed' }]);
    expect(world.begun).toEqual(['0']);
  });

  it('[EX38] is told like a vote', () => {
    const words = [encodeCompleted('r', { path: '0', sync: 'x' }), encodeVote('r', { path: '0', sync: 'x', holds: true, seq: 3 })];
    expect(words.map(toVote)).toEqual([
      { run: 'r', completed: { path: '0', sync: 'x' } },
      { run: 'r', ballot: { path: '0', sync: 'x', holds: true, seq: 3 } },
    ]);
    expect(decodeAny(words[0]!)).toHaveLength(3);
  });
});
