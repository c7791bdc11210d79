import { FLICKS_PER_MS } from '../../base.ts';
import type { Lfo } from '../../crdt/score.ts';
import { sin } from './exact.ts';
import { cauchy, noise, normal } from './noise.ts';

/** Draws per second of the noises and of jitter. */
const DRAWS_HZ = 60;

/** local: flicks of the process's own time. tempo: BPM at which score time runs at speed 1. */
export const lfoAt = (lfo: Lfo, local: number, tempo: number): number => lfoWith(lfo, seconds(local) * frequencyOf(lfo, tempo), local);

/** Hz; a quantised one turns once per division of a 4/4 bar, at the score's tempo. */
export const frequencyOf = ({ frequency, quantisation }: Pick<Lfo, 'frequency' | 'quantisation'>, tempo: number): number =>
  quantisation > 0 ? (quantisation * tempo) / 240 : frequency;

/** turns: how often it has turned since its own 0, phase not included. */
export function lfoWith({ id, waveform, amplitude, offset, phase, jitter }: Lfo, turns: number, local: number): number {
  const draw = Math.floor(seconds(local) * DRAWS_HZ + 1e-6);
  // ossia: a normal deviation of a quarter radian at full jitter.
  const shake = jitter > 0 ? (jitter * normal(`${id}.jitter`, draw)) / (8 * Math.PI) : 0;
  return offset + amplitude * wave(waveform, { turns: turns + phase + shake, draw, seed: id });
}

const seconds = (flicks: number): number => flicks / (FLICKS_PER_MS * 1000);

/** Mostly −1 to 1. All begin at 0 and rise, but the square, which begins high. */
function wave(waveform: Lfo['waveform'], { turns, draw, seed }: { turns: number; draw: number; seed: string }): number {
  const turn = Math.floor(turns);
  const part = turns - turn;
  switch (waveform) {
    case 'sine':
      return sin(part * 2 * Math.PI);
    case 'triangle':
      return part < 0.25 ? part * 4 : part < 0.75 ? 2 - part * 4 : part * 4 - 4;
    case 'saw':
      return part < 0.5 ? part * 2 : part * 2 - 2;
    case 'square':
      return part < 0.5 ? 1 : -1;
    case 'random':
      return noise(seed, turn);
    case 'sampleAndHold':
      return noise(seed, Math.floor(turns * 2));
    case 'noise1':
      return noise(seed, draw);
    case 'noise2':
      return normal(seed, draw);
    case 'noise3':
      return Math.min(1, Math.max(0, cauchy(seed, draw)));
  }
}
