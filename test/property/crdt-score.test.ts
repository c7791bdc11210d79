import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createDesk } from '../../src/crdt/desk.ts';
import { edit } from '../../src/crdt/edit.ts';
import { parseFile, printFile, readFile } from '../../src/crdt/file.ts';
import { read } from '../../src/crdt/read.ts';
import type { Score } from '../../src/crdt/score.ts';
import { createDraw } from '../sim/random.ts';
import { arbitraryScore, drawCommand, scribble } from './arbitraries.ts';
import { tangledDoc, wildCommand, wildDoc, wildDocOf } from './wild.ts';
import { faults } from './score-faults.ts';
import { runs } from './runs.ts';

const copy = (doc: Y.Doc): Y.Doc => {
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  return other;
};

describe('read', () => {
  it('[SC1] makes a valid score of any document whatsoever, the same on every peer', () => {
    fc.assert(
      fc.property(wildDoc, wildDocOf(false), (doc, shared) => {
        expect(faults(read(doc))).toEqual([]);
        expect(faults(read(shared))).toEqual([]);
        expect(read(copy(shared))).toEqual(read(shared));
      }),
      runs(50),
    );
  });

  it('[SC4] [SC6] untangles right objects with wrong edges', () => {
    fc.assert(
      fc.property(tangledDoc, (doc) => {
        expect(faults(read(doc))).toEqual([]);
        expect(read(copy(doc))).toEqual(read(doc));
      }),
      { numRuns: 50 },
    );
  });

  it('[SC2] renews only what changed and comes to the same', () => {
    fc.assert(
      fc.property(wildDocOf(false), wildDocOf(false, 2), fc.integer(), (doc, other, seed) => {
        read(doc);
        Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
        read(doc);
        scribble(doc, createDraw(seed), 3);
        expect(read(doc)).toEqual(read(copy(doc)));
      }),
      runs(40),
    );
  });
});

describe('edit', () => {
  it('[ED1] never throws, and keeps the score valid, whatever it is given', () => {
    fc.assert(
      fc.property(fc.array(wildCommand, { maxLength: 6 }), fc.option(fc.oneof(wildDoc, tangledDoc), { freq: 3 }), (commands, wild) => {
        const doc = wild ?? new Y.Doc();
        const draw = createDraw(1);
        for (const command of commands) {
          const before = Y.encodeStateVector(doc);
          const result = edit(doc, command, draw, 'x');
          if ('issue' in result) expect(Y.encodeStateVector(doc)).toEqual(before);
        }
        expect(faults(read(doc))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('[ED3] alone leaves nothing to repair', () => {
    fc.assert(
      fc.property(arbitraryScore(), (score) => {
        expect(score.issues).toEqual([]);
        expect(faults(score)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

const step = fc.record({
  who: fc.nat(2),
  seed: fc.integer(),
  does: fc.constantFrom('edit', 'edit', 'edit', 'send', 'send', 'undo', 'redo'),
});

describe('three desks', () => {
  it('[SC1] come to the same valid score, in whatever order edits arrive', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer(), (steps, start) => {
        const shared = Object.assign(new Y.Doc(), { clientID: 9 });
        scribble(shared, createDraw(start), 15);
        const desks = [1, 2, 3].map((seed) => {
          const doc = copy(shared);
          doc.clientID = seed;
          return createDesk(createDraw(seed), doc);
        });
        for (const { who, seed, does } of steps) {
          const desk = desks[who]!;
          const draw = createDraw(seed);
          if (does === 'edit') desk.edit(drawCommand(draw, desk.read()));
          else if (does === 'undo') desk.undo();
          else if (does === 'redo') desk.redo();
          else Y.applyUpdate(desks[draw.int(0, 2)]!.shared, Y.encodeStateAsUpdate(desk.shared), 'remote');
          expect(faults(desk.read())).toEqual([]);
        }
        for (const from of desks)
          for (const to of desks) if (from !== to) Y.applyUpdate(to.shared, Y.encodeStateAsUpdate(from.shared), 'remote');
        for (const from of desks)
          for (const to of desks) if (from !== to) Y.applyUpdate(to.shared, Y.encodeStateAsUpdate(from.shared), 'remote');
        const scores = desks.map((desk) => desk.read());
        expect(faults(scores[0]!)).toEqual([]);
        expect(scores[1]).toEqual(scores[0]);
        expect(scores[2]).toEqual(scores[0]);
      }),
      runs(40),
    );
  });

  it("[ED13] undo takes back everything of one's own and nothing else", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(15), (seed, steps) => {
        const draw = createDraw(seed);
        const doc = new Y.Doc();
        doc.clientID = 1;
        scribble(doc, draw, 10);
        const before = read(doc);
        const desk = createDesk(draw, doc);
        for (let i = 0; i < steps; i++) desk.edit(drawCommand(draw, desk.read()));
        const after = desk.read();
        while (desk.canUndo) desk.undo();
        expect(plain(desk.read())).toEqual(plain(before));
        while (desk.canRedo) desk.redo();
        expect(plain(desk.read())).toEqual(plain(after));
      }),
      runs(40),
    );
  });

  it('[SC8] nudge at once, and the nudges add up', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), fc.integer({ min: -20, max: 20 })), { maxLength: 15 }), (nudges) => {
        const docs = [1, 2, 3].map((clientID) => Object.assign(new Y.Doc(), { clientID }));
        edit(docs[0]!, { type: 'setTempo', tempo: 250 }, createDraw(1), 'x');
        for (const doc of docs) Y.applyUpdate(doc, Y.encodeStateAsUpdate(docs[0]!));
        // Within the range on every desk, whoever sees what.
        for (const [who, by] of nudges) edit(docs[who]!, { type: 'nudge', id: 'score', field: 'tempo', by: by / 2 }, createDraw(2), 'x');
        for (const doc of docs) Y.applyUpdate(docs[0]!, Y.encodeStateAsUpdate(doc));
        expect(read(docs[0]!).tempo).toBe(250 + nudges.reduce((sum, [, by]) => sum + by / 2, 0));
      }),
      { numRuns: 40 },
    );
  });
});

describe('a file', () => {
  it('[FI1] holds the whole score', () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryScore(), wildDoc.map(read), tangledDoc.map(read)), (score) => {
        const parsed = parseFile(printFile(score));
        if ('issue' in parsed) throw new Error(parsed.issue.message);
        expect(plain(readFile(parsed.file))).toEqual(plain(score));
      }),
      runs(50),
    );
  });

  it('[FI2] that is none is refused without harm', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const parsed = parseFile(text);
        if ('file' in parsed) expect(faults(readFile(parsed.file))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

const plain = (score: Score) => ({ ...score, issues: [], id: '' });
