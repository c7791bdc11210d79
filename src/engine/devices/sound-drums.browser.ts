/** A synthetic drum kit on the General MIDI keys; what has no drum of its own is a tom at its pitch. */
import type { Instrument, Timbre, VoiceNote } from './sound-voice.browser.ts';
import { brighten, envelope, loudness, oscillator } from './sound-voice.browser.ts';
import { createNoise, frequencyOf } from './voices.ts';

const noises = new WeakMap<BaseAudioContext, AudioBuffer>();

function noise(context: BaseAudioContext, start: number): AudioBufferSourceNode {
  let buffer = noises.get(context);
  if (!buffer) {
    buffer = context.createBuffer(1, context.sampleRate, context.sampleRate);
    buffer.copyToChannel(Float32Array.from({ length: buffer.length }, createNoise(7)), 0);
    noises.set(context, buffer);
  }
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.loop = true;
  source.start(start);
  return source;
}

/** A tone that falls from `from` to `to` Hz and dies. */
function thump(
  context: BaseAudioContext,
  start: number,
  shape: { from: number; to: number; fall: number; decay: number; level: number },
): [OscillatorNode, GainNode] {
  const tone = oscillator(context, 'sine', shape.from, start);
  tone.frequency.setValueAtTime(shape.from, start);
  tone.frequency.setTargetAtTime(shape.to, start, shape.fall);
  const gain = envelope(context, { start, attack: 0.001, decay: shape.decay, sustain: 0, level: shape.level });
  tone.connect(gain);
  return [tone, gain];
}

/** A burst of filtered noise. */
function hiss(
  context: BaseAudioContext,
  start: number,
  shape: { type: BiquadFilterType; frequency: number; q: number; decay: number; level: number },
): [AudioBufferSourceNode, GainNode] {
  const source = noise(context, start);
  const filter = context.createBiquadFilter();
  filter.type = shape.type;
  filter.frequency.value = shape.frequency;
  filter.Q.value = shape.q;
  const gain = envelope(context, { start, attack: 0.001, decay: shape.decay, sustain: 0, level: shape.level });
  source.connect(filter).connect(gain);
  return [source, gain];
}

function struck(context: BaseAudioContext, parts: readonly (readonly [AudioScheduledSourceNode, AudioNode])[], life: number): Timbre {
  const output = context.createGain();
  for (const [, node] of parts) node.connect(output);
  return { output, sources: parts.map(([source]) => source), release: 0.05, life, isStruck: true };
}

const kick: Instrument = (context, { start, velocity }) =>
  struck(
    context,
    [
      thump(context, start, { from: 170, to: 47, fall: 0.028, decay: 0.38, level: 0.8 * loudness(velocity) }),
      hiss(context, start, { type: 'lowpass', frequency: 3500, q: 0.5, decay: 0.012, level: 0.18 * velocity }),
    ],
    0.7,
  );

const snare: Instrument = (context, { start, velocity, brightness }) =>
  struck(
    context,
    [
      thump(context, start, { from: 260, to: 182, fall: 0.02, decay: 0.16, level: 0.4 * loudness(velocity) }),
      hiss(context, start, {
        type: 'bandpass',
        frequency: brighten(3200, brightness),
        q: 0.4,
        decay: 0.2,
        level: 0.55 * loudness(velocity),
      }),
    ],
    0.5,
  );

const rim: Instrument = (context, { start, velocity }) =>
  struck(
    context,
    [
      thump(context, start, { from: 900, to: 820, fall: 0.01, decay: 0.035, level: 0.35 * loudness(velocity) }),
      hiss(context, start, { type: 'bandpass', frequency: 2400, q: 2, decay: 0.025, level: 0.3 * velocity }),
    ],
    0.15,
  );

const clap: Instrument = (context, { start, velocity, brightness }) =>
  struck(
    context,
    [0, 0.011, 0.023].map((late, i) =>
      hiss(context, start + late, {
        type: 'bandpass',
        frequency: brighten(1500, brightness),
        q: 1.1,
        decay: i === 2 ? 0.22 : 0.02,
        level: 0.6 * loudness(velocity),
      }),
    ),
    0.5,
  );

const cymbal =
  (decay: number, level: number, frequency: number): Instrument =>
  (context, { start, velocity, brightness }) =>
    struck(
      context,
      [
        hiss(context, start, {
          type: 'highpass',
          frequency: brighten(frequency, brightness),
          q: 0.7,
          decay,
          level: level * loudness(velocity),
        }),
        hiss(context, start, { type: 'bandpass', frequency: frequency * 0.8, q: 3, decay: decay * 0.6, level: 0.3 * level * velocity }),
      ],
      decay * 2.5,
    );

const tom = (context: BaseAudioContext, note: VoiceNote): Timbre => {
  const frequency = frequencyOf(note.pitch);
  return struck(
    context,
    [
      thump(context, note.start, { from: frequency * 1.5, to: frequency, fall: 0.03, decay: 0.35, level: 0.55 * loudness(note.velocity) }),
      hiss(context, note.start, { type: 'lowpass', frequency: 1800, q: 0.5, decay: 0.03, level: 0.12 * note.velocity }),
    ],
    0.7,
  );
};

const CLOSED_HAT = cymbal(0.055, 0.32, 7500);
const KIT: Readonly<Record<number, Instrument>> = {
  35: kick,
  36: kick,
  37: rim,
  38: snare,
  39: clap,
  40: snare,
  42: CLOSED_HAT,
  44: CLOSED_HAT,
  46: cymbal(0.32, 0.28, 7000),
  49: cymbal(1.5, 0.3, 5000),
  51: cymbal(0.7, 0.2, 6000),
  57: cymbal(1.7, 0.3, 4600),
  70: cymbal(0.03, 0.2, 6000),
};

export const drums: Instrument = (context, note) => (KIT[Math.round(note.pitch)] ?? tom)(context, note);
