import type { MeshTime, PeerId, Unsubscribe } from '../base.ts';
import type { MidiPit, ObjectId } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import { decodeAny, encodeAny } from '../mesh/any.ts';
import type { Timer } from '../mesh/host.ts';

/**
 * Notes and controllers of all peers, merged into one instrument. Who plays says what it plays, and when it is to be
 * heard; who runs the pit plays all of it. A note that two hold sounds until both let go, and no note outlives its
 * player, its player's link, or the pit.
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
  /** Mesh time is another now. */
  restart(): void;
  close(): void;
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
const LATE_MAX = 10_000;

interface Held {
  readonly event: MidiEvent;
  readonly from: PeerId;
  /** By mesh time of this peer. */
  heardAt: number;
  /** Where it sounds. */
  at: Address | undefined;
}

const keyOf = ({ pit, channel, kind, number }: MidiEvent): string => `${pit}|${channel}|${kind}|${number}`;

export function createMidiPits(deps: MidiDeps): MidiPits {
  const players = new Map<PeerId, Map<string, Held>>();
  /** Not heard yet. */
  let pending: Held[] = [];
  /** What a player holds, by note. */
  const voices = new Map<string, Held>();
  /** By address and pitch: who holds it. */
  const sounding = new Map<string, Set<Held>>();
  const waiting = new Map<string, MidiEvent>();
  let seq = 0;
  let refreshedAt = -Infinity;
  let [cancelFlush, cancelDue]: [Unsubscribe | undefined, Unsubscribe | undefined] = [undefined, undefined];

  const voiceOf = ({ from, event }: Held): string => `${from} ${keyOf(event)}`;
  const find = (id: ObjectId): MidiPit | undefined => deps.pits().find((pit) => pit.id === id);
  const isHeard = (pit: MidiPit): boolean => pit.output !== '' && deps.isMine(pit.id) && deps.isOn(pit);

  const addressOf = (pit: MidiPit, { channel }: MidiEvent, from: PeerId): Address => {
    if (!/^midi:\/[^/]+$/.test(pit.output)) return pit.output;
    const own = pit.players.find(({ peer }) => peer === from)?.channel ?? (Math.max(0, deps.known().indexOf(from)) % 16) + 1;
    return `${pit.output}/${pit.channels === 'one' ? pit.channel : pit.channels === 'each' ? own : channel}`;
  };

  const release = (held: Held | undefined, at: MeshTime): void => {
    if (held?.at === undefined) return;
    voices.delete(voiceOf(held));
    const key = `${held.at} ${held.event.number}`;
    const holders = sounding.get(key);
    holders?.delete(held);
    if (holders?.size === 0) {
      sounding.delete(key);
      deps.note(held.at, held.event.number, 0, at);
    }
    held.at = undefined;
  };

  const perform = (held: Held): void => {
    const { event, from } = held;
    const pit = find(event.pit);
    const at = Math.max(deps.now(), event.to) as MeshTime;
    release(voices.get(voiceOf(held)), at);
    if (!pit || !isHeard(pit)) return;
    const address = addressOf(pit, event, from);
    if (event.kind !== 'note') {
      if (address.startsWith('midi:')) deps.send(`${address}/${event.kind === 'cc' ? `cc/${event.number}` : event.kind}`, event.value, at);
      return;
    }
    if (event.value === 0) return;
    const key = `${address} ${event.number}`;
    held.at = address;
    voices.set(voiceOf(held), held);
    sounding.set(key, (sounding.get(key) ?? new Set()).add(held));
    deps.note(address, event.number, event.value, at);
  };

  /** Plays what is due, and comes back for what is not. */
  const settle = (): void => {
    cancelDue?.();
    cancelDue = undefined;
    const now = deps.now();
    const due = pending.filter(({ event }) => event.to <= now).sort((a, b) => a.event.to - b.event.to || a.event.seq - b.event.seq);
    pending = pending.filter(({ event }) => event.to > now);
    for (const held of due) perform(held);
    const next = pending.reduce((least, { event }) => Math.min(least, event.to), Infinity);
    if (next < Infinity) cancelDue = deps.timer.after(Math.max(1, next - now), settle);
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
    const held = { event, from, heardAt: deps.now(), at: undefined };
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

  const play: MidiPits['play'] = (id, said) => {
    const pit = find(id);
    if (!pit || !deps.isOn(pit) || !deps.mayPlay()) return;
    seq = Math.max(seq + 1, Math.floor(deps.now()));
    const event: MidiEvent = { ...said, pit: id, seq, to: deps.now() + (pit.isCompensated ? deps.compensation() : 0) };
    keep(deps.self, event);
    settle();
    if (event.kind === 'note') waiting.set(`${seq}`, event);
    else waiting.set(keyOf(event), event);
    if (event.kind === 'note') flush();
    else cancelFlush ??= deps.timer.after(GATHER_MS, flush);
  };

  const drop = (isToGo: (held: Held) => boolean): void => {
    pending = pending.filter((held) => !isToGo(held));
    for (const held of [...voices.values()]) if (isToGo(held)) release(held, deps.now());
    for (const all of players.values()) for (const [key, held] of all) if (isToGo(held)) all.delete(key);
  };
  const isHolding = ({ event }: Held): boolean => event.kind === 'note' && event.value > 0;

  return {
    value(address, value) {
      const number = typeof value === 'boolean' ? Number(value) : value;
      if (typeof number !== 'number') return;
      for (const { id, input } of deps.pits()) {
        if (input === '' || !address.startsWith(`${input}/`)) continue;
        const match = /^(?:(note|cc)\/(\d{1,3})|(pitchbend|pressure))$/.exec(address.slice(input.length + 1));
        if (!match) continue;
        const kind = (match[1] ?? match[3]) as MidiEvent['kind'];
        play(id, { kind, channel: Number(/\/(\d{1,2})$/.exec(input)?.[1] ?? 1), number: Number(match[2] ?? 0), value: number });
      }
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
      const on = new Map(deps.pits().map((pit) => [pit.id, isHeard(pit)]));
      for (const held of [...voices.values()]) if (on.get(held.event.pit) !== true) release(held, deps.now());
    },
    turn() {
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
    restart() {
      drop(() => true);
      waiting.clear();
      players.clear();
      [seq, refreshedAt] = [0, -Infinity];
    },
    close() {
      drop(() => true);
      cancelFlush?.();
      cancelDue?.();
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
