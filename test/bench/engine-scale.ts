import * as Y from 'yjs';
import type { Flicks } from '../../src/base.ts';
import { FLICKS_PER_MS } from '../../src/base.ts';
import { edit } from '../../src/crdt/edit.ts';
import { read } from '../../src/crdt/read.ts';
import { ROOT } from '../../src/crdt/score.ts';
import { replayed, start } from '../../src/engine/restore.ts';
import { step } from '../../src/engine/step.ts';
import type { World } from '../../src/engine/step.ts';
import { index } from '../../src/engine/structure-index.ts';
import { assumedPast } from '../../src/engine/assumed.ts';
import { chased } from '../../src/engine/chase.ts';
import { createCompiler } from '../../src/engine/structure-compile.ts';
import { hash } from '../../src/engine/structure-hash.ts';
import { compile } from '../../src/engine/structure.ts';
import type { Structure, StructureInterval, StructureObject } from '../../src/engine/structure.ts';
import { createDraw } from '../sim/random.ts';
import { medians } from './measure.ts';
import { livelyScore } from './scores.ts';
import { count, ms, times } from './table.ts';
import type { Table } from './table.ts';

/** What the length of a score costs while as much runs as ever: a chain of bars, three objects each, one after the other. */
const SIZES = [1000, 10_000, 100_000];
const OBJECTS_PER_BAR = 3;
const BAR_MS = 500;
/** Where a jump leads to in chains of twenty bars of 0.2 to 1.1 s. */
const MIDDLE_MS = 6500;
/** Two bars end in it. */
const STEP_MS = 1000;
const TEMPO = [
  [0, 60, 1],
  [1, 240, 1],
] as const;

const flicksOf = (duration: number): Flicks => (duration * FLICKS_PER_MS) as Flicks;

/** What a jump and an edit of a long score cost, against living through the past and looking at all of the score. */
async function jumps(): Promise<Table> {
  const rows: (readonly number[])[] = [];
  for (const objects of SIZES) rows.push(await jumpCosts(objects));
  const growth = (row: number, column: number): string => (row === 0 ? '' : times(rows[row]![column]! / rows[row - 1]![column]!));
  return {
    title: 'A score of chains side by side (100 bars run per 10,000 objects): a jump into its middle, and an edit of one object',
    columns: [
      'objects',
      'first jump',
      'jump',
      'growth',
      'lived through',
      'ratio',
      'what it leaves',
      'told in turn',
      'ratio',
      'compiled and named',
      'growth',
      'from scratch',
      'ratio',
    ],
    rows: rows.map(([first = 0, jump = 0, lived = 0, left = 0, told = 0, edit = 0, scratch = 0], i) => [
      count(SIZES[i]!),
      ...[ms(first), ms(jump), growth(i, 1), ms(lived), times(lived / jump), ms(left), ms(told), times(told / left)],
      ...[ms(edit), growth(i, 5), ms(scratch), times(scratch / edit)],
    ]),
  };
}

async function jumpCosts(objects: number): Promise<readonly number[]> {
  const doc = new Y.Doc();
  const draw = createDraw(1);
  edit(doc, { type: 'replace', file: livelyScore(objects) }, draw, 'bench');
  let score = read(doc);
  const compiled = createCompiler();
  const world: World = { index: index(compiled(score)), decisions: { fired: () => undefined, decided: () => undefined } };
  const at = { epoch: '', origin: 0 as Flicks, from: flicksOf(MIDDLE_MS) };
  const lived = replayed(world, at);
  const { assumed } = start(world, at);
  const isMine = (): boolean => true;
  const past = { all: () => lived.happenings, running: [] };
  let turn = 0;
  const written = [...score.intervals.keys()].filter((id) => id !== ROOT.interval);
  return medians([
    { name: 'first jump', run: () => assumedPast({ ...world.index }) },
    { name: 'jump', run: () => start(world, at) },
    { name: 'lived through', run: () => replayed(world, at) },
    { name: 'left', run: () => chased(score, { ...past, assumed: assumed && { ...assumed, begins: 0 as Flicks }, since: [] }, isMine) },
    { name: 'told', run: () => chased(score, { ...past, assumed: undefined, since: lived.happenings }, isMine) },
    {
      name: 'edit',
      prepare: () => {
        edit(doc, { type: 'resizeInterval', id: written[turn++ % written.length]!, duration: 300 + (turn % 997) / 10 }, draw, 'bench');
        score = read(doc);
      },
      run: () => hash(compiled(score)),
    },
    { name: 'scratch', run: () => hash(compile(score)) },
  ]);
}

export async function scale(): Promise<readonly Table[]> {
  const rows: (readonly number[])[] = [];
  for (const objects of SIZES) rows.push(await costs(chain(Math.ceil(objects / OBJECTS_PER_BAR))));
  const growth = (row: number, column: number): string => (row === 0 ? '' : times(rows[row]![column]! / rows[row - 1]![column]!));
  const table: Table = {
    title: 'A long score of which little runs: one second of it, and a jump to its middle',
    columns: [
      'objects',
      'indexed once',
      'one second',
      'growth',
      'jump',
      'growth',
      'played to there',
      'ratio',
      'one second of a tempo curve',
    ],
    rows: rows.map(([indexed = 0, second = 0, jump = 0, played = 0, curved = 0], i) => [
      count(SIZES[i]!),
      ...[ms(indexed), ms(second), growth(i, 1), ms(jump), growth(i, 2), ms(played), times(played / jump), ms(curved)],
    ]),
  };
  return [table, await jumps()];
}

function chain(bars: number): Structure {
  const objects: Record<string, StructureObject> = {};
  const interval = (from: string, to: string, scenario: string | null, length: number | null): StructureInterval => {
    const bounds = { min: length ?? 0, max: length, nominal: length ?? 1 };
    return { kind: 'interval', start: from, end: to, scenario, ...bounds, speed: 1, isTransition: false };
  };
  const sync = (id: string, event: string, scenario: string | null, trigger: string | null = null): void => {
    objects[id] = { kind: 'sync', trigger, isStart: false, isRetriggering: false, scenario };
    objects[event] = { kind: 'event', sync: id, condition: '', offset: 'true' };
  };
  sync(ROOT.startSync, ROOT.startEvent, null);
  sync(ROOT.endSync, ROOT.endEvent, null, '');
  objects[ROOT.interval] = interval(ROOT.startEvent, ROOT.endEvent, null, null);
  objects[ROOT.scenario] = { kind: 'scenario', interval: ROOT.interval, startSync: 's0', isExclusive: false };
  for (let i = 0; i <= bars; i++) {
    sync(`s${i}`, `e${i}`, ROOT.scenario);
    if (i < bars) objects[`i${i}`] = interval(`e${i}`, `e${i + 1}`, ROOT.scenario, flicksOf(BAR_MS));
  }
  return { objects };
}

async function costs(structure: Structure): Promise<readonly number[]> {
  const decisions = { fired: () => undefined, decided: () => undefined };
  const worldOf = (of: Structure): World => ({ index: index(of), decisions });
  const world = worldOf(structure);
  const middle = flicksOf(Math.floor(Object.keys(structure.objects).length / OBJECTS_PER_BAR / 2) * BAR_MS + BAR_MS / 2);
  const jumped = (to: World): ReturnType<typeof start>['state'] => start(to, { epoch: '', origin: 0 as Flicks, from: middle }).state;
  const stepped = (to: World): (() => unknown) => {
    const state = step(jumped(to), to, 1 as Flicks).state;
    return () => step(state, to, flicksOf(STEP_MS));
  };
  // The root goes from 60 to 240 BPM for as long as the bench looks.
  const curve = {
    bpm: 120,
    nominal: flicksOf(10_000),
    tempo: TEMPO.map(([x, bpm, bend]) => [(x * middle) / flicksOf(10_000) + x, bpm, bend] as const),
  };
  const curved = worldOf({ objects: { ...structure.objects, ...rootWith(structure, curve) } });
  const begun = start(world, { epoch: '', origin: 0 as Flicks, from: 0 as Flicks }).state;
  return medians([
    { name: 'index', run: () => index({ objects: structure.objects }) },
    { name: 'second', run: stepped(world) },
    { name: 'jump', run: () => jumped(world) },
    { name: 'played', run: () => step(begun, world, middle) },
    { name: 'curved', run: stepped(curved) },
  ]);
}

const rootWith = ({ objects }: Structure, more: Partial<StructureInterval>): Record<string, StructureObject> => ({
  [ROOT.interval]: { ...(objects[ROOT.interval] as StructureInterval), ...more },
});
