import { describe, expect, it } from 'vitest';
import { flicks } from '../../../../src/base.ts';
import { patternIn, stepAt } from '../../../../src/engine/process/sequence.ts';
import { metronome, pattern, ramp, steps } from '../processes.ts';
import { base, scoreOf, stateOf } from '../scores.ts';
import { only, stage } from '../stage.ts';
import { structureOf } from '../structures.ts';
import type { Structure, StructureObject } from '../../../../src/engine/structure.ts';
import type { Process } from '../../../../src/crdt/score.ts';
import { say } from '../../../../src/engine/process/node.ts';
import type { Memory } from '../../../../src/engine/process/node.ts';
import { limiter, mapping } from '../processes.ts';

/** As compile() would make it of a score with a tempo. */
const withTempo = (it: Structure, id: string, points: readonly { x: number; y: number; curve: number }[]): Structure => ({
  ...it,
  objects: {
    ...it.objects,
    [id]: { ...it.objects[id]!, tempo: points.map(({ x, y, curve }) => [x, 20 + 480 * y, curve]) } as StructureObject,
  },
});

const SIXTEENTH = 125;
const metre = { signatures: [], quarter: flicks(500), shift: 0 };
const played = (hits: readonly string[], from: number, to: number) =>
  patternIn(pattern('p', 'a', hits), metre, [flicks(from), flicks(to)]).map(({ note, start, end }) => [
    note.pitch,
    start / flicks(1),
    end / flicks(1),
  ]);

describe('sequencers', () => {
  it('[PR5] steps: one after the other, and again', () => {
    const row = steps('s', 'a', [0, 0.5, 1]);
    expect([0, 99, 100, 299, 300, 1000].map((ms) => stepAt(row, flicks(ms)))).toEqual([0, 0, 5, 10, 0, 5]);
    expect(stepAt(steps('s', 'a', []), 0)).toBeUndefined();
  });
  it('[PR5] a pattern: all lanes at once, from step to step, in any windows', () => {
    expect(played(['1-1-', '-1--'], 0, 500)).toEqual([
      [36, 0, 125],
      [37, 125, 250],
      [36, 250, 375],
    ]);
    const whole = played(['1-1--', '2211-'], 0, 4000);
    const parts = [0, 1, 124.9, 125, 700, 2222, 4000]
      .slice(0, -1)
      .flatMap((from, i) => played(['1-1--', '2211-'], from, [1, 124.9, 125, 700, 2222, 4000][i]!));
    expect(parts).toEqual(whole);
  });
  it('[PR5] legato goes on', () => {
    expect(played(['12-2'], 0, 500)).toEqual([
      [36, 0, 250],
      [36, 375, 500],
    ]);
    expect(played(['2222'], 0, 2000)).toHaveLength(1);
  });
  it('[PR5] who enters in the middle plays the step that all play', () => {
    expect(played(['1----'], 5 * SIXTEENTH * 7 - 1, 5 * SIXTEENTH * 7 + 1)).toEqual([[36, 4375, 4500]]);
  });

  const structure = structureOf({
    lines: [
      ['a', 's', 'x', { length: flicks(700) }],
      ['b', 'x', 'y', { length: flicks(1300) }],
    ],
  });
  it('[PR5] a metronome ticks where the bars of the score are, wherever its interval begins', () => {
    const run = stage(scoreOf(structure, { processes: [metronome('m', 'b', { address: 'osc:/tick' })] }));
    expect(only(run.to(4000), 'osc').map((line) => line.replace(/.*@/, ''))).toEqual(['2000', '2500']);
    const own = stage(
      scoreOf(structure, {
        processes: [metronome('m', 'b', { address: 'sound:/wood' })],
        signatures: { b: [{ date: flicks(0), numerator: 6, denominator: 8 }] },
      }),
    );
    expect(only(own.to(4000), 'note').map((line) => line.slice(5, 13))).toEqual(['76 @1700', '77 @2200', '77 @2700']);
  });
  it('[PR5] a pattern through the performer, cut with its interval', () => {
    const run = stage(scoreOf(structure, { processes: [pattern('p', 'a', ['1-'])] }));
    expect(run.to(2500)).toEqual([
      ...['1000-1125', '1250-1375', '1500-1625'].map((span) => `note 36 @${span} a@0 sound:/drums`),
      'cut a@0 @1700',
    ]);
  });
  it('[PR8] a tween begins where its address is, for a late joiner where the score had sent it', () => {
    const score = scoreOf(structure, {
      processes: [ramp('t', 'b', { address: 'osc:/v', isTween: true })],
      states: [stateOf('e.s', ['osc:/v', 50])],
    });
    const live = stage(score);
    live.to(1500);
    live.inputs.set('osc:/v', 80);
    expect(live.to(1800)).toContain('osc:/v=80 @1700');
    const late = only(stage(score, { begin: 2350 }).to(2350), 'osc');
    expect(late.length).toBeGreaterThan(5);
    for (const [, value, at] of late.map((line) => /=(.*) @(.*)/.exec(line)!))
      expect(Number(value)).toBeCloseTo(50 + (50 * (Number(at) - 1700)) / 1300, 2);
  });
  it('[PR10] what sounds goes on through a bend that was planned: nothing is cut, nothing is told twice', () => {
    const points = [
      { id: 'a', x: 0, y: 100 / 480, curve: 1 },
      { id: 'b', x: 1, y: 340 / 480, curve: 1 },
    ];
    const tempo: Process = { ...base('t', 'b'), type: 'tempo', address: '', points };
    const notes: Process = {
      ...{ ...base('n', 'b'), type: 'notes', address: 'sound:/lead', channel: 1 },
      notes: Array.from({ length: 12 }, (_, i) => ({
        id: `${i}`,
        start: flicks(i * 100),
        duration: flicks(90),
        pitch: 40 + i,
        velocity: 1,
      })),
    };
    const sound: Process = {
      ...base('m', 'b'),
      type: 'sound',
      address: 'sound:/lead',
      media: 'abc',
      file: '',
      start: flicks(0),
      gain: 1,
      mode: 'none',
    };
    const score = scoreOf(withTempo(structure, 'b', points), { processes: [tempo, notes, sound, ramp('r', 'b', { address: 'osc:/r' })] });
    const told = stage(score).to(4000);
    expect(only(told, 'cut')).toHaveLength(1);
    expect(only(told, 'play')).toHaveLength(1);
    const lengths = only(told, 'note').map((line) => {
      const [, pitch, from, to] = /note (\d+) @(.*)-(.*) b/.exec(line)!;
      return [Number(pitch), Number(to) - Number(from)] as const;
    });
    expect(lengths.map(([pitch]) => pitch)).toEqual(Array.from({ length: 12 }, (_, i) => 40 + i));
    // Twice as long at 60 BPM as at 120, and shorter and shorter as it speeds up.
    for (const [i, [, length]] of lengths.entries()) if (i > 0) expect(length).toBeLessThan(lengths[i - 1]![1]);
    expect(lengths[0]![1]).toBeGreaterThan(80);
    const values = only(told, 'osc').map((line) => Number(/=(.*) @/.exec(line)![1]));
    expect(values).toEqual(values.toSorted((x, y) => x - y));
    expect(values.at(-1)).toBe(100);
  });
  it('[PR9] a sound, from where its interval stands, as fast as it runs', () => {
    const sound: Process = {
      ...{ ...base('snd', 'a'), type: 'sound', address: 'sound:/lead', media: 'abc', file: '', start: flicks(2000), gain: 1, mode: 'none' },
    };
    const score = scoreOf(structure, { processes: [sound] });
    expect(stage(score).to(2500)).toEqual(['play sound:/lead abc @1000-Infinity from 2 ×1 a@0', 'cut a@0 @1700']);
    expect(stage(score, { begin: 1300 }).to(1300)).toEqual(['play sound:/lead abc @1300-1700 from 2.3 ×1 a@0', 'cut a@0 @1700']);
    const bent = (mode: 'none' | 'repitch') => {
      const run = stage(scoreOf(structure, { processes: [{ ...sound, mode }] }));
      run.to(1000);
      run.say({ type: 'speed', at: 1100, path: '0', interval: 'a', speed: 0.5 });
      return run.to(3000);
    };
    expect(bent('repitch')).toEqual(['cut a@0 @1100', 'play sound:/lead abc @1100-Infinity from 2.1 ×0.5 a@0', 'cut a@0 @2300']);
    expect(bent('none')).toEqual(['cut a@0 @1100', 'play sound:/lead abc @1100-Infinity from 2.1 ×1 a@0', 'cut a@0 @2300']);
  });
});

describe('nodes', () => {
  const turn = (process: Process, input: unknown, position = 0, tick = 0) => ({
    ...{ process, input: input as never, place: { position: flicks(position), nominal: flicks(1000) } },
    ...{ metre: () => metre, tick, isModulated: false },
  });
  it('[PR6] a mapping, of numbers, truths and lists; of a text and of nothing comes nothing', () => {
    const it = mapping('m', 'a', { sourceMin: 0, sourceMax: 10, min: -1, max: 1 });
    expect([5, true, -3, 99, [0, 10], 'a', undefined].map((input) => say(turn(it, input), undefined).value)).toEqual([
      0,
      -0.8,
      -1,
      1,
      [-1, 1],
      undefined,
      undefined,
    ]);
    expect(say(turn({ ...it, points: ramp('r', 'a').points.map((p) => ({ ...p, curve: 2 })) }, 5), undefined).value).toBe(-0.5);
    expect(say(turn({ ...it, sourceMax: 0 }, 5), undefined).value).toBe(-1);
  });
  it('[PR7] a limiter by period and by grid', () => {
    const through = (process: Process): number[] => {
      let memory: Memory | undefined;
      const at: number[] = [];
      for (let ms = 0; ms < 1200; ms += 20) {
        const said = say(turn(process, ms, ms), memory);
        memory = said.memory;
        if (said.value !== undefined) at.push(ms);
      }
      return at;
    };
    expect(through(limiter('l', 'a', { period: 250 }))).toEqual([0, 260, 520, 780, 1040]);
    expect(through(limiter('l', 'a', { isQuantised: true, rate: 8 }))).toEqual([0, 260, 500, 760, 1000]);
  });
});
