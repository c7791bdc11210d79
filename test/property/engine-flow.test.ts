import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flicks } from '../../src/base.ts';
import type { Process } from '../../src/crdt/score.ts';
import { flowOf } from '../../src/engine/flow-graph.ts';
import { formulaOf, isFormula } from '../../src/engine/process/formula.ts';
import {
  filter,
  generator,
  lfo,
  limiter,
  mapping,
  metronome,
  micromap,
  notes,
  pattern,
  ramp,
  smoothing,
  steps,
} from '../unit/engine/processes.ts';
import { cableOf, scoreOf, stateOf } from '../unit/engine/scores.ts';
import { stage } from '../unit/engine/stage.ts';
import { structureOf } from '../unit/engine/structures.ts';
import { runs } from './runs.ts';

const structure = structureOf({
  lines: [
    ['a', 's', 'x', { length: flicks(300) }],
    ['b', 'x', 'y', { length: flicks(400) }],
    ['c', 's', 'z', { length: flicks(900) }],
    ['d', 'y', 's', { isTransition: true, min: 0, max: 0, nominal: 0 }],
  ],
});

const place = fc.constantFrom('a', 'b', 'c');
const made = (id: string): fc.Arbitrary<Process> =>
  fc.tuple(place, fc.nat(13), fc.boolean()).map(([at, kind, isHeard]): Process => {
    const more = isHeard ? { address: `osc:/${id}` } : {};
    return [
      () => ramp(id, at, more),
      () => lfo(id, at, { ...more, waveform: 'sampleAndHold', frequency: 3, jitter: 0.3 }),
      () => mapping(id, at, more),
      () => micromap(id, at, 'x * 2 + px', more),
      () => generator(id, at, 'm1 += random(0, 1) + a; m1', more),
      () => filter(id, at, 'po / 2 + x + b', more),
      () => smoothing(id, at, more),
      () => limiter(id, at, more),
      () => steps(id, at, [0, 1, 0.5], more),
      () => smoothing(id, at, { ...more, mode: 'oneEuro', isContinuous: true }),
      () => smoothing(id, at, { ...more, mode: 'median' }),
      () => limiter(id, at, { ...more, isQuantised: true, rate: 16 }),
      () =>
        notes(
          id,
          at,
          [
            [20, 60],
            [90, 30],
          ],
          { address: '', isLooping: true, loopDuration: flicks(130) },
        ),
      () => pattern(id, at, ['1-2-', '--1'], { address: '' }),
    ][kind]!();
  });
const NAMES = ['p', 'q', 'r', 's', 't'];
const cable = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.constantFrom(...NAMES),
    fc.constantFrom('', '', '.a', '.b', '.frequency', '.max'),
    fc.constantFrom('', '', '~', '!', '~!'),
  )
  .map(([from, to, port, kind]) => `${from}>${to}${port}${kind}`);
const score = fc
  .tuple(fc.tuple(...NAMES.map(made)), fc.uniqueArray(cable, { maxLength: 7 }), fc.boolean())
  .map(([processes, cables, isWritten]) =>
    scoreOf(structure, {
      ...{ processes, cables: cables.map(cableOf) },
      states: isWritten ? [stateOf('e.x', ['process:/p/frequency', 7], ['process:/q/a', 2], ['process:/r/amount', 9])] : [],
    }),
  );

interface Line {
  readonly address: string;
  readonly value: string;
  readonly at: number;
}
const said = (lines: readonly string[]): readonly Line[] =>
  lines.flatMap((line) => {
    const [, address, value, at] = /^(osc[^=]*)=(.*) @(.*)$/.exec(line) ?? [];
    return address === undefined ? [] : [{ address, value: value!, at: Number(at) }];
  });
const inForce = (lines: readonly Line[], { address, at }: Line): string | undefined =>
  lines.reduce<Line | undefined>((last, it) => (it.address === address && it.at <= at && it.at >= (last?.at ?? 0) ? it : last), undefined)
    ?.value;

describe('flows', () => {
  it('[FW4] whoever comes, whenever, and however its turns fall, says the same', () => {
    fc.assert(
      fc.property(score, fc.integer({ min: 900, max: 1500 }), (it, begin) => {
        const [early, late] = [said(stage(it).to(1950)), said(stage(it, { begin: begin + 0.3 }).to(1950.3))];
        const heard = [...early, ...late].filter(({ at }) => at > 1600 && at < 2000);
        expect(heard.map((line) => inForce(late, line))).toEqual(heard.map((line) => inForce(early, line)));
      }),
      runs(25),
    );
  });
  it('[PR12] whoever comes, whenever, plays the notes that are still to begin, and those that sound', () => {
    const spans = fc.uniqueArray(fc.tuple(fc.nat(600), fc.integer({ min: 1, max: 300 })), { maxLength: 6, selector: ([start]) => start });
    const looping = fc.constantFrom({}, { isLooping: true, loopDuration: flicks(170) }, { startOffset: flicks(70) });
    const sorted = (all: readonly (readonly [number, number])[]) => [...all].sort(([a], [b]) => a - b);
    /** Each note until it is cut. */
    const played = (lines: readonly string[]) => {
      const cuts = lines.flatMap((line) => {
        const [, gate, at] = /^cut (\S+) @(.*)$/.exec(line) ?? [];
        return gate === undefined ? [] : [{ gate, at: Number(at) }];
      });
      return lines.flatMap((line) => {
        const [, pitch, from, to, gate] = /^note (\d+) @([^-]+)-([\d.]+) (\S+)/.exec(line) ?? [];
        const ends = cuts.filter((cut) => cut.gate === gate && cut.at > Number(from)).map(({ at }) => at);
        return pitch === undefined ? [] : [{ pitch, from: Number(from), to: Math.min(Number(to), ...ends) }];
      });
    };
    fc.assert(
      fc.property(place, spans, looping, fc.integer({ min: 1000, max: 1900 }), (at, given, more, begin) => {
        const it = scoreOf(structure, {
          processes: [notes('n', at, sorted(given), more), pattern('p', at, ['1-2', '-1']), metronome('m', at, { address: 'sound:/wood' })],
        });
        const [early, late] = [played(stage(it).to(2300)), played(stage(it, { begin }).to(2300))];
        const joined = begin > 1150 ? begin : 1000;
        const key = ({ pitch, from, to }: { pitch: string; from: number; to: number }): string => `${pitch} ${from} ${to}`;
        const ahead = (all: typeof early) => all.filter(({ from }) => from > joined + 1 && from < 1900).map(key);
        expect(ahead(late).sort()).toEqual(ahead(early).sort());
        const sounding = (all: typeof early) =>
          all.filter(({ pitch, from, to }) => Number(pitch) >= 60 && Number(pitch) < 70 && from < joined - 1 && to > joined + 1);
        const resumed = late.filter(({ from }) => Math.abs(from - joined) <= 1).map(({ pitch, to }) => `${pitch} ${to}`);
        for (const { pitch, to } of sounding(early)) expect(resumed).toContain(`${pitch} ${to}`);
      }),
      runs(15),
    );
  });
  it('[FW1] every cable is followed or named; what is followed flows downwards', () => {
    fc.assert(
      fc.property(score, (it) => {
        const { components, issues } = flowOf(it);
        for (const { nodes } of components) {
          const seen = new Set<string>();
          for (const { process, inputs } of nodes) {
            for (const { from, isDelayed } of [...inputs.values()].flat()) expect(isDelayed || seen.has(from)).toBe(true);
            seen.add(process.id);
          }
        }
        const followed = components.flatMap(({ nodes }) => nodes.flatMap(({ inputs }) => [...inputs.values()].flat()));
        expect(followed.length + issues.length).toBe(it.cables.size);
      }),
    );
  });
});

const WORDS = [
  'x',
  'xv',
  'm1',
  'a',
  '1',
  '2.5',
  '+',
  '-',
  '*',
  '/',
  '^',
  '%',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ':=',
  '+=',
  '<',
  '==',
  '?',
  ':',
  ';',
  ',',
  'if',
  'else',
  'while',
  'for',
  'var',
  'y',
  'return',
  'sin',
  'max',
  'and',
  'not',
  'break',
  ' ',
];
describe('formulas', () => {
  it('[XF2] any text is a formula or wrong at a place within it; any formula ends', () => {
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(text, (it) => {
        const formula = formulaOf(it);
        if (!isFormula(formula)) {
          expect(formula.at).toBeGreaterThanOrEqual(0);
          expect(formula.at).toBeLessThanOrEqual(it.length);
          return;
        }
        const { value } = formula.run({ x: 2, xv: [1, 2, 3], a: 0.5 }, () => 0.5);
        for (const number of [value ?? 0].flat()) expect(Number.isFinite(number)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
  it('[XF1] arithmetic is what JavaScript computes', () => {
    const tree: fc.Arbitrary<string> = fc.letrec((tie) => ({
      it: fc.oneof(
        { depthSize: 'small' },
        fc.integer({ min: 0, max: 9 }).map(String),
        fc.tuple(tie('it'), fc.constantFrom('+', '-', '*'), tie('it')).map(([a, o, b]) => `(${String(a)} ${o} ${String(b)})`),
        fc.tuple(tie('it'), tie('it')).map(([a, b]) => `(${String(a)} < ${String(b)} ? 1 : 2)`),
      ),
    })).it as fc.Arbitrary<string>;
    const plain = (text: string): number => {
      const formula = formulaOf(text);
      return isFormula(formula) ? Number(formula.run({}, () => 0).value) : NaN;
    };
    /** A reader of its own: fully bracketed, so no precedence is needed. */
    const reference = (text: string): number => {
      const tokens = text.match(/\d+|[-+*()<?:]/g)!;
      let at = 0;
      const read = (): number => {
        const token = tokens[at++]!;
        if (token !== '(') return Number(token);
        const [a, sign] = [read(), tokens[at++]!];
        const b = read();
        if (sign === '<') at += 4;
        at++;
        return sign === '+' ? a + b : sign === '-' ? a - b : sign === '*' ? a * b : a < b ? 1 : 2;
      };
      return read();
    };
    fc.assert(
      fc.property(tree, (text) => {
        expect(plain(text)).toBe(reference(text));
      }),
    );
  });
});
