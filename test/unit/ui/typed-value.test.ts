import { expect, it } from 'vitest';
import { IMPULSE, type Value } from '../../../src/crdt/value.ts';
import {
  asKind,
  firstValue,
  hexOf,
  isColour,
  kindOf,
  listText,
  partsOf,
  toList,
  VALUE_KINDS,
} from '../../../src/ui/controls/typed-value.ts';

const SOME: readonly Value[] = [0, -1.5, true, false, '', 'full', '3', [], [1, 'a', [true]], IMPULSE];

it('a value changed to a kind is of that kind, and unchanged where it was', () => {
  for (const value of SOME)
    for (const kind of VALUE_KINDS) {
      expect(kindOf(asKind(value, kind))).toBe(kind);
      expect(asKind(value, kindOf(value))).toBe(value);
    }
});

it('what another kind can say of a value stays', () => {
  expect(asKind('3', 'number')).toBe(3);
  expect(asKind('full', 'number')).toBe(0);
  expect(asKind([0.25, 1], 'number')).toBe(0.25);
  expect(asKind(0.5, 'list')).toEqual([0.5]);
  expect(asKind(2, 'truth')).toBe(true);
  expect(asKind([1, 'a'], 'text')).toBe('[1, "a"]');
});

it('a list is read as it is written, brackets or not; anything else is none', () => {
  for (const list of [[1, 0.5, 'a "b"'], [[1, 2], true], [-3]] as Value[][]) expect(toList(listText(list))).toEqual(list);
  expect(toList('1, 0.5')).toEqual([1, 0.5]);
  for (const wrong of ['[1', '1 2', '%a:/b%', ')']) expect(toList(wrong)).toBeUndefined();
});

it('a new message says what is there, else what its address could be', () => {
  expect(firstValue({ type: 'number', max: 2 }, 0.5)).toBe(0.5);
  expect(firstValue({ type: 'number', max: 2 }, undefined)).toBe(2);
  expect(firstValue({ type: 'text', values: ['dim'] }, undefined)).toBe('dim');
  expect(firstValue({ type: 'vec3' }, undefined)).toEqual([0, 0, 0]);
  expect(firstValue({ type: 'impulse' }, undefined)).toEqual(IMPULSE);
});

it('colours of parts from 0 to 1 are shown as colours', () => {
  expect(isColour([1, 0, 0], 'color.rgb')).toBe(true);
  expect(isColour([1, 0], 'color.rgb')).toBe(false);
  expect(isColour([1, 0, 0], 'color.hsv')).toBe(false);
  expect(hexOf([1, 0.5, 2])).toBe('#ff80ff');
  expect(partsOf('#ff8000')).toEqual([1, 0.502, 0]);
});
