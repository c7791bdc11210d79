import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { edit } from '../../../src/crdt/edit.ts';
import { read } from '../../../src/crdt/read.ts';
import { groupGone, inOrder, moved, namesOf, sizeOf } from '../../../src/ui/network/group-order.ts';
import { createDraw } from '../../sim/random.ts';

const draw = createDraw(1);
function scene() {
  const doc = new Y.Doc();
  const run = (command: unknown): void => expect(edit(doc, command, draw, 'test')).toHaveProperty('created');
  for (const id of ['a', 'b', 'c']) run({ type: 'createGroup', id, name: id });
  const order = (): string =>
    inOrder(read(doc).groups.values())
      .map(({ id }) => id)
      .join('');
  const move = (id: string, by: -1 | 1): boolean => {
    const command = moved(inOrder(read(doc).groups.values()), id, by);
    if (command) run(command);
    return command !== undefined;
  };
  return { doc, run, order, move };
}

it('[UI32] groups are moved to where they are wanted, also where two had one place', () => {
  const { run, order, move } = scene();
  expect(order()).toBe('abc');
  move('a', 1);
  expect(order()).toBe('bac');
  expect(move('b', -1)).toBe(false);
  run({ type: 'set', id: 'c', fields: { rank: 'b01' } });
  move('c', -1);
  expect([order(), move('nobody', 1)]).toEqual(['bca', false]);
  run({ type: 'createGroup', id: 'd', name: 'd' });
  expect(order()).toBe('bcad');
});

it('[UI32] says how much is of a group, and names a few', () => {
  const { doc, run } = scene();
  run({ type: 'createInterval', id: 'x', duration: 100, name: 'X', group: 'a' });
  for (const id of ['p', 'q', 'r']) run({ type: 'createProcess', id, interval: 'x', process: { type: 'text', name: id } });
  run({ type: 'setPolicies', id: 'p', policies: { group: 'a' } });
  const score = read(doc);
  expect([sizeOf(score, 'a'), sizeOf(score, 'b')]).toEqual([2, 0]);
  expect([namesOf(['gone'], score), namesOf(['p', 'root.end.sync', 'gone'], score), namesOf(['p', 'q', 'r'], score)]).toEqual([
    'something',
    '“p” and a trigger and 1 other',
    '“p” and “q” and 1 other',
  ]);
});

it('[UI32] tells of a group that is no more, but not where another score came', () => {
  const { doc, run } = scene();
  run({ type: 'createInterval', id: 'x', duration: 100, name: 'X', group: 'a' });
  const before = read(doc);
  run({ type: 'delete', ids: ['a'] });
  const after = read(doc);
  expect(groupGone(before, after)).toEqual({ id: 'a', text: '“a” is deleted. 1 object now is of what surrounds it.' });
  expect([groupGone(before, before), groupGone(after, before)]).toEqual([undefined, undefined]);
  run({ type: 'delete', ids: ['b', 'c'] });
  expect(groupGone(before, read(doc))).toBeUndefined();
});
