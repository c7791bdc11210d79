import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { createDesk } from '../../src/crdt/desk.ts';
import { edit } from '../../src/crdt/edit.ts';
import { graphOf } from '../../src/crdt/graph.ts';
import { changedSince, rawOf } from '../../src/crdt/raw.ts';
import { read } from '../../src/crdt/read.ts';
import { revise } from '../../src/crdt/read/revise.ts';
import type { ObjectId, Score } from '../../src/crdt/score.ts';
import { createDraw } from '../sim/random.ts';
import type { Draw } from '../sim/random.ts';
import { drawCommand, scribble } from '../property/arbitraries.ts';
import { wildDocOf } from '../property/wild.ts';

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
    { numRuns: 20 },
  );
  expect(revised, 'edits that left all but processes as it was').toBeGreaterThan(20);
});

/** Who hangs on whom, as the graph of a score says. */
function relations(score: Score): unknown {
  const graph = graphOf(score);
  const ids = (intervals: readonly { readonly id: ObjectId }[]): readonly ObjectId[] => intervals.map(({ id }) => id);
  return {
    syncs: [...score.syncs.keys()].map((id) => [id, ids(graph.before(id)), ids(graph.after(id)), graph.eventsOf(id)]),
    events: [...score.events.keys()].map((id) => [id, graph.statesOf(id)]),
    states: [...score.states.keys()].map((id) => [id, ids(graph.at(id))]),
    intervals: [...score.intervals.keys()].map((id) => [id, graph.processesOf(id)]),
  };
}

it('[SC2] after edits, undone or not, and what others send, the score and its graph are those of reading all', () => {
  let [revised, all] = [0, 0];
  fc.assert(
    fc.property(fc.integer(), fc.nat(15), (seed, steps) => {
      const draw = createDraw(seed);
      const doc = Object.assign(new Y.Doc(), { clientID: 1 });
      scribble(doc, draw, 25);
      const [own, other] = [createDesk(draw, doc), createDesk(draw, Object.assign(copy(doc), { clientID: 2 }))];
      for (let i = 0; i < steps; i++) {
        const before = { raw: rawOf(doc), score: read(doc) };
        if (draw.chance(0.6)) own.edit(drawCommand(draw, own.read()));
        else if (draw.chance(0.5)) own.undo();
        else {
          other.edit(drawCommand(draw, other.read()));
          Y.applyUpdate(doc, Y.encodeStateAsUpdate(other.shared), 'remote');
        }
        const raw = rawOf(doc);
        if (raw !== before.raw) all++;
        if (raw !== before.raw && revise(before.score, before.raw, raw, changedSince(doc, before.raw) ?? [])) revised++;
        const fresh = read(copy(doc));
        expect(read(doc)).toEqual(fresh);
        expect(relations(read(doc))).toEqual(relations(fresh));
        expect([...read(doc).intervals.keys()]).toEqual([...fresh.intervals.keys()]);
      }
      own.close();
      other.close();
    }),
    { numRuns: 20 },
  );
  expect(revised / all, 'share of changes for which not all was read').toBeGreaterThan(0.4);
});

/** What no edit leaves behind but merges do: edges that lead nowhere or twice to one place, entries without a home. */
function damage(doc: Y.Doc, draw: Draw): void {
  const objects = doc.getMap<Y.Map<unknown>>('objects');
  const ids = [...objects.keys()];
  const [id, other] = [draw.pick(ids), draw.pick(ids)];
  const entry = objects.get(id)!;
  const put = (key: string, fields: object): unknown => objects.set(key, new Y.Map(Object.entries(fields)));
  const states = [...read(doc).states.keys(), 'gone'];
  const name = `d${draw.int(0, 5)}`;
  draw.pick([
    () => objects.delete(id),
    () => put(id, Object.fromEntries([...objects.get(other)!.entries()].filter(([, value]) => !(value instanceof Y.AbstractType)))),
    () =>
      put(name, {
        kind: 'process',
        type: draw.pick(['lfo', 'shader', 'scenario']),
        key: 'same',
        interval: draw.pick(['d0', 'd1', ...ids]),
      }),
    () => put(name, { kind: 'interval', scenario: draw.pick(['root.scenario', 'd2']), start: draw.pick(states), end: draw.pick(states) }),
    () => put(name, { kind: 'event', scenario: 'root.scenario', sync: draw.pick(['d3', ...read(doc).syncs.keys()]) }),
    () => put(name, { kind: draw.pick(['sync', 'nonsense']), scenario: 'root.scenario' }),
    () => entry.get('kind') === 'interval' && entry.set(draw.pick(['start', 'end']), draw.pick(states)),
    () => {
      const fields = { fromProcess: id, fromPort: 'out', toProcess: other, toPort: 'in' };
      doc.getMap('cables').set(name, new Y.Map(Object.entries(fields)));
    },
  ])();
}

it('[SC2] where something was repaired, an edit elsewhere still looks at little, and the score is that of reading all', () => {
  let [revised, all] = [0, 0];
  fc.assert(
    fc.property(fc.integer(), fc.nat(20), (seed, steps) => {
      const draw = createDraw(seed);
      const doc = Object.assign(new Y.Doc(), { clientID: 1 });
      scribble(doc, draw, 25);
      if (doc.getMap('objects').size === 0) return;
      const desk = createDesk(draw, doc);
      for (let i = 0; i < steps; i++) {
        const before = { raw: rawOf(doc), score: read(doc) };
        const isBroken = before.score.issues.length > 0;
        if (doc.getMap('objects').size > 0 && draw.chance(isBroken ? 0.15 : 0.6)) damage(doc, draw);
        else if (draw.chance(0.15)) desk.undo();
        else desk.edit(drawCommand(draw, desk.read()));
        const raw = rawOf(doc);
        if (isBroken && raw !== before.raw) all++;
        if (isBroken && raw !== before.raw && revise(before.score, before.raw, raw, changedSince(doc, before.raw) ?? [])) revised++;
        const fresh = read(copy(doc));
        expect(read(doc)).toEqual(fresh);
        expect(relations(read(doc))).toEqual(relations(fresh));
      }
      desk.close();
    }),
    { numRuns: 40 },
  );
  expect(revised / all, 'share of changes for which not all was read').toBeGreaterThan(0.3);
});
