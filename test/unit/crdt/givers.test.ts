import * as Y from 'yjs';
import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import { applyChecked, inspect } from '../../../src/crdt/sync/apply.ts';
import { createGivers } from '../../../src/crdt/sync/givers.ts';

/** Updates of one edit each, under one number. */
function edits(count: number, value: string): readonly Uint8Array[] {
  const doc = new Y.Doc();
  doc.clientID = 7;
  return Array.from({ length: count }, (_, i) => {
    const before = Y.encodeStateVector(doc);
    doc.getMap('objects').set(`${i}`, value);
    return Y.encodeStateAsUpdateV2(doc, before);
  });
}

function reader() {
  const doc = new Y.Doc();
  const givers = createGivers();
  let sources: ReadonlySet<PeerId> = new Set();
  doc.on('updateV2', (_update: Uint8Array, _origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) =>
    givers.settled(transaction, sources, doc.store.pendingStructs !== null),
  );
  const take = (...offers: (readonly [string, Uint8Array])[]): void => {
    for (const [from, update] of offers) givers.offered(from as PeerId, inspect(update)!);
    sources = new Set(offers.map(([from]) => from as PeerId));
    applyChecked(doc, Y.mergeUpdatesV2(offers.map(([, update]) => update)), 'peers');
  };
  const all = () => [0, 1, 2, 3].map((clock) => givers.of(7, clock));
  return { doc, take, all };
}

describe('[SY9] who gave what stands under a number', () => {
  const [one, other] = [edits(4, 'one'), edits(4, 'other')];

  it('is the first who gave it, clock by clock', () => {
    const { take, all } = reader();
    take(['forger', other[0]!]);
    take(['author', one[0]!]);
    take(['author', one[1]!]);
    take(['third', Y.mergeUpdatesV2([...one])]);
    expect(all()).toEqual(['forger', 'author', 'third', 'third']);
  });

  it('is known of what had to wait, too', () => {
    const { take, all, doc } = reader();
    take(['forger', other[1]!]);
    expect(all()).toEqual([undefined, undefined, undefined, undefined]);
    take(['author', one[0]!]);
    expect(doc.getMap('objects').toJSON()).toEqual({ 0: 'one', 1: 'other' });
    take(['author', one[2]!]);
    expect(all()).toEqual(['author', 'forger', 'author', undefined]);
  });

  it('is told apart among what is taken together', () => {
    const { take, all, doc } = reader();
    take(['forger', other[0]!], ['author', Y.mergeUpdatesV2([one[0]!, one[1]!])]);
    expect(all()).toEqual(['forger', 'author', undefined, undefined]);
    expect(doc.getMap('objects').toJSON()).toEqual({ 0: 'other', 1: 'one' });
  });
});
