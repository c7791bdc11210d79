import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { flicks } from '../../../src/base.ts';
import type { Command } from '../../../src/crdt/command.ts';
import { edit } from '../../../src/crdt/edit.ts';
import { toFile } from '../../../src/crdt/file.ts';
import { exportScore } from '../../../src/crdt/ossia/export.ts';
import { importScore } from '../../../src/crdt/ossia/import.ts';
import { read } from '../../../src/crdt/read.ts';
import { createDraw } from '../../sim/random.ts';

function open() {
  const doc = new Y.Doc();
  const random = createDraw(1);
  const write = (command: Command): boolean => 'created' in edit(doc, command, random, 'me');
  return { write, score: () => read(doc) };
}

it('[ED4] sets fields by the table of their kind, and nothing of a command with one that is wrong', () => {
  const { write, score } = open();
  write({ type: 'createInterval', id: 'a', duration: 1000 });
  expect(write({ type: 'set', id: 'a', fields: { name: 'Intro', lane: 2 } })).toBe(true);
  for (const fields of [
    { name: 'x', lane: -1 },
    { name: 'x', speed: NaN },
    { name: 'x', start: 'b' },
    { name: 'x', nonsense: 1 },
  ])
    expect(write({ type: 'set', id: 'a', fields })).toBe(false);
  expect(score().intervals.get('a')).toMatchObject({ name: 'Intro', lane: 2, isRigid: true });
});

it('[ED4] a bound that is given holds: the interval becomes flexible', () => {
  const { write, score } = open();
  write({ type: 'createInterval', id: 'a', duration: 1000 });
  write({ type: 'set', id: 'a', fields: { max: flicks(1500) } });
  expect(score().intervals.get('a')).toMatchObject({ isRigid: false, isMaxInfinite: false, max: flicks(1500) });
});

it('[ED12] replacing by a file is one step, and the score keeps its lineage', () => {
  const [one, two] = [open(), open()];
  one.write({ type: 'createInterval', id: 'a', duration: 1000 });
  two.write({ type: 'createInterval', id: 'b', duration: 2000 });
  const { id } = two.score();
  expect(two.write({ type: 'replace', file: toFile(one.score()) })).toBe(true);
  expect(two.score().intervals.has('b')).toBe(false);
  expect(two.score().intervals.has('a')).toBe(true);
  expect(two.score().id).toBe(id);
});

it('[RN21] how long an ordered sync waits is written in the score, in a file, and in a document for ossia', () => {
  const [one, two] = [open(), open()];
  expect([one.score().syncTimeout, 'syncTimeout' in toFile(one.score())]).toEqual([2000, false]);
  expect(one.write({ type: 'setSyncTimeout', ms: 30_000 })).toBe(true);
  for (const ms of [-1, 600_001, 0.5, NaN, '1']) expect(one.write({ type: 'setSyncTimeout', ms: ms as number })).toBe(false);
  two.write({ type: 'replace', file: toFile(one.score()) });
  expect([one.score().syncTimeout, two.score().syncTimeout]).toEqual([30_000, 30_000]);
  const imported = importScore(exportScore(one.score()));
  expect('file' in imported && imported.file.syncTimeout).toBe(30_000);
  two.write({ type: 'replace', file: toFile(open().score()) });
  expect(two.score().syncTimeout).toBe(2000);
});
