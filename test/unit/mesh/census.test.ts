import { describe, expect, it } from 'vitest';
import type { LocalTime, PeerId } from '../../../src/base.ts';
import { createCensus } from '../../../src/mesh/census.ts';
import { fellowsOf, sizeOf, type Company } from '../../../src/mesh/company.ts';
import { createGraph, type Graph } from '../../../src/mesh/graph.ts';
import type { PeerRecord } from '../../../src/mesh/record.ts';

const id = (name: string): PeerId => name as PeerId;
const linkTo = (peer: PeerId) => ({ peer, delay: 1, isFrozen: false });
const about = { profile: { name: '', hue: 0 }, isVisible: true, isReady: true, preference: 0, session: 'ours', joinedAt: 0 };

function recordOf(self: string, links: readonly string[], session = 'ours', preference = 0): PeerRecord {
  return { ...about, id: id(self), incarnation: '', seq: 1, session, preference, links: links.map((each) => linkTo(id(each))) };
}

/** `a` is linked with c, d and the liar; b, whom no link of a ever reaches, with c and d. The liar invents 63 peers. */
function invaded(roster: number | undefined) {
  const ghosts = Array.from({ length: 63 }, (_, i) => `ghost ${String(i).padStart(2, '0')}`);
  const records = [
    recordOf('b', ['c', 'd', 'liar']),
    recordOf('c', ['a', 'b', 'd', 'liar']),
    recordOf('d', ['a', 'b', 'c', 'liar']),
    recordOf('liar', ['a', 'b', 'c', 'd', ...ghosts], 'theirs'),
    ...ghosts.map((ghost) => recordOf(ghost, ['liar', ...ghosts.filter((other) => other !== ghost)], 'theirs', 255)),
  ];
  const graph = createGraph(id('a'), ['c', 'd', 'liar'].map(id).map(linkTo), records);
  return { graph, ...count(graph, roster, 3), ghosts };
}

function count(graph: Graph, roster: number | undefined, linked: number) {
  const room = { now: 0, roster };
  const census = createCensus({
    ...{ self: id('a'), graph: () => graph, now: () => room.now as LocalTime },
    ...{ roster: () => room.roster, linked: () => linked },
  });
  const company: Company = { self: id('a'), hearing: { present: () => [], get: () => undefined } as never, graph, counts: census.counts };
  const turnUntil = (ms: number): void => {
    for (; room.now < ms; room.now += 100) census.turn();
  };
  const counted = () =>
    graph
      .nodes()
      .filter((node) => node.hops > 1 && census.counts(node))
      .map((node) => node.id);
  return { room, census, company, turnUntil, counted };
}

describe('who is counted', () => {
  it('[LR5] a room of five is not outnumbered by 63 whom one of them invents; whom no link reaches is counted still', () => {
    const { company, counted, graph } = invaded(4);
    expect(graph.nodes()).toHaveLength(67);
    expect(counted()).toEqual(['b']);
    expect([sizeOf(company, 'theirs'), sizeOf(company, 'ours')]).toEqual([0, 1]);
    expect(fellowsOf(company, 'theirs')).toEqual([]);
  });

  it('[LR5] counts a whole chain of honest peers', () => {
    const names = [...'abcdef'];
    const records = names.slice(1).map((name, i) =>
      recordOf(
        name,
        [names[i], names[i + 2]].flatMap((each) => each ?? []),
      ),
    );
    const graph = createGraph(id('a'), [linkTo(id('b'))], records);
    expect(count(graph, 5, 1).counted()).toEqual(['c', 'd', 'e', 'f']);
  });

  it('[LR5] no more count while the server is away than there were seats, nor until all are back on its roster', () => {
    const { counted, turnUntil, room, company } = invaded(4);
    turnUntil(1000);
    room.roster = undefined;
    turnUntil(60_000);
    expect(counted()).toEqual(['b']);
    expect(sizeOf(company, 'theirs')).toBe(0);
    room.roster = 0;
    turnUntil(70_000);
    expect(counted()).toEqual(['b']);
    room.roster = 4;
    turnUntil(90_000);
    expect(counted()).toEqual(['b']);
  });

  it('[LR5] a seat is kept for 30 s; with whom most of our neighbours are linked needs none', () => {
    const { turnUntil, room, counted } = count(
      createGraph(id('a'), ['c', 'd', 'e'].map(id).map(linkTo), [
        ...['c', 'd'].map((each) => recordOf(each, ['a', 'b', ...(each === 'c' ? ['x'] : [])])),
        ...[recordOf('e', ['a', 'y']), recordOf('b', ['c', 'd']), recordOf('x', ['c']), recordOf('y', ['e'])],
      ]),
      6,
      3,
    );
    turnUntil(1000);
    expect(counted()).toEqual(['b', 'x', 'y']);
    room.roster = 4;
    turnUntil(20_000);
    expect(counted()).toEqual(['b', 'x', 'y']);
    turnUntil(40_000);
    expect(counted()).toEqual(['b']);
    room.roster = 0;
    turnUntil(80_000);
    expect(counted()).toEqual(['b']);
  });
});
