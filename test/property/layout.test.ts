import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { createDesk } from '../../src/crdt/desk.ts';
import { layOut } from '../../src/ui/timeline/layout.ts';
import { layOutAfter } from '../../src/ui/timeline/layout-next.ts';
import { createDraw } from '../sim/random.ts';
import { drawCommand, scribble } from './arbitraries.ts';
import { runs } from './runs.ts';

it('[TL1] the layout after an edit is that of laying all out, and edits that move nothing keep all places', () => {
  let [kept, all] = [0, 0];
  fc.assert(
    fc.property(fc.integer(), fc.nat(12), (seed, steps) => {
      const draw = createDraw(seed);
      const doc = Object.assign(new Y.Doc(), { clientID: 1 });
      scribble(doc, draw, 20);
      const desk = createDesk(draw, doc);
      let score = desk.read();
      let layout = layOut(score);
      for (let i = 0; i < steps; i++) {
        const process = [...score.processes.values()].find(({ type }) => type === 'automation');
        if (process && draw.chance(0.3)) desk.edit({ type: 'setPoint', process: process.id, x: draw.next(), y: draw.next() });
        else if (draw.chance(0.2)) desk.undo();
        else desk.edit(drawCommand(draw, score));
        const next = desk.read();
        const made = layOutAfter({ layout, score }, next);
        expect(made).toEqual(layOut(next));
        all += Number(next !== score);
        kept += Number(next !== score && made.areas === layout.areas);
        [layout, score] = [made, next];
      }
    }),
    runs(60),
  );
  expect(all).toBeGreaterThan(20);
  expect(kept).toBeGreaterThan(2);
});
