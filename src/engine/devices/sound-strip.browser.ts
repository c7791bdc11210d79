/** One track's way to the master: insert, filter, pan, volume, mute, sends, meter, and the gates of its occurrences. */
import type { Context } from 'tone/build/esm/classes.js';
import { Chorus, connect } from 'tone/build/esm/classes.js';
import type { Track } from '../../crdt/score.ts';
import type { Parameter } from '../device.ts';
import { STRIPS } from './sound-instruments.browser.ts';
import type { Master } from './sound-master.browser.ts';
import type { Voice } from './sound-voice.browser.ts';
import { gainOf } from './voices.ts';

/** A parameter that Web Audio can follow at a date. */
export interface Control {
  readonly param: AudioParam;
  readonly min: number;
  readonly max: number;
  readonly initial: number;
  readonly unit: string;
  readonly description: string;
  readonly toParam: (value: number) => number;
}

export interface Strip {
  readonly track: Track;
  readonly input: AudioNode;
  readonly controls: ReadonlyMap<string, Control>;
  readonly voices: Set<Voice>;
  /** Peak of the last 43 ms in dB. */
  level(): number;
  /** Volume, pan and mute of the score, where they differ from what the score said before. */
  follow(track: Track): void;
  close(): void;
}

/** Settings that a note takes with it when it starts; no node follows them. */
export const NOTE_SETTINGS: Readonly<Record<string, Omit<Parameter, 'address' | 'type' | 'access'>>> = {
  attack: { min: 0.001, max: 4, unit: 's', description: 'How long a note takes to come' },
  release: { min: 0.01, max: 8, unit: 's', description: 'How long a note takes to go' },
  brightness: { min: 0, max: 1, description: 'Dull to bright; 0.5 as the instrument is meant' },
};

/** s: values glide this far rather than step, which would click. */
const GLIDE = 0.006;
const same = (value: number): number => value;

export function setAt(control: Control, value: number, at: number): void {
  const bounded = Math.min(Math.max(value, control.min), control.max);
  control.param.cancelScheduledValues(at);
  control.param.setTargetAtTime(control.toParam(bounded), at, GLIDE);
}

export function createStrip(tone: Context, raw: AudioContext, master: Master, first: Track): Strip {
  let track = first;
  const kind = STRIPS[track.instrument];
  const input = raw.createGain();
  const filter = raw.createBiquadFilter();
  const panner = raw.createStereoPanner();
  const [volume, mute, reverb, delay] = [raw.createGain(), raw.createGain(), raw.createGain(), raw.createGain()];
  const chorus = kind.hasChorus ? new Chorus({ context: tone, frequency: 0.45, delayTime: 4, depth: 0.5, wet: 0.45 }).start() : undefined;
  if (chorus) {
    connect(input, chorus);
    connect(chorus, filter);
  } else input.connect(filter);
  filter.connect(panner).connect(volume).connect(mute).connect(master.input);
  mute.connect(reverb).connect(master.reverb);
  mute.connect(delay).connect(master.delay);
  const meter = createMeter(raw, mute);
  filter.frequency.value = 20_000;
  filter.Q.value = 0;
  const controls = new Map<string, Control>([
    ['volume', { param: volume.gain, min: -60, max: 12, initial: track.volume, unit: 'dB', description: 'Volume', toParam: gainOf }],
    ['pan', { param: panner.pan, min: -1, max: 1, initial: track.pan, unit: '', description: 'Left to right', toParam: same }],
    [
      'cutoff',
      { param: filter.frequency, min: 20, max: 20_000, initial: 20_000, unit: 'Hz', description: 'Low-pass filter', toParam: same },
    ],
    ['resonance', { param: filter.Q, min: 0, max: 20, initial: 0, unit: 'dB', description: 'Peak of the filter', toParam: same }],
    ['reverb', { param: reverb.gain, min: 0, max: 1, initial: kind.reverb, unit: '', description: 'Sent to the hall', toParam: same }],
    ['delay', { param: delay.gain, min: 0, max: 1, initial: kind.delay, unit: '', description: 'Sent to the echo', toParam: same }],
  ]);
  for (const control of controls.values()) control.param.value = control.toParam(control.initial);
  mute.gain.value = track.isMuted ? 0 : 1;
  const voices = new Set<Voice>();
  return {
    get track() {
      return track;
    },
    input,
    controls,
    voices,
    level: meter,
    follow(next) {
      const now = raw.currentTime;
      if (next.volume !== track.volume) setAt(controls.get('volume')!, next.volume, now);
      if (next.pan !== track.pan) setAt(controls.get('pan')!, next.pan, now);
      if (next.isMuted !== track.isMuted) mute.gain.setTargetAtTime(next.isMuted ? 0 : 1, now, GLIDE);
      track = next;
    },
    close() {
      for (const voice of voices) voice.stop(raw.currentTime);
      mute.gain.setTargetAtTime(0, raw.currentTime, GLIDE / 2);
      for (const node of [mute, reverb, delay]) node.disconnect();
      chorus?.dispose();
    },
  };
}

/** Peak in dB of what passes a node; −Infinity in silence. */
export function createMeter(raw: AudioContext, node: AudioNode): () => number {
  const analyser = raw.createAnalyser();
  analyser.fftSize = 2048;
  node.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return () => {
    analyser.getFloatTimeDomainData(samples);
    let peak = 0;
    for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
    return 20 * Math.log10(peak);
  };
}
