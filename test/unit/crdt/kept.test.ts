import { expect, it } from 'vitest';
import { createDocument, seed } from '../../../src/crdt/doc.ts';
import { edit } from '../../../src/crdt/edit.ts';
import type { ScoreFile } from '../../../src/crdt/file.ts';
import { createKept } from '../../../src/crdt/kept.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';
import { createSimStore, type Disk } from '../../sim/store.ts';
import { createWorld } from '../../sim/world.ts';

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

it('[LI5] a title in any script is kept by its first whole characters, under a name that any disk takes', () => {
  const timeline = createTimeline();
  const kept = createKept(createSimStore(createSimHost(timeline, { offset: 0, skew: 0 }, draw), new Map()), draw, 'score/room/kept/');
  const titles = [`${'x'.repeat(23)}😀`, '🎻'.repeat(30), '音'.repeat(40), `${'%/'.repeat(20)}`, 'a\ud83d', ''];
  for (const title of titles) kept.keep(title, createDocument(draw));
  expect(kept.list().map(({ title }) => title)).toEqual([titles[0], '🎻'.repeat(13), '音'.repeat(17), '%/'.repeat(12), 'a\ufffd', '']);
  for (const { id } of kept.list()) expect(encodeURIComponent(`score/${'0'.repeat(32)}/kept/${id}`).length).toBeLessThan(255 - 15);
});

it('[LI5] who gives way does so although nothing can be kept, and says so', () => {
  const world = createWorld({ seed: 4 });
  const [elder, younger] = [world.add(), world.add()];
  elder.join();
  expect(world.until(() => elder.peer.clock.isMaster())).toBe(true);
  elder.peer.score.edit({ type: 'setTitle', title: 'Together' });
  world.stopServer();
  younger.join();
  expect(world.until(() => younger.peer.clock.isMaster())).toBe(true);
  younger.peer.score.edit({ type: 'setTitle', title: 'Apart' });
  const set = younger.disk.set.bind(younger.disk);
  younger.disk.set = (name, updates) => {
    if (name.includes('/kept/')) throw new Error('full');
    return set(name, updates);
  };
  world.startServer();
  expect(world.until(() => world.isTogether())).toBe(true);
  expect(younger.peer.score.read().title).toBe('Together');
  expect(younger.page.notices.some(({ message }) => message.includes('“Apart”, could not be kept'))).toBe(true);
  // What came in its place is stored again.
  elder.peer.score.edit({ type: 'setTitle', title: 'Later' });
  expect(world.until(() => younger.peer.score.read().title === 'Later')).toBe(true);
});

it('[LI5] what was written apart gives way, is told of, and can be opened for everyone; nothing is kept of who wrote nothing', () => {
  const world = createWorld({ seed: 4 });
  const [elder, younger, idle] = [world.add(), world.add(), world.add()];
  elder.join();
  expect(world.until(() => elder.peer.clock.isMaster())).toBe(true);
  elder.peer.score.edit({ type: 'setTitle', title: 'Together' });
  world.stopServer();
  for (const machine of [younger, idle]) machine.join();
  expect(world.until(() => [younger, idle].every(({ peer }) => peer.clock.isMaster()))).toBe(true);
  younger.peer.score.edit({ type: 'setTitle', title: 'Apart' });
  world.startServer();
  expect(world.until(() => world.isTogether())).toBe(true);
  expect(younger.peer.score.read().title).toBe('Together');
  expect([elder, idle].map(({ peer }) => peer.score.kept.list())).toEqual([[], []]);
  const [copy] = younger.peer.score.kept.list();
  expect(copy?.title).toBe('Apart');
  expect(younger.page.notices.some(({ message }) => message.includes('“Apart”'))).toBe(true);
  younger.peer.score.kept.open(copy?.id ?? '', (file) => younger.peer.score.open(JSON.stringify(file)));
  expect(world.until(() => elder.peer.score.read().title === 'Apart', 3000)).toBe(true);
  younger.peer.score.undo();
  expect(world.until(() => elder.peer.score.read().title === 'Together', 3000)).toBe(true);
});
