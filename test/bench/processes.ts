import type { Flicks } from '../../src/base.ts';
import { flicks } from '../../src/base.ts';
import { readFile } from '../../src/crdt/file.ts';
import type { Cable, Process, Score } from '../../src/crdt/score.ts';
import { initialFlow, stepFlow } from '../../src/engine/flow.ts';
import { flowOf } from '../../src/engine/flow-graph.ts';
import { formulaOf, isFormula } from '../../src/engine/process/formula.ts';
import { parseFormula } from '../../src/engine/process/formula-parse.ts';
import { medians } from './measure.ts';
import { parallelScore } from './scores.ts';
import { count, ms, times } from './table.ts';
import type { Table } from './table.ts';

/** What cables cost, against looking for the order of processes at each instant; what formulas cost, against JavaScript. */
export const benchProcesses = async (): Promise<readonly Table[]> => [await flows(), await formulas()];

const SIZES = [10, 100, 1000];

async function flows(): Promise<Table> {
  const rows: number[][] = [];
  for (const size of SIZES) {
    const score = chain(size);
    const component = flowOf(score).components[0]!;
    const place = { position: flicks(1000), nominal: flicks(60_000), path: '0', isEnding: false };
    const metre = () => ({ signatures: [], quarter: flicks(500), shift: 0 });
    let state = initialFlow(0);
    const instant = () => ({
      ...{ tick: state.tick + 1, written: [], read: () => undefined, live: () => undefined },
      place: () => ({ ...place, position: (place.position + state.tick * flicks(16)) as Flicks, metre }),
    });
    const costs = await medians([
      { name: 'instant', run: () => (state = stepFlow(component, state, instant()).state) },
      // A copy of the score is not known yet, so its graph is made.
      { name: 'anew', run: () => stepFlow(flowOf({ ...score }).components[0]!, state, instant()) },
    ]);
    rows.push([...costs]);
  }
  return {
    title: 'One instant of the grid, by how many processes are cabled in a row',
    columns: ['processes', 'instant', 'growth', 'per process', 'order found anew', 'ratio'],
    rows: rows.map(([kept = 0, anew = 0], i) => [
      ...[String(SIZES[i]), ms(kept), i === 0 ? '' : times(kept / rows[i - 1]![0]!)],
      ...[ms(kept / SIZES[i]!), ms(anew), times(anew / kept)],
    ]),
  };
}

/** An LFO, then micromaps, smoothings and mappings in turn. */
function chain(size: number): Score {
  const score = readFile(parallelScore(1));
  const interval = [...score.intervals.keys()][0]!;
  const processes = new Map<string, Process>();
  const cables = new Map<string, Cable>();
  const base = (id: string) => ({
    ...{
      kind: 'process' as const,
      id,
      interval,
      policies: {},
      name: '',
      rank: id,
      isLooping: false,
      loopDuration: 0 as Flicks,
      startOffset: 0 as Flicks,
    },
    ...{ address: '', input: '' },
  });
  for (let i = 0; i < size; i++) {
    const id = `p${String(i).padStart(5, '0')}`;
    const kinds: readonly (() => Process)[] = [
      () => ({ ...base(id), type: 'micromap', expression: 'clamp(0, x * 2 + sin(t / fs), 1)' }),
      () => ({ ...base(id), type: 'smooth', mode: 'oneEuro', amount: 0.1, frequency: 120, cutoff: 1, beta: 1, isContinuous: false }),
      () => ({ ...base(id), type: 'mapping', sourceMin: 0, sourceMax: 1, min: 0, max: 1, points: [] }),
    ];
    const source = (): Process => ({
      ...{ ...base(id), type: 'lfo', waveform: 'sine', frequency: 1, amplitude: 1, offset: 0 },
      ...{ phase: 0, jitter: 0, quantisation: 0 },
    });
    processes.set(id, i === 0 ? source() : kinds[i % kinds.length]!());
    const before = `p${String(i - 1).padStart(5, '0')}`;
    if (i > 0)
      cables.set(id, { id, from: { process: before, port: 'out' }, to: { process: id, port: 'in' }, timing: 'immediate', isStrict: false });
  }
  return { ...score, processes, cables, states: new Map() };
}

const FORMULAS: readonly (readonly [string, (x: number, t: number) => number])[] = [
  ['x * 2 + 1', (x) => x * 2 + 1],
  ['clamp(0, sin(t / fs) * x, 1)', (x, t) => Math.min(1, Math.max(0, Math.sin(t / 705_600_000) * x))],
  [
    'var s := 0; for (var i := 0; i < 20; i += 1) { s += x ^ 2 / (i + 1); } s',
    (x) => {
      let sum = 0;
      for (let i = 0; i < 20; i++) sum += x ** 2 / (i + 1);
      return sum;
    },
  ],
];
const CALLS = 1000;

async function formulas(): Promise<Table> {
  const rows: (readonly string[])[] = [];
  for (const [text, plain] of FORMULAS) {
    const formula = formulaOf(text);
    if (!isFormula(formula)) throw new Error(formula.message);
    let sum = 0;
    const many = (f: (x: number) => number) => () => {
      for (let i = 0; i < CALLS; i++) sum += f(i);
      return sum;
    };
    const [kept = 0, native = 0, parsed = 0] = await medians([
      { name: 'kept', run: many((x) => Number(formula.run({ x, t: x * 1e6, fs: 705_600_000 }, () => 0).value)) },
      { name: 'plain', run: many((x) => plain(x, x * 1e6)) },
      { name: 'parsed', run: many(() => Object.keys(parseFormula(text)).length) },
    ]);
    rows.push([`\`${text}\``, `${count((CALLS / kept) * 1000)}/s`, times(kept / native), ms(parsed / CALLS), times(parsed / kept)]);
  }
  return { title: 'Formulas', columns: ['formula', 'runs', 'of JavaScript by hand', 'reading it', 'of a run'], rows };
}
