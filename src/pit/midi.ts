import type { MeshTime, PeerId, Unsubscribe } from '../base.ts';
import { compare } from '../base.ts';
import type { MidiPit, ObjectId } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import { decodeAny, encodeAny } from '../mesh/any.ts';
import type { Timer } from '../mesh/host.ts';
import { createSounding } from './midi-sounding.ts';

/**
 * Notes and controllers of all peers, merged into one instrument. Who plays says what it plays, and when it is to be
 * heard; who runs the pit plays all of it, at the pit's output and in place of what its cables lead to. A note that two
 * hold sounds until both let go, and no note outlives its player, its player's link, or the pit.
 *
 *   payload = any [[pit, seq, to, channel, kind, number, value], ...]      kind: 0 note · 1 cc · 2 pitchbend · 3 pressure
 *
 * to: mesh date at which it is to be heard; value: of a note its velocity (0 ends it), 0 to 1; of pitchbend −1 to 1. What
 * is held is said again each second with the seq that it had; of one note or controller the greatest seq holds.
 */
export interface MidiPits {
  /** A value of this peer's devices: it may be of a pit's input. */
  value(address: Address, value: Value): void;
  /** By hand or script: what this peer plays into a pit. */
  play(pit: ObjectId, event: Omit<MidiEvent, 'pit' | 'seq' | 'to'>): void;
  receive(from: PeerId, payload: Uint8Array): void | 'refused';
  /** It cannot be heard, perhaps for a moment: its notes end, and do not begin again when it can. */
  unheard(peer: PeerId): void;
  left(peer: PeerId): void;
  /** Pits begin or end to run here, or are others. */
  refresh(): void;
  /** What is to be heard by now is played; every 25 ms or so, and at each date. */
  turn(): void;
  /** The pitch that began last by a date, as all hear it who run the pit: what its cables bring to values [FW9]. */
  read(pit: ObjectId, at: MeshTime): number | undefined;
  /** Who played lately, in order of id. */
  playing(pit: ObjectId): readonly MidiPlayer[];
  /** Somebody played or let go. */
  onChange(f: (pit: ObjectId) => void): Unsubscribe;
  /** Mesh time is another now. */
  restart(): void;
  close(): void;
}

export interface MidiPlayer {
  readonly peer: PeerId;
  /** Held now, ascending. */
  readonly pitches: readonly number[];
  /** On which it played last, and on which that is heard where the pit plays a MIDI port. */
  readonly channel: number;
  readonly heardOn: number;
  /** ms since it played something, ≥ 0. */
  readonly age: number;
}

export interface MidiEvent {
  readonly pit: ObjectId;
  readonly seq: number;
  readonly to: number;
  readonly channel: number;
  readonly kind: 'note' | 'cc' | 'pitchbend' | 'pressure';
  readonly number: number;
  readonly value: number;
}

export interface MidiDeps {
  readonly self: PeerId;
  readonly timer: Timer;
  now(): MeshTime;
  pits(): readonly MidiPit[];
  /** Its interval runs, or it is always on. */
  isOn(pit: MidiPit): boolean;
  isMine(process: ObjectId): boolean;
  /** Whether others take what this peer plays. */
  mayPlay(): boolean;
  /** Everybody known in the room, in order. */
  known(): readonly PeerId[];
  /** ms from now to when all have heard and are ready. */
  compensation(): number;
  /** Instruments of processes that its cables lead to, which run and which this peer plays. */
  takers(pit: ObjectId): readonly Address[];
  broadcast(payload: Uint8Array): void;
  note(address: Address, pitch: number, velocity: number, at: MeshTime): void;
  send(address: Address, value: Value, at: MeshTime): void;
}

const KINDS = ['note', 'cc', 'pitchbend', 'pressure'] as const;
/** ms; what is held is said again. */
const REFRESH_MS = 1000;
/** Without a word of its player a note is held no longer. */
const SILENCE_MS = 3500;
/** Controllers of one gesture leave together. */
const GATHER_MS = 16;
const EVENTS_MAX = 64;
/** Of one player: notes and controllers that are remembered. */
const HELD_MAX = 2048;
const AHEAD_MAX = 1000;
/** Devices are told this much before a date, so that no timer of ours is heard; what comes later than that, at once. */
const LEAD_MS = 40;
/** Part by which time between two events may shrink. */
const SHRINK = 0.1;
/** Dates of notes that are remembered: as far back as values flow [FW5]. */
const BEGUN_MAX = 64;
const LATE_MAX = 10_000;

interface Held {
  readonly event: MidiEvent;
  readonly from: PeerId;
  /** By mesh time of this peer. */
  heardAt: number;
}

const keyOf = ({ pit, channel, kind, number }: MidiEvent): string => `${pit}|${channel}|${kind}|${number}`;

/** Of a player whose channel is that on which it plays. */
const AS_PLAYED = 0;
/** A device says everything on the channel on which it was played, and once more on any: that is not heard here. */
const PLAYED = /^(midi:\/[^/]+)\/(\d{1,2})\/(?:(note|cc)\/(\d{1,3})|(pitchbend|pressure))$/;

export function createMidiPits(deps: MidiDeps): MidiPits {
  const players = new Map<PeerId, Map<string, Held>>();
  /** Not heard yet. */
  let pending: Held[] = [];
  /** What is heard, of each player's notes and controllers. */
  const voices = new Map<string, Held>();
  const sounding = createSounding(deps);
  /** By pit: what began, in order of date. */
  const begun = new Map<ObjectId, readonly { readonly at: number; readonly pitch: number }[]>();
  const listeners = new Set<(pit: ObjectId) => void>();
  const waiting = new Map<string, MidiEvent>();
  /** By pit: how far ahead of its date was said what was played last. */
  const lags = new Map<ObjectId, { readonly lag: number; readonly at: number }>();
  /** By pit, as it was when last looked at. */
  const inputs = new Map<ObjectId, Address>();
  let seq = 0;
  let refreshedAt = -Infinity;
  let [cancelFlush, cancelDue]: [Unsubscribe | undefined, Unsubscribe | undefined] = [undefined, undefined];

  const voiceOf = ({ from, event }: Held): string => `${from} ${keyOf(event)}`;
  const find = (id: ObjectId): MidiPit | undefined => deps.pits().find((pit) => pit.id === id);
  const changed = (pit: ObjectId): void => {
    for (const f of listeners) f(pit);
  };

  const channelOf = (pit: MidiPit, { channel }: MidiEvent, from: PeerId): number => {
    if (pit.channels !== 'each') return pit.channels === 'one' ? pit.channel : channel;
    const own = pit.players.find(({ peer }) => peer === from)?.channel ?? (Math.max(0, deps.known().indexOf(from)) % 16) + 1;
    return own === AS_PLAYED ? channel : own;
  };
  /** Where it is heard here: at the pit's own output, and where its cables lead. */
  const instrumentsOf = ({ event, from }: Held): readonly Address[] => {
    const pit = find(event.pit);
    if (!pit || !deps.isOn(pit)) return [];
    const own = pit.output !== '' && deps.isMine(pit.id) ? [pit.output] : [];
    const all = [...own, ...deps.takers(pit.id)];
    return [...new Set(all.map((to) => (/^midi:\/[^/]+$/.test(to) ? `${to}/${channelOf(pit, event, from)}` : to)))];
  };

  const release = (held: Held | undefined, at: MeshTime): void => {
    if (!held || voices.get(voiceOf(held)) !== held) return;
    voices.delete(voiceOf(held));
    sounding.release(voiceOf(held), at);
    changed(held.event.pit);
  };

  /** Something newer of the same key was to be heard first: dates of one player need not be in order. */
  const isOvertaken = ({ event, from }: Held): boolean => {
    const newest = players.get(from)?.get(keyOf(event))?.event;
    return newest !== undefined && newest.seq > event.seq && newest.to < event.to;
  };

  const perform = (held: Held): void => {
    const { event } = held;
    const pit = find(event.pit);
    if (!pit || isOvertaken(held)) return;
    const at = Math.max(deps.now(), event.to) as MeshTime;
    const voice = voiceOf(held);
    if (event.kind === 'note') {
      release(voices.get(voice), at);
      if (event.value > 0 && deps.isOn(pit)) remember(event, at);
    }
    changed(pit.id);
    const instruments = instrumentsOf(held);
    if ((event.kind === 'note' && event.value === 0) || instruments.length === 0) return;
    voices.set(voice, held);
    for (const instrument of instruments) {
      if (event.kind === 'note') sounding.note(voice, { instrument, pitch: event.number }, event.value, at);
      else if (instrument.startsWith('midi:'))
        sounding.control(voice, `${instrument}/${event.kind === 'cc' ? `cc/${event.number}` : event.kind}`, event.value, at);
    }
  };
  const remember = ({ pit, number }: MidiEvent, at: number): void => {
    const all = [...(begun.get(pit) ?? []), { at, pitch: number }].sort((a, b) => a.at - b.at || a.pitch - b.pitch);
    begun.set(pit, all.slice(-BEGUN_MAX));
  };

  /** Plays what is due, and comes back for what is not. */
  const settle = (): void => {
    cancelDue?.();
    cancelDue = undefined;
    const now = deps.now();
    const to = now + LEAD_MS;
    const due = pending.filter(({ event }) => event.to <= to).sort((a, b) => a.event.to - b.event.to || a.event.seq - b.event.seq);
    pending = pending.filter(({ event }) => event.to > to);
    for (const held of due) perform(held);
    const next = pending.reduce((least, { event }) => Math.min(least, event.to), Infinity);
    if (next < Infinity) cancelDue = deps.timer.after(Math.max(1, next - to), settle);
  };

  const keep = (from: PeerId, event: MidiEvent): void => {
    const all = players.get(from) ?? new Map<string, Held>();
    players.set(from, all);
    const key = keyOf(event);
    const before = all.get(key);
    if (before && before.event.seq >= event.seq) {
      if (before.event.seq === event.seq) before.heardAt = deps.now();
      return;
    }
    if (!before && all.size >= HELD_MAX) return;
    const held = { event, from, heardAt: deps.now() };
    all.set(key, held);
    pending.push(held);
  };

  const flush = (): void => {
    cancelFlush?.();
    cancelFlush = undefined;
    const events = [...waiting.values()];
    waiting.clear();
    for (let i = 0; i < events.length; i += EVENTS_MAX) deps.broadcast(encode(events.slice(i, i + EVENTS_MAX)));
  };

  /** ms to its date. When the way becomes shorter it does so slowly: nothing overtakes what was played before. */
  const lagOf = (pit: ObjectId): number => {
    const now = deps.now();
    const before = lags.get(pit);
    const lag = Math.min(AHEAD_MAX / 2, Math.max(deps.compensation(), before ? before.lag - SHRINK * (now - before.at) : 0));
    lags.set(pit, { lag, at: now });
    return lag;
  };

  const play: MidiPits['play'] = (id, said) => {
    const pit = find(id);
    if (pit && deps.isOn(pit) && deps.mayPlay()) say(id, said, pit.isCompensated ? lagOf(id) : 0);
  };
  /** lag: ms to its date. */
  const say = (id: ObjectId, said: Omit<MidiEvent, 'pit' | 'seq' | 'to'>, lag: number): void => {
    seq = Math.max(seq + 1, Math.floor(deps.now()));
    const event: MidiEvent = { ...said, pit: id, seq, to: deps.now() + lag };
    keep(deps.self, event);
    settle();
    if (event.kind === 'note') waiting.set(`${seq}`, event);
    else waiting.set(keyOf(event), event);
    if (event.kind === 'note') flush();
    else cancelFlush ??= deps.timer.after(GATHER_MS, flush);
  };

  /** What this peer holds ends, for all, where it cannot play any more: a key let go later finds no pit that hears it. */
  const letGo = (): void => {
    for (const { event } of [...(players.get(deps.self)?.values() ?? [])].filter(isHolding)) {
      const pit = find(event.pit);
      if (pit && deps.isOn(pit) && deps.mayPlay() && (inputs.get(pit.id) ?? pit.input) === pit.input) continue;
      const { channel, kind, number } = event;
      // Not before it begins.
      say(event.pit, { channel, kind, number, value: 0 }, Math.max(0, event.to - deps.now()));
    }
    inputs.clear();
    for (const { id, input } of deps.pits()) inputs.set(id, input);
  };

  const drop = (isToGo: (held: Held) => boolean): void => {
    pending = pending.filter((held) => !isToGo(held));
    for (const held of [...voices.values()]) if (isToGo(held)) release(held, deps.now());
    for (const all of players.values()) for (const [key, held] of all) if (isToGo(held)) all.delete(key);
  };
  const playerOf = (pit: MidiPit, peer: PeerId): readonly MidiPlayer[] => {
    const own = [...(players.get(peer)?.values() ?? [])].filter(({ event }) => event.pit === pit.id);
    const last = own.reduce<Held | undefined>((a, b) => (a && a.event.seq > b.event.seq ? a : b), undefined)?.event;
    if (!last) return [];
    const pitches = own.filter(isHolding).map(({ event }) => event.number);
    const { channel } = last;
    return [
      {
        ...{ peer, channel, heardOn: channelOf(pit, last, peer), age: Math.max(0, deps.now() - last.to) },
        pitches: [...new Set(pitches)].sort((a, b) => a - b),
      },
    ];
  };
  const isHolding = ({ event }: Held): boolean => event.kind === 'note' && event.value > 0;

  return {
    value(address, value) {
      const number = typeof value === 'boolean' ? Number(value) : value;
      if (typeof number !== 'number') return;
      const match = PLAYED.exec(address);
      if (!match) return;
      const [, port = '', channel = '', numbered, place = '0', plain] = match;
      const event = { kind: (numbered ?? plain) as MidiEvent['kind'], channel: Number(channel), number: Number(place), value: number };
      for (const { id, input } of deps.pits()) if (input === `${port}/${channel}` || input === `${port}/any`) play(id, event);
    },
    play,
    receive(from, payload) {
      const events = decode(payload);
      if (!events) return 'refused';
      const now = deps.now();
      for (const event of events) if (event.to <= now + AHEAD_MAX && event.to >= now - LATE_MAX * 60) keep(from, event);
      settle();
    },
    unheard(peer) {
      pending = pending.filter(({ from }) => from !== peer);
      for (const held of [...voices.values()]) if (held.from === peer) release(held, deps.now());
    },
    left(peer) {
      drop(({ from }) => from === peer);
      players.delete(peer);
    },
    refresh() {
      letGo();
      for (const id of [...begun.keys()]) {
        const pit = find(id);
        if (!pit || !deps.isOn(pit)) begun.delete(id);
      }
      for (const held of [...voices.values()]) {
        const instruments = instrumentsOf(held);
        if (instruments.length === 0) release(held, deps.now());
        else sounding.release(voiceOf(held), deps.now(), (instrument) => !instruments.includes(instrument));
      }
    },
    turn() {
      letGo();
      settle();
      const now = deps.now();
      if (now - refreshedAt < REFRESH_MS) return;
      refreshedAt = now;
      const own = [...(players.get(deps.self)?.values() ?? [])];
      for (const held of own) held.heardAt = now;
      const said = own.flatMap((held) => (isHolding(held) ? [held.event] : []));
      for (let i = 0; i < said.length; i += EVENTS_MAX) deps.broadcast(encode(said.slice(i, i + EVENTS_MAX)));
      drop((held) => isHolding(held) && now - held.heardAt > SILENCE_MS);
    },
    read: (pit, at) => begun.get(pit)?.findLast((each) => each.at <= at)?.pitch,
    playing(id) {
      const pit = find(id);
      return pit ? [...players.keys()].sort(compare).flatMap((peer) => playerOf(pit, peer)) : [];
    },
    onChange(f) {
      listeners.add(f);
      return () => listeners.delete(f);
    },
    restart() {
      drop(() => true);
      begun.clear();
      lags.clear();
      waiting.clear();
      players.clear();
      [seq, refreshedAt] = [0, -Infinity];
    },
    close() {
      drop(() => true);
      cancelFlush?.();
      cancelDue?.();
      listeners.clear();
    },
  };
}

const encode = (events: readonly MidiEvent[]): Uint8Array =>
  encodeAny(events.map(({ pit, seq, to, channel, kind, number, value }) => [pit, seq, to, channel, KINDS.indexOf(kind), number, value]));

function decode(payload: Uint8Array): readonly MidiEvent[] | undefined {
  const input = decodeAny(payload);
  if (!Array.isArray(input) || input.length > EVENTS_MAX) return undefined;
  const events = input.map(toEvent);
  return events.every((event) => event !== undefined) ? events : undefined;
}

const isWithin = (input: unknown, min: number, max: number): input is number =>
  typeof input === 'number' && Number.isInteger(input) && input >= min && input <= max;

function toEvent(input: unknown): MidiEvent | undefined {
  if (!Array.isArray(input) || input.length !== 7) return undefined;
  const [pit, seq, to, channel, kind, number, value] = input as readonly unknown[];
  if (typeof pit !== 'string' || pit.length === 0 || pit.length > 64 || !Number.isSafeInteger(seq)) return undefined;
  if (typeof to !== 'number' || !Number.isFinite(to) || typeof value !== 'number' || !(Math.abs(value) <= 1)) return undefined;
  const word = isWithin(kind, 0, KINDS.length - 1) ? KINDS[kind] : undefined;
  if (!word || !isWithin(channel, 1, 16) || !isWithin(number, 0, 127)) return undefined;
  return { pit, seq: seq as number, to, channel, kind: word, number, value };
}
