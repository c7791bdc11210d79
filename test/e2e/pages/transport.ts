import { parseFault } from '../../../src/mesh/fault.ts';
import { createBrowserHost } from '../../../src/mesh/host.browser.ts';
import { claimInstance, loadIdentity } from '../../../src/mesh/identity.browser.ts';
import { createMesh, type Mesh } from '../../../src/mesh/mesh.ts';
import { createWebrtcTransport } from '../../../src/mesh/webrtc.browser.ts';
import { TRANSPORT_CONTRACT } from '../../contract/transport.ts';

/** What the runner drives: the contract within one page, and a mesh among several. */
export interface TransportPage {
  readonly titles: readonly string[];
  /** Empty when kept, else what is broken. */
  runCase(index: number, isWorkerWanted: boolean): Promise<string>;
  join(options: JoinOptions): Promise<string>;
  view(): MeshView;
  /** One message to everyone on each channel; returns how many were heard so far by topic 30. */
  shout(): void;
  leave(): void;
  /** Blocks the main thread. */
  hang(ms: number): void;
}

export interface JoinOptions {
  readonly url: string;
  readonly isWorkerWanted: boolean;
  readonly fault: string;
  readonly name: string;
}

export interface MeshView {
  readonly members: { readonly name: string; readonly link: string; readonly isFrozen: boolean; readonly roundTrip: number | undefined }[];
  readonly heard: number;
  readonly session: string | undefined;
  readonly isMaster: boolean;
  readonly isReady: boolean;
  readonly isWorkerUsed: boolean;
  readonly server: string;
  /** Mesh time against the true clock of the machine, ms. */
  readonly error: number;
  readonly spread: number;
  readonly latency: number;
  readonly notices: readonly string[];
}

const KEYS = { tag: '00112233445566778899aabbccddeeff', key: new Uint8Array(32).fill(7) };
const TOPIC = 30;

const until = (isDone: () => boolean, limit = 10_000): Promise<boolean> =>
  new Promise((resolve) => {
    const end = performance.now() + limit;
    const look = (): void => {
      if (isDone() || performance.now() > end) resolve(isDone());
      else setTimeout(look, 10);
    };
    look();
  });

let mesh: Mesh | undefined;
let heard = 0;
let isWorkerUsed: () => boolean = () => false;
const notices: string[] = [];

const page: TransportPage = {
  titles: TRANSPORT_CONTRACT.map(({ title }) => title),
  async runCase(index, isWorkerWanted) {
    const host = createBrowserHost();
    const transport = createWebrtcTransport(host, { url: '', isWorkerWanted });
    try {
      await TRANSPORT_CONTRACT[index]?.run({ a: transport, b: transport, until });
      return transport.isWorkerUsed === isWorkerWanted ? '' : 'the worker was not used';
    } catch (error) {
      return String(error);
    }
  },
  async join({ url, isWorkerWanted, fault, name }) {
    const host = createBrowserHost(parseFault(fault));
    const transport = createWebrtcTransport(host, { url, isWorkerWanted });
    const instance = (await claimInstance()).number;
    const identity = loadIdentity(host.random);
    mesh = createMesh(host, transport, { identity, instance, keys: KEYS, profile: { name, hue: 1 } });
    isWorkerUsed = () => transport.isWorkerUsed;
    mesh.receive(TOPIC, () => void heard++);
    mesh.on('notice', ({ message }) => notices.push(message));
    return mesh.self;
  },
  view: () => ({
    members: mesh?.members().map(({ profile, link, isFrozen, roundTrip }) => ({ name: profile.name, link, isFrozen, roundTrip })) ?? [],
    heard,
    session: mesh?.clock.session()?.id,
    isMaster: mesh?.clock.isMaster() ?? false,
    isReady: mesh?.clock.isReady() ?? false,
    isWorkerUsed: isWorkerUsed(),
    server: mesh?.server ?? 'none',
    error: (mesh?.clock.now() ?? 0) - (performance.timeOrigin + performance.now()),
    spread: mesh?.clock.spread() ?? Infinity,
    latency: mesh?.latency() ?? 0,
    notices,
  }),
  shout() {
    for (const channel of ['state', 'event', 'media', 'fast'] as const) mesh?.broadcast(channel, TOPIC, Uint8Array.of(1, 2, 3));
  },
  leave: () => mesh?.close(),
  hang(ms) {
    const end = performance.now() + ms;
    while (performance.now() < end);
  },
};

declare global {
  interface Window {
    transportPage: TransportPage;
  }
}
window.transportPage = page;
