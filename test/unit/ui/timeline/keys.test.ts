import { expect, it } from 'vitest';
import { INITIAL_CAMERA } from '../../../../src/ui/timeline/camera.ts';
import type { Scene } from '../../../../src/ui/timeline/gesture.ts';
import { pressKey } from '../../../../src/ui/timeline/keys.ts';
import { layOut } from '../../../../src/ui/timeline/layout.ts';
import { tide } from '../../../ui/timeline-score.ts';

const score = { ...tide(), tempo: 120 };
const scene = (selected: string[]): Scene => ({ score, layout: layOut(score), camera: INITIAL_CAMERA, selected, waiting: new Set() });
const key = (name: string, selected: string[], more = {}) =>
  pressKey(scene(selected), { key: name, isShift: false, isAlt: false, ...more });

it('[TL10] arrows nudge by the grid, by four with shift, by 10 ms with Alt', () => {
  expect(key('ArrowRight', ['choir'])).toEqual([{ type: 'edit', command: { type: 'moveInterval', id: 'choir', at: 10_250 } }]);
  expect(key('ArrowLeft', ['choir'], { isShift: true })).toMatchObject([{ command: { at: 9_000 } }]);
  expect(key('ArrowRight', ['choir'], { isAlt: true })).toMatchObject([{ command: { at: 10_010 } }]);
  expect(key('ArrowUp', ['choir'])).toMatchObject([{ command: { lane: 2 } }]);
  expect(key('ArrowRight', ['b'])).toMatchObject([{ command: { type: 'moveSync', id: 'b', at: 26_250 } }]);
});

it('[TL10] nothing is nudged past the start, and what cannot move writes nothing', () => {
  expect(key('ArrowLeft', ['dawn'])).toEqual([]);
  expect(key('ArrowUp', ['dawn'])).toEqual([]);
});

it('[TL10] Delete deletes, but never what every score has', () => {
  expect(key('Delete', ['choir', 'root.scenario'])).toEqual([
    { type: 'edit', command: { type: 'delete', ids: ['choir'] } },
    { type: 'select', ids: [] },
  ]);
  expect(key('Backspace', ['root'])).toEqual([]);
});

it('[TL10] T gives a sync a trigger and takes it away, also by a state or interval that ends there', () => {
  expect(key('t', ['c'])).toEqual([{ type: 'edit', command: { type: 'setTrigger', id: 'c', expression: '' } }]);
  expect(key('t', ['b'])).toMatchObject([{ command: { id: 'b', expression: null } }]);
  expect(key('t', ['dawn'])).toMatchObject([{ command: { id: 'a', expression: null } }]);
  expect(key('t', ['c.s'])).toMatchObject([{ command: { id: 'c' } }]);
});

it('[TL10] Enter renames; keys without meaning are left to others', () => {
  expect(key('Enter', ['choir'])).toEqual([{ type: 'rename', id: 'choir' }]);
  expect(key(' ', ['choir'])).toBeUndefined();
  expect(key('ArrowLeft', [])).toBeUndefined();
});
