import { describe, expect, it } from 'vitest';
import type { MeshTime } from '../../../../src/base.ts';
import { createDatedValues } from '../../../../src/engine/devices/dated-values.ts';
import { createGates } from '../../../../src/engine/devices/gates.ts';
import { createNoise, frequencyOf, gainOf, hallImpulse, pluckString, steal } from '../../../../src/engine/devices/voices.ts';
import { strongest } from '../../../e2e/pages/spectrum.ts';

const at = (ms: number): MeshTime => ms as MeshTime;

describe('dated values', () => {
  it('[DV2] hold from their date on', () => {
    const values = createDatedValues();
    values.put('a:/x', 1, at(10));
    values.put('a:/x', 2, at(20));
    expect([5, 10, 19, 20, 99].map((date) => values.read('a:/x', at(date)))).toEqual([undefined, 1, 1, 2, 2]);
  });
  it('[DV2] a value said later drops those dated later', () => {
    const values = createDatedValues();
    for (const date of [10, 20, 30]) values.put('a:/x', date, at(date));
    values.put('a:/x', 15, at(15));
    expect(values.read('a:/x', at(99))).toBe(15);
    expect(values.last('a:/x')).toBe(15);
  });
  it('are taken once, the newest that is due', () => {
    const values = createDatedValues();
    for (const date of [10, 20, 30]) values.put('a:/x', date, at(date));
    expect(values.take(at(25))).toEqual([['a:/x', 20]]);
    expect(values.take(at(26))).toEqual([]);
    expect(values.take(at(30))).toEqual([['a:/x', 30]]);
  });
});

describe('gates', () => {
  it('[DV6] a cut closes all gates of one occurrence, of every track, and no other', () => {
    const gates = createGates<string>();
    gates.add('lead', 'a', 'lead a');
    gates.add('bass', 'a', 'bass a');
    gates.add('lead', 'b', 'lead b');
    expect(gates.cut('a', 5)).toEqual(['lead a', 'bass a']);
    expect(gates.find('lead', 'b', 9)).toBe('lead b');
  });
  it('[DV6] what comes before the cut still finds the gate, what comes after needs a new one', () => {
    const gates = createGates<string>();
    gates.add('lead', 'a', 'first');
    gates.cut('a', 5);
    expect(gates.find('lead', 'a', 4)).toBe('first');
    expect(gates.find('lead', 'a', 5)).toBeUndefined();
    gates.add('lead', 'a', 'second');
    expect(gates.cut('a', 8)).toEqual(['second']);
  });
  it('an earlier cut closes a gate that was to close later', () => {
    const gates = createGates<string>();
    gates.add('lead', 'a', 'gate');
    gates.cut('a', 8);
    expect(gates.cut('a', 5)).toEqual(['gate']);
    expect(gates.cut('a', 6)).toEqual([]);
  });
  it('sweep frees the silent', () => {
    const gates = createGates<string>();
    gates.add('lead', 'a', 'x');
    gates.add('lead', 'b', 'y');
    expect(gates.sweep((gate) => gate === 'x')).toEqual(['x']);
    expect(gates.all()).toEqual(['y']);
  });
});

describe('voices', () => {
  it('[DV7] steal takes the oldest that sound, only above the cap', () => {
    const voices = [
      { start: 3, end: 9 },
      { start: 1, end: 9 },
      { start: 0, end: 2 },
      { start: 8, end: 9 },
    ];
    expect(steal(voices, 5, 3)).toEqual([]);
    expect(steal(voices, 5, 2)).toEqual([{ start: 1, end: 9 }]);
  });
  it('frequencies and gains are those of theory', () => {
    expect(frequencyOf(69)).toBe(440);
    expect(frequencyOf(57)).toBe(220);
    expect(gainOf(0)).toBe(1);
    expect(gainOf(-60)).toBe(0);
    expect(gainOf(20)).toBeCloseTo(10);
  });
  it('noise is the same for the same seed, and has no bias', () => {
    const [a, b] = [createNoise(4), createNoise(4)];
    const drawn = Array.from({ length: 5000 }, a);
    expect(Array.from({ length: 5000 }, b)).toEqual(drawn);
    expect(Math.abs(drawn.reduce((sum, x) => sum + x, 0) / 5000)).toBeLessThan(0.03);
  });
  it('[DV7] strings are in tune to 10 cents and fade', () => {
    for (const pitch of [40, 57, 69, 81, 93]) {
      const string = pluckString(frequencyOf(pitch), 44_100, 1.5);
      const found = strongest(string.subarray(0, 32_768), 44_100);
      expect(Math.abs(1200 * Math.log2(found / frequencyOf(pitch))), String(pitch)).toBeLessThan(10);
      expect(Math.max(...string.subarray(60_000).map(Math.abs))).toBeLessThan(0.4);
    }
  });
  it('the hall dies away', () => {
    const hall = hallImpulse(8000, 2, 1);
    const level = (from: number): number => Math.hypot(...hall.subarray(from, from + 1000));
    expect(level(15_000)).toBeLessThan(level(1000) / 50);
  });
});
