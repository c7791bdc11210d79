/** A process of headless peers, told by its parent what to do: see headless.ts. */
import { RTCDataChannel } from 'node-datachannel/polyfill';
import { openHeadless, type HeadlessPeer } from '../../src/headless.node.ts';
import { endRtc } from '../../src/mesh/rtc.node.ts';

export interface Orders {
  /** Peers enter all at once. */
  open(order: { readonly url: string; readonly code: string; readonly first: number; readonly count: number }): Promise<void>;
  state(): readonly PeerState[];
  usage(): Usage;
  /** Peer `index` of this process says something on `event` to everyone; ms of the machine's monotonic clock. */
  shout(index: number): number;
  /** When the peers of this process heard the last shout. */
  heard(): readonly number[];
  writePit(): void;
  /** All peers of this process put in a value so often a second. */
  startPit(hz: number): void;
  /** Per peer of this process and contributor: changes seen since the last call. */
  delivered(): readonly number[];
  close(): Promise<void>;
}

export interface PeerState {
  readonly isReady: boolean;
  /** Others who are there, linked or relayed. */
  readonly present: number;
  readonly links: number;
  readonly hasPit: boolean;
}

export interface Usage {
  /** ms of processor time since the process began. */
  readonly processor: number;
  /** bytes */
  readonly memory: number;
  /** Messages sent on all channels of all links, pings included. */
  readonly messages: number;
  /** Bytes of these. */
  readonly bytes: number;
}

export const PIT = 'shared';

const LOOK_MS = 10;
const peers: HeadlessPeer[] = [];
let heard: number[] = [];
let [messages, sentBytes] = [0, 0];

/** Of all processes of this machine. */
const now = (): number => Number(process.hrtime.bigint()) / 1e6;

const send = Object.getOwnPropertyDescriptor(RTCDataChannel.prototype, 'send')?.value as (data: Uint8Array) => void;
RTCDataChannel.prototype.send = function (data: Uint8Array) {
  messages += 1;
  sentBytes += data.byteLength;
  send.call(this, data);
};

const listen = ({ peer }: HeadlessPeer): void =>
  void peer.devices.add({
    name: 'ear',
    parameters: () => [],
    read: () => undefined,
    send: () => undefined,
    panic: () => void heard.push(now()),
    onValue: () => () => undefined,
    close: () => undefined,
  });

const seen = new Map<string, unknown>();
const counts = new Map<string, number>();

function look(): void {
  for (const { peer, tutti } of peers)
    for (const { peer: by, value } of tutti.pits.contributions(PIT)) {
      const key = `${peer.self.id} ${by}`;
      if (by === peer.self.id || seen.get(key) === value) continue;
      seen.set(key, value);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
}

const orders: Orders = {
  async open({ url, code, first, count }) {
    const opened = await Promise.all(
      Array.from({ length: count }, (_, i) => openHeadless({ url, code, name: `Peer ${first + i}`, hue: (first + i) % 12 })),
    );
    for (const peer of opened) listen(peer);
    peers.push(...opened);
  },
  state: () =>
    peers.map(({ peer, tutti }) => {
      const others = peer.room.peers().filter(({ isSelf }) => !isSelf);
      return {
        isReady: peer.clock.master() !== undefined && Number.isFinite(peer.clock.spread()),
        present: others.filter(({ link }) => link === 'whole' || link === 'relayed').length,
        links: others.filter(({ link }) => link === 'whole').length,
        hasPit: tutti.score.save().includes(PIT),
      };
    }),
  usage() {
    const { user, system } = process.cpuUsage();
    return { processor: (user + system) / 1000, memory: process.memoryUsage.rss(), messages, bytes: sentBytes };
  },
  shout(index) {
    const at = now();
    peers[index]?.peer.devices.panic(true);
    // Its own ear hears it at once.
    heard = [];
    return at;
  },
  heard: () => heard,
  writePit() {
    const process = { type: 'pit', key: PIT, combination: 'sum', isAlways: true, min: 0, max: 1 } as const;
    peers[0]?.tutti.score.edit({ type: 'createProcess', interval: 'root', process });
  },
  startPit(hz) {
    let turn = 0;
    setInterval(() => {
      turn += 1;
      for (const { tutti } of peers) tutti.pits.put(PIT, (turn % 997) / 1000);
    }, 1000 / hz);
    setInterval(look, LOOK_MS);
  },
  delivered() {
    const figures = [...counts.values()];
    counts.clear();
    return figures;
  },
  async close() {
    await Promise.all(peers.map((peer) => peer.close()));
    endRtc();
  },
};

process.on('message', ({ id, name, order }: { readonly id: number; readonly name: keyof Orders; readonly order: unknown }) => {
  const f = orders[name] as (order: unknown) => unknown;
  // A shout of another process has to find an empty ear.
  if (name === 'shout' && order === -1) heard = [];
  void Promise.resolve(name === 'shout' && order === -1 ? 0 : f(order)).then((answer) => process.send?.({ id, answer }));
});
process.on('disconnect', () => process.exit(0));
