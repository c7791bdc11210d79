import { describe, expect, it } from 'vitest';
import type { MeshTime, PeerId } from '../../../src/base.ts';
import { flicks } from '../../../src/base.ts';
import { decodeFact, encodeFact, factId, toFact } from '../../../src/engine/codec.ts';
import type { Fact } from '../../../src/engine/fact.ts';
import { createLog, FACTS_MAX } from '../../../src/engine/log.ts';
import { timeline } from '../../../src/engine/timeline.ts';

const HASH = '0'.repeat(32);
const play = (run: string, at: number, by = 'a') => ({ type: 'play', run, at, by, from: 0, structure: HASH });
const stop = (run: string, at: number, by = 'a') => ({ type: 'stop', run, at, by });
const fact = (input: object): Fact => {
  const made = toFact(input);
  if (!made) throw new Error('no fact');
  return made;
};
const runs = (...facts: object[]) => {
  const log = createLog();
  for (const it of facts) log.add(it);
  return log.runs().map(({ run, end }) => `${run} until ${end}`);
};

describe('codec', () => {
  const samples = [
    play('r', 12.5),
    stop('r', 3),
    { type: 'fired', run: 'r', at: 1, by: '', path: '0.2', sync: 's', reason: 'max' },
    { type: 'decided', run: 'r', at: 1, by: 'a', path: 'x1f:0', event: 'e', holds: false },
    { type: 'seek', run: 'r', at: 1, by: 'a', to: 5 },
    { type: 'loop', run: 'r', at: 1, by: 'a', start: 0, end: null },
    { type: 'speed', run: 'r', at: 1, by: 'a', path: '0', interval: 'i', speed: 0.5 },
    { type: 'adopt', run: 'r', at: 1, by: 'a', structure: HASH, changes: [['i', null]], fired: [['0', 's', 0.5]] },
  ];
  it('[LG1] decode ∘ encode is the identity', () => {
    for (const sample of samples) expect(decodeFact(encodeFact(fact(sample)))).toEqual(sample);
  });
  it('[LG1] anything else is no fact', () => {
    const bad: unknown[] = [
      undefined,
      null,
      7,
      [],
      {},
      { ...play('r', NaN) },
      { ...play('r', -1e9) },
      { ...play('', 1) },
      { ...play('r', 1), from: -1 },
      { ...play('r', 1), structure: 'x' },
      { ...samples[2], path: '0..1' },
      { ...samples[2], reason: 'whim' },
      { ...samples[6], speed: Infinity },
      { ...samples[7], fired: [['0', 's']] },
    ];
    for (const it of bad) expect(toFact(it)).toBeUndefined();
    expect(decodeFact(new Uint8Array([1, 2, 3]))).toBeUndefined();
    expect(decodeFact(new Uint8Array())).toBeUndefined();
    expect(decodeFact(new Uint8Array(600_000))).toBeUndefined();
    expect(decodeFact(new Uint8Array([...encodeFact(fact(samples[0]!)), 0]))).toBeUndefined();
  });
  it('[LG2] an id tells apart whatever says something else', () => {
    const others: readonly object[] = [
      { ...samples[0], from: 7 },
      { ...samples[2], reason: 'click' },
      { ...samples[3], holds: true },
      { ...samples[4], to: 6 },
      { ...samples[5], end: 9 },
      { ...samples[6], speed: 1 },
      { ...samples[7], changes: [] },
      { ...samples[7], fired: [] },
    ];
    const ids = [...samples, ...others].map((it) => factId(fact(it)));
    expect(new Set(ids).size).toBe(ids.length);
  });
  it('[LG2] an id tells facts apart', () => {
    expect(new Set(samples.map((it) => factId(fact(it)))).size).toBe(samples.length);
  });
});

describe('log', () => {
  it('[LG2] is a set: what is known is not new', () => {
    const log = createLog();
    expect(log.add(play('r', 1))).toBeDefined();
    expect(log.add(play('r', 1))).toBeUndefined();
    expect(log.all()).toHaveLength(1);
  });
  it('[LG2] of what one author states too much the earliest counts, in whatever order it came', () => {
    const pause = (at: number, by = 'a') => ({ type: 'pause', run: 'r', at, by });
    const all = [play('r', 1), stop('r', 9), ...[5, 2, 8, 3, 4, 7].map((at) => pause(at)), pause(6, 'b')];
    for (const order of [all, all.toReversed()]) {
      const log = createLog(3);
      for (const it of order) log.add(it);
      expect(log.of('r').map(({ at }) => at)).toEqual([1, 2, 3, 4, 6, 9]);
      expect(log.all()).toHaveLength(6);
    }
  });
  it('[LG2] what one author states beyond its share costs little, whatever is forged and in whatever order', () => {
    const count = 2 * FACTS_MAX;
    const stated = (i: number) => ({ type: 'fired', run: 'r', at: 5, by: 'a', path: '0', sync: `s${20 * count - i}`, reason: 'click' });
    const log = createLog();
    // About 80 ms; longer than a test may last where each eviction looks at all.
    for (let i = 0; i < count; i++) log.add(stated(i));
    expect(log.of('r')).toEqual([...Array(FACTS_MAX).keys()].map((i) => stated(count - 1 - i)));
  });
  it('[LG4] of two plays without a stop between, the least (at, by) names the run', () => {
    expect(runs(play('late', 20), play('early', 10))).toEqual(['early until Infinity']);
    expect(runs(play('b', 10, 'b'), play('a', 10, 'a'))).toEqual(['a until Infinity']);
  });
  it('[LG4] a play after the stop is the next run', () => {
    expect(runs(play('two', 30), stop('one', 20), play('one', 10))).toEqual(['one until 20', 'two until Infinity']);
  });
  it('[LG5] a stop concerns its own run only; one before the start cancels it', () => {
    expect(runs(play('one', 10), stop('two', 20), play('two', 15))).toEqual(['one until Infinity']);
    expect(runs(play('one', 10), stop('one', 5), play('two', 10, 'b'))).toEqual(['two until Infinity']);
    expect(runs(play('far', 1e12), stop('far', 5), play('two', 10))).toEqual(['two until Infinity']);
  });
  it('[LG4] the current run is the one that is on or comes', () => {
    const log = createLog();
    for (const it of [play('one', 10), stop('one', 20), play('two', 30)]) log.add(it);
    expect([5, 19, 20, 40].map((at) => log.current(at as MeshTime)?.run)).toEqual(['one', 'one', 'two', 'two']);
  });
  it('[LG6] forgets other runs when asked', () => {
    const log = createLog();
    for (const it of [play('one', 10), stop('one', 20), play('two', 30)]) log.add(it);
    expect(log.prune(['two'])).toHaveLength(2);
    expect(log.all().map(({ run }) => run)).toEqual(['two']);
  });
});

describe('timeline', () => {
  const at = (type: 'pause' | 'resume', date: number): Fact => ({ type, run: 'r', at: date as MeshTime, by: 'a' as PeerId });
  const time = timeline(1000 as MeshTime, [at('pause', 1100), at('pause', 1150), at('resume', 1300), at('pause', 1500)]);
  it('[EX3] stands still in a pause', () => {
    expect([900, 1000, 1100, 1200, 1300, 1400, 1600].map((date) => time.toRun(date as MeshTime) / flicks(1))).toEqual([
      -100, 0, 100, 100, 100, 200, 300,
    ]);
    expect(time.isPaused(1200 as MeshTime)).toBe(true);
    expect(time.isPaused(1300 as MeshTime)).toBe(false);
  });
  it('[EX3] what falls on a pause is lived after it, and never when nobody resumes', () => {
    expect([50, 100, 200, 300].map((date) => time.toMesh(flicks(date)))).toEqual([1050, 1300, 1400, Infinity]);
  });
  it('[EX3] knows where it moves', () => {
    expect(time.moving(1050 as MeshTime, 1400 as MeshTime)).toEqual([
      [1050, 1100],
      [1300, 1400],
    ]);
  });
});
