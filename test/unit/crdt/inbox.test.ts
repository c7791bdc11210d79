import { expect, it } from 'vitest';
import * as Y from 'yjs';
import type { LocalTime, PeerId } from '../../../src/base.ts';
import { inspect } from '../../../src/crdt/sync/apply.ts';
import { createInbox } from '../../../src/crdt/sync/inbox.ts';
import { createTimeline } from '../../sim/heap.ts';

function setUp() {
  const timeline = createTimeline();
  const after = (delay: number, f: () => void) => timeline.at(timeline.now() + delay, f);
  const host = { clock: { now: () => timeline.now() as LocalTime }, timer: { after, every: () => () => undefined } };
  const doc = new Y.Doc();
  const outcomes: string[] = [];
  const inbox = createInbox(host, {
    doc,
    origin: 'foreign',
    offered: () => undefined,
    taken: (from, outcome) => outcomes.push(`${from} ${outcome}`),
  });
  const add = (from: string, update: Uint8Array) => inbox.add(from as PeerId, update, inspect(update)!);
  const write = (from: string, count: number) => {
    const writer = new Y.Doc();
    writer.on('updateV2', (update: Uint8Array) => void add(from, update));
    for (let i = 0; i < count; i++) writer.getMap('objects').set(from, i);
  };
  return { doc, outcomes, add, write, run: (ms: number) => timeline.run(timeline.now() + ms) };
}

/** A type within a type and so on, deeper than any of ours. */
function tooDeep(): Uint8Array {
  const doc = new Y.Doc();
  let map = doc.getMap('objects');
  for (let i = 0; i < 40; i++) {
    const child = new Y.Map();
    map.set('x', child);
    map = child;
  }
  return Y.encodeStateAsUpdateV2(doc);
}

it('[SY5] one that is bad costs its sender what waits of it, and nobody else anything', () => {
  const { doc, outcomes, add, write, run } = setUp();
  write('first', 1);
  let transactions = 0;
  doc.on('afterTransaction', () => (transactions += 1));
  write('good', 500);
  add('bad', tooDeep());
  write('also good', 500);
  run(50);
  expect(doc.getMap('objects').toJSON()).toEqual({ first: 0, good: 499, 'also good': 499 });
  expect(outcomes).toEqual(['good done', 'bad refused', 'also good done']);
  expect(transactions).toBeLessThanOrEqual(3);
});

it('[SY5] who fills the time with its own leaves room for others', () => {
  const { doc, write, run } = setUp();
  write('first', 1);
  write('many', 5000);
  write('good', 1);
  run(50);
  expect(doc.getMap('objects').get('good')).toBe(0);
});
