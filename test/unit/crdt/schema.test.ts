import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createDesk } from '../../../src/crdt/desk.ts';
import { SCHEMA } from '../../../src/crdt/doc.ts';
import { edit } from '../../../src/crdt/edit.ts';
import { read } from '../../../src/crdt/read.ts';
import { toFile } from '../../../src/crdt/file.ts';
import { migrate } from '../../../src/crdt/schema.ts';
import { PROTOCOL_VERSION } from '../../../src/mesh/hello.ts';
import { createDraw } from '../../sim/random.ts';

function old(schema: unknown, clientID = 1): Y.Doc {
  const doc = Object.assign(new Y.Doc(), { clientID });
  doc.getMap('meta').set('schema', schema);
  doc.getMap('objects').set('wave', new Y.Map(Object.entries({ kind: 'process', type: 'lfo', interval: 'root', waveform: 'random' })));
  return doc;
}

describe('a document of another version', () => {
  it('[SC14] is brought up when it is older, with the same music, and two who do it at once agree', () => {
    const one = old(1);
    const two = new Y.Doc();
    Y.applyUpdate(two, Y.encodeStateAsUpdate(one));
    expect([migrate(one), migrate(two)]).toEqual([undefined, undefined]);
    Y.applyUpdate(one, Y.encodeStateAsUpdate(two));
    Y.applyUpdate(two, Y.encodeStateAsUpdate(one));
    expect(read(one).processes.get('wave')).toMatchObject({ waveform: 'random' });
    expect(one.getMap('meta').get('schema')).toBe(2);
    expect(read(two)).toEqual(read(one));
    const before = Y.encodeStateVector(one);
    migrate(one);
    expect(Y.encodeStateVector(one)).toEqual(before);
  });

  it('[SC14] is shown and left alone when it was loaded and is newer, but for a file in its place', () => {
    const doc = old(3);
    expect(migrate(doc)?.message).toMatch(/newer version/);
    expect(read(doc).processes.get('wave')).toMatchObject({ waveform: 'random' });
    const draw = createDraw(1);
    expect(edit(doc, { type: 'setTitle', title: 'x' }, draw, 'test')).toEqual({ issue: migrate(doc) });
    expect(edit(doc, { type: 'replace', file: toFile(read(new Y.Doc())) }, draw, 'test')).not.toHaveProperty('issue');
    expect(edit(doc, { type: 'setTitle', title: 'x' }, draw, 'test')).not.toHaveProperty('issue');
    expect(read(doc).issues).toEqual([]);
  });

  it('[SC14] is edited anyway by who insists, and locked again when that is undone; a fork is as the score', () => {
    const draw = createDraw(1);
    const doc = old(3);
    migrate(doc);
    const desk = createDesk(draw, doc);
    desk.setSending('none');
    expect(desk.isLocked).toBe(true);
    expect(desk.edit({ type: 'setTitle', title: 'x' })).toHaveProperty('issue');
    desk.setSending('all');
    expect(desk.edit({ type: 'editAnyway' })).not.toHaveProperty('issue');
    expect(desk.isLocked).toBe(false);
    expect(desk.edit({ type: 'setTitle', title: 'x' })).not.toHaveProperty('issue');
    expect(migrate(doc)).toBeUndefined();
    desk.undo();
    desk.undo();
    expect(desk.isLocked).toBe(true);
    desk.close();
  });

  it('[SC14] locks nobody by a number that comes by sync, and whoever edits puts it right, for good', () => {
    const draw = createDraw(1);
    const [vandal, own] = [old(3), old(2, 2)];
    const desk = createDesk(draw, own);
    Y.applyUpdate(own, Y.encodeStateAsUpdate(vandal), 'remote');
    own.getMap('meta').set('schema', 3);
    expect(read(own).issues).toEqual([]);
    expect(desk.edit({ type: 'setTitle', title: 'x' })).not.toHaveProperty('issue');
    desk.undo();
    expect(own.getMap('meta').get('schema')).toBe(2);
    // Whoever had loaded the newer one learns that it is of this version now.
    migrate(vandal);
    Y.applyUpdate(vandal, Y.encodeStateAsUpdate(own), 'remote');
    expect(edit(vandal, { type: 'setTitle', title: 'y' }, draw, 'test')).not.toHaveProperty('issue');
    desk.close();
  });

  it('[SC14] cannot come from who is linked: each schema has its version of the protocol', () => {
    const schemaOfProtocol: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 2 };
    expect(schemaOfProtocol[PROTOCOL_VERSION]).toBe(SCHEMA);
  });

  it('[SC14] with nonsense for a version counts as of this one', () => {
    for (const schema of [NaN, -1, 'new', 1e300, null]) {
      const doc = old(schema);
      expect(migrate(doc)).toBeUndefined();
      expect(read(doc).issues).toEqual([]);
    }
  });
});
