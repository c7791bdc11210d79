import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import { createGraph, graphOver, type Graph } from '../../../src/mesh/graph.ts';
import { createIdentity, peerIdOf } from '../../../src/mesh/identity.ts';
import { createNet } from '../../../src/mesh/net.ts';
import { encodeRecord, isNewer, readRecord, type PeerRecord } from '../../../src/mesh/record.ts';
import { createDraw } from '../../sim/random.ts';

const id = (name: string): PeerId => name as PeerId;
const record = (name: string, links: string, frozen = ''): PeerRecord => ({
  ...{ id: id(name), incarnation: 'x', seq: 1, profile: { name, hue: 0 }, isVisible: true, isReady: true, preference: 0 },
  ...{ session: 's', joinedAt: 0 },
  links: [...links].map((peer) => ({ peer: id(peer), delay: 10, isFrozen: frozen.includes(peer) })),
});
const links = (names: string) => [...names].map((peer) => ({ peer: id(peer), delay: 10, isFrozen: false }));
/** edges: 'ab bc'. */
const graphOf = (self: string, edges: string, frozen = ''): Graph => {
  const pairs = edges.split(' ').filter((edge) => edge !== '');
  const names = new Set([...edges.replaceAll(' ', '')]);
  const of = (name: string): string => pairs.flatMap(([a, b]) => (a === name ? [b] : b === name ? [a] : [])).join('');
  return createGraph(
    id(self),
    links(of(self)),
    [...names].filter((name) => name !== self).map((name) => record(name, of(name), frozen)),
  );
};

describe('graph', () => {
  it("[LK15] an edge counts when both ends state it; of one's own links one's own word is enough", () => {
    const graph = createGraph(id('a'), links('b'), [record('b', 'c'), record('c', 'bd'), record('d', '')]);
    expect(['a', 'b', 'c', 'd', 'z'].map((name) => graph.hops(id(name)))).toEqual([0, 1, 2, undefined, undefined]);
    expect(graph.nodes().map((node) => [node.id, node.via, node.delay])).toEqual([
      ['b', 'b', 10],
      ['c', 'b', 20],
    ]);
    expect([graph.areLinked(id('b'), id('c')), graph.areLinked(id('c'), id('d')), graph.areLinked(id('a'), id('b'))]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('of the shortest ways the one whose first peer has the lowest id', () => {
    const graph = graphOf('a', 'ab ac ad be ce df ef');
    expect([graph.nextHop(id('e')), graph.nextHop(id('f')), graph.nextHop(id('a'))]).toEqual(['b', 'd', undefined]);
    expect([graph.parent(id('a'), id('e')), graph.parent(id('f'), id('b')), graph.parent(id('f'), id('a'))]).toEqual(['b', 'e', 'd']);
    expect(graph.neighbours(id('e'))).toEqual(['b', 'c', 'f']);
  });

  it('[LK15] a frozen peer relays only where there is no other way, and who is behind it counts as frozen', () => {
    const round = graphOf('a', 'ab be ac cd de', 'b');
    expect([round.hops(id('e')), round.nextHop(id('e')), round.node(id('e'))?.isFrozen]).toEqual([3, 'c', false]);
    expect(round.node(id('b'))?.isFrozen).toBe(true);
    const only = graphOf('a', 'ab bc', 'b');
    expect([only.hops(id('c')), only.node(id('c'))?.isFrozen]).toEqual([2, true]);
  });

  it('[LK15] frozen is who is so for half of its neighbours: one liar takes nobody out', () => {
    const liar = (lies: string) =>
      createGraph(id('a'), links('bcd'), [record('b', 'ax', lies), record('c', 'ax'), record('d', 'ax'), record('x', 'bcd')]);
    expect(liar('x').node(id('x'))?.isFrozen).toBe(false);
    const half = createGraph(id('a'), links('bc'), [record('b', 'ax', 'x'), record('c', 'ax'), record('x', 'bc')]);
    expect(half.node(id('x'))?.isFrozen).toBe(true);
  });

  it('[LK15] of records that come, change and go one by one is the graph of those that are left', () => {
    const names = [...'abcdefg'];
    const some = fc.array(fc.record({ peer: fc.constantFrom(...names), isFrozen: fc.boolean() }), { maxLength: 6 });
    const news = fc.record({ of: fc.constantFrom(...names), says: fc.option(some, { nil: undefined }) });
    const say = (graph: Graph): unknown => [
      graph.nodes(),
      names.map((a) => [graph.neighbours(id(a)), names.map((b) => [graph.parent(id(a), id(b)), graph.distance(id(a), id(b))])]),
    ];
    fc.assert(
      fc.property(fc.array(news, { maxLength: 20 }), (all) => {
        const net = createNet(id('a'));
        const records = new Map<string, PeerRecord>();
        let own: ReturnType<typeof links> = [];
        for (const { of, says } of all) {
          const stated = [...new Set(says?.map(({ peer }) => peer))].filter((peer) => peer !== of).join('');
          const one = record(of, stated, says?.flatMap(({ peer, isFrozen }) => (isFrozen ? [peer] : [])).join(''));
          if (of === 'a') net.setLinks((own = links(stated)));
          else {
            if (says === undefined) records.delete(of);
            else records.set(of, one);
            net.setRecord(id(of), records.get(of));
          }
          expect(say(graphOver(net))).toEqual(say(createGraph(id('a'), own, records.values())));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('in any graph: trees of all peers agree, and handing on along them reaches everyone once', () => {
    const names = [...'abcdefgh'];
    const edge = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)).filter(([a, b]) => a !== b);
    fc.assert(
      fc.property(fc.array(edge, { minLength: 1, maxLength: 20 }), (pairs) => {
        const edges = pairs.map(([a, b]) => (a < b ? a + b : b + a)).join(' ');
        const graphs = new Map(names.map((name) => [name, graphOf(name, edges)]));
        const root = pairs[0]![0];
        const got = new Map([[root, 1]]);
        const queue = [root];
        for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
          for (const next of graphs.get(at)!.neighbours(id(at))) {
            if (graphs.get(at)!.parent(id(root), next) !== at) continue;
            got.set(next, (got.get(next) ?? 0) + 1);
            queue.push(next);
          }
        }
        const reached = graphs
          .get(root)!
          .nodes()
          .map((node) => [node.id, 1]);
        expect([...got].filter(([name]) => name !== root).sort()).toEqual(reached);
      }),
      { numRuns: 60 },
    );
  });
});

describe('record', () => {
  const identity = createIdentity(createDraw(3));
  const self = peerIdOf(identity, 0);
  const other = peerIdOf(createIdentity(createDraw(4)), 1);
  const mine: PeerRecord = { ...record('a', ''), id: self, links: [{ peer: other, delay: 12, isFrozen: true }] };

  it('[LK15] is read as it was written, and not at all when a byte, the room or the author is another', () => {
    const { bytes } = encodeRecord(mine, identity, 'room');
    expect(readRecord(bytes, 'room')?.record).toEqual(mine);
    expect(readRecord(bytes, 'another')).toBeUndefined();
    expect(readRecord(encodeRecord({ ...mine, id: other }, identity, 'room').bytes, 'room')).toBeUndefined();
    for (let i = 0; i < bytes.length; i += 7)
      expect(
        readRecord(
          bytes.map((byte, at) => (at === i ? byte ^ 1 : byte)),
          'room',
        ),
      ).toBeUndefined();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (garbage) => readRecord(garbage, 'room') === undefined));
  });

  it('of two records of one peer the greater seq is the newer, of equal ones the greater incarnation', () => {
    expect(isNewer({ ...mine, seq: 2 }, mine)).toBe(true);
    expect(isNewer(mine, mine)).toBe(false);
    expect(isNewer({ ...mine, incarnation: 'y' }, mine)).toBe(true);
  });
});
