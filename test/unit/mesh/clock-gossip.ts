import type { PeerId } from '../../../src/base.ts';
import type { Statement } from '../../../src/mesh/clock.ts';
import { createGraph, type Graph } from '../../../src/mesh/graph.ts';
import { isNewer, type PeerRecord } from '../../../src/mesh/record.ts';

/** The records of a room of clocks, flooded as the mesh floods them: each once per peer, all to who is met anew. */
export interface Gossip {
  graph(): Graph;
  heard(peer: PeerId, mainAge: number): void;
  forget(peer: PeerId): void;
  receive(record: PeerRecord, from: PeerId): void;
  /** Every 100 ms: states what changed. */
  turn(): void;
}

export interface GossipPorts {
  /** True ms. */
  now(): number;
  stated(): Statement;
  carry(from: PeerId, to: PeerId, f: (gossip: Gossip) => void): void;
  changed(): void;
}

const SILENT_MS = 1000;

export function createGossip(self: PeerId, ports: GossipPorts): Gossip {
  const heard = new Map<PeerId, { at: number; isFrozen: boolean }>();
  const records = new Map<PeerId, PeerRecord>();
  let linked = new Set<PeerId>();
  let own: PeerRecord | undefined;
  let graph: Graph | undefined;

  const tell = (record: PeerRecord, to: Iterable<PeerId>): void => {
    for (const peer of to) ports.carry(self, peer, (gossip) => gossip.receive(record, self));
  };
  const isAudible = ({ at }: { readonly at: number }): boolean => ports.now() - at < SILENT_MS;
  const linksNow = () => [...heard].filter(([, state]) => isAudible(state)).map(([peer, { isFrozen }]) => ({ peer, delay: 1, isFrozen }));

  function state(): void {
    const { session, joinedAt, isReady, isVisible, preference } = ports.stated();
    const says = { isReady, isVisible, preference, session, joinedAt, links: linksNow() };
    const { seq = 0, ...last } = own ?? {};
    const next = { id: self, incarnation: '', profile: { name: '', hue: 0 }, ...says };
    if (JSON.stringify(next) === JSON.stringify(last)) return;
    own = { ...next, seq: seq + 1 };
    graph = undefined;
    tell(own, linked);
    ports.changed();
  }

  return {
    graph: () => (graph ??= createGraph(self, linksNow(), records.values())),
    heard: (peer, mainAge) => void heard.set(peer, { at: ports.now(), isFrozen: mainAge > SILENT_MS }),
    forget: (peer) => void heard.delete(peer),
    receive(record, from) {
      const known = record.id === self ? own : records.get(record.id);
      if (record.id === self || (known !== undefined && !isNewer(record, known))) return;
      records.set(record.id, record);
      graph = undefined;
      tell(
        record,
        [...linked].filter((peer) => peer !== from),
      );
      ports.changed();
    },
    turn() {
      const now = new Set(linksNow().map(({ peer }) => peer));
      const met = [...now].filter((peer) => !linked.has(peer));
      linked = now;
      state();
      for (const record of [...records.values(), ...(own ? [own] : [])]) tell(record, met);
    },
  };
}
