import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import { createGraph } from '../../../src/mesh/graph.ts';
import { TOPIC } from '../../../src/mesh/wire.ts';
import { createDraw } from '../../sim/random.ts';
import { createSquare, DIRECT, line, linkOf, payload, type Node } from './square.ts';

const heardOf = (by: Node, from: Node): number => by.heard.filter((each) => each === line(from, TOPIC.pit)).length;

describe('pit values and who may not carry them', () => {
  it('[RI20] go round who may only look, wherever there is a way round; and back again when that one may carry', () => {
    const shut = new Set<PeerId>();
    const { world, nodes } = createSquare((peer) => !shut.has(peer));
    const [a, , c] = nodes;
    const before = linkOf(c, a)!.via!;
    const say = (): number => {
      for (const each of nodes) each.heard.length = 0;
      for (let i = 0; i < 20; i++, world.pass(50)) a.mesh.broadcast('fast', TOPIC.pit, payload);
      return heardOf(c, a);
    };
    expect(say()).toBe(20);
    // It would be the part of this one.
    shut.add(before);
    world.pass(300);
    expect(say()).toBe(20);
    expect(a.mesh.arePitsSigned()).toBe(false);
    shut.clear();
    world.pass(300);
    expect(say()).toBe(20);
  });

  it('[RI20] where all ways lead through such, they are signed by who says them: heard, and not to be made up', () => {
    const shut = new Set<PeerId>();
    const { world, nodes } = createSquare((peer) => !shut.has(peer));
    const [a, b, c, d] = nodes;
    for (const each of [b, d]) shut.add(each.mesh.self);
    world.pass(300);
    expect(a.mesh.arePitsSigned()).toBe(true);
    expect(c.mesh.arePitsSigned()).toBe(true);
    expect(b.mesh.arePitsSigned()).toBe(false);
    for (const each of nodes) each.heard.length = 0;
    for (let i = 0; i < 10; i++, world.pass(66)) a.mesh.broadcast('fast', TOPIC.pit, payload);
    expect(heardOf(c, a)).toBe(10);
    expect(linkOf(c, b)?.refused).toBe(0);
    // To one alone it is signed, too.
    a.mesh.send(c.mesh.self, 'fast', TOPIC.pit, payload);
    world.pass(100);
    expect(heardOf(c, a)).toBe(11);
  });

  it('[RI20] in any graph, everybody computes the same ways: each hears once, through nobody who may not carry', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const draw = createDraw(seed);
      const count = draw.int(4, 14);
      const ids = Array.from({ length: count }, (_, i) => `p${String(i).padStart(2, '0')}` as PeerId);
      const edges = new Set<string>();
      const join = (a: number, b: number): void => void (a !== b && edges.add([Math.min(a, b), Math.max(a, b)].join()));
      ids.forEach((_, i) => join(i, (i + 1) % count));
      for (let i = draw.int(0, count); i > 0; i--) join(draw.int(0, count - 1), draw.int(0, count - 1));
      const linksOf = (i: number) =>
        ids.flatMap((peer, at) => (edges.has([Math.min(i, at), Math.max(i, at)].join()) ? [{ peer, ...DIRECT }] : []));
      const record = (i: number) => ({ id: ids[i]!, incarnation: 'x', seq: 1, links: linksOf(i) }) as never;
      const graphs = ids.map((id, i) =>
        createGraph(
          id,
          linksOf(i),
          ids.flatMap((_, at) => (at === i ? [] : [record(at)])),
        ),
      );
      const shut = new Set(ids.filter(() => draw.chance(0.3)));
      const root = draw.int(0, count - 1);
      const ways = graphs.map((graph) => graph.around(shut));
      const reached = new Map<PeerId, number>([[ids[root]!, 1]]);
      for (const [i, id] of ids.entries()) {
        if (i === root) continue;
        const parents = new Set(ways.map((each) => each.parent(ids[root]!, id)));
        expect(parents.size).toBe(1);
        const [parent] = [...parents];
        if (parent === undefined) continue;
        expect(parent === ids[root] || !shut.has(parent)).toBe(true);
        reached.set(id, 1);
      }
      // Nobody is left out who has neighbours that may carry and are reached.
      const open = (id: PeerId): boolean => id === ids[root] || !shut.has(id);
      for (const [i, id] of ids.entries())
        expect(reached.has(id)).toBe(i === root || linksOf(i).some(({ peer }) => open(peer) && reached.has(peer)));
      expect(graphs[root]!.around(new Set()).parent(ids[root]!, ids[(root + 1) % count]!)).toBe(ids[root]);
    }
  });
});
