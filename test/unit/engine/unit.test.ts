import { describe, expect, it } from 'vitest';
import type { Value } from '../../../src/crdt/value.ts';
import { clip, coerce } from '../../../src/engine/domain.ts';
import type { ClipMode } from '../../../src/engine/domain.ts';
import { convert, parseUnit, UNITS } from '../../../src/engine/unit.ts';

const unit = (name: string) => parseUnit(name)!.unit;
const inUnits = (value: Value, from: string, to: string): Value | undefined => convert(value, unit(from), unit(to));

const near = (value: Value | undefined, expected: Value): void => {
  if (typeof expected === 'number') expect(value).toBeCloseTo(expected, 4);
  else if (Array.isArray(expected)) expected.forEach((it, i) => expect((value as readonly number[])[i]).toBeCloseTo(it as number, 1));
  else expect(value).toEqual(expected);
};

describe('units', () => {
  it.each<[Value, string, string, Value]>([
    [0.5, 'linear', 'dB', -6.0206],
    [-200, 'dB', 'linear', 0],
    [0, 'linear', 'dB', -96],
    [100, 'midigain', 'dB', 0],
    [127, 'midigain', 'dB', 12],
    [0, 'midigain', 'linear', 0],
    [1500, 'ms', 's', 1.5],
    [705_600_000, 'flicks', 's', 1],
    [120, 'bpm', 's', 0.5],
    [440, 'Hz', 'midinote', 69],
    [60, 'midipitch', 'cents', 6000],
    [1000, 'Hz', 'mel', 999.9855],
    [44_100, 'sample', 'ms', 1000],
    [2, 'time.speed', 'midinote', 12],
    [180, 'deg', 'rad', Math.PI],
    [1, 'inches', 'cm', 2.54],
    [1, 'miles', 'km', 1.609344],
    [36, 'km/h', 'm/s', 10],
    [[1, 0, 0], 'rgb', 'hsv', [0, 1, 1]],
    [[0, 0.5, 0], 'rgb', 'hsl', [1 / 3, 1, 0.25]],
    [[1 / 3, 1, 1], 'color.hsv', 'rgb', [0, 1, 0]],
    [[255, 128, 0, 255], 'rgba8', 'hex', '#ff8000'],
    ['#f80', 'hex', 'rgba8', [255, 136, 0, 255]],
    ['#11223380', 'hex', 'argb8', [128, 17, 34, 51]],
    [[1, 1, 1], 'rgb', 'cie_lab', [100, 0, 0]],
    [[1, 0, 0], 'rgb', 'cie_lab', [53.2408, 80.0925, 67.2032]],
    [[0, 0, 0], 'cmy8', 'rgb', [1, 1, 1]],
    [[0.2, 0.4, 0.6], 'bgr', 'rgb', [0.6, 0.4, 0.2]],
    [[1, 2], 'xy', 'xyz', [1, 2, 0]],
    [[2, Math.PI / 2], 'polar', 'xy', [0, 2]],
    [[90, 0, 3], 'aed', 'xyz', [3, 0, 0]],
    [[0, 90, 3], 'aed', 'xyz', [0, 0, 3]],
    [[1, 2, 3], 'openGL', 'xyz', [1, -3, 2]],
    [[90, 0, 0], 'euler', 'axis', [0, 0, -1, 90]],
    [[0, 0, 1, 90], 'axis', 'quat', [0, 0, Math.SQRT1_2, Math.SQRT1_2]],
  ])('[DM1] %j %s is, in %s, %j', (value, from, to, expected) => {
    near(inUnits(value, from, to), expected);
  });

  it('[DM1] converts only within a space, and only what is of the unit', () => {
    expect(inUnits(1, 'dB', 'ms')).toBeUndefined();
    expect(inUnits([1, 2], 'rgb', 'hsv')).toBeUndefined();
    expect(inUnits('red', 'hex', 'rgb')).toBeUndefined();
    expect(inUnits(0, 's', 'Hz')).toBeUndefined();
    expect(inUnits([1, 2, 3], 'dB', 'linear')).toBeUndefined();
  });

  it('[DM1] a unit is known by short name, with its space, in capitals or not; a component by its letter', () => {
    expect(parseUnit('GAIN.DB')?.unit.name).toBe('gain.dB');
    expect(parseUnit('time')?.unit.name).toBe('time.second');
    expect(parseUnit('color.hsv.s')).toMatchObject({ unit: { name: 'color.hsv' }, component: 1 });
    expect(parseUnit('rgb.b')).toMatchObject({ component: 2 });
    expect(parseUnit('rgb.x')).toBeUndefined();
    expect(parseUnit('furlong')).toBeUndefined();
    expect(parseUnit('constructor')).toBeUndefined();
    for (const { name } of UNITS) expect(parseUnit(name)?.unit.name).toBe(name);
  });
});

describe('domains', () => {
  it.each<[ClipMode, number, number]>([
    ['free', 5.5, 5.5],
    ['clip', 5.5, 4],
    ['clip', 1, 2],
    ['low', 1, 2],
    ['low', 9, 9],
    ['high', 1, 1],
    ['high', 9, 4],
    ['wrap', 4.5, 2.5],
    ['wrap', 1.5, 3.5],
    ['wrap', 4, 4],
    ['fold', 4.5, 3.5],
    ['fold', 1.5, 2.5],
    ['fold', 6.5, 2.5],
  ])('[DM2] %s from 2 to 4: %d becomes %d', (mode, value, expected) => {
    expect(clip(value, { min: 2, max: 4 }, mode)).toBeCloseTo(expected);
    expect(clip([value, 'x'], { min: 2, max: 4 }, mode)).toEqual([expected, 'x']);
  });

  it('[DM2] vectors have a bound for all places, or one for each', () => {
    expect(clip([5, 5], { min: 0, max: [1, 6] }, 'clip')).toEqual([1, 5]);
    expect(clip([-5, 5, 9], { min: [0, 1], max: 7 }, 'clip')).toEqual([0, 5, 7]);
  });

  it.each<[Value, Parameters<typeof coerce>[1], Value | undefined]>([
    [1.9, 'integer', 1],
    [-0.5, 'integer', 0],
    [true, 'number', 1],
    ['2.5', 'number', 2.5],
    ['much', 'number', undefined],
    [[3], 'number', 3],
    [[3, 4], 'number', undefined],
    [0, 'boolean', false],
    [2, 'text', '2'],
    ['éa', 'char', 'é'],
    [7, 'list', [7]],
    [0.5, 'vec3', [0.5, 0.5, 0.5]],
    [[1], 'vec2', [1, 0]],
    [[1, 2, 3], 'vec2', [1, 2]],
    [['x', 1], 'vec2', undefined],
    [1, 'impulse', { impulse: true }],
    [{ impulse: true }, 'number', { impulse: true }],
  ])('[DM4] %j as %s is %j', (value, type, expected) => {
    expect(coerce(value, type)).toEqual(expected);
  });

  it('[DM2] of a set of values no others exist; a range open on one side keeps the other', () => {
    expect(clip('b', { values: ['a', 'b'] }, 'clip')).toBe('b');
    expect(clip('c', { values: ['a', 'b'] }, 'clip')).toBeUndefined();
    expect(clip('c', { values: ['a', 'b'] }, 'free')).toBe('c');
    expect(clip(-1, { min: 0 }, 'wrap')).toBe(0);
    expect(clip(7, { min: 0 }, 'fold')).toBe(7);
    expect(clip(true, { min: 2 }, 'clip')).toBe(true);
  });
});
