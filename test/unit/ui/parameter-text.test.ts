import { expect, it } from 'vitest';
import type { Parameter } from '../../../src/engine/device.ts';
import { boundText, parameterText, boundOf } from '../../../src/ui/studio/parameter-text.ts';

const parameter = (more: Partial<Parameter>): Parameter => ({ address: 'a:/b', type: 'number', access: 'both', ...more });

it('says type, range, clip mode, unit and access of a parameter in one line', () => {
  expect(parameterText(parameter({}))).toBe('number');
  expect(parameterText(parameter({ min: -96, max: 12, clip: 'clip', unit: 'gain.dB', access: 'get' }))).toBe(
    'number, −96 to 12 (clip), gain.dB, read only',
  );
  expect(parameterText(parameter({ type: 'vec2', min: [0, 1], max: 2, clip: 'free' }))).toBe('vec2, 0, 1 to 2');
  expect(parameterText(parameter({ type: 'text', values: ['dim', 2], clip: 'clip', access: 'set' }))).toBe(
    'text, one of dim · 2 (clip), write only',
  );
  expect(parameterText(parameter({ min: 1 }))).toBe('number, from 1');
  expect(parameterText(parameter({ max: 1 }))).toBe('number, up to 1');
});

it('reads bounds as people type them', () => {
  expect([boundOf(''), boundOf('0,5'), boundOf('1, 2, −3'), boundOf('x'), boundOf('inf')]).toEqual([
    null,
    0.5,
    [1, 2, -3],
    undefined,
    undefined,
  ]);
  expect(boundOf(boundText([0, 0.5]))).toEqual([0, 0.5]);
});
