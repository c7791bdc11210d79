import { FLICKS_PER_MS } from '../../base.ts';
import type { Lfo } from '../../crdt/score.ts';
import { sin } from './exact.ts';
import { barsTo } from './metre.ts';
import type { Metre } from './metre.ts';
import { cauchy, noise, normal } from './noise.ts';

/** Draws per second of the noises and of jitter. */
const DRAWS_HZ = 60;

/** position: of the interval, whatever loops. */
export const lfoAt = (lfo: Lfo, position: number, metre: () => Metre): number => lfoWith(lfo, turnsAt(lfo, position, metre), position);

/** Turns since the interval's beginning, the phase not included: a quantised one makes so many a bar. */
export const turnsAt = (
  { frequency, quantisation }: Pick<Lfo, 'frequency' | 'quantisation'>,
  position: number,
  metre: () => Metre,
): number => (quantisation > 0 ? barsTo(metre(), position) * quantisation : seconds(position) * frequency);

/** turns: how often it has turned since its own 0, phase not included. */
export function lfoWith({ id, waveform, amplitude, offset, phase, jitter }: Lfo, turns: number, position: number): number {
  const draw = Math.floor(seconds(position) * DRAWS_HZ + 1e-6);
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
