/** The instruments of the score: each a few nodes per note, started at an exact audio time. */
import type { Track } from '../../crdt/score.ts';
import { drums } from './sound-drums.browser.ts';
import type { Instrument, VoiceNote } from './sound-voice.browser.ts';
import { brighten, envelope, loudness, oscillator } from './sound-voice.browser.ts';
import { pluckString } from './voices.ts';

interface Strip {
  readonly play: Instrument;
  readonly polyphony: number;
  /** Sends that suit it, 0 to 1. */
  readonly reverb: number;
  readonly delay: number;
  readonly hasChorus: boolean;
}

/** A low-pass whose frequency opens with the note and falls back. */
function sweep(
  context: BaseAudioContext,
  note: VoiceNote,
  shape: { from: number; peak: number; to: number; rise: number; fall: number; q: number },
): BiquadFilterNode {
  const filter = context.createBiquadFilter();
  filter.type = 'lowpass';
  filter.Q.value = shape.q;
  const tuned = (frequency: number): number => brighten(frequency, note.brightness);
  filter.frequency.setValueAtTime(tuned(shape.from), note.start);
  filter.frequency.exponentialRampToValueAtTime(tuned(shape.peak), note.start + shape.rise);
  filter.frequency.setTargetAtTime(tuned(shape.to), note.start + shape.rise, shape.fall / 3);
  return filter;
}

function mix(context: BaseAudioContext, parts: readonly (readonly [AudioNode, number])[], into: AudioNode): void {
  for (const [part, level] of parts) {
    const gain = context.createGain();
    gain.gain.value = level;
    part.connect(gain).connect(into);
  }
}

const poly: Instrument = (context, note) => {
  const { frequency, start, velocity } = note;
  const saws = [-6, 6].map((cents) => oscillator(context, 'sawtooth', frequency * 2 ** (cents / 1200), start));
  const body = oscillator(context, 'triangle', frequency, start);
  const filter = sweep(context, note, {
    from: 500 + frequency,
    peak: 900 + frequency * (2 + 4 * velocity),
    to: 500 + frequency * 2,
    rise: 0.012,
    fall: 0.5,
    q: 1.5,
  });
  mix(
    context,
    [
      [saws[0]!, 0.28],
      [saws[1]!, 0.28],
      [body, 0.5],
    ],
    filter,
  );
  const output = envelope(context, { start, attack: note.attack ?? 0.006, decay: 0.5, sustain: 0.6, level: 0.45 * loudness(velocity) });
  filter.connect(output);
  return { output, sources: [...saws, body], release: note.release ?? 0.35, life: Infinity, isStruck: false };
};

/** An electric piano: a soft body and a tine two octaves up that dies early. */
const fm: Instrument = (context, note) => {
  const { frequency, start, velocity } = note;
  const carrier = oscillator(context, 'sine', frequency, start);
  const body = oscillator(context, 'sine', frequency, start);
  const tine = oscillator(context, 'sine', Math.min(frequency * 14, 16_000), start);
  const bright = 0.5 + note.brightness;
  const bodyIndex = envelope(context, {
    start,
    attack: 0.002,
    decay: 0.9,
    sustain: 0.25,
    level: frequency * (0.35 + 0.75 * velocity) * bright,
  });
  const tineIndex = envelope(context, {
    start,
    attack: 0.001,
    decay: 0.18,
    sustain: 0.001,
    level: frequency * 1.2 * velocity * velocity * bright,
  });
  body.connect(bodyIndex).connect(carrier.frequency);
  tine.connect(tineIndex).connect(carrier.frequency);
  const output = envelope(context, { start, attack: note.attack ?? 0.003, decay: 2.2, sustain: 0.2, level: 0.34 * loudness(velocity) });
  carrier.connect(output);
  return { output, sources: [carrier, body, tine], release: note.release ?? 0.45, life: Infinity, isStruck: false };
};

const STRING_SECONDS = 3;
const STRINGS_MAX = 64;
const strings = new Map<string, AudioBuffer>();

/** Strings are computed once per semitone; a note between two is the nearer one, played a little faster or slower. */
function stringBuffer(context: BaseAudioContext, pitch: number): AudioBuffer {
  const key = `${context.sampleRate}:${pitch}`;
  const known = strings.get(key);
  if (known) return known;
  const buffer = context.createBuffer(1, Math.floor(STRING_SECONDS * context.sampleRate), context.sampleRate);
  buffer.copyToChannel(pluckString(440 * 2 ** ((pitch - 69) / 12), context.sampleRate, STRING_SECONDS), 0);
  if (strings.size >= STRINGS_MAX) strings.delete(strings.keys().next().value ?? '');
  strings.set(key, buffer);
  return buffer;
}

const pluck: Instrument = (context, note) => {
  const { start, velocity, pitch } = note;
  const string = context.createBufferSource();
  const nearest = Math.min(Math.max(Math.round(pitch), 24), 103);
  string.buffer = stringBuffer(context, nearest);
  string.playbackRate.value = 2 ** ((pitch - nearest) / 12);
  string.start(start);
  const filter = sweep(context, note, {
    from: 2500 + 5000 * velocity,
    peak: 2600 + 5500 * velocity,
    to: 1800,
    rise: 0.004,
    fall: 0.8,
    q: 0.5,
  });
  const output = envelope(context, { start, attack: note.attack ?? 0.001, decay: 3, sustain: 1, level: 0.55 * loudness(velocity) });
  string.connect(filter).connect(output);
  return { output, sources: [string], release: note.release ?? 0.9, life: STRING_SECONDS - 0.05, isStruck: false };
};

const bass: Instrument = (context, note) => {
  const { frequency, start, velocity } = note;
  const root = oscillator(context, 'sine', frequency, start);
  const edge = oscillator(context, 'sawtooth', frequency, start);
  const filter = sweep(context, note, { from: 220, peak: 350 + 1100 * velocity, to: 260, rise: 0.008, fall: 0.35, q: 3 });
  const output = envelope(context, { start, attack: note.attack ?? 0.005, decay: 0.6, sustain: 0.7, level: 0.6 * loudness(velocity) });
  mix(context, [[edge, 0.5]], filter);
  mix(
    context,
    [
      [root, 0.75],
      [filter, 0.8],
    ],
    output,
  );
  return { output, sources: [root, edge], release: note.release ?? 0.14, life: Infinity, isStruck: false };
};

const pad: Instrument = (context, note) => {
  const { frequency, start, velocity } = note;
  const voices = (
    [
      [-7, -0.7],
      [0, 0],
      [8, 0.7],
    ] as const
  ).map(([cents, side]) => {
    const source = oscillator(context, 'sawtooth', frequency * 2 ** (cents / 1200), start);
    const panner = context.createStereoPanner();
    panner.pan.value = side;
    source.connect(panner);
    return { source, panner };
  });
  const attack = note.attack ?? 0.55;
  const filter = sweep(context, note, {
    from: 280 + frequency * 0.6,
    peak: 450 + frequency * 2.2,
    to: 400 + frequency * 1.4,
    rise: Math.max(0.05, attack * 1.8),
    fall: 3,
    q: 0.6,
  });
  mix(
    context,
    voices.map(({ panner }) => [panner, 0.33] as const),
    filter,
  );
  const output = envelope(context, { start, attack, decay: 1.5, sustain: 0.8, level: 0.45 * loudness(velocity) });
  filter.connect(output);
  return { output, sources: voices.map(({ source }) => source), release: note.release ?? 1.6, life: Infinity, isStruck: false };
};

export const STRIPS: { readonly [K in Track['instrument']]: Strip } = {
  poly: { play: poly, polyphony: 12, reverb: 0.18, delay: 0.08, hasChorus: false },
  fm: { play: fm, polyphony: 12, reverb: 0.22, delay: 0.05, hasChorus: true },
  pluck: { play: pluck, polyphony: 16, reverb: 0.28, delay: 0.22, hasChorus: false },
  bass: { play: bass, polyphony: 4, reverb: 0.02, delay: 0, hasChorus: false },
  drums: { play: drums, polyphony: 16, reverb: 0.08, delay: 0, hasChorus: false },
  pad: { play: pad, polyphony: 10, reverb: 0.4, delay: 0, hasChorus: true },
};
