import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { compare } from '../../src/base.ts';
import { createDesk } from '../../src/crdt/desk.ts';
import { edit } from '../../src/crdt/edit.ts';
import { changedKeys } from '../../src/crdt/patched.ts';
import { read } from '../../src/crdt/read.ts';
import { ALL, ROOT } from '../../src/crdt/score.ts';
import type { Score } from '../../src/crdt/score.ts';
import { apply, difference } from '../../src/engine/structure-change.ts';
import { createCompiler } from '../../src/engine/structure-compile.ts';
import { derived, hash } from '../../src/engine/structure-hash.ts';
import { objectsOf } from '../../src/engine/structure-objects.ts';
import { compile } from '../../src/engine/structure.ts';
import type { Structure, StructureObject } from '../../src/engine/structure.ts';
import { createDraw } from '../sim/random.ts';
import type { Draw } from '../sim/random.ts';
import { drawCommand, scribble } from './arbitraries.ts';
import { structure } from './engine-arbitraries.ts';
import { runs } from './runs.ts';

const plain = ({ objects }: Structure): Structure => ({ objects: { ...objects } });

/** What only counts where something else depends on it: grids, tempo curves, the score's tempo. */
function touchTime(doc: Y.Doc, draw: Draw): void {
  const { intervals, processes, syncs } = read(doc);
  const interval = draw.pick([...intervals.keys()]);
  const quantisation = draw.pick([-1, 0, 1, 4]);
  const tempos = [...processes.values()].filter(({ type }) => type === 'tempo');
  const put = (id: string, field: string, value: unknown): unknown => doc.getMap<Y.Map<unknown>>('objects').get(id)?.set(field, value);
  draw.pick([
    () => edit(doc, { type: 'setTempo', tempo: draw.int(30, 300) }, draw, 'test'),
    () => put(draw.pick([...intervals.keys(), ...syncs.keys()]), 'quantisation', quantisation),
    () => edit(doc, { type: 'createProcess', interval, process: { type: 'tempo', points: [{ x: 0, y: 0.5 }] } }, draw, 'test'),
    () => tempos.length > 0 && edit(doc, { type: 'setPoint', process: draw.pick(tempos).id, x: draw.next(), y: draw.next() }, draw, 'test'),
    () => tempos.length > 0 && edit(doc, { type: 'delete', ids: [draw.pick(tempos).id] }, draw, 'test'),
  ])();
}

/** What is said of one object is said of all in it: groups, whose time it is, and order. */
function touchPolicies(doc: Y.Doc, draw: Draw): void {
  const { groups, intervals, syncs, processes, events } = read(doc);
  const id = draw.pick([...intervals.keys(), ...syncs.keys(), ...processes.keys(), ...events.keys()]);
  const policies = draw.pick([
    { share: draw.pick(['shared', 'mixed', 'free', null]) },
    { order: draw.pick(['sync', 'async', null]) },
    { group: draw.pick([ALL, null, ...groups.keys()]), share: draw.pick(['mixed', 'free', null]) },
  ]);
  draw.pick([
    () => edit(doc, { type: 'setPolicies', id, policies }, draw, 'test'),
    () => edit(doc, { type: 'setPolicies', id: ROOT.interval, policies }, draw, 'test'),
    () => edit(doc, { type: 'createGroup', name: 'winds' }, draw, 'test'),
    () => groups.size > 1 && edit(doc, { type: 'delete', ids: [draw.pick([...groups.keys()].filter((it) => it !== ALL))] }, draw, 'test'),
  ])();
}

/** Whether the maps of one score were made of those of the other, so that not all was compiled. */
const isMadeOf = (before: Score, after: Score): boolean => changedKeys(before.intervals, after.intervals) !== undefined;

describe('the structure after an edit', () => {
  it('[EX1] is that of compiling all, and so is its name', () => {
    let [made, all, tempos, axes] = [0, 0, 0, 0];
    fc.assert(
      fc.property(fc.integer(), fc.nat(12), (seed, steps) => {
        const draw = createDraw(seed);
        const doc = Object.assign(new Y.Doc(), { clientID: 1 });
        scribble(doc, draw, 20);
        const desk = createDesk(draw, doc);
        const compiled = createCompiler();
        let before = desk.read();
        compiled(before);
        for (let i = 0; i < steps; i++) {
          if (draw.chance(0.5)) desk.edit(drawCommand(draw, desk.read()));
          else if (draw.chance(0.3)) desk.undo();
          else if (draw.chance(0.5)) touchPolicies(doc, draw);
          else touchTime(doc, draw);
          const score = desk.read();
          // Who walks through a map changes what it is made of, but not what it says.
          if (draw.chance(0.3)) expect([...score.intervals].length).toBe(score.intervals.size);
          const [incremental, scratch] = [compiled(score), compile(score)];
          expect(incremental.objects).toEqual(scratch.objects);
          expect(Object.keys(incremental.objects)).toEqual(Object.keys(scratch.objects));
          expect(hash(incremental)).toBe(hash(plain(scratch)));
          all++;
          tempos += Object.values(scratch.objects).filter((it) => 'tempo' in it).length;
          axes += Object.values(scratch.objects).filter((it) => 'share' in it || 'order' in it).length;
          if (isMadeOf(before, score)) made++;
          before = score;
        }
        desk.close();
      }),
      runs(60),
    );
    expect(axes, 'objects whose time is not shared, or ordered').toBeGreaterThan(0);
    expect(tempos, 'tempo curves that counted').toBeGreaterThan(0);
    expect(made / all, 'share of edits after which not all was compiled').toBeGreaterThan(0.4);
  });

  it('[EX2] has the name that it would have from scratch, whatever it was made of', () => {
    const ids = fc.constantFrom('a', 'b', 'costarring', 'liquid', 'root', 'root.end.sync', '');
    fc.assert(
      fc.property(
        structure,
        fc.array(fc.array(fc.tuple(ids, fc.option(fc.nat(3))), { maxLength: 5 }), { maxLength: 8 }),
        (score, turns) => {
          let now: Structure = score;
          if (turns.length % 2 === 0) hash(now);
          for (const turn of turns) {
            const changes = new Map<string, StructureObject | undefined>(
              turn.map(([id, it]) => [id, it === null ? undefined : { kind: 'event', sync: `s${it}`, condition: '', offset: 'true' }]),
            );
            const before = now;
            now = derived(before, changes);
            const objects = Object.fromEntries(
              [...new Map([...Object.entries(before.objects), ...changes])].filter(([, it]) => it !== undefined),
            ) as Structure['objects'];
            expect(now.objects).toEqual(objects);
            expect([...objectsOf(now).keys()]).toEqual(Object.keys(objects).sort(compare));
            expect(hash(now)).toBe(hash(plain(now)));
            expect(difference(before, now)).toEqual(difference(plain(before), plain(now)));
            expect(apply(before, difference(before, now))?.objects).toEqual(now.objects);
          }
          expect(hash(now) === hash(score)).toBe(difference(plain(score), plain(now)).length === 0);
        },
      ),
      runs(80),
    );
  });
});
