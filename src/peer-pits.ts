import type { MeshTime, PeerId } from './base.ts';
import type { ObjectId, Score } from './crdt/score.ts';
import type { Address, Value } from './crdt/value.ts';
import type { Timer } from './mesh/host.ts';
import type { Mesh } from './mesh/mesh.ts';
import { TOPIC } from './mesh/wire.ts';
import type { Pits } from './peer-api.ts';
import { createEpochs } from './pit/epochs.ts';
import { createPitExchange } from './pit/exchange.ts';
import { createPitDesk } from './pit/pits.ts';
import type { PitDesk } from './pit/pits.ts';
import { statedPeriod } from './pit/rate.ts';

/** All that belongs to pits in a peer: what is put in, what is counted together, and where it goes. */
export interface PeerPits {
  readonly desk: PitDesk;
  readonly view: Pits;
  /** The pit processes that run now. */
  runs(pits: readonly ObjectId[]): void;
  turn(): void;
  /** Somebody is within reach, or gone. */
  joined(peer: PeerId): void;
  left(peer: PeerId): void;
  /** Other links: what was under way over one that is gone is said again. */
  relinked(): void;
  /** Mesh time is another now. */
  restart(): void;
  close(): void;
}

export interface PeerPitsDeps {
  readonly self: PeerId;
  readonly timer: Timer;
  readonly mesh: Mesh;
  /** Who states what stands in aligned pits. */
  master(): PeerId | undefined;
  /** Whether others take what this peer puts in. */
  mayPut(): boolean;
  /** As heard by messages of a topic. */
  hear: Mesh['receive'];
  /** Peers with a whole link. */
  links(): number;
  /** As this peer plays it, and as all share it. */
  score(): Score;
  sharedScore(): Score;
  isMine(process: ObjectId): boolean;
  send(address: Address, value: Value, at: MeshTime): void;
}

export function createPeerPits(deps: PeerPitsDeps): PeerPits {
  const { self, timer, mesh } = deps;
  const { clock } = mesh;
  const now = (): MeshTime => clock.now();
  let running: readonly ObjectId[] = [];

  const exchange = createPitExchange(timer, {
    ...{ self, now, links: deps.links, mayPut: deps.mayPut },
    besides: () => epochs.rate(),
    send: (to, payload) => void mesh.send(to, 'fast', TOPIC.pit, payload),
    broadcast: (payload) => mesh.broadcast('fast', TOPIC.pit, payload),
  });
  const epochs = createEpochs({
    ...{ self, timer, now },
    master: () => (clock.isReady() ? deps.master() : undefined),
    latency: () => mesh.latency(),
    spread: () => clock.spread(),
    pits: () => [...deps.sharedScore().processes.values()].flatMap((it) => (it.type === 'pit' && it.isAligned ? [it] : [])),
    contributionsAt: (pit, date) => exchange.contributionsAt(pit, date),
    period: () => statedPeriod(deps.links()),
    broadcast: (channel, payload) => mesh.broadcast(channel, TOPIC.epoch, payload),
  });
  const desk = createPitDesk({
    ...{ exchange, epochs, now, score: deps.score, isMine: deps.isMine, send: deps.send },
    isLive: (process) => running.includes(process),
  });
  deps.hear(TOPIC.pit, (from, payload) => exchange.receive(from, payload));
  deps.hear(TOPIC.epoch, (from, payload) => epochs.receive(from, payload));

  return {
    desk,
    view: {
      put: (pit, value) => desk.put(pit, value),
      withdraw: (pit) => desk.withdraw(pit),
      read: (pit) => desk.read(pit),
      epoch: (pit) => desk.epoch(pit),
      contributions(pit) {
        const found = desk.find(pit);
        const date = now();
        return found ? exchange.contributions(found.id).map(({ peer, value, at }) => ({ peer, value, age: Math.max(0, date - at) })) : [];
      },
    },
    runs(pits) {
      running = pits;
      desk.refresh();
    },
    turn() {
      epochs.turn();
      desk.turn();
    },
    joined(peer) {
      exchange.joined(peer);
      epochs.joined();
    },
    relinked: () => epochs.joined(),
    left: (peer) => exchange.left(peer),
    restart() {
      epochs.restart();
      exchange.restamp();
    },
    close() {
      desk.close();
      epochs.close();
      exchange.close();
    },
  };
}
