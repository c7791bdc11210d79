import { expect, it } from 'vitest';
import { createDocument, seed } from '../../../src/crdt/doc.ts';
import { edit } from '../../../src/crdt/edit.ts';
import type { ScoreFile } from '../../../src/crdt/file.ts';
import { createKept } from '../../../src/crdt/kept.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';
import { createSimStore, type Disk } from '../../sim/store.ts';

const draw = createDraw(1);

it('[LI5] keeps copies over a reload, opens and forgets them, sixteen at most', () => {
  const timeline = createTimeline();
  const disk: Disk = new Map([['score/other/kept/1.x/other%20room', []]]);
  const open = () => {
    const kept = createKept(createSimStore(createSimHost(timeline, { offset: 0, skew: 0 }, draw), disk), draw, 'score/room/kept/');
    timeline.run(timeline.now() + 100);
    return kept;
  };
  const first = open();
  for (let i = 0; i < 18; i++) {
    const doc = createDocument(draw);
    seed(doc, draw);
    edit(doc, { type: 'setTitle', title: `Étude ${i} / 100 %` }, draw, 'me');
    first.keep(`Étude ${i} / 100 %`, doc);
  }
  expect(first.list()).toHaveLength(16);

  const second = open();
  expect(second.list()).toEqual(first.list());
  expect(second.list()[0]?.title).toBe('Étude 2 / 100 %');
  let changes = 0;
  second.onChange(() => (changes += 1));
  const files: (ScoreFile | undefined)[] = [];
  const { id } = second.list()[0]!;
  second.open(id, (file) => files.push(file));
  timeline.run(timeline.now() + 100);
  expect(files.map((file) => file?.title)).toEqual(['Étude 2 / 100 %']);
  second.forget(id);
  expect(changes).toBe(1);
  second.open(id, (file) => files.push(file));
  expect(files[1]).toBeUndefined();
  expect(open().list()).toHaveLength(15);
  expect(disk.has('score/other/kept/1.x/other%20room')).toBe(true);
});
