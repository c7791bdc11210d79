import { expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/crdt/catalogue.ts';
import type { Process, ProcessType } from '../../../src/crdt/score.ts';
import { flicks } from '../../../src/base.ts';
import { metreFrom } from '../../../src/engine/process/metre.ts';
import { playedIn, valueAt } from '../../../src/engine/process.ts';
import { starter } from '../../../src/ui/studio/starters.ts';
import * as Y from 'yjs';
import { edit } from '../../../src/crdt/edit.ts';
import { read } from '../../../src/crdt/read.ts';
import { createDraw } from '../../sim/random.ts';

const made = (type: ProcessType): Process => {
  const doc = new Y.Doc();
  const process = starter(type, { track: 'lead', tempo: 90 });
  expect(edit(doc, { type: 'createProcess', id: 'p', interval: 'root', process }, createDraw(1), 'test')).not.toHaveProperty('issue');
  return read(doc).processes.get('p')!;
};
const at = (process: Process, share: number) => valueAt(process, { position: flicks(share * 4000), nominal: flicks(4000), tempo: 90 });

it('[UI29] what the library makes is right, whatever it is', () => {
  for (const type of Object.keys(CATALOGUE) as ProcessType[]) expect(made(type), type).toMatchObject({ type, name: CATALOGUE[type].label });
});

it('[UI29] what says values says some at once', () => {
  expect([0, 0.5, 1].map((x) => at(made('automation'), x))).toEqual([-60, -30, 0]);
  expect([0, 1].map((x) => at(made('tempo'), x))).toEqual([expect.closeTo(90, 9), expect.closeTo(90, 9)]);
  expect([0, 1].map((x) => at(made('gradient'), x))).toEqual([
    [0, 0, 0, 1],
    [1, 1, 1, 1],
  ]);
  expect(made('mapping')).toMatchObject({
    points: [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ],
  });
  expect(at(made('generator'), 0.25)).toBeCloseTo(1, 9);
  expect(new Set([0, 0.07, 0.13].map((x) => at(made('steps'), x))).size).toBe(3);
  expect(new Set([0, 0.5, 1].map((x) => String(at(made('spline'), x)))).size).toBe(3);
});

it('[UI29] a new pattern plays', () => {
  const metre = () => metreFrom([], flicks(500));
  expect(playedIn(made('pattern'), [flicks(0), flicks(2000)], metre)).toHaveLength(4);
});
