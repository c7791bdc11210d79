import { expect, it } from 'vitest';
import * as Y from 'yjs';
import type { PeerId } from '../../../src/base.ts';
import { createRoomDocument } from '../../../src/crdt/room.ts';

const anna = 'anna' as PeerId;
const bert = 'bert.1' as PeerId;

it('[SY7] keeps who is in which group, written by several at once', () => {
  const one = createRoomDocument(new Y.Doc());
  const two = createRoomDocument(new Y.Doc());
  one.introduce(anna, 'Anna', 3);
  one.setMember(anna, 'sound', true);
  two.setMember(anna, 'picture', true);
  two.setMember(bert, 'sound', true);
  Y.applyUpdate(one.doc, Y.encodeStateAsUpdate(two.doc));
  expect([...one.members()]).toEqual([
    [anna, { name: 'Anna', hue: 3, groups: ['picture', 'sound'] }],
    [bert, { name: '', hue: 0, groups: ['sound'] }],
  ]);
  one.setMember(anna, 'sound', false);
  expect(one.members().get(anna)?.groups).toEqual(['picture']);
});

it('[SY7] keeps each fact once, removes what it is told to, and forgets nothing by itself', () => {
  const room = createRoomDocument(new Y.Doc());
  for (let i = 0; i < 10; i++) {
    // Whoever writes plays of the year 30000 would make it forget those of others.
    room.addFact(`play${i}`, { type: 'play', run: `r${i}`, at: i < 8 ? 1e308 : i });
    room.addFact(`stop${i}`, { type: 'stop', run: `r${i}`, at: i + 0.5 });
    room.addFact(`stop${i}`, { type: 'stop', run: `r${i}`, at: i + 0.5 });
  }
  expect(room.facts()).toHaveLength(20);
  room.removeFacts((id) => id.endsWith('3'));
  expect(room.facts()).toHaveLength(18);
  // What was put in its place gives way.
  room.doc.getMap('facts').set('stop9', { type: 'stop', run: 'r9', at: 1 });
  room.addFact('stop9', { type: 'stop', run: 'r9', at: 9.5 });
  expect(room.doc.getMap('facts').get('stop9')).toEqual({ type: 'stop', run: 'r9', at: 9.5 });
});

it('[SY7] reads garbage as nothing', () => {
  const doc = new Y.Doc();
  doc.getMap('people').set('a/b', 1);
  doc.getMap('people').set('x', { name: 7, hue: 99 });
  doc.getMap('memberships').set('x/y/z', true);
  doc.getMap('facts').set('f', new Y.Array());
  doc.getMap('companion').set('door', { room: 1 });
  doc.getArray('values');
  const room = createRoomDocument(doc);
  expect([...room.members()]).toEqual([['x', { name: '', hue: 0, groups: [] }]]);
  expect(room.facts()).toEqual([]);
  expect(room.companion()).toBeUndefined();
  room.setValue('a:/b', 1);
  expect(room.value('a:/b')).toBeUndefined();
});

it('[SY7] tells of changes and remembers the companion door', () => {
  const room = createRoomDocument(new Y.Doc());
  let changes = 0;
  const stop = room.onChange(() => (changes += 1));
  const signed = { by: 'ann' as PeerId, seq: 1, proof: new Uint8Array(64) };
  const door = { isOpen: true, mayControl: false, room: 'r', password: 'p', ...signed, host: undefined };
  room.setCompanion(door);
  room.setValue('midi:/1', [1, 2]);
  stop();
  room.setValue('midi:/1', 3);
  expect(changes).toBe(2);
  expect(room.companion()).toEqual(door);
  expect(room.value('midi:/1')).toBe(3);
});

it('[SY7] tells each fact once, also those of a document that was there', () => {
  const doc = new Y.Doc();
  createRoomDocument(doc).addFact('play', { type: 'play', run: 'r', at: 0 });
  const room = createRoomDocument(doc);
  expect(room.freshFacts()).toEqual([{ id: 'play', writer: doc.clientID, fact: { type: 'play', run: 'r', at: 0 } }]);
  const other = createRoomDocument(new Y.Doc());
  Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(doc));
  for (let i = 0; i < 5; i++) other.addFact(`fired${i}`, { type: 'fired', run: 'r', at: i });
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other.doc));
  const fresh = room.freshFacts();
  expect(fresh.map(({ writer }) => writer)).toEqual(Array(5).fill(other.doc.clientID));
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other.doc));
  expect(room.freshFacts()).toEqual([]);
  expect(room.facts()).toHaveLength(6);
  other.doc.getMap('facts').delete('fired2');
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other.doc));
  expect(room.facts()).toHaveLength(5);
});
