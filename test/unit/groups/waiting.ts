import type { MeshTime, PeerId } from '../../../src/base.ts';
import type { Policies, Score } from '../../../src/crdt/score.ts';
import type { Value } from '../../../src/crdt/value.ts';
import { matches } from '../../../src/engine/pattern.ts';
import { createTriggers } from '../../../src/groups/triggers.ts';
import type { Pending, Waiting } from '../../../src/groups/triggers.ts';

export const [ada, bela, clara] = ['ada', 'bela', 'clara'] as [PeerId, PeerId, PeerId];

export function setting(policies: Policies = {}, self = ada) {
  const sync = { kind: 'sync', scenario: null, policies };
  const event = { kind: 'event', scenario: null, sync: 'y', policies: policies.group === undefined ? {} : { group: policies.group } };
  const score = {
    intervals: new Map(),
    processes: new Map(),
    states: new Map(),
    tracks: new Map(),
    syncs: new Map([['y', sync]]),
    events: new Map([['e', event]]),
    groups: new Map([['left', {}]]),
  } as unknown as Score;
  const world = {
    now: 1000,
    present: [ada, bela, clara] as PeerId[],
    memberships: new Map<PeerId, readonly string[]>(),
    values: new Map<string, Value>(),
    isMaster: true,
    elsewhere: [] as PeerId[],
    log: [] as unknown[][],
    isMute: false,
  };
  const triggers = createTriggers({
    self,
    score: () => score,
    memberships: () => world.memberships,
    present: () => world.present,
    standing: { waits: (peer) => !world.elsewhere.includes(peer), asks: (peer) => !world.elsewhere.includes(peer) },
    isMaster: () => world.isMaster,
    now: () => world.now as MeshTime,
    compensated: () => (world.now + 40) as MeshTime,
    read: (address) => world.values.get(address),
    matching: (pattern) => [...world.values.keys()].filter((address) => matches(pattern, address)),
    fire: ({ sync, path, at, reason, type, scope }) =>
      !world.isMute && world.log.push([type === 'fired' ? 'fire' : type, sync, path, at, reason, ...(scope === 'own' ? [scope] : [])]) > 0,
    decided: ({ event, path, at, holds, scope }) =>
      !world.isMute && world.log.push(['decided', event, path, at, holds, ...(scope === 'own' ? [scope] : [])]) > 0,
    castVote: ({ holds }) => void world.log.push(['vote', holds]),
  });
  const waiting = (expression: string, path = '0', since = 990): Waiting => ({ sync: 'y', path, since: since as MeshTime, expression });
  const pending = (condition: string, firedBy: PeerId | '' = ''): Pending => ({
    event: 'e',
    path: '0',
    at: 1000 as MeshTime,
    condition,
    firedBy,
  });
  return { world, triggers, waiting, pending };
}
