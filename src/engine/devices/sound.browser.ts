/**
 * Tracks that sound. Everything is placed by date: mesh time → this machine's time → the audio time that is heard then.
 * No timer starts a note, so a page that hangs for a moment is not heard to do so. All notes of one occurrence of an
 * interval pass one gate, and a cut closes that gate: what was scheduled ahead, as if no trigger came, is taken back.
 */
import { Context } from 'tone/build/esm/classes.js';
import { setContext } from 'tone/build/esm/core/Global.js';
import type { LocalTime, MeshTime } from '../../base.ts';
import type { Track } from '../../crdt/score.ts';
import type { Address } from '../../crdt/value.ts';
import { parseAddress } from '../../crdt/value.ts';
import { clip } from '../domain.ts';
import type { Device, Parameter, ScheduledNote, ScheduledSound } from '../device.ts';
import { createDatedValues } from './dated-values.ts';
import { createGates } from './gates.ts';
import type { DeviceNotice } from './notice.ts';
import { createSoundClock } from './sound-clock.browser.ts';
import { STRIPS } from './sound-instruments.browser.ts';
import { createLiveSounds, type LiveSounds } from './sound-live.browser.ts';
import { createMediaPlayer, mediumTimbre } from './sound-media.browser.ts';
import { createMaster, LIMITER_AHEAD } from './sound-master.browser.ts';
import type { Control, Strip } from './sound-strip.browser.ts';
import { createMeter, createStrip, NOTE_SETTINGS, setAt } from './sound-strip.browser.ts';
import type { Voice } from './sound-voice.browser.ts';
import { FADE, sound } from './sound-voice.browser.ts';
import { frequencyOf, gainOf, steal } from './voices.ts';

export interface SoundDevice extends Device {
  /** The tracks of the score; their keys are unique. */
  setTracks(tracks: readonly Track[]): void;
  /** Starts or restarts the output; only works inside a click or key press. Never rejects. */
  resume(): Promise<void>;
  state(): 'running' | 'suspended' | 'interrupted' | 'closed';
  /** ms from the graph to the ear as far as the browser says; what is scored is early by this much, live notes are not. */
  latency(): number;
  /** Peak in dB of a track by key, or of the `master`. */
  level(key: string): number;
  counts(): SoundCounts;
  /** Sound of other pages and of this one's inputs. */
  readonly live: LiveSounds;
  /** What goes to the loudspeaker, for meters, recordings and tests. */
  tap(): AudioNode;
}

export interface SoundCounts {
  /** Notes that began after their date because they came late. */
  readonly late: number;
  /** Notes that came too late or while there was no sound. */
  readonly dropped: number;
  /** Values and notes for addresses that are not there, or of a wrong type. */
  readonly refused: number;
}

export interface SoundOptions {
  toLocal(at: MeshTime): LocalTime;
  /** ms of `performance.now()` as this machine's time. */
  fromPerformance(ms: number): LocalTime;
  onNotice(notice: DeviceNotice): void;
  /** Bytes of a medium by its hash; undefined when nobody has it. */
  media?(media: string, done: (bytes: Uint8Array | undefined) => void): void;
}

/** s: a note this late still begins, at once; later ones would only disturb. */
const LATE_MAX = 0.12;
/** ms: what is live and not dated later than this is played at once. */
const AHEAD_MIN = 3;
const MASTER_VOLUME = 'sound:/master/volume';

interface Target {
  readonly strip: Strip;
  /** Empty: the notes themselves. */
  readonly parameter: string;
}

/** Undefined where the browser has no sound at all. */
export function createSoundDevice(options: SoundOptions): SoundDevice | undefined {
  if (typeof AudioContext === 'undefined') {
    options.onNotice({ level: 'warning', message: 'This browser has no Web Audio: this page stays silent, all else works.' });
    return undefined;
  }
  const raw = new AudioContext({ latencyHint: 'interactive' });
  const tone = new Context({ context: raw, clockSource: 'offline', lookAhead: 0, updateInterval: 0.05 });
  setContext(tone);
  const master = createMaster(tone, raw);
  const masterMeter = createMeter(raw, master.output);
  const masterVolume: Control = {
    param: master.volume,
    min: -60,
    max: 12,
    initial: 0,
    unit: 'dB',
    description: 'Volume of all',
    toParam: gainOf,
  };
  const clock = createSoundClock(raw, options);
  const media = createMediaPlayer(raw, (hash, done) => (options.media ? options.media(hash, done) : done(undefined)), options.onNotice);
  const strips = new Map<string, Strip>();
  const gates = createGates<GainNode>();
  const values = createDatedValues();
  const held = new Map<string, Voice>();
  const count = { late: 0, dropped: 0, refused: 0 };
  const audioTime = (at: MeshTime): number => clock.toAudio(options.toLocal(at)) - LIMITER_AHEAD;

  function target(address: Address): Target | undefined {
    const parsed = parseAddress(address);
    if (parsed?.device !== 'sound') return undefined;
    const [, key = '', parameter = '', ...rest] = parsed.path.split('/');
    const strip = strips.get(key);
    return strip && rest.length === 0 ? { strip, parameter } : undefined;
  }

  function setting(strip: Strip, name: string, at: MeshTime): number | undefined {
    const value = values.read(`sound:/${strip.track.key}/${name}`, at);
    const range = NOTE_SETTINGS[name]!;
    const inRange = typeof value === 'number' ? clip(value, { min: 0, max: 1, ...range }, 'clip') : undefined;
    return typeof inRange === 'number' ? inRange : undefined;
  }

  function start(strip: Strip, note: ScheduledNote, from: number, until: number): Voice {
    const kind = STRIPS[strip.track.instrument];
    for (const voice of steal(strip.voices, from, kind.polyphony)) voice.stop(from);
    const timbre = kind.play(raw, {
      pitch: note.pitch,
      frequency: frequencyOf(note.pitch),
      velocity: Math.min(note.velocity, 1),
      start: from,
      brightness: setting(strip, 'brightness', note.at) ?? 0.5,
      attack: setting(strip, 'attack', note.at),
      release: setting(strip, 'release', note.at),
    });
    const voice = sound(timbre, gate(strip, note.occurrence, from), from, until, (ended) => strip.voices.delete(ended));
    strip.voices.add(voice);
    return voice;
  }

  function gate(strip: Strip, occurrence: string, at: number): GainNode {
    const known = gates.find(strip.track.id, occurrence, at);
    if (known) return known;
    sweep();
    const node = raw.createGain();
    node.connect(strip.input);
    gates.add(strip.track.id, occurrence, node);
    return node;
  }

  function sweep(): void {
    const sounding = new Set([...strips.values()].flatMap((strip) => [...strip.voices].map((voice) => voice.gate)));
    for (const node of gates.sweep((gate) => !sounding.has(gate))) node.disconnect();
  }

  function playScored(strip: Strip, note: ScheduledNote): void {
    const [due, now] = [audioTime(note.at), raw.currentTime];
    const until = note.until < Infinity ? audioTime(note.until) : Infinity;
    if (!(due > now - LATE_MAX - clock.latency()) || until <= now) {
      count.dropped++;
      return;
    }
    if (due < now) count.late++;
    start(strip, note, Math.max(due, now), until);
  }

  /** Of what is live: its latency is not made up for, so that what is said shortly before its date is still in time. */
  function liveTime(at: MeshTime): number {
    const ahead = options.toLocal(at) - options.fromPerformance(performance.now());
    return ahead < AHEAD_MIN ? raw.currentTime : Math.max(raw.currentTime, clock.toAudio(options.toLocal(at)) + clock.latency());
  }

  /** Struck at once: the ear of who plays forgives nothing. The same key again, or velocity 0, ends the one before. */
  function playLive(strip: Strip, note: ScheduledNote): void {
    const key = `${strip.track.id} ${note.pitch}`;
    const from = liveTime(note.at);
    const before = held.get(key);
    // What has not begun by then does not begin.
    if (before && from <= before.start) before.stop(from);
    else before?.release(from);
    held.delete(key);
    if (note.velocity <= 0) return;
    const length = note.until < Infinity ? Math.max(0.02, (note.until - note.at) / 1000) : Infinity;
    const voice = start(strip, note, from, from + length);
    if (length === Infinity) held.set(key, voice);
  }

  function playMedium(key: string, scheduled: ScheduledSound, buffer: AudioBuffer, until: MeshTime): void {
    const [due, now] = [audioTime(scheduled.at), raw.currentTime];
    const end = until < Infinity ? audioTime(until) : Infinity;
    const from = Math.max(due, now);
    const strip = strips.get(key);
    const timbre = strip && end > now ? mediumTimbre(raw, buffer, scheduled, { from, late: from - due }) : undefined;
    if (!strip || !timbre) return;
    const isCut = until < scheduled.until;
    const voice = sound(timbre, gate(strip, scheduled.occurrence, from), from, isCut ? Infinity : end, (ended) =>
      strip.voices.delete(ended),
    );
    strip.voices.add(voice);
    if (!isCut) return;
    // Its gate was closed before it came, so it is closed as that would have closed it; a release would ring on.
    close(timbre.output.gain, scheduled.gain, end);
    voice.stop(end + FADE);
  }

  function remove(key: string, strip: Strip): void {
    strip.close();
    strips.delete(key);
    for (const [name] of held) if (name.startsWith(`${strip.track.id} `)) held.delete(name);
  }

  return {
    name: 'sound',
    parameters: () => [
      { address: MASTER_VOLUME, type: 'number', access: 'set', min: -60, max: 12, unit: 'dB', description: masterVolume.description },
      ...[...strips.values()].flatMap(parametersOf),
    ],
    read: (address) => values.last(address) ?? target(address)?.strip.controls.get(target(address)!.parameter)?.initial,
    send(address, value, at) {
      const aim = target(address);
      const control = address === MASTER_VOLUME ? masterVolume : aim?.strip.controls.get(aim.parameter);
      if (typeof value !== 'number' || !Number.isFinite(value) || !(control || (aim && aim.parameter in NOTE_SETTINGS))) {
        count.refused++;
        return;
      }
      values.put(address, value, at);
      if (control) setAt(control, value, Math.max(audioTime(at), raw.currentTime));
    },
    note(address, note) {
      const aim = target(address);
      if (!aim || aim.parameter !== '' || !isNote(note)) count.refused++;
      else if (raw.state !== 'running') count.dropped++;
      else if (note.occurrence === '') playLive(aim.strip, note);
      else if (note.velocity > 0) playScored(aim.strip, note);
    },
    play(address, scheduled) {
      const aim = target(address);
      if (!aim || aim.parameter !== '' || !isSound(scheduled)) count.refused++;
      else media.play(scheduled, (buffer, until) => playMedium(aim.strip.track.key, scheduled, buffer, until as MeshTime));
    },
    cut(occurrence, at) {
      media.cut(occurrence, at);
      const due = Math.max(audioTime(at), raw.currentTime);
      const closing = new Set(gates.cut(occurrence, due));
      for (const node of closing) close(node.gain, 1, due);
      for (const strip of strips.values()) for (const voice of strip.voices) if (closing.has(voice.gate)) voice.stop(due + FADE);
    },
    panic() {
      master.silence();
      media.forget();
      for (const strip of strips.values()) for (const voice of strip.voices) voice.stop(raw.currentTime + 0.04);
      for (const control of [masterVolume, ...[...strips.values()].flatMap((strip) => [...strip.controls.values()])])
        control.param.cancelScheduledValues(raw.currentTime + 0.001);
      held.clear();
    },
    onValue: () => () => undefined,
    setTracks(tracks) {
      const wanted = new Map(tracks.map((track) => [track.key, track]));
      for (const [key, strip] of strips) {
        const track = wanted.get(key);
        if (track?.id === strip.track.id && track.instrument === strip.track.instrument) strip.follow(track);
        else remove(key, strip);
      }
      for (const [key, track] of wanted) if (!strips.has(key)) strips.set(key, createStrip(tone, raw, master, track));
    },
    resume: clock.resume,
    state: () => raw.state,
    latency: () => (clock.latency() + LIMITER_AHEAD) * 1000,
    level: (key) => (key === 'master' || key === '' ? masterMeter() : (strips.get(key)?.level() ?? -Infinity)),
    counts: () => ({ ...count }),
    live: createLiveSounds(raw, (key) => strips.get(key)?.input, master.input),
    tap: () => master.output,
    close() {
      clock.close();
      media.close();
      for (const [key, strip] of strips) remove(key, strip);
      master.close();
      if (raw.state !== 'closed') void raw.close();
    },
  };
}

/** Straight from its value to silence. at: s */
function close(gain: AudioParam, value: number, at: number): void {
  gain.setValueAtTime(value, at);
  gain.linearRampToValueAtTime(0, at + FADE);
}

const isNote = (note: ScheduledNote): boolean =>
  Number.isFinite(note.pitch) &&
  note.pitch >= 0 &&
  note.pitch <= 127 &&
  note.velocity >= 0 &&
  Number.isFinite(note.at) &&
  !Number.isNaN(note.until);

const isSound = ({ at, until, offset, rate, gain, loop = 1, loopStart }: ScheduledSound): boolean =>
  [at, offset, rate, gain, loop, loopStart].every(Number.isFinite) && rate > 0 && gain >= 0 && loop > 0 && !Number.isNaN(until);

function parametersOf(strip: Strip): Parameter[] {
  const root = `sound:/${strip.track.key}`;
  return [
    { address: root, type: 'notes', access: 'set', description: strip.track.name },
    ...[...strip.controls].map(([name, { min, max, unit, description }]) => ({
      address: `${root}/${name}`,
      type: 'number' as const,
      access: 'set' as const,
      min,
      max,
      unit,
      description,
    })),
    ...Object.entries(NOTE_SETTINGS).map(([name, range]) => ({
      address: `${root}/${name}`,
      type: 'number' as const,
      access: 'set' as const,
      ...range,
    })),
  ];
}
