import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import { DEGREE_MAX, FULL_MESH_MAX, RINGS, RINGS_FROM, surplus, wanted } from '../../../src/mesh/topology.ts';

const NOBODY: ReadonlySet<PeerId> = new Set();
const nameAll = (count: number, salt = 0): PeerId[] => Array.from({ length: count }, (_, i) => `peer ${salt} ${i}` as PeerId);
const linksOf = (peers: readonly PeerId[]): Map<PeerId, ReadonlySet<PeerId>> =>
  new Map(peers.map((self) => [self, wanted({ self, known: peers, linked: NOBODY })]));

function reach(links: ReadonlyMap<PeerId, ReadonlySet<PeerId>>, from: PeerId, without: ReadonlySet<PeerId> = NOBODY): Map<PeerId, number> {
  const hops = new Map([[from, 0]]);
  for (const [id, hop] of hops) for (const next of links.get(id) ?? []) if (!hops.has(next) && !without.has(next)) hops.set(next, hop + 1);
  return hops;
}

const rooms = fc.record({ count: fc.integer({ min: RINGS_FROM, max: 220 }), salt: fc.integer({ min: 0, max: 1e6 }) });

describe('topology', () => {
  it('[LR1] is a full mesh up to 12', () => {
    for (const count of [1, 2, FULL_MESH_MAX]) for (const links of linksOf(nameAll(count)).values()) expect(links.size).toBe(count - 1);
  });

  it('[LR1] from 16 on is alike at both ends, of degree 2 to 8, connected, and a few links wide', () => {
    fc.assert(
      fc.property(rooms, ({ count, salt }) => {
        const peers = nameAll(count, salt);
        const links = linksOf(peers);
        for (const [self, found] of links) {
          expect(found.has(self)).toBe(false);
          expect(found.size).toBeGreaterThanOrEqual(2);
          expect(found.size).toBeLessThanOrEqual(2 * RINGS);
          for (const peer of found) expect(links.get(peer)!.has(self)).toBe(true);
        }
        const hops = reach(links, peers[0]!);
        expect(hops.size).toBe(count);
        expect(Math.max(...hops.values())).toBeLessThanOrEqual(5);
      }),
      { numRuns: 8 },
    );
  });

  it('[LR1] stays in one piece when three peers vanish at once', () => {
    fc.assert(
      fc.property(rooms, fc.array(fc.nat(), { minLength: 3, maxLength: 3 }), ({ count, salt }, picks) => {
        const peers = nameAll(count, salt);
        const dead = new Set(picks.map((pick) => peers[pick % count]!));
        const alive = peers.filter((peer) => !dead.has(peer));
        expect(reach(linksOf(peers), alive[0]!, dead).size).toBe(alive.length);
      }),
      { numRuns: 8 },
    );
  });

  it('[LR2] a newcomer changes links of its own neighbours only, and costs each of them at most one per ring', () => {
    fc.assert(
      fc.property(rooms, ({ count, salt }) => {
        const peers = nameAll(count, salt);
        const newcomer = 'the newcomer' as PeerId;
        const [before, after] = [linksOf(peers), linksOf([...peers, newcomer])];
        const touched = after.get(newcomer)!;
        for (const self of peers) {
          const [old, now] = [before.get(self)!, after.get(self)!];
          const lost = [...old].filter((peer) => !now.has(peer));
          if (touched.has(self)) expect(lost.length).toBeLessThanOrEqual(RINGS);
          else expect(now).toEqual(old);
        }
      }),
      { numRuns: 8 },
    );
  });

  it('[LR2] from 13 to 15 keeps what is linked and gives nothing up', () => {
    const peers = nameAll(14);
    const [self, ...others] = peers as [PeerId, ...PeerId[]];
    const linked = new Set(others);
    expect(wanted({ self, known: peers, linked })).toEqual(linked);
    expect(surplus({ self, known: peers, linked })).toBeUndefined();
    expect(wanted({ self, known: peers, linked: NOBODY }).size).toBeLessThanOrEqual(2 * RINGS);
  });

  it('[LR2] gives up one link at a time, the same at both ends, and none while a ring lacks one', () => {
    const peers = nameAll(RINGS_FROM);
    const links = new Map(peers.map((self) => [self, new Set(peers.filter((peer) => peer !== self))]));
    const next = (self: PeerId): PeerId | undefined => surplus({ self, known: peers, linked: links.get(self)! });
    for (let round = 0; round < 200; round++)
      for (const self of peers) {
        const other = next(self);
        if (other === undefined) continue;
        links.get(self)!.delete(other);
        links.get(other)!.delete(self);
      }
    expect(links).toEqual(linksOf(peers));
    const self = peers[0]!;
    const [needed] = links.get(self)!;
    const linked = new Set(peers.filter((peer) => peer !== self && peer !== needed));
    expect(surplus({ self, known: peers, linked })).toBeUndefined();
  });

  it('[LR1] counts those who are in the room but not known by name yet', () => {
    const peers = nameAll(10);
    expect(wanted({ self: peers[0]!, known: peers, linked: NOBODY, size: 40 }).size).toBeLessThanOrEqual(2 * RINGS);
    expect(DEGREE_MAX).toBeGreaterThanOrEqual(2 * RINGS);
  });
});
