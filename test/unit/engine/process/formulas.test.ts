import { describe, expect, it } from 'vitest';
import { flicks } from '../../../../src/base.ts';
import type { Process } from '../../../../src/crdt/score.ts';
import { valueAt } from '../../../../src/engine/process.ts';
import { smooth, smoothed } from '../../../../src/engine/process/smooth.ts';
import type { SmoothState } from '../../../../src/engine/process/smooth.ts';
import { lfo, ramp, steps } from '../processes.ts';
import { base } from '../scores.ts';

const NOMINAL = 2000;
const DATES = [0, 1, 130, 333, 1000, 1999, 2000, 3500];
const at = (process: Process, ms: number): unknown => valueAt(process, { position: flicks(ms), nominal: flicks(NOMINAL), tempo: 90 });
const squared = [
  { id: 'a', x: 0, y: 0, curve: 2 },
  { id: 'b', x: 1, y: 1, curve: 1 },
] as const;
const loop = { isLooping: true, loopDuration: flicks(700), startOffset: flicks(50) };
const own = (ms: number): number => (ms % 700) + 50;
const curve = (ms: number): number => Math.min(1, ms / NOMINAL) ** 2;

describe('what processes say, by their formulas', () => {
  it.each(DATES)('[PR15] automations, tempos and steps, as they are and in a loop, at %d ms', (ms) => {
    const automation = ramp('r', 'i', { min: -1, max: 5, points: squared });
    expect(at(automation, ms)).toBeCloseTo(-1 + 6 * curve(ms), 9);
    expect(at({ ...automation, ...loop }, ms)).toBeCloseTo(-1 + 6 * curve(own(ms)), 9);
    const tempo: Process = { ...base('t', 'i'), type: 'tempo', address: '', points: squared };
    expect(at(tempo, ms)).toBeCloseTo(20 + 480 * curve(ms), 9);
    const row = steps('s', 'i', [0.1, 0.7, 0.4], { min: 2, max: 4 });
    expect(at(row, ms)).toBeCloseTo(2 + 2 * [0.1, 0.7, 0.4][Math.floor(ms / 100) % 3]!, 9);
    expect(at({ ...row, ...loop }, ms)).toBeCloseTo(2 + 2 * [0.1, 0.7, 0.4][Math.floor(own(ms) / 100) % 3]!, 9);
  });
  it.each(DATES)('[PR15] waves, whose time no loop touches, free and so many turns a bar, at %d ms', (ms) => {
    const waves = {
      sine: (u: number) => Math.sin(2 * Math.PI * u),
      triangle: (u: number) => (u < 0.25 ? 4 * u : u < 0.75 ? 2 - 4 * u : 4 * u - 4),
      saw: (u: number) => (u < 0.5 ? 2 * u : 2 * u - 2),
      square: (u: number) => (u < 0.5 ? 1 : -1),
    } as const;
    for (const [waveform, wave] of Object.entries(waves)) {
      const it = lfo('l', 'i', { waveform: waveform as keyof typeof waves, frequency: 1.7, amplitude: 3, offset: -1, phase: 0.3, ...loop });
      const said = (turns: number): number => -1 + 3 * wave((turns + 0.3) % 1);
      expect(at(it, ms), waveform).toBeCloseTo(said((1.7 * ms) / 1000), 6);
      // A bar of 4/4 at 90 BPM is 8/3 s.
      expect(at({ ...it, quantisation: 4 }, ms), waveform).toBeCloseTo(said((4 * ms) / 1000 / (8 / 3)), 6);
    }
  });
  it('[PR15] a low pass and a 1€ filter, tick by tick', () => {
    const [f, k, beta] = [120, 0.8, 0.5];
    const share = (cutoff: number): number => 1 - (1 - 1 / (1 + f / (2 * Math.PI * cutoff))) ** (f / 60);
    for (const mode of ['lowPass', 'oneEuro'] as const) {
      let state: SmoothState | undefined;
      let [y, slope, before] = [0, 0, 0];
      for (let tick = 0; tick < 100; tick++) {
        const input = tick === 0 ? 0 : Math.sin(tick / 9) + (tick % 7);
        state = smooth({ mode, amount: 0.1, frequency: f, cutoff: k, beta }, state, input);
        slope += ((input - before) * 60 - slope) * share(1);
        y += (input - y) * share(mode === 'lowPass' ? k : k + beta * Math.abs(slope));
        before = input;
        expect(smoothed(state, mode), `${mode} ${tick}`).toBeCloseTo(y, 9);
      }
    }
  });
});
