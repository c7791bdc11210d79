import type { MeshTime, Unsubscribe } from '../base.ts';
import type { Combination, ObjectId, Pit, Score } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import type { Device, Parameter } from '../engine/device.ts';
import { isSameValue } from '../engine/flow.ts';
import { matches } from '../engine/pattern.ts';
import { combine } from './combine.ts';
import type { Epoch, Epochs } from './epochs.ts';
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
  /** Of an aligned pit, the count that holds. */
  epoch(pit: string): PitEpoch | undefined;
  /** A value passed at an address of this peer's devices: it may be a pit's input. */
  value(address: Address, value: Value): void;
  /** The set of running pit processes, or of who runs what, changed: outputs that begin are sent once. */
  refresh(): void;
  /** Continuous outputs repeat; every 25 ms or so. */
  turn(): void;
  readonly device: Device;
  onChange(f: (pit: ObjectId) => void): Unsubscribe;
  close(): void;
}

/** What holds of an aligned pit; isHeld: nothing newer came for a while, so that others may be further. */
export interface PitEpoch extends Epoch {
  readonly isHeld: boolean;
}

export interface PitDeps {
  readonly exchange: Pick<PitExchange, 'put' | 'contributions' | 'onChange'>;
  readonly epochs: Pick<Epochs, 'at' | 'ahead' | 'isHeld' | 'onStated' | 'onChange'>;
  score(): Score;
  now(): MeshTime;
  /** Its interval is running. */
  isLive(process: ObjectId): boolean;
  /** This peer runs it. */
  isMine(process: ObjectId): boolean;
  send(address: Address, value: Value, at: MeshTime): void;
}

const TYPES: { readonly [K in Combination]?: Parameter['type'] } = { list: 'list', count: 'integer' };
const UNBOUNDED: ReadonlySet<Combination> = new Set(['sum', 'spread', 'count']);

export const pitAddress = (pit: Pit): Address => `pit:/${pit.key}`;

export function createPitDesk(deps: PitDeps): PitDesk {
  const { exchange, epochs } = deps;
  const listeners = new Set<(pit: ObjectId) => void>();
  const deviceListeners = new Set<(address: Address, value: Value, at: MeshTime) => void>();
  /** What went out last, of pits that run. */
  let live = new Map<ObjectId, { readonly value: Value | undefined; readonly epoch: Epoch | undefined }>();

  let seen: { readonly score: Score; readonly pits: readonly Pit[] } | undefined;
  const pits = (): readonly Pit[] => {
    const score = deps.score();
    if (seen?.score !== score) seen = { score, pits: [...score.processes.values()].filter((process) => process.type === 'pit') };
    return seen.pits;
  };
  const find = (name: string): Pit | undefined => pits().find(({ id, key }) => id === name || key === name);
  const at = (address: Address): Pit | undefined => pits().find((each) => pitAddress(each) === address);
  const read = (pit: Pit, date: number): Value | undefined =>
    pit.isAligned ? epochs.at(pit.id, date)?.value : combine(pit.combination, exchange.contributions(pit.id));
  const isLive = (pit: Pit): boolean => deps.isMine(pit.id) && (pit.isAlways || deps.isLive(pit.id));

  /** The value of now, unless it is what went out last. */
  const output = (pit: Pit, isAgain = false): void => {
    const before = live.get(pit.id);
    if (!before || pit.output === '') return;
    const now = deps.now();
    const epoch = pit.isAligned ? epochs.at(pit.id, now) : undefined;
    const value = read(pit, now);
    // What is told ahead is newer.
    if (epoch && before.epoch && before.epoch.k > epoch.k && !isAgain) return;
    if (value !== undefined && (isAgain || !isSameValue(before.value, value))) deps.send(pit.output, value, now);
    if (!isAgain || !epoch) live.set(pit.id, { value, epoch });
    if (isAgain && pit.isAligned) for (const each of epochs.ahead(pit.id, now)) foretell(pit, each);
  };
  /** An aligned value is told at its date, before it has come. */
  const foretell = (pit: Pit, epoch: Epoch): void => {
    const before = live.get(pit.id);
    if (!before || pit.output === '' || epoch.at <= deps.now()) return;
    if (epoch.value !== undefined && (pit.isContinuous || !isSameValue(before.value, epoch.value)))
      deps.send(pit.output, epoch.value, epoch.at);
    live.set(pit.id, { value: epoch.value, epoch });
  };
  const changed = (pit: Pit): void => {
    output(pit);
    const value = read(pit, deps.now());
    if (value !== undefined) for (const f of deviceListeners) f(pitAddress(pit), value, deps.now());
  };

  const begin = (pit: Pit): void => {
    output(pit);
    if (pit.isAligned) for (const each of epochs.ahead(pit.id, deps.now())) foretell(pit, each);
  };

  const stops = [
    exchange.onChange((id) => {
      const pit = find(id);
      if (!pit) return;
      if (!pit.isAligned) changed(pit);
      for (const f of listeners) f(id);
    }),
    epochs.onStated((id, epoch) => {
      const pit = find(id);
      if (pit?.isAligned) foretell(pit, epoch);
    }),
    epochs.onChange((id) => {
      const pit = find(id);
      if (!pit?.isAligned) return;
      changed(pit);
      for (const f of listeners) f(id);
    }),
  ];

  const device: Device = {
    name: 'pit',
    parameters: (): readonly Parameter[] =>
      pits().map((pit) => ({
        address: pitAddress(pit),
        type: TYPES[pit.combination] ?? 'number',
        access: 'both',
        ...(!UNBOUNDED.has(pit.combination) && { min: pit.min, max: pit.max }),
        description: pit.name,
      })),
    read(address, date = deps.now()) {
      const pit = at(address);
      return pit && read(pit, date);
    },
    /** A score or a controller may put into a pit like a hand does: this peer's contribution. */
    send(address, value) {
      const pit = at(address);
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
      return pit && read(pit, deps.now());
    },
    epoch(name) {
      const pit = find(name);
      const epoch = pit?.isAligned ? epochs.at(pit.id, deps.now()) : undefined;
      return pit && epoch && { ...epoch, isHeld: epochs.isHeld(pit.id) };
    },
    value(address, value) {
      for (const pit of pits()) if (matches(pit.input, address)) deps.exchange.put(pit.id, value);
    },
    refresh() {
      const before = live;
      const now = pits().filter(isLive);
      live = new Map(now.map(({ id }) => [id, before.get(id) ?? { value: undefined, epoch: undefined }]));
      for (const pit of now) if (!before.has(pit.id)) begin(pit);
    },
    turn() {
      for (const pit of pits()) if (pit.isContinuous) output(pit, true);
    },
    device,
    onChange(f) {
      listeners.add(f);
      return () => listeners.delete(f);
    },
    close() {
      for (const stop of stops) stop();
      listeners.clear();
    },
  };
}
