/** A voice as the allocator sees it; audio times in s, `end` with its release. */
export interface Sounding {
  readonly start: number;
  readonly end: number;
}

/** Voices to end at `at` so that one more fits under `cap`: the oldest that sound then, quietly [DV7]. */
export function steal<V extends Sounding>(voices: Iterable<V>, at: number, cap: number): readonly V[] {
  const sounding = [...voices].filter((voice) => voice.start <= at && at < voice.end);
  const excess = sounding.length + 1 - cap;
  return excess <= 0 ? [] : sounding.toSorted((a, b) => a.start - b.start).slice(0, excess);
}

/** pitch: MIDI, may be fractional → Hz at A4 = 440. */
export const frequencyOf = (pitch: number): number => 440 * 2 ** ((pitch - 69) / 12);

export const gainOf = (decibels: number): number => (decibels <= -60 ? 0 : 10 ** (decibels / 20));

/** Uniform in −1..1, the same on every page: noise and impulses must not differ between peers. */
export function createNoise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

/** Where along the string the finger plucks; takes harmonics out as it does on a guitar. */
const PLUCKED_AT = 0.21;
const HARMONICS = 48;

/** A plucked string: a damped delay line, tuned by an all-pass, that begins with the harmonics of a pluck. Noise to begin
 *  with, as usual, would give each pitch a colour of its own. Source: Karplus and Strong 1983; Jaffe and Smith 1983. */
export function pluckString(frequency: number, sampleRate: number, seconds: number): Float32Array<ArrayBuffer> {
  const period = sampleRate / frequency - 0.5;
  const whole = Math.max(2, Math.floor(period - 0.1));
  const fraction = period - whole;
  const allPass = (1 - fraction) / (1 + fraction);
  const line = new Float32Array(whole);
  for (let h = 1; h <= Math.min(HARMONICS, whole / 2); h++) {
    const level = Math.sin(Math.PI * h * PLUCKED_AT) / h;
    // Spread phases, or all harmonics would peak at once and click.
    for (let i = 0; i < whole; i++) line[i] = line[i]! + level * Math.sin((2 * Math.PI * h * i) / whole + 0.4 * h * h);
  }
  const out = new Float32Array(Math.floor(seconds * sampleRate));
  // 60 dB of decay in 1 s and a bit, longer for low strings.
  const damping = 0.001 ** (1 / (frequency * (1 + 500 / frequency)));
  let [previous, lastIn, lastOut] = [0, 0, 0];
  for (let i = 0; i < out.length; i++) {
    const at = i % whole;
    const x = line[at]!;
    out[i] = x;
    const damped = damping * 0.5 * (x + previous);
    previous = x;
    lastOut = allPass * (damped - lastOut) + lastIn;
    lastIn = damped;
    line[at] = lastOut;
  }
  return normalise(out);
}

/** An echo of a hall: decaying noise that darkens; two channels unlike each other. */
export function hallImpulse(sampleRate: number, seconds: number, seed: number): Float32Array<ArrayBuffer> {
  const noise = createNoise(seed);
  const out = new Float32Array(Math.floor(seconds * sampleRate));
  let smooth = 0;
  for (let i = 0; i < out.length; i++) {
    const age = i / out.length;
    smooth += (noise() - smooth) * (0.75 * (1 - age) ** 2 + 0.06);
    out[i] = smooth * Math.exp(-6.9 * age) * Math.min(1, i / (0.012 * sampleRate));
  }
  return out;
}

function normalise(samples: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const peak = samples.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-9);
  return samples.map((x) => x / peak);
}
