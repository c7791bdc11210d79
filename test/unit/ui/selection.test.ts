import { expect, it, vi } from 'vitest';
import { createSelection } from '../../../src/ui/selection.ts';

it('[UI4] set replaces, toggle adds or removes, the last one leads', () => {
  const selection = createSelection();
  selection.set(['a', 'b', 'a']);
  expect(selection.ids()).toEqual(['a', 'b']);
  selection.toggle('a');
  selection.toggle('c');
  expect(selection.ids()).toEqual(['b', 'c']);
  expect(selection.has('c')).toBe(true);
});

it('[UI4] nobody is told of a change that changes nothing', () => {
  const selection = createSelection();
  const told = vi.fn();
  const off = selection.on(told);
  selection.clear();
  selection.set(['a']);
  selection.set(['a']);
  expect(told).toHaveBeenCalledTimes(1);
  off();
  selection.clear();
  expect(told).toHaveBeenCalledTimes(1);
});
