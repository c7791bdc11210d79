import * as Y from 'yjs';
import { expect, it } from 'vitest';
import { applyChecked } from '../../../src/crdt/sync/apply.ts';

it('[SY5] what has no length is refused: a document that held it could never be written out again', () => {
  const forged = new Y.Doc();
  const content = new Y.ContentString('');
  forged.store.clients.set(7, [new Y.Item(Y.createID(7, 0), null, null, null, null, forged.getMap('a'), 'key', content)]);
  const doc = new Y.Doc();
  expect(applyChecked(doc, Y.encodeStateAsUpdateV2(forged), undefined)).toBe('refused');
  expect(Y.encodeStateAsUpdateV2(doc)).toEqual(Y.encodeStateAsUpdateV2(new Y.Doc()));
});
