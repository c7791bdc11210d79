import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { LocalTime, MeshTime, PeerId, Unsubscribe } from './base.ts';
import { compare } from './base.ts';
import type { MidiPit, ObjectId, Score } from './crdt/score.ts';
import type { Address, Value } from './crdt/value.ts';
import type { Device } from './engine/device.ts';
import type { DeviceRegistry } from './engine/devices.ts';
import { noteCablesOf } from './engine/note-cables.ts';
import type { Timer } from './mesh/host.ts';
import { verify } from './mesh/identity.ts';
import type { Mesh } from './mesh/mesh.ts';
import { TOPIC } from './mesh/wire.ts';
import type { Pits } from './peer-api.ts';
import { createEpochs } from './pit/epochs.ts';
import { createPitExchange } from './pit/exchange.ts';
import { createMidiPits } from './pit/midi.ts';
import { createPitDesk } from './pit/pits.ts';
import { statedPeriod } from './pit/rate.ts';
import { createWatch } from './pit/watch.ts';

/** All that belongs to pits in a peer: what is put in, what is counted together, and where it goes. */
export interface PeerPits {
  readonly view: Pits;
  /** The score, or who runs what, is another. */
  refresh(): void;
  /** A value passed at an address of this peer's devices. */
  value(address: Address, value: Value): void;
  onChange(f: (pit: ObjectId) => void): Unsubscribe;
  readonly device: Device;
  /** The pit processes that run now. */
  runs(pits: readonly ObjectId[]): void;
  turn(): void;
  /** Somebody is within reach, or gone. */
  joined(peer: PeerId): void;
  left(peer: PeerId): void;
  /** Out of reach, perhaps for a moment. */
  unheard(peer: PeerId): void;
  /** Other links: what was under way over one that is gone is said again. */
  relinked(): void;
  /** Mesh time is another now. */
  restart(): void;
  close(): void;
}

export interface PeerPitsDeps {
  readonly self: PeerId;
  readonly timer: Timer;
  local(): LocalTime;
  readonly mesh: Mesh;
  /** Who states what stands in aligned pits, but for these. */
  master(isOut: (peer: PeerId) => boolean): PeerId | undefined;
  sign(text: string | Uint8Array): Uint8Array;
  readonly tag: string;
  /** Somebody said different things to different people. */
  lied(peer: PeerId): void;
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
  /** Everybody known in the room. */
  known(): Iterable<PeerId>;
  readonly devices: Pick<DeviceRegistry, 'send' | 'note'>;
}

/** For devices to be ready when a date comes. */
const DEVICE_MS = 15;

export function createPeerPits(deps: PeerPitsDeps): PeerPits {
  const { self, timer, mesh } = deps;
  const { clock } = mesh;
  const now = (): MeshTime => clock.now();
  const send = (address: Address, value: Value, at: MeshTime): void => deps.devices.send(address, value, at);
  let running: readonly ObjectId[] = [];

  const exchange = createPitExchange(timer, {
    ...{ self, now, links: deps.links, mayPut: deps.mayPut },
    besides: () => epochs.rate(),
    isSigned: () => mesh.arePitsSigned(),
    send: (to, payload) => void mesh.send(to, 'fast', TOPIC.pit, payload),
    broadcast: (payload) => mesh.broadcast('fast', TOPIC.pit, payload),
  });
  const session = (): string => clock.session()?.id ?? '';
  const master = (): PeerId | undefined => (clock.isReady() ? deps.master(watch.isLiar) : undefined);
  const counted = (count: Uint8Array): Uint8Array => concatBytes(utf8ToBytes(`tutti count\n${deps.tag}\n${session()}\n`), count);
  const watch = createWatch({
    ...{ now: deps.local, master },
    sign: (count) => deps.sign(counted(count)),
    verify: (maker, count, signature) => verify(maker, signature, counted(count)),
    send: (to, payload) => void mesh.send(to, 'event', TOPIC.counts, payload),
    broadcast: (payload) => mesh.broadcast('event', TOPIC.counts, payload),
    found: (liar) => deps.lied(liar),
  });
  let watched = '';
  const epochs = createEpochs({
    ...{ self, timer, now },
    master,
    session,
    latency: () => mesh.latency(),
    spread: () => clock.spread(),
    pits: () => [...deps.sharedScore().processes.values()].flatMap((it) => (it.type === 'pit' && it.isAligned ? [it] : [])),
    contributionsAt: (pit, date) => exchange.contributionsAt(pit, date),
    period: () => statedPeriod(deps.links()),
    broadcast: (channel, payload) => mesh.broadcast(channel, TOPIC.epoch, watch.seal(payload)),
  });
  const desk = createPitDesk({
    ...{ exchange, epochs, now, score: deps.score, isMine: deps.isMine, send },
    isLive: (process) => running.includes(process),
  });
  let seen: { readonly score: Score; readonly pits: readonly MidiPit[] } | undefined;
  const midiPits = (): readonly MidiPit[] => {
    const score = deps.score();
    if (seen?.score !== score) seen = { score, pits: [...score.processes.values()].filter((it) => it.type === 'midiPit') };
    return seen.pits;
  };
  const midi = createMidiPits({
    ...{ self, timer, now, isMine: deps.isMine, send },
    pits: midiPits,
    mayPlay: deps.mayPut,
    isOn: ({ id, isAlways }) => isAlways || running.includes(id),
    known: () => [...deps.known()].sort(compare),
    compensation: () => mesh.latency() + (clock.isReady() ? clock.spread() : 0) + DEVICE_MS,
    broadcast: (payload) => mesh.broadcast('event', TOPIC.midi, payload),
    takers: (pit) =>
      noteCablesOf(deps.score())
        .takersOf(pit)
        .flatMap((it) => (deps.isMine(it.id) && running.includes(it.id) ? [it.address] : [])),
    note: (address, pitch, velocity, at) =>
      deps.devices.note(address, { occurrence: '', pitch, velocity, at, until: Infinity as MeshTime }),
  });
  deps.hear(TOPIC.midi, (from, payload) => midi.receive(from, payload));
  deps.hear(TOPIC.pit, (from, payload) => exchange.receive(from, payload));
  deps.hear(TOPIC.epoch, (from, payload) => {
    const count = watch.open(from, payload);
    return count ? epochs.receive(from, count) : 'refused';
  });
  deps.hear(TOPIC.counts, (from, payload) => watch.receive(from, payload));

  const refresh = (): void => {
    desk.refresh();
    midi.refresh();
  };

  return {
    refresh,
    value(address, value) {
      desk.value(address, value);
      midi.value(address, value);
    },
    view: {
      put: (pit, value) => desk.put(pit, value),
      withdraw: (pit) => desk.withdraw(pit),
      note: (pit, pitch, velocity) => midi.play(pit, { kind: 'note', channel: 1, number: pitch, value: velocity }),
      read: (pit) => desk.read(pit),
      epoch: (pit) => desk.epoch(pit),
      playing: (pit) => midi.playing(pit),
      contributions(pit) {
        const found = desk.find(pit);
        const date = now();
        return found ? exchange.contributions(found.id).map(({ peer, value, at }) => ({ peer, value, age: Math.max(0, date - at) })) : [];
      },
    },
    onChange(f) {
      const stops = [desk.onChange(f), midi.onChange(f)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    // Cables read what comes out of a MIDI pit under its id.
    device: {
      ...desk.device,
      read: (address, at = now()) => midi.read(address.replace(/^pit:\//, ''), at) ?? desk.device.read(address, at),
    },
    runs(pits) {
      running = pits;
      refresh();
    },
    turn() {
      watch.turn();
      epochs.turn();
      desk.turn();
      midi.turn();
    },
    joined(peer) {
      exchange.joined(peer);
      epochs.joined();
      watch.joined(peer);
    },
    relinked: () => epochs.joined(),
    left(peer) {
      exchange.left(peer);
      midi.left(peer);
    },
    unheard: (peer) => midi.unheard(peer),
    restart() {
      midi.restart();
      if (watched !== session()) watch.reset();
      watched = session();
      epochs.restart();
      exchange.restamp();
    },
    close() {
      midi.close();
      desk.close();
      epochs.close();
      exchange.close();
    },
  };
}
