import type { Flicks, MeshTime, PeerId } from '../../src/base.ts';
import { FLICKS_PER_MS } from '../../src/base.ts';
import { readFile } from '../../src/crdt/file.ts';
import type { Interval, Score } from '../../src/crdt/score.ts';
import { createPerformer, TICK_MS } from '../../src/engine/performer.ts';
import { valueAt } from '../../src/engine/process.ts';
import { start } from '../../src/engine/restore.ts';
import { createEngine } from '../../src/engine/run.ts';
import type { Engine } from '../../src/engine/run.ts';
import { step } from '../../src/engine/step.ts';
import { index } from '../../src/engine/structure-index.ts';
import { compile } from '../../src/engine/structure.ts';
import { groupOf, isMember } from '../../src/groups/placement.ts';
import { expressions, patterns } from './expressions.ts';
import { scale } from './engine-scale.ts';
import { medians } from './measure.ts';
import { parallelScore } from './scores.ts';
import { ms, times } from './table.ts';
import type { Table } from './table.ts';

/** What one turn costs while much runs, against two ways of not keeping state: replaying the run, and looking at the whole score. */
export const benchEngine = async (): Promise<readonly Table[]> => [
  await steps(),
  ...(await scale()),
  await expressions(),
  await patterns(),
];

const SIZES = [100, 1000, 10_000];
/** ms: where the run stands when measuring begins; the chain of short bars has fired some hundred times by then. */
const WARM_MS = 20_000;
/** The chain of short bars lasts forty seconds; then the run goes back. */
const END_MS = 38_000;

async function steps(): Promise<Table> {
  const rows: number[][] = [];
  for (const size of SIZES) rows.push([...(await costs(size))]);
  return {
    title: 'One turn of 25 ms, by how much runs',
    columns: [
      'intervals running',
      'engine',
      'growth',
      'replay',
      'ratio',
      'engine and performer',
      'growth',
      'whole score',
      'ratio',
      'per interval',
    ],
    rows: rows.map(([engine = 0, replay = 0, performed = 0, naive = 0], i) => [
      String(SIZES[i]),
      ...[ms(engine), i === 0 ? '' : times(engine / (rows[i - 1]?.[0] ?? 1)), ms(replay), times(replay / engine)],
      ...[ms(performed), i === 0 ? '' : times(performed / (rows[i - 1]?.[2] ?? 1)), ms(naive), times(naive / performed)],
      ms(performed / (SIZES[i] ?? 1)),
    ]),
  };
}

/** Median ms of a turn: the engine alone, a replay from the beginning, engine with performer, a naive performer. */
async function costs(running: number): Promise<readonly number[]> {
  const score = readFile(parallelScore(running));
  const structure = compile(score);
  const advance = turning(score, (engine, now) => engine.advance(now));
  const perform = turning(score, (_, now, performer) => performer.perform(now));
  const world = { index: index(structure), decisions: { fired: () => undefined, decided: () => undefined } };
  const begun = start(world, { epoch: '', origin: 0 as Flicks, from: 0 as Flicks }).state;
  const replay = (): unknown => step(begun, world, (WARM_MS * FLICKS_PER_MS) as Flicks);
  let naiveMs = WARM_MS;
  return medians([
    { name: 'engine', run: advance },
    { name: 'replay', run: replay },
    { name: 'engine and performer', run: perform },
    { name: 'whole score', run: () => performNaively(score, (naiveMs = naiveMs < END_MS ? naiveMs + TICK_MS : WARM_MS)) },
  ]);
}

/** One turn later with each call. */
function turning(
  score: Score,
  turn: (engine: Engine, now: MeshTime, performer: ReturnType<typeof createPerformer>) => unknown,
): () => void {
  const begin = () => {
    const engine = createEngine();
    const structure = engine.setStructure(compile(score));
    engine.insert({ type: 'play', run: 'r', at: 0, by: 'a', from: 0, structure });
    const nothing = (): void => undefined;
    const devices = { send: nothing, note: nothing, cut: nothing };
    const isMine = (id: string): boolean => isMember(new Map(), 'a' as PeerId, groupOf(score, id));
    return { engine, performer: createPerformer({ engine, score: () => score, devices, isMine }) };
  };
  let now = WARM_MS;
  let { engine, performer } = begin();
  return () => {
    if (now >= END_MS) {
      now = WARM_MS;
      ({ engine, performer } = begin());
    }
    turn(engine, (now += TICK_MS) as MeshTime, performer);
  };
}

/** Keeps nothing: dates every interval of the score anew, looks which are on, says their values; sixty a second, as the performer does. */
function performNaively(score: Score, now: number): number {
  const at = now * FLICKS_PER_MS;
  const begins = new Map<string, number>();
  const before = new Map<string, Interval>();
  for (const interval of score.intervals.values()) before.set(interval.end, interval);
  const beginOf = (interval: Interval): number => {
    const known = begins.get(interval.id);
    if (known !== undefined) return known;
    const previous = before.get(interval.start);
    const begin = previous && previous.scenario === interval.scenario ? beginOf(previous) + previous.nominal : 0;
    begins.set(interval.id, begin);
    return begin;
  };
  let sum = 0;
  for (const process of score.processes.values()) {
    const interval = score.intervals.get(process.interval);
    if (!interval) continue;
    const position = at - beginOf(interval);
    if (position < 0 || position >= interval.nominal) continue;
    for (let sample = 0; sample < (TICK_MS * 60) / 1000; sample++) {
      const value = valueAt(process, { position: (position + (sample * FLICKS_PER_MS * 1000) / 60) as Flicks, nominal: interval.nominal });
      if (typeof value === 'number') sum += value;
    }
  }
  return sum;
}
