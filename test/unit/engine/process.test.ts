import { describe, expect, it } from 'vitest';
import type { Flicks } from '../../../src/base.ts';
import { flicks } from '../../../src/base.ts';
import { WAVEFORMS } from '../../../src/crdt/score.ts';
import type { Automation, Lfo, Notes } from '../../../src/crdt/score.ts';
import { valueAt } from '../../../src/engine/process.ts';
import { notesIn } from '../../../src/engine/process/notes.ts';
import { base } from './scores.ts';

const NOMINAL = flicks(1000);
const at = (ms: number) => ({ position: flicks(ms), nominal: NOMINAL });

const automation = (...points: [number, number, number?][]): Automation => ({
  ...{ ...base('auto', 'i'), type: 'automation', address: 'a:/b', min: 10, max: 20, isTween: false },
  points: points.map(([x, y, curve = 1], i) => ({ id: `${i}`, x, y, curve })),
});

describe('automation', () => {
  it('[EX24] goes along its segments, scaled to its range', () => {
    const it = automation([0, 0], [0.5, 1], [1, 0]);
    expect([0, 250, 500, 750, 1000].map((ms) => valueAt(it, at(ms)))).toEqual([10, 15, 20, 15, 10]);
  });
  it('[EX24] a segment may be a power curve', () => {
    expect(valueAt(automation([0, 0, 2], [1, 1]), at(500))).toBe(12.5);
    expect(valueAt(automation([0, 1, 2], [1, 0]), at(500))).toBe(17.5);
  });
  it('[EX24] holds before its first and beyond its last point, and jumps where two lie at one place', () => {
    const it = automation([0.2, 0.5], [0.5, 0.5], [0.5, 1], [0.8, 1]);
    expect([0, 499, 500, 5000].map((ms) => valueAt(it, at(ms)))).toEqual([15, 15, 20, 20]);
  });
  it('[EX24] without points it says nothing', () => {
    expect(valueAt(automation(), at(1))).toBeUndefined();
  });
  it('[EX25] loops with its process, from its start offset', () => {
    const it = { ...automation([0, 0], [1, 1]), isLooping: true, loopDuration: flicks(200), startOffset: flicks(100) };
    expect([0, 100, 200, 350].map((ms) => valueAt(it, at(ms)))).toEqual([11, 12, 11, 12.5]);
  });
});

describe('lfo', () => {
  const lfo = (waveform: Lfo['waveform'], id = 'lfo'): Lfo => ({
    ...{
      ...base(id, 'i'),
      type: 'lfo',
      address: 'a:/b',
      waveform,
      frequency: 1,
      amplitude: 2,
      offset: 5,
      phase: 0,
      jitter: 0,
      quantisation: 0,
    },
  });
  const quarters = (it: Lfo) => [0, 250, 500, 750].map((ms) => Math.round(Number(valueAt(it, at(ms))) * 1000) / 1000);
  it('[EX26] waveforms at the quarters of a turn', () => {
    expect(quarters(lfo('sine'))).toEqual([5, 7, 5, 3]);
    expect(quarters(lfo('triangle'))).toEqual([5, 7, 5, 3]);
    expect(quarters(lfo('saw'))).toEqual([5, 6, 3, 4]);
    expect(quarters(lfo('square'))).toEqual([7, 7, 3, 3]);
  });
  it('[EX26] stay within their amplitude and come round', () => {
    for (const waveform of WAVEFORMS.slice(0, 5)) {
      for (let ms = 0; ms < 1000; ms += 7) {
        const value = Number(valueAt(lfo(waveform), at(ms)));
        expect(value).toBeGreaterThanOrEqual(3);
        expect(value).toBeLessThanOrEqual(7);
        if (waveform !== 'random') expect(Number(valueAt(lfo(waveform), at(ms + 3000)))).toBeCloseTo(value, 9);
      }
    }
  });
  it('[EX26] random holds each turn and depends on the process alone', () => {
    expect(valueAt(lfo('random'), at(10))).toBe(valueAt(lfo('random'), at(990)));
    expect(valueAt(lfo('random'), at(10))).not.toBe(valueAt(lfo('random'), at(1010)));
    expect(valueAt(lfo('random', 'other'), at(10))).not.toBe(valueAt(lfo('random'), at(10)));
  });
  it('[EX26] phase shifts by turns', () => {
    expect(valueAt({ ...lfo('sine'), phase: 0.25 }, at(0))).toBe(7);
  });
});

describe('notes', () => {
  const notes = (starts: number[], more: Partial<Notes> = {}): Notes => ({
    ...{ ...base('notes', 'i'), type: 'notes', address: 'sound:/lead', channel: 1, ...more },
    notes: starts.map((start, i) => ({ id: `${i}`, start: flicks(start), duration: flicks(30), pitch: 60, velocity: 1 })),
  });
  const ms = (it: Notes, from: number, to: number) =>
    notesIn(it, flicks(from), flicks(to)).map(({ start, end }) => [start / flicks(1), end / flicks(1)]);
  it('[EX25] start in a half-open window', () => {
    const it = notes([0, 10, 20, 20, 30]);
    expect(ms(it, 10, 30).map(([start]) => start)).toEqual([10, 20, 20]);
    expect(ms(it, 0, 1)).toEqual([[0, 30]]);
  });
  it('[EX25] come again where the process loops, and end where it wraps', () => {
    const it = notes([0, 80], { isLooping: true, loopDuration: flicks(100) });
    expect(ms(it, 0, 250)).toEqual([
      [0, 30],
      [80, 100],
      [100, 130],
      [180, 200],
      [200, 230],
    ]);
  });
  it('[EX25] before the start offset are not played', () => {
    expect(ms(notes([0, 80], { startOffset: flicks(50) }), 0, 100)).toEqual([[30, 60]]);
    expect(
      ms(notes([0, 80, 120], { isLooping: true, loopDuration: flicks(100), startOffset: flicks(50) }), 0, 200).map(([a]) => a),
    ).toEqual([30, 70, 130, 170]);
  });
  it('[EX25] a loop of one flick does not hang', () => {
    expect(notesIn(notes([5], { isLooping: true, loopDuration: 1 as Flicks }), flicks(0), flicks(600))).toEqual([]);
  });
  it('[PF12] of a loop that says too much, and of a chord of thousands, a part is played', () => {
    const chord = notes(new Array<number>(5000).fill(0), { isLooping: true, loopDuration: flicks(1) });
    expect(notesIn(chord, flicks(0), flicks(600))).toHaveLength(2000);
    expect(notesIn({ ...chord, isLooping: false }, flicks(0), flicks(600))).toHaveLength(2000);
  });
});
