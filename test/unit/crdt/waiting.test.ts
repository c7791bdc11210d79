import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { applyChecked } from '../../../src/crdt/sync/apply.ts';

it('[SY5] what waits is bounded by what it holds, not by its bytes only', () => {
  const writer = new Y.Doc();
  const map = writer.getMap('objects');
  map.set('a', 0);
  const parts: Uint8Array[] = [];
  writer.on('updateV2', (update: Uint8Array) => parts.push(update));
  for (let i = 0; i < 2500; i++) map.set('a', 1);
  const dense = Y.mergeUpdatesV2(parts);
  expect(dense.length).toBeLessThan(20_000);
  const doc = new Y.Doc();
  const outcome = applyChecked(doc, dense, undefined);
  expect(outcome).toBe('lacking');
  expect(doc.store.pendingStructs).toBeNull();
  // Little of it waits as before.
  parts.length = 0;
  for (let i = 0; i < 100; i++) map.set('b', i);
  for (const update of parts) applyChecked(doc, update, undefined);
  expect(doc.store.pendingStructs).not.toBeNull();
  expect(applyChecked(doc, Y.encodeStateAsUpdateV2(writer), undefined)).toBe('done');
  expect(doc.getMap('objects').toJSON()).toEqual({ a: 1, b: 99 });
});
