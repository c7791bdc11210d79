import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { edit } from '../../../src/crdt/edit.ts';
import { read } from '../../../src/crdt/read.ts';
import { toFile } from '../../../src/crdt/file.ts';
import { migrate } from '../../../src/crdt/schema.ts';
import { createDraw } from '../../sim/random.ts';

function old(schema: unknown, clientID = 1): Y.Doc {
  const doc = Object.assign(new Y.Doc(), { clientID });
  doc.getMap('meta').set('schema', schema);
  doc.getMap('objects').set('wave', new Y.Map(Object.entries({ kind: 'process', type: 'lfo', interval: 'root', waveform: 'random' })));
  return doc;
}

describe('a document of another version', () => {
  it('[SC14] is brought up when it is older, and two who do it at once agree', () => {
    const one = old(1);
    const two = new Y.Doc();
    Y.applyUpdate(two, Y.encodeStateAsUpdate(one));
    expect([migrate(one), migrate(two)]).toEqual([undefined, undefined]);
    Y.applyUpdate(one, Y.encodeStateAsUpdate(two));
    Y.applyUpdate(two, Y.encodeStateAsUpdate(one));
    expect(read(one).processes.get('wave')).toMatchObject({ waveform: 'sampleAndHold' });
    expect(read(two)).toEqual(read(one));
    const before = Y.encodeStateVector(one);
    migrate(one);
    expect(Y.encodeStateVector(one)).toEqual(before);
  });

  it('[SC14] is shown and left alone when it is newer, but for a file in its place', () => {
    const doc = old(3);
    expect(migrate(doc)?.message).toMatch(/newer version/);
    expect(read(doc).processes.get('wave')).toMatchObject({ waveform: 'random' });
    expect(read(doc).issues[0]?.message).toMatch(/newer version/);
    const draw = createDraw(1);
    expect(edit(doc, { type: 'setTitle', title: 'x' }, draw, 'test')).toHaveProperty('issue');
    expect(edit(doc, { type: 'replace', file: toFile(read(new Y.Doc())) }, draw, 'test')).not.toHaveProperty('issue');
    expect(edit(doc, { type: 'setTitle', title: 'x' }, draw, 'test')).not.toHaveProperty('issue');
    expect(read(doc).issues).toEqual([]);
  });

  it('[SC14] with nonsense for a version counts as of this one', () => {
    for (const schema of [NaN, -1, 'new', 1e300, null]) {
      const doc = old(schema);
      expect(migrate(doc)).toBeUndefined();
      expect(read(doc).issues).toEqual([]);
    }
  });
});
