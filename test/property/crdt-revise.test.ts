import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { edit } from '../../src/crdt/edit.ts';
import { read } from '../../src/crdt/read.ts';
import type { ObjectId } from '../../src/crdt/score.ts';
import { createDraw } from '../sim/random.ts';
import type { Draw } from '../sim/random.ts';
import { scribble } from './arbitraries.ts';
import { wildDocOf } from './wild.ts';

const copy = (doc: Y.Doc): Y.Doc => {
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  return other;
};

/** Right and wrong values for every field of a process, those included that others look at. */
const FIELDS: readonly (readonly [string, readonly unknown[]])[] = [
  ['address', ['sound:/a', 'sound:/b', 7]],
  ['min', [0, -3, 'x']],
  ['name', ['A', 'B']],
  ['rank', ['a', 'b']],
  ['isLooping', [true, false]],
  ['frequency', [1, 2]],
  ['key', ['sky', 'sea', '']],
  ['type', ['automation', 'lfo', 'shader', 'pit', 'scenario', 'nonsense']],
  ['policy.group', ['all', 'gone']],
  ['kind', ['process', 'state']],
];

function touch(doc: Y.Doc, draw: Draw): void {
  const objects = doc.getMap<Y.Map<unknown>>('objects');
  const ids = [...objects].flatMap(([id, entry]): ObjectId[] => (entry instanceof Y.Map && entry.get('kind') === 'process' ? [id] : []));
  if (ids.length === 0) return;
  const id = draw.pick(ids);
  const intervals = [...read(doc).intervals.keys(), 'gone'];
  const [field, values] = draw.pick([...FIELDS, ['interval', intervals] as const]);
  if (draw.chance(0.5)) objects.get(id)?.set(field, draw.pick(values));
  else edit(doc, { type: 'setPoint', process: id, x: draw.next(), y: draw.next() }, draw, 'test');
}

it('[SC2] after changes of what processes contain, the score is that of reading all', () => {
  let revised = 0;
  fc.assert(
    fc.property(wildDocOf(false), fc.integer(), (doc, seed) => {
      const draw = createDraw(seed);
      scribble(doc, draw, 12);
      for (let i = 0; i < 4; i++) {
        const before = read(doc).intervals;
        touch(doc, draw);
        const score = read(doc);
        if (score.intervals === before) revised++;
        expect(score).toEqual(read(copy(doc)));
        expect([...score.processes.keys()]).toEqual([...read(copy(doc)).processes.keys()]);
      }
    }),
    { numRuns: 30 },
  );
  expect(revised, 'edits that left all but processes as it was').toBeGreaterThan(30);
});
