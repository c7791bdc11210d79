import { compare, type PeerId } from '../base.ts';
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
}

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

interface Vertex {
  readonly id: PeerId;
  readonly record: PeerRecord | undefined;
  /** By id. */
  readonly edges: Map<PeerId, PeerLink>;
  isFrozen: boolean;
}

interface Step {
  readonly distance: number;
  readonly via: PeerId;
  readonly delay: number;
  readonly isThroughFrozen: boolean;
}

const NOBODY: readonly PeerId[] = [];
const TREES_MAX = 64;

/** links: one's own, by whatever order. records: of the others, at most one each. */
export function createGraph(self: PeerId, links: readonly PeerLink[], records: Iterable<PeerRecord>): Graph {
  const vertices = connect(self, links, records);
  const ways = walk(vertices, self);
  const trees = new Map<PeerId, ReadonlyMap<PeerId, Step>>();
  let found: readonly GraphNode[] | undefined;

  const tree = (root: PeerId): ReadonlyMap<PeerId, Step> => {
    if (root === self) return ways;
    const known = trees.get(root);
    if (known !== undefined) return known;
    if (trees.size >= TREES_MAX) trees.clear();
    const grown = walk(vertices, root);
    trees.set(root, grown);
    return grown;
  };

  function node(id: PeerId): GraphNode | undefined {
    const way = ways.get(id);
    const vertex = vertices.get(id);
    if (way === undefined || vertex === undefined || id === self) return undefined;
    const isFrozen = vertex.isFrozen || way.isThroughFrozen;
    return { id, record: vertex.record, isFrozen, hops: way.distance, via: way.via, delay: way.delay };
  }

  return {
    hops: (to) => ways.get(to)?.distance,
    nodes: () =>
      (found ??= [...ways.keys()].sort(compare).flatMap((id) => {
        const one = node(id);
        return one === undefined ? [] : [one];
      })),
    node,
    areLinked: (a, b) => vertices.get(a)?.edges.has(b) ?? false,
    nextHop: (to) => (to === self ? undefined : ways.get(to)?.via),
    parent(root, of) {
      const steps = tree(root);
      const own = steps.get(of);
      if (own === undefined || of === root) return undefined;
      for (const id of vertices.get(of)?.edges.keys() ?? NOBODY) {
        const step = steps.get(id);
        if (step !== undefined && step.distance === own.distance - 1 && isWayOn(vertices, { step, id, root, own })) return id;
      }
      return undefined;
    },
    distance: (from, to) => tree(from).get(to)?.distance,
    delay: (to) => ways.get(to)?.delay ?? Infinity,
    neighbours: (of) => [...(vertices.get(of)?.edges.keys() ?? NOBODY)],
  };
}

/** The last step of `own` may come from `id`: no frozen peer where `own` has a way round it. */
const isWayOn = (
  vertices: ReadonlyMap<PeerId, Vertex>,
  { step, id, root, own }: { readonly step: Step; readonly id: PeerId; readonly root: PeerId; readonly own: Step },
): boolean => own.isThroughFrozen || (!step.isThroughFrozen && (id === root || vertices.get(id)?.isFrozen !== true));

function connect(self: PeerId, links: readonly PeerLink[], records: Iterable<PeerRecord>): Map<PeerId, Vertex> {
  const stated = new Map<PeerId, { readonly record: PeerRecord | undefined; readonly links: Map<PeerId, PeerLink> }>();
  const linksOf = (list: readonly PeerLink[]): Map<PeerId, PeerLink> => new Map(list.map((link) => [link.peer, link]));
  stated.set(self, { record: undefined, links: linksOf(links) });
  for (const record of records) if (record.id !== self) stated.set(record.id, { record, links: linksOf(record.links) });
  for (const { peer } of links) if (!stated.has(peer)) stated.set(peer, { record: undefined, links: new Map() });
  const vertices = new Map<PeerId, Vertex>();
  const own = stated.get(self)!.links;
  for (const [id, { record, links: theirs }] of stated) {
    const edges: [PeerId, PeerLink][] = [];
    for (const [peer, link] of theirs) {
      const back = stated.get(peer)?.links.get(id);
      if (peer !== self && peer !== id && back !== undefined) edges.push([peer, wider(link, back)]);
    }
    const mine = own.get(id);
    if (id !== self && mine !== undefined) edges.push([self, { ...mine, isFrozen: false }]);
    vertices.set(id, { id, record, edges: new Map(edges.sort(([a], [b]) => compare(a, b))), isFrozen: false });
  }
  const root = vertices.get(self)!;
  root.edges.clear();
  for (const [peer, link] of [...own].sort(([a], [b]) => compare(a, b))) if (peer !== self) root.edges.set(peer, link);
  for (const vertex of vertices.values()) {
    if (vertex.id === self) continue;
    const witnesses = [...vertex.edges.keys()].map((peer) => stated.get(peer)?.links.get(vertex.id)?.isFrozen === true);
    vertex.isFrozen = witnesses.length > 0 && 2 * witnesses.filter(Boolean).length >= witnesses.length;
  }
  return vertices;
}

const wider = (link: PeerLink, back: PeerLink): PeerLink => ({ ...link, delay: Math.max(link.delay, back.delay) });

/** Breadth first; whom only frozen peers lead to comes in a second sweep. */
function walk(vertices: ReadonlyMap<PeerId, Vertex>, root: PeerId): ReadonlyMap<PeerId, Step> {
  const steps = new Map<PeerId, Step>();
  if (!vertices.has(root)) return steps;
  steps.set(root, { distance: 0, via: root, delay: 0, isThroughFrozen: false });
  spread(vertices, { steps, from: [root], isThroughFrozen: false, root });
  const frozen = [...steps.keys()].filter((id) => id !== root && vertices.get(id)?.isFrozen === true);
  if (frozen.length > 0) spread(vertices, { steps, from: frozen, isThroughFrozen: true, root });
  return steps;
}

interface Sweep {
  readonly steps: Map<PeerId, Step>;
  readonly from: readonly PeerId[];
  readonly isThroughFrozen: boolean;
  readonly root: PeerId;
}

function spread(vertices: ReadonlyMap<PeerId, Vertex>, { steps, from, isThroughFrozen, root }: Sweep): void {
  let ring = from;
  while (ring.length > 0) {
    const next = new Map<PeerId, Step>();
    for (const id of ring) {
      const vertex = vertices.get(id)!;
      if (vertex.isFrozen && id !== root && !isThroughFrozen) continue;
      const step = steps.get(id)!;
      for (const [peer, { delay }] of vertex.edges) {
        if (steps.has(peer) || !vertices.has(peer)) continue;
        const via = id === root ? peer : step.via;
        const known = next.get(peer);
        const isBetter = known === undefined || step.distance + 1 < known.distance || compare(via, known.via) < 0;
        if (isBetter) next.set(peer, { distance: step.distance + 1, via, delay: step.delay + delay, isThroughFrozen });
      }
    }
    for (const [id, step] of next) steps.set(id, step);
    ring = [...next.keys()].sort(compare);
  }
}
