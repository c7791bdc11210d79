import type { PeerId } from '../base.ts';
import { shortHash } from './beacon.ts';
import type { Candidate } from './election.ts';
import { createGraph, type Graph, type GraphNode } from './graph.ts';
import type { Hearing, Neighbour } from './hearing.ts';

/**
 * Everybody of a session, as one peer knows them: who is heard by what its beacon says, who is further away by its record.
 * Who hangs, who is doubted and who is out of reach is left out.
 */
export interface Company {
  readonly self: PeerId;
  readonly hearing: Hearing;
  readonly graph: Graph;
  /** Of those further away not everyone who is told of is believed to be there. */
  readonly counts: (node: GraphNode) => boolean;
}

export function fellowsOf({ self, hearing, graph, counts }: Company, session: string): readonly Candidate[] {
  const fellows = new Map<PeerId, Candidate>();
  for (const { id, beacon } of hearing.present()) if (beacon?.session === session) fellows.set(id, { ...beacon, id });
  for (const node of graph.nodes()) {
    const { id, record } = node;
    if (id === self || !isToldOf(node, session) || fellows.has(id)) continue;
    if (!isOut(hearing, id) && counts(node)) fellows.set(id, { ...record!, id });
  }
  return [...fellows.values()];
}

const isToldOf = ({ record, isFrozen, hops }: GraphNode, session: string): boolean => hops > 1 && !isFrozen && record?.session === session;

/** One of them. */
export function fellowOf(company: Company, session: string, id: PeerId): Candidate | undefined {
  const { self, hearing, graph, counts } = company;
  const beacon = hearing.present().find((neighbour) => neighbour.id === id)?.beacon;
  if (beacon?.session === session) return { ...beacon, id };
  const node = id === self || isOut(hearing, id) ? undefined : graph.node(id);
  return node !== undefined && isToldOf(node, session) && counts(node) ? { ...node.record!, id } : undefined;
}

/** By ourselves, or else by someone we hear or who is within reach; but who hears it hang itself believes no older tale [EL2]. */
export function isHeard({ self, hearing, graph }: Company, peer: PeerId): boolean {
  const present = hearing.present();
  if (peer === self || present.some(({ id }) => id === peer)) return true;
  if (isOut(hearing, peer)) return false;
  const hash = shortHash(peer);
  if (present.some(({ beacon }) => beacon?.heard.includes(hash))) return true;
  const node = graph.node(peer);
  return node !== undefined && node.hops > 1 && !node.isFrozen;
}

/** It hangs, or told a wrong time: we know better than those who hear it by others. */
export function isOut(hearing: Hearing, peer: PeerId): boolean {
  const neighbour = hearing.get(peer);
  return neighbour !== undefined && (neighbour.isFrozen || neighbour.isDoubted);
}

/** Ready peers of a session, without self. */
export const sizeOf = (company: Company, session: string): number =>
  fellowsOf(company, session).reduce((count, { isReady }) => count + Number(isReady), 0);

/** The one whom more than half of those who are heard hold for master, itself among them. */
export function rivalsOf(others: readonly Neighbour[]): readonly Neighbour[] {
  const holding = (id: PeerId): number => others.filter(({ beacon }) => beacon?.master === id).length;
  return others.filter(({ id, beacon }) => beacon?.master === id && 2 * holding(id) > others.length);
}

/** The graph of who knows of no graph. */
export function alone(self: PeerId): () => Graph {
  const graph = createGraph(self, [], []);
  return () => graph;
}
