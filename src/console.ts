import type { Console, ConsolePeer } from './console-api.ts';
import type { Issue, MeshTime, PeerId } from './base.ts';
import { toFile } from './crdt/file.ts';
import type { Sending } from './crdt/desk.ts';
import { TAKE_OVERS } from './crdt/room.ts';
import { toValue } from './crdt/valid-value.ts';
import type { Value } from './crdt/value.ts';
import { isPeerId } from './mesh/identity.ts';
import type { Peer, Rights } from './peer-api.ts';

export type { Console, ConsolePeer };

/** Grows when something documented in docs/scripting.md changes its meaning or goes. */
export const CONSOLE_VERSION = 1;

const NO_NOTE: Issue = { message: 'A note needs a MIDI pit, a whole pitch from 0 to 127 and a velocity from 0 to 1.' };
const NO_GAIN: Issue = { message: 'A gain is a number from 0 to 4.' };
const NO_CLEANING: Issue = { message: 'Cleaning is told as { echo, noise, level }, each true or false.' };
const NO_INPUT: Issue = { message: "An input is of the kind 'audio' or 'video', and a device is its id, '' or null." };
const NO_PIT: Issue = { message: 'There is no pit with this id or key.' };
const NO_VALUE: Issue = { message: 'A value is a number, true or false, a text, a list of these, or { impulse: true }.' };

const SENDINGS: readonly Sending[] = ['all', 'edits', 'none'];
const NO_RULE: Issue = { message: "A group that nobody here is in goes to 'nobody', 'one' or 'everyone'." };
const NO_SENDING: Issue = { message: "Sending is 'all', 'edits' (everything but control changes) or 'none'." };
const idsOf = (ids: readonly string[] | undefined): readonly string[] | undefined => (Array.isArray(ids) ? ids.map(String) : undefined);

export function createConsole(peer: Peer): Console {
  const { score, run, groups, devices, pits } = peer;
  const withValue = (value: unknown, f: (value: Value) => void): Issue | undefined => {
    const valid = toValue(value);
    if (valid === undefined) return NO_VALUE;
    f(valid);
    return undefined;
  };
  return {
    version: CONSOLE_VERSION,
    get peer() {
      return { id: peer.self.id, name: peer.self.name };
    },
    get room() {
      const { code, state, preference } = peer.room;
      return { code, state, preference, peers: peersOf(peer), setPreference: (wish: number) => peer.room.setPreference(Number(wish)) };
    },
    clock: {
      now: () => peer.clock.now(),
      get spread() {
        return peer.clock.spread();
      },
      get bound() {
        return peer.clock.bound();
      },
      get isMaster() {
        return peer.clock.isMaster();
      },
      get master() {
        return peer.clock.master();
      },
      utc: () => peer.clock.utc(),
      atUtc: (ms) => peer.clock.atUtc(Number(ms)),
      utcOf: (at) => peer.clock.utcOf(Number(at) as MeshTime),
    },
    score: {
      read: () => toFile(score.read()),
      edit: (command) => score.edit(command),
      undo: () => score.undo(),
      redo: () => score.redo(),
      save: () => score.save(),
      export: () => score.export(),
      open: (text) => score.open(text),
      unconfirmed: () => score.unconfirmed(),
      get sending() {
        return score.sending;
      },
      setSending: (mode) => (SENDINGS.includes(mode) ? score.setSending(mode) : NO_SENDING) as Issue | undefined,
      own: () => score.own(),
      publish: (ids) => score.publish(idsOf(ids)),
      drop: (ids) => score.drop(idsOf(ids)),
    },
    run: {
      play: ({ at, from } = {}) => run.play({ ...(at !== undefined && { at: at as MeshTime }), ...(from !== undefined && { from }) }),
      stop: () => run.stop(),
      pause: () => run.pause(),
      resume: () => run.resume(),
      seek: (ms) => run.seek(ms),
      loop: (from, to) => run.loop(from, to),
      speed: (interval, factor) => run.speed(interval, factor),
      begin: (interval) => run.begin(interval),
      end: (interval) => run.end(interval),
      position: () => run.position(),
      log: () => run.log(),
      coming: () => run.view().coming,
      votes: () => run.view().waiting.flatMap(({ tally }) => tally ?? []),
      awaited: () => run.view().awaited,
      trigger: (sync) => run.trigger(sync),
      get state() {
        return run.view().state;
      },
      waiting: () => run.view().waiting.map(({ sync }) => sync),
      running: () => run.view().running.map(({ interval }) => interval),
    },
    groups: {
      of: (id = peer.self.id) => groups.of(id as typeof peer.self.id),
      members: (group) => groups.members(group),
      setMember: (id, group, isMember) => groups.setMember(id as typeof peer.self.id, group, isMember),
      standIns: () => groups.standIns(),
      takeOver: (id) => groups.takeOver(id as typeof peer.self.id),
      stepBack: (group) => groups.stepBack(group),
      get rule() {
        return groups.rule;
      },
      setRule: (rule) => (TAKE_OVERS.includes(rule) ? groups.setRule(rule) : NO_RULE) as Issue | undefined,
      newcomers: () => groups.newcomers(),
      setNewcomer: (group, isIn) => groups.setNewcomer(group, isIn),
      unheld: () => groups.unheld(),
    },
    rights: rightsOf(peer),
    devices: {
      send: (address, value) => withValue(value, (valid) => devices.send(address, valid)),
      read: (address) => devices.read(address),
      addresses: () => devices.addresses().map(({ address }) => address),
      note: (address, pitch, velocity) => devices.note(address, pitch, velocity),
    },
    pits: {
      put: (pit, value) => (hasPit(peer, pit) ? withValue(value, (valid) => pits.put(pit, valid)) : { ...NO_PIT, where: pit }),
      withdraw: (pit) => pits.withdraw(pit),
      note: (pit, pitch, velocity) => withNote(peer, { pit, pitch, velocity }),
      read: (pit) => pits.read(pit),
      playing: (pit) => pits.playing(pit),
      calls: () => peer.calls.list(),
      contributions: (pit) => pits.contributions(pit),
      epoch: (pit) => pits.epoch(pit),
    },
    calls: callsOf(peer),
    companion: {
      get isOpen() {
        return peer.companion.isOpen;
      },
      get host() {
        return peer.companion.host;
      },
      credentials: () => peer.companion.credentials(),
      open: ({ mayControl = false } = {}) => peer.companion.open({ mayControl }),
      close: () => peer.companion.close(),
    },
    media: {
      add: (bytes, done) => (bytes instanceof Uint8Array ? peer.media.add(bytes, done) : done(undefined)),
      fetch: (id, done, progress) => peer.media.fetch(String(id), done, progress),
    },
    on: (type, f) => peer.on(type, f),
  };
}

const NO_PEER: Issue = { message: 'There is nobody of this id.' };
const plain = ({ view, edit, control }: Rights): Rights => ({ view, edit, control });
/** Anything but `true` is no. */
const strict = (rights: Partial<Rights>): Rights => ({
  view: rights.view === true,
  edit: rights.edit === true,
  control: rights.control === true,
});

function rightsOf({ rights, self }: Peer): Console['rights'] {
  const to = (id: string, f: (peer: PeerId) => Issue | undefined): Issue | undefined =>
    isPeerId(id) ? f(id) : { ...NO_PEER, where: String(id) };
  return {
    get owner() {
      return rights.owner;
    },
    get isOwner() {
      return rights.isOwner;
    },
    get newcomers() {
      return plain(rights.newcomers);
    },
    get companion() {
      return plain(rights.companion);
    },
    of: (id = self.id) => plain(rights.of(id as PeerId)),
    set: (id, wish) => to(id, (peer) => rights.set(peer, strict(wish))),
    setNewcomers: (wish) => rights.setNewcomers(strict(wish)),
    setCompanion: (wish) => rights.setCompanion(strict(wish)),
    handOver: (id) => to(id, (peer) => rights.handOver(peer)),
    rivals: () => rights.rivals(),
    follow: (id) => to(id, (peer) => rights.follow(peer)),
  };
}

function callsOf({ calls }: Peer): Console['calls'] {
  return {
    get state() {
      return calls.state;
    },
    mute: (id, isMuted) => calls.mute(id as PeerId, isMuted === true),
    setGain: (id, gain) => (Number.isFinite(gain) && gain >= 0 && gain <= 4 ? void calls.setGain(id as PeerId, gain) : NO_GAIN),
    setInput(kind, device, done) {
      if ((kind !== 'audio' && kind !== 'video') || (device !== null && typeof device !== 'string')) return NO_INPUT;
      calls.setInput(kind, device ?? undefined, done);
      return undefined;
    },
    clean(change, done) {
      const isKnown = ([key, value]: readonly [string, unknown]): boolean => key in calls.cleaning() && typeof value === 'boolean';
      if (typeof change !== 'object' || !Object.entries(change ?? {}).every(isKnown)) return NO_CLEANING;
      calls.clean(change, done);
      return undefined;
    },
    cleaning: () => calls.cleaning(),
    inputs: (kind, done) => (kind === 'audio' || kind === 'video' ? calls.inputs(kind, done) : done([])),
    level: () => calls.level(),
  };
}

const hasPit = ({ score }: Peer, pit: string): boolean =>
  [...score.read().processes.values()].some((process) => process.type === 'pit' && (process.id === pit || process.key === pit));

const peersOf = (peer: Peer): readonly ConsolePeer[] =>
  peer.room.peers().map((view) => {
    const { id, name, isSelf, isMaster, isFrozen, preference, link, via, hops, document, refused, health } = view;
    return {
      ...{ id, name, isSelf, isMaster, isFrozen, preference, link, via, hops, document, refused, health },
      rtt: view.roundTrip,
      groups: peer.groups.of(id),
    };
  });

function withNote(
  peer: Peer,
  { pit, pitch, velocity }: { readonly pit: string; readonly pitch: number; readonly velocity: number },
): Issue | undefined {
  const isSound = Number.isInteger(pitch) && pitch >= 0 && pitch <= 127 && velocity >= 0 && velocity <= 1;
  if (!isSound || peer.score.read().processes.get(pit)?.type !== 'midiPit') return { ...NO_NOTE, where: pit };
  peer.pits.note(pit, pitch, velocity);
  return undefined;
}
