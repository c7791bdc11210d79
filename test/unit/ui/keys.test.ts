import { expect, it } from 'vitest';
import type { Score, Sync } from '../../../src/crdt/score.ts';
import { keysTaken, shownKey } from '../../../src/ui/keys.ts';

const score = (triggers: Readonly<Record<string, string>>): Score =>
  ({ syncs: new Map(Object.entries(triggers).map(([id, trigger]) => [id, { id, trigger } as Sync])) }) as unknown as Score;

it('[UI7] a key that a waiting trigger of ours names belongs to the score', () => {
  const some = score({ a: '%keys:/space% == true', b: '%keys:/Enter% == true or %keys:/x% == true', c: '%keys:/p%' });
  expect([...keysTaken(some, [{ sync: 'a', path: '0', isMine: true }])]).toEqual(['space']);
  expect([...keysTaken(some, [{ sync: 'b', path: '0', isMine: true }])]).toEqual(['enter', 'x']);
});

it('[UI7] a trigger of another group, or one that does not wait, takes nothing', () => {
  const some = score({ a: '%keys:/space% == true' });
  expect(keysTaken(some, [{ sync: 'a', path: '0', isMine: false }]).size).toBe(0);
  expect(keysTaken(some, []).size).toBe(0);
});

it('[UI7] the sheet shows keys as people read them', () => {
  expect(shownKey('$mod+Shift+z')).toBe('Ctrl ⇧ Z');
  expect(shownKey('Shift+?')).toBe('?');
  expect(shownKey('Space')).toBe('Space');
});
