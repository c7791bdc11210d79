import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createConsole, type Console } from './console.ts';
import type { DocumentStore } from './crdt/store.ts';
import { createNodeStore } from './crdt/store.node.ts';
import { startAt } from './headless-start.ts';
import type { ClockFault } from './mesh/fault.ts';
import { createNodeHost } from './mesh/host.node.ts';
import { claimNodeInstance, type NodeInstance } from './mesh/identity.node.ts';
import { createIdentity } from './mesh/identity.ts';
import { deriveKeys, type RoomKeys } from './mesh/room-code.ts';
import { createNodeTransport } from './mesh/webrtc.node.ts';
import { createPeer, type PerformingPeer } from './peer.ts';

/** A peer without a page: the very same, on the ports of Node. */
export interface HeadlessPeer {
  readonly peer: PerformingPeer;
  /** As `window.tutti` in a page. */
  readonly tutti: Console;
  /** Says goodbye; resolved when the last words have left. */
  close(): Promise<void>;
}

export interface HeadlessOptions {
  /** ws: or wss: address of the signalling server. */
  readonly url: string;
  /** As `parseCode` returns it. */
  readonly code: string;
  /** Likewise: fingerprint of who made the room. */
  readonly root?: string;
  readonly name: string;
  readonly hue: number;
  /** Groups to be in, by name or id; each is entered once, when the score has it. */
  readonly groups?: readonly string[];
  /** Folder for the key and the documents; absent: a new key each time, and nothing kept. */
  readonly folder?: string;
  /** `20:00` or `20:00:30`: when to start, by the clock on the wall here. */
  readonly playAt?: string;
  /** Only in tests. */
  readonly fault?: ClockFault;
}

/** For the last words to leave over links that linger 100 ms. */
const GOODBYE_MS = 200;

const NO_STORE: DocumentStore = {
  open(_, __, loaded) {
    queueMicrotask(loaded);
    return { close: () => undefined };
  },
  renew: () => ({ close: () => undefined }),
  keep: () => undefined,
  list: (_, found) => queueMicrotask(() => found([])),
  forget: () => undefined,
};

/** Rejects with an Error for the person who starts it when the folder cannot be used. */
export async function openHeadless(options: HeadlessOptions): Promise<HeadlessPeer> {
  const { url, code, name, hue, folder } = options;
  const host = createNodeHost(options.fault);
  const instance = folder === undefined ? undefined : await claimNodeInstance(folder);
  const peer: PerformingPeer = createPeer(
    {
      host,
      transport: createNodeTransport(host, url),
      store:
        folder === undefined || !instance ? NO_STORE : openStore(folder, instance, (message) => peer.notify({ level: 'warning', message })),
    },
    {
      identity: instance?.identity ?? createIdentity(host.random),
      instance: instance?.number ?? 0,
      code,
      keys: keysOf(code),
      ...(options.root !== undefined && { root: options.root }),
      profile: { name, hue },
    },
  );
  enterGroups(peer, options.groups ?? []);
  if (options.playAt !== undefined) startAt(peer, options.playAt);
  return {
    peer,
    tutti: createConsole(peer),
    async close() {
      peer.close();
      instance?.release();
      await wait(GOODBYE_MS);
    },
  };
}

let derived: { readonly code: string; readonly keys: RoomKeys } | undefined;

/** Slow on purpose, so done once for all peers of this process that enter one room. */
function keysOf(code: string): RoomKeys {
  if (derived?.code !== code) derived = { code, keys: deriveKeys(code) };
  return derived.keys;
}

/** Processes that share a folder share the key; documents each keeps for itself. */
const openStore = (folder: string, { number }: NodeInstance, onNotice: (message: string) => void): DocumentStore =>
  createNodeStore(join(folder, `documents-${number}`), onNotice);

/** Once each in a session: whoever takes this peer out of a group again means it. */
function enterGroups(peer: PerformingPeer, wanted: readonly string[]): void {
  let missing = new Set(wanted);
  const enter = (): void => {
    if (missing.size === 0 || peer.clock.master() === undefined) return;
    for (const { id, name } of peer.score.read().groups.values())
      if (missing.delete(id) || missing.delete(name)) peer.groups.setMember(peer.self.id, id, true);
  };
  peer.onSession(() => (missing = new Set(wanted)));
  for (const event of ['score', 'clock', 'groups'] as const) peer.on(event, enter);
}
