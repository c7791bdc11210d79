import { expect, it } from 'vitest';
import { FACTS_MAX } from '../../../src/engine/log.ts';
import { createPlenty } from '../../../src/groups/plenty.ts';

const facts = (by: string, count: number): readonly { readonly by: never }[] => Array.from({ length: count }, () => ({ by: by as never }));

it('[GR62] who has stated nearly all that one may in a run is told once, and once more when it is all', () => {
  const told: string[] = [];
  const plenty = createPlenty('ada', (message) => told.push(message.split(' in a run')[0]!));
  const others = facts('bela', FACTS_MAX);
  const state = (count: number, run = 'r'): number => (plenty.watch(run, [...others, ...facts('ada', count)]), told.length);
  expect([state(0), state(FACTS_MAX - 501)]).toEqual([0, 0]);
  expect([state(FACTS_MAX - 500), state(FACTS_MAX - 1)]).toEqual([1, 1]);
  expect([state(FACTS_MAX), state(FACTS_MAX)]).toEqual([2, 2]);
  expect(told[0]).toContain('nearly all');
  expect(told[1]).not.toContain('nearly');
  expect(state(FACTS_MAX - 500, 'next')).toBe(3);
});
