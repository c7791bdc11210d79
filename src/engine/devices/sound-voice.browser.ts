/** What an instrument hands over, and how any voice is started, released, stolen and freed. Own nodes on Tone's context,
 *  since Tone's PolySynth starts future notes from a timer: a page that stalls would play them late. */
import type { Sounding } from './voices.ts';

/** One note for an instrument; times in s of the audio clock. */
export interface VoiceNote {
  readonly pitch: number;
  readonly frequency: number;
  /** 0 to 1 */
  readonly velocity: number;
  readonly start: number;
  /** 0 dull to 1 bright, 0.5 as the instrument is meant. */
  readonly brightness: number;
  /** s; undefined as the instrument has it. */
  readonly attack: number | undefined;
  readonly release: number | undefined;
}

export interface Timbre {
  readonly output: AudioNode;
  /** Started by the instrument at the note's start. */
  readonly sources: readonly AudioScheduledSourceNode[];
  /** s from release to silence. */
  readonly release: number;
  /** s after which it is silent by itself; drums and strings. */
  readonly life: number;
  /** A struck thing: the note's end does not damp it. */
  readonly isStruck: boolean;
}

export type Instrument = (context: BaseAudioContext, note: VoiceNote) => Timbre;

export interface Voice extends Sounding {
  readonly gate: GainNode;
  /** Ends it with its own release, from `at` on. */
  release(at: number): void;
  /** Ends it within 5 ms. */
  stop(at: number): void;
}

/** s: short enough to be at once, long enough not to click. */
export const FADE = 0.005;

/** end: when the note is released; Infinity while a key is held. */
export function sound(timbre: Timbre, gate: GainNode, start: number, end: number, freed: (voice: Voice) => void): Voice {
  const context = gate.context;
  const damper = context.createGain();
  timbre.output.connect(damper).connect(gate);
  let endsAt = Infinity;
  const endAt = (at: number): void => {
    if (at >= endsAt) return;
    endsAt = at;
    for (const source of timbre.sources) source.stop(at);
  };
  const voice: Voice = {
    start,
    gate,
    get end() {
      return endsAt;
    },
    release(at) {
      damper.gain.setTargetAtTime(0, at, timbre.release / 6);
      endAt(at + timbre.release * 1.2);
    },
    stop(at) {
      damper.gain.cancelScheduledValues(at);
      damper.gain.setTargetAtTime(0, at, FADE / 5);
      endAt(at + FADE);
    },
  };
  timbre.sources[0]!.onended = () => {
    damper.disconnect();
    freed(voice);
  };
  endAt(start + timbre.life);
  if (!timbre.isStruck && end < Infinity) voice.release(end);
  return voice;
}

/** A gain that follows attack, decay and sustain; release is the damper's. Peak 1 × `level`. */
export function envelope(
  context: BaseAudioContext,
  shape: { readonly start: number; readonly attack: number; readonly decay: number; readonly sustain: number; readonly level: number },
): GainNode {
  const gain = context.createGain();
  gain.gain.value = 0;
  gain.gain.setValueAtTime(0, shape.start);
  gain.gain.linearRampToValueAtTime(shape.level, shape.start + shape.attack);
  gain.gain.setTargetAtTime(shape.level * shape.sustain, shape.start + shape.attack, shape.decay / 3);
  return gain;
}

export function oscillator(context: BaseAudioContext, type: OscillatorType, frequency: number, start: number): OscillatorNode {
  const node = context.createOscillator();
  node.type = type;
  node.frequency.value = frequency;
  node.start(start);
  return node;
}

/** Half of the way of velocity is loudness by square: soft notes stay audible. */
export const loudness = (velocity: number): number => 0.35 * velocity + 0.65 * velocity * velocity;

/** Hz of a filter at brightness 0.5 → at another brightness: two octaves each way. */
export const brighten = (frequency: number, brightness: number): number => Math.min(18_000, frequency * 4 ** (2 * brightness - 1));
