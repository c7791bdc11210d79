/** Where all tracks meet: shared hall and echo, a gentle limiter, and a ceiling that nothing passes. */
import type { Context } from 'tone/build/esm/classes.js';
import { Compressor, connect, Convolver, PingPongDelay, ToneAudioBuffer } from 'tone/build/esm/classes.js';
import { gainOf, hallImpulse } from './voices.ts';

/** s that the limiter looks ahead and so delays all sound; Web Audio's DynamicsCompressor does it in every browser. */
export const LIMITER_AHEAD = 0.006;

export interface Master {
  readonly input: AudioNode;
  readonly reverb: AudioNode;
  readonly delay: AudioNode;
  readonly volume: AudioParam;
  /** After the ceiling, as sent to the loudspeaker. */
  readonly output: AudioNode;
  /** Fades out within 50 ms, empties hall and echo, then lets sound through again. */
  silence(): void;
  close(): void;
}

/** s: a panic fades this fast and stays silent until what was in the limiter has passed. */
const FADE_OUT = 0.03;
const SILENT = 0.08;
const THRESHOLD = -9;
const RATIO = 8;
/** Brings a handful of tracks near the limiter without anyone touching a fader. */
const DRIVE = 1.4;
/** Web Audio's compressor lifts all by the 0.6th part of its reduction at full scale; taken back here. Source: Web Audio 1.1, DynamicsCompressorNode. */
const MAKEUP_BACK = gainOf(0.6 * (THRESHOLD - THRESHOLD / RATIO));

export function createMaster(tone: Context, raw: AudioContext): Master {
  const input = raw.createGain();
  const volume = raw.createGain();
  const limiter = new Compressor({ context: tone, threshold: THRESHOLD, ratio: RATIO, knee: 6, attack: 0.003, release: 0.12 });
  const back = raw.createGain();
  back.gain.value = MAKEUP_BACK;
  const ceiling = createCeiling(raw);
  const output = raw.createGain();
  input.gain.value = DRIVE;
  input.connect(volume);
  connect(volume, limiter);
  connect(limiter, back);
  back.connect(ceiling.input);
  ceiling.output.connect(output).connect(raw.destination);
  const sends = { reverb: raw.createGain(), delay: raw.createGain() };
  const hall = createHall(raw);
  let rooms = createRooms(tone, raw, { ...sends, hall, input });
  return {
    input,
    ...sends,
    volume: volume.gain,
    output,
    silence() {
      const now = raw.currentTime;
      output.gain.cancelScheduledValues(now);
      output.gain.setValueAtTime(1, now);
      output.gain.linearRampToValueAtTime(0, now + FADE_OUT);
      output.gain.setValueAtTime(0, now + SILENT);
      output.gain.linearRampToValueAtTime(1, now + SILENT + 0.005);
      // What voices still give while they fade must not come back as an echo.
      for (const send of [sends.reverb, sends.delay]) {
        send.gain.setValueAtTime(0, now);
        send.gain.setValueAtTime(1, now + SILENT);
      }
      const old = rooms;
      rooms = createRooms(tone, raw, { ...sends, hall, input });
      old.close();
    },
    close() {
      rooms.close();
      limiter.dispose();
      output.disconnect();
    },
  };
}

/** Straight up to 0.7, then bending towards 0.98: no sample passes 1, whatever comes. */
function createCeiling(raw: AudioContext): { readonly input: AudioNode; readonly output: AudioNode } {
  const span = 4;
  const input = raw.createGain();
  input.gain.value = 1 / span;
  const output = raw.createWaveShaper();
  output.curve = Float32Array.from({ length: 8193 }, (_, i) => {
    const x = (i / 4096 - 1) * span;
    const size = Math.abs(x);
    return Math.sign(x) * (size < 0.7 ? size : 0.7 + 0.28 * Math.tanh((size - 0.7) / 0.28));
  });
  input.connect(output);
  return { input, output };
}

function createHall(raw: AudioContext): AudioBuffer {
  const hall = raw.createBuffer(2, Math.floor(2.4 * raw.sampleRate), raw.sampleRate);
  for (const channel of [0, 1]) hall.copyToChannel(hallImpulse(raw.sampleRate, 2.4, 11 + channel), channel);
  return hall;
}

interface RoomEnds {
  readonly reverb: GainNode;
  readonly delay: GainNode;
  readonly hall: AudioBuffer;
  readonly input: AudioNode;
}

function createRooms(tone: Context, raw: AudioContext, ends: RoomEnds): { close(): void } {
  const convolver = new Convolver({ context: tone, url: new ToneAudioBuffer(ends.hall) });
  const echo = new PingPongDelay({ context: tone, delayTime: 0.33, feedback: 0.32, wet: 1 });
  /** Low rumble makes a hall muddy. */
  const cut = raw.createBiquadFilter();
  cut.type = 'highpass';
  cut.frequency.value = 180;
  const soft = raw.createBiquadFilter();
  soft.type = 'lowpass';
  soft.frequency.value = 4200;
  ends.reverb.disconnect();
  ends.delay.disconnect();
  ends.reverb.connect(cut);
  connect(cut, convolver);
  connect(convolver, ends.input);
  ends.delay.connect(soft);
  connect(soft, echo);
  connect(echo, ends.input);
  return {
    close() {
      convolver.dispose();
      echo.dispose();
    },
  };
}
