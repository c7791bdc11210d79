import { compare, type PeerId } from '../base.ts';
import type { PeerLink, PeerRecord } from './record.ts';

/**
 * All peers that are stated, and the edges that count between them: kept from one graph to the next, so that one record more
 * costs the edges of its author and of those it is linked with, not all edges of the room.
 */
export interface Net {
  /** By id. */
  readonly vertices: readonly Vertex[];
  readonly self: Vertex;
  get(id: PeerId): Vertex | undefined;
  /** One's own, in whatever order. */
  setLinks(links: readonly PeerLink[]): void;
  /** undefined: it says nothing any more. */
  setRecord(id: PeerId, record: PeerRecord | undefined): void;
}

export interface Vertex {
  readonly id: PeerId;
  /** Place among the vertices by id. */
  readonly index: number;
  readonly record: PeerRecord | undefined;
  /** What it says of its links, by their other end. */
  readonly stated: ReadonlyMap<PeerId, PeerLink>;
  /** By id of the other end. */
  readonly edges: readonly Edge[];
  /** For half of its neighbours at least. */
  readonly isFrozen: boolean;
}

export interface Edge {
  readonly to: Vertex;
  /** ms, the wider of what both ends state. */
  readonly delay: number;
}

type Stated = Vertex['stated'];
type Mutable = { -readonly [K in keyof Vertex]: Vertex[K] };

const NOTHING: Stated = new Map();
/** Records are the same objects wherever they are held. */
const known = new WeakMap<PeerRecord, Stated>();

/** By the other end's id. */
export function linksOf(record: PeerRecord): Stated {
  const found = known.get(record) ?? new Map(record.links.map((link) => [link.peer, link]));
  known.set(record, found);
  return found;
}

export function createNet(selfId: PeerId): Net {
  const byId = new Map<PeerId, Mutable>();
  let sorted: readonly Mutable[] | undefined;
  const self = add(selfId);

  function add(id: PeerId): Mutable {
    const made: Mutable = { id, index: 0, record: undefined, edges: [], isFrozen: false, stated: NOTHING };
    byId.set(id, made);
    sorted = undefined;
    return made;
  }

  function edgesOf(vertex: Mutable): Edge[] {
    const edges: Edge[] = [];
    const mine = self.stated.get(vertex.id);
    if (vertex !== self && mine !== undefined) edges.push({ to: self, delay: mine.delay });
    for (const { peer, delay } of vertex.stated.values()) {
      const to = byId.get(peer);
      if (to === undefined || to === vertex || to === self) continue;
      // Of one's own links one's own word is enough.
      const back = vertex === self ? delay : to.stated.get(vertex.id)?.delay;
      if (back !== undefined) edges.push({ to, delay: Math.max(delay, back) });
    }
    return edges.sort((a, b) => compare(a.to.id, b.to.id));
  }

  function isFrozen({ id, edges }: Mutable): boolean {
    const witnesses = edges.filter(({ to }) => to.stated.get(id)?.isFrozen === true);
    return id !== selfId && edges.length > 0 && 2 * witnesses.length >= edges.length;
  }

  /** What it states is another: its edges, and those of whom it was or is linked with. */
  function restate(vertex: Mutable, stated: Stated): void {
    const affected = new Set([vertex]);
    for (const { to } of vertex.edges) affected.add(byId.get(to.id)!);
    for (const peer of stated.keys()) affected.add(byId.get(peer) ?? vertex);
    vertex.stated = stated;
    for (const each of affected) each.edges = edgesOf(each);
    for (const each of affected) each.isFrozen = isFrozen(each);
  }

  function forgetIfNobody(vertex: Mutable): void {
    if (vertex === self || vertex.record !== undefined || self.stated.has(vertex.id)) return;
    byId.delete(vertex.id);
    sorted = undefined;
  }

  return {
    self,
    get vertices() {
      if (sorted !== undefined) return sorted;
      const all = [...byId.values()].sort((a, b) => compare(a.id, b.id));
      for (const [index, vertex] of all.entries()) vertex.index = index;
      return (sorted = all);
    },
    get: (id) => byId.get(id),
    setLinks(links) {
      const before = [...self.stated.keys()];
      for (const { peer } of links) if (!byId.has(peer)) add(peer);
      restate(self, new Map(links.filter(({ peer }) => peer !== selfId).map((link) => [link.peer, link])));
      for (const id of before) if (byId.has(id)) forgetIfNobody(byId.get(id)!);
    },
    setRecord(id, record) {
      if (id === selfId || (record === undefined && !byId.has(id))) return;
      const vertex = byId.get(id) ?? add(id);
      vertex.record = record;
      restate(vertex, record === undefined ? NOTHING : linksOf(record));
      forgetIfNobody(vertex);
    },
  };
}
