import { flicks } from '../../../src/base.ts';
import type {
  Automation,
  Display,
  Filter,
  Generator,
  Lfo,
  Limiter,
  Mapping,
  Metronome,
  Notes,
  Opaque,
  Micromap,
  Pattern,
  Smooth,
  Steps,
} from '../../../src/crdt/score.ts';
import { base } from './scores.ts';

/** Small processes for tests; ids are names, `in` the interval. */
type More<P> = Partial<Omit<P, 'type' | 'id'>>;

export const ramp = (id: string, at: string, more: More<Automation> = {}): Automation => ({
  ...{ ...base(id, at), type: 'automation', address: '', min: 0, max: 100, isTween: false },
  points: [
    { id: 'a', x: 0, y: 0, curve: 1 },
    { id: 'b', x: 1, y: 1, curve: 1 },
  ],
  ...more,
});
export const lfo = (id: string, at: string, more: More<Lfo> = {}): Lfo => ({
  ...{
    ...base(id, at),
    type: 'lfo',
    address: '',
    waveform: 'sine',
    frequency: 1,
    amplitude: 1,
    offset: 0,
    phase: 0,
    jitter: 0,
    quantisation: 0,
  },
  ...more,
});
export const mapping = (id: string, at: string, more: More<Mapping> = {}): Mapping => ({
  ...{ ...base(id, at), type: 'mapping', input: '', address: '', sourceMin: 0, sourceMax: 100, min: 0, max: 1, points: [] },
  ...more,
});
export const micromap = (id: string, at: string, expression: string, more: More<Micromap> = {}): Micromap => ({
  ...{ ...base(id, at), type: 'micromap', input: '', address: '', expression },
  ...more,
});
export const generator = (id: string, at: string, expression: string, more: More<Generator> = {}): Generator => ({
  ...{ ...base(id, at), type: 'generator', address: '', expression, a: 0, b: 0, c: 0 },
  ...more,
});
export const filter = (id: string, at: string, expression: string, more: More<Filter> = {}): Filter => ({
  ...{ ...base(id, at), type: 'filter', input: '', address: '', expression, a: 0, b: 0, c: 0 },
  ...more,
});
export const smoothing = (id: string, at: string, more: More<Smooth> = {}): Smooth => ({
  ...{ ...base(id, at), type: 'smooth', input: '', address: '', mode: 'lowPass', amount: 0.5, frequency: 120, cutoff: 1, beta: 1 },
  ...{ isContinuous: false, ...more },
});
export const limiter = (id: string, at: string, more: More<Limiter> = {}): Limiter => ({
  ...{ ...base(id, at), type: 'limiter', input: '', address: '', period: 100, isQuantised: false, rate: 4 },
  ...more,
});
export const display = (id: string, at: string, more: More<Display> = {}): Display => ({
  ...base(id, at),
  type: 'display',
  input: '',
  ...more,
});
export const steps = (id: string, at: string, values: readonly number[], more: More<Steps> = {}): Steps => ({
  ...{ ...base(id, at), type: 'steps', address: '', steps: values, duration: flicks(100), min: 0, max: 10 },
  ...more,
});
export const pattern = (id: string, at: string, hits: readonly string[], more: More<Pattern> = {}): Pattern => ({
  ...{ ...base(id, at), type: 'pattern', address: 'sound:/drums', channel: 1, current: 0 },
  patterns: [{ length: hits[0]?.length ?? 1, division: 16, lanes: hits.map((row, i) => ({ note: 36 + i, hits: row })) }],
  ...more,
});
export const metronome = (id: string, at: string, more: More<Metronome> = {}): Metronome => ({
  ...base(id, at),
  type: 'metronome',
  address: '',
  ...more,
});
/** Notes: [start, duration] in ms, from pitch 60 on. */
export const notes = (id: string, at: string, spans: readonly (readonly [number, number])[], more: More<Notes> = {}): Notes => ({
  ...{ ...base(id, at), type: 'notes', address: 'sound:/lead', channel: 1 },
  notes: spans.map(([start, duration], i) => ({
    ...{ id: `${i}`, start: flicks(start), duration: flicks(duration), pitch: 60 + i, velocity: 1 },
  })),
  ...more,
});
export const opaque = (id: string, at: string, more: More<Opaque> = {}): Opaque => ({
  ...{ ...base(id, at), type: 'opaque', uuid: 'synth', label: 'Synth', address: '' },
  ports: [
    { id: 0, name: 'MIDI In', direction: 'in', type: 'midi' },
    { id: 1, name: 'Out', direction: 'out', type: 'audio' },
  ],
  ...more,
});
