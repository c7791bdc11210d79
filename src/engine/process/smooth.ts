import type { Smooth } from '../../crdt/score.ts';
import { pow } from './exact.ts';

/**
 * Filters of a noisy stream of numbers, stepped once per tick of the shared 60 Hz grid. Each is the filter of ossia as
 * if it were fed `frequency` times a second, so that its cutoff means the same whatever the grid.
 */
export type SmoothState =
  | { readonly type: 'pass'; readonly last: number; readonly slope: number; readonly raw: number }
  | { readonly type: 'window'; readonly values: readonly number[] };

export type SmoothSettings = Pick<Smooth, 'mode' | 'amount' | 'frequency' | 'cutoff' | 'beta'>;

/** Ticks per second of the grid. */
const GRID_HZ = 60;
/** Ticks that an average or a median looks back at full amount. */
const WINDOW_MAX = 60;
/** Hz: cutoff of the slope that a 1€ filter goes by. */
const SLOPE_CUTOFF_HZ = 1;

/** The next state; its value is `smoothed(state)`. state: undefined at first, when the input itself comes out. */
export function smooth(settings: SmoothSettings, state: SmoothState | undefined, input: number): SmoothState {
  const { mode, amount, cutoff, beta } = settings;
  if (mode === 'average' || mode === 'median') {
    const before = state?.type === 'window' ? state.values : [];
    return { type: 'window', values: [...before, input].slice(-Math.max(1, Math.round(amount * WINDOW_MAX))) };
  }
  if (state?.type !== 'pass') return { type: 'pass', last: input, slope: 0, raw: input };
  if (mode === 'lowPass') return { ...state, last: toward(state.last, input, share(settings, cutoff)), raw: input };
  // Source: Casiez, Roussel, Vogel, "1€ filter", CHI 2012.
  const slope = toward(state.slope, (input - state.raw) * GRID_HZ, share(settings, SLOPE_CUTOFF_HZ));
  return { type: 'pass', last: toward(state.last, input, share(settings, cutoff + beta * Math.abs(slope))), slope, raw: input };
}

export function smoothed(state: SmoothState, mode: Smooth['mode']): number {
  if (state.type === 'pass') return state.last;
  const { values } = state;
  if (mode === 'average') return values.reduce((sum, value) => sum + value, 0) / values.length;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const toward = (from: number, to: number, by: number): number => from + (to - from) * by;

/** What one tick of the grid takes over of the new value: as much as frequency / 60 samples would. */
function share({ frequency }: SmoothSettings, cutoff: number): number {
  const perSample = 1 / (1 + frequency / (2 * Math.PI * cutoff));
  return 1 - pow(1 - perSample, frequency / GRID_HZ);
}
