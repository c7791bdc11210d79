import type { MeshTime, Unsubscribe } from '../base.ts';
import type { ObjectId, Pit, Score } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import type { Device, Parameter } from '../engine/device.ts';
import { matches } from '../engine/pattern.ts';
import { combine } from './combine.ts';
import type { PitExchange } from './exchange.ts';

/**
 * The pits of the score: what this peer's faders and devices put in goes to everybody, what comes out is readable at
 * `pit:/<key>` and, where this peer runs the pit, goes on to the pit's output address.
 */
export interface PitDesk {
  /** By process id or key. */
  find(pit: string): Pit | undefined;
  put(pit: string, value: Value): void;
  withdraw(pit: string): void;
  read(pit: string): Value | undefined;
  /** A value passed at an address of this peer's devices: it may be a pit's input. */
  value(address: Address, value: Value): void;
  /** The set of running pit processes, or of who runs what, changed: outputs that begin are sent once. */
  refresh(): void;
  readonly device: Device;
  onChange(f: (pit: ObjectId) => void): Unsubscribe;
  close(): void;
}

export interface PitDeps {
  readonly exchange: PitExchange;
  score(): Score;
  now(): MeshTime;
  /** This peer runs the process and its interval is running. */
  isLive(process: ObjectId): boolean;
  isMine(process: ObjectId): boolean;
  send(address: Address, value: Value, at: MeshTime): void;
}

export const pitAddress = (pit: Pit): Address => `pit:/${pit.key}`;

export function createPitDesk(deps: PitDeps): PitDesk {
  const listeners = new Set<(pit: ObjectId) => void>();
  const deviceListeners = new Set<(address: Address, value: Value, at: MeshTime) => void>();
  let live = new Set<ObjectId>();

  let seen: { readonly score: Score; readonly pits: readonly Pit[] } | undefined;
  const pits = (): readonly Pit[] => {
    const score = deps.score();
    if (seen?.score !== score) seen = { score, pits: [...score.processes.values()].filter((process) => process.type === 'pit') };
    return seen.pits;
  };
  const find = (name: string): Pit | undefined => pits().find(({ id, key }) => id === name || key === name);
  const read = (pit: Pit): Value | undefined => combine(pit.combination, deps.exchange.contributions(pit.id));
  const isLive = (pit: Pit): boolean => (pit.isAlways ? deps.isMine(pit.id) : deps.isLive(pit.id));

  const output = (pit: Pit): void => {
    const value = read(pit);
    if (value !== undefined && pit.output !== '' && live.has(pit.id)) deps.send(pit.output, value, deps.now());
  };

  const stop = deps.exchange.onChange((id) => {
    const pit = find(id);
    if (!pit) return;
    output(pit);
    const value = read(pit);
    if (value !== undefined) for (const f of deviceListeners) f(pitAddress(pit), value, deps.now());
    for (const f of listeners) f(id);
  });

  const device: Device = {
    name: 'pit',
    parameters: (): readonly Parameter[] =>
      pits().map((pit) => ({
        address: pitAddress(pit),
        type: pit.combination === 'list' ? 'list' : 'number',
        access: 'both',
        ...(pit.combination !== 'sum' && { min: pit.min, max: pit.max }),
        description: pit.name,
      })),
    read(address) {
      const pit = pits().find((each) => pitAddress(each) === address);
      return pit && read(pit);
    },
    /** A score or a controller may put into a pit like a hand does: this peer's contribution. */
    send(address, value) {
      const pit = pits().find((each) => pitAddress(each) === address);
      if (pit) deps.exchange.put(pit.id, value);
    },
    onValue(f) {
      deviceListeners.add(f);
      return () => deviceListeners.delete(f);
    },
    close: () => deviceListeners.clear(),
  };

  return {
    find,
    put(name, value) {
      const pit = find(name);
      if (pit) deps.exchange.put(pit.id, value);
    },
    withdraw(name) {
      const pit = find(name);
      if (pit) deps.exchange.put(pit.id, null);
    },
    read(name) {
      const pit = find(name);
      return pit && read(pit);
    },
    value(address, value) {
      for (const pit of pits()) if (matches(pit.input, address)) deps.exchange.put(pit.id, value);
    },
    refresh() {
      const before = live;
      const now = pits().filter(isLive);
      live = new Set(now.map(({ id }) => id));
      for (const pit of now) if (!before.has(pit.id)) output(pit);
    },
    device,
    onChange(f) {
      listeners.add(f);
      return () => listeners.delete(f);
    },
    close() {
      stop();
      listeners.clear();
    },
  };
}
