import { expect, it } from 'vitest';
import type { Storage } from '../../../src/ui/deps.ts';
import { forgetRoom, readMemory, rememberRoom } from '../../../src/ui/memory.ts';

const storage = (kept: Record<string, string> = {}): Storage => ({
  get: (key) => kept[key],
  set: (key, value) => void (kept[key] = value),
});

it('[UI3] name, colour and theme are asked once and kept', () => {
  const device = storage({ name: 'Ada', hue: '7', theme: 'light' });
  expect(readMemory(device, 3)).toEqual({ name: 'Ada', hue: 7, theme: 'light', recent: [] });
});

it('[UI3] what cannot be read counts as never said', () => {
  expect(readMemory(storage({ hue: '99', theme: 'pink', recent: '{' }), 3)).toEqual({ name: '', hue: 3, theme: 'dark', recent: [] });
  expect(readMemory(storage({ recent: '[1, {"code": "a"}, {"code": "a", "title": "b"}]' }), 0).recent).toEqual([{ code: 'a', title: 'b' }]);
});

it('[UI3] a room entered again moves to the front, five are kept, one can be forgotten', () => {
  const device = storage();
  for (const code of ['a', 'b', 'c', 'd', 'e', 'f', 'b']) rememberRoom(device, { code, title: code });
  expect(readMemory(device, 0).recent.map(({ code }) => code)).toEqual(['b', 'f', 'e', 'd', 'c']);
  forgetRoom(device, 'e');
  expect(readMemory(device, 0).recent.map(({ code }) => code)).toEqual(['b', 'f', 'd', 'c']);
});
