import type { PeerId } from '../base.ts';
import { createNet, type Net, type Vertex } from './net.ts';
import type { PeerLink, PeerRecord } from './record.ts';

/**
 * Who is reached through whom. Every peer states in a signed record to whom it is linked, as routers do in OSPF
 * (RFC 2328), and from the same records all compute the same graph: nobody is asked, nobody is elected to relay.
 *
 * An edge counts when both ends state it; of one's own links one's own word is enough. Nobody relays through a frozen peer
 * while there is another way; who is reached only through one counts as frozen, too.
 */
export interface Graph {
  /** 0: self; 1: linked; undefined: unreachable, or unknown. */
  hops(to: PeerId): number | undefined;
  /** The others within reach, by id. */
  nodes(): readonly GraphNode[];
  node(id: PeerId): GraphNode | undefined;
  areLinked(a: PeerId, b: PeerId): boolean;
  /** The neighbour to go through; of those on shortest ways the one of lowest id. The peer itself when it is linked. */
  nextHop(to: PeerId): PeerId | undefined;
  /** Whose part it is to hand `of` what `root` says: of its neighbours nearest to root the one of lowest id. */
  parent(root: PeerId, of: PeerId): PeerId | undefined;
  /** Links between the two; undefined when there is no way. */
  distance(from: PeerId, to: PeerId): number | undefined;
  /** ms, 99th percentile one way along the path, as its peers state it; Infinity when there is none. */
  delay(to: PeerId): number;
  /** Those linked with `of`, by id; empty when it is unknown. */
  neighbours(of: PeerId): readonly PeerId[];
  /** Ways on which nobody of these passes anything on; made once for one set. */
  around(shut: ReadonlySet<PeerId>): Ways;
}

export type Ways = Pick<Graph, 'parent' | 'distance'>;

export interface GraphNode {
  readonly id: PeerId;
  /** What it says of itself; undefined while only our link speaks of it. */
  readonly record: PeerRecord | undefined;
  /** Half of its neighbours find its page hanging, or there is no way to it but through such a page. */
  readonly isFrozen: boolean;
  readonly hops: number;
  readonly via: PeerId;
  /** ms, one way. */
  readonly delay: number;
}

/** Ways from one root to all, by the index of a vertex. */
interface Tree {
  readonly root: number;
  /** Links; −1 where there is no way. */
  readonly distance: Int16Array;
  /** First vertex on the way. */
  readonly via: Int16Array;
  /** ms */
  readonly delay: Float64Array;
  /** 1 where there is no way but through a frozen peer. */
  readonly isThroughFrozen: Uint8Array;
  /** 1: nothing goes on from there. */
  readonly isShut: Uint8Array | undefined;
}

/** One for each who says something unsigned, in a room of the size that the server allows. */
const TREES_MAX = 256;

/** links: one's own, by whatever order. records: of the others, at most one each. */
export function createGraph(self: PeerId, links: readonly PeerLink[], records: Iterable<PeerRecord>): Graph {
  const net = createNet(self);
  for (const record of records) net.setRecord(record.id, record);
  net.setLinks(links);
  return graphOver(net);
}

/** Good until the net changes. */
export function graphOver(net: Net): Graph {
  const { vertices } = net;
  const own = net.self.index;
  const ways = walk(vertices, own);
  const open = waysOf(undefined);
  const byShut = new WeakMap<ReadonlySet<PeerId>, Ways>();
  const nodesAt: (GraphNode | undefined)[] = [];
  let found: readonly GraphNode[] | undefined;

  const indexOf = (id: PeerId): number => net.get(id)?.index ?? -1;
  const wayTo = (id: PeerId): number => {
    const at = indexOf(id);
    return at >= 0 && ways.distance[at]! >= 0 ? at : -1;
  };

  function waysOf(isShut: Uint8Array | undefined): Ways {
    const trees = new Map<number, Tree>();
    function tree(root: number): Tree {
      if (root === own && isShut === undefined) return ways;
      const known = trees.get(root);
      if (known !== undefined) return known;
      const oldest = trees.keys().next();
      if (trees.size >= TREES_MAX && !oldest.done) trees.delete(oldest.value);
      const grown = walk(vertices, root, isShut);
      trees.set(root, grown);
      return grown;
    }
    return {
      parent(root, of) {
        const [from, to] = [indexOf(root), indexOf(of)];
        if (from < 0 || to < 0 || from === to) return undefined;
        const steps = tree(from);
        const nearer = steps.distance[to]! - 1;
        if (nearer < 0) return undefined;
        return vertices[to]!.edges.find((edge) => steps.distance[edge.to.index] === nearer && isWayOn(steps, edge.to, to))?.to.id;
      },
      distance(from, to) {
        const [root, at] = [indexOf(from), indexOf(to)];
        const distance = root < 0 || at < 0 ? -1 : tree(root).distance[at]!;
        return distance < 0 ? undefined : distance;
      },
    };
  }

  function nodeAt(at: number): GraphNode {
    const { id, record, isFrozen } = vertices[at]!;
    const [hops, via, delay] = [ways.distance[at]!, vertices[ways.via[at]!]!.id, ways.delay[at]!];
    return (nodesAt[at] ??= { id, record, isFrozen: isFrozen || ways.isThroughFrozen[at] === 1, hops, via, delay });
  }

  return {
    hops(to) {
      const at = wayTo(to);
      return at < 0 ? undefined : ways.distance[at];
    },
    nodes: () => (found ??= vertices.filter(({ index }) => index !== own && ways.distance[index]! >= 0).map(({ index }) => nodeAt(index))),
    node(id) {
      const at = wayTo(id);
      return at < 0 || at === own ? undefined : nodeAt(at);
    },
    areLinked(a, b) {
      const [from, to] = [net.get(a), net.get(b)];
      return from !== undefined && to !== undefined && from.edges.some((edge) => edge.to === to);
    },
    nextHop(to) {
      const at = wayTo(to);
      return at < 0 || at === own ? undefined : vertices[ways.via[at]!]!.id;
    },
    ...open,
    delay(to) {
      const at = wayTo(to);
      return at < 0 ? Infinity : ways.delay[at]!;
    },
    neighbours: (of) => (net.get(of)?.edges ?? []).map(({ to }) => to.id),
    around(shut) {
      if (shut.size === 0) return open;
      const known = byShut.get(shut) ?? waysOf(Uint8Array.from(vertices, ({ id }) => (shut.has(id) ? 1 : 0)));
      byShut.set(shut, known);
      return known;
    },
  };
}

/** The last step to `to` may come from this vertex: no frozen peer where there is a way round it. */
const isWayOn = ({ root, isThroughFrozen, isShut }: Tree, { index, isFrozen }: Vertex, to: number): boolean =>
  index === root || (isShut?.[index] !== 1 && (isThroughFrozen[to] === 1 || (isThroughFrozen[index] === 0 && !isFrozen)));

/** Breadth first; whom only frozen peers lead to comes in a second sweep. */
function walk(vertices: readonly Vertex[], root: number, isShut?: Uint8Array): Tree {
  const { length } = vertices;
  const tree: Tree = {
    ...{ root, isShut },
    distance: new Int16Array(length).fill(-1),
    via: new Int16Array(length),
    delay: new Float64Array(length),
    isThroughFrozen: new Uint8Array(length),
  };
  tree.distance[root] = 0;
  tree.via[root] = root;
  const isThere = new Uint8Array(length);
  isThere[root] = 1;
  const reached = spread(vertices, tree, { from: [root], isThere, isThroughFrozen: false });
  const frozen = reached.filter((at) => vertices[at]!.isFrozen);
  if (frozen.length > 0) spread(vertices, tree, { from: frozen, isThere, isThroughFrozen: true });
  return tree;
}

interface Sweep {
  readonly from: readonly number[];
  /** Where a ring before has come. */
  readonly isThere: Uint8Array;
  readonly isThroughFrozen: boolean;
}

/** Returns whom it reached. */
function spread(vertices: readonly Vertex[], tree: Tree, { from, isThere, isThroughFrozen }: Sweep): readonly number[] {
  const { root, distance, via, delay, isShut } = tree;
  const reached: number[] = [];
  for (let ring = from; ring.length > 0;) {
    const next: number[] = [];
    for (const at of ring) {
      const { edges, isFrozen } = vertices[at]!;
      if (at !== root && (isShut?.[at] === 1 || (isFrozen && !isThroughFrozen))) continue;
      for (const edge of edges) {
        const to = edge.to.index;
        if (isThere[to] === 1) continue;
        const far = distance[at]! + 1;
        const first = at === root ? to : via[at]!;
        if (distance[to]! < 0) next.push(to);
        else if (far >= distance[to]! && first >= via[to]!) continue;
        distance[to] = far;
        via[to] = first;
        delay[to] = delay[at]! + edge.delay;
        if (isThroughFrozen) tree.isThroughFrozen[to] = 1;
      }
    }
    for (const at of next) isThere[at] = 1;
    reached.push(...next);
    ring = next.sort((a, b) => a - b);
  }
  return reached;
}
