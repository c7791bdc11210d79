import { describe, expect, it } from 'vitest';
import type { MeshTime } from '../../../src/base.ts';
import { FLICKS_PER_MS } from '../../../src/base.ts';
import { ROOT } from '../../../src/crdt/score.ts';
import { EARLIER_MAX } from '../../../src/engine/earlier.ts';
import { createEngine } from '../../../src/engine/run.ts';
import type { Structure } from '../../../src/engine/structure.ts';
import { scenarioOf, structureOf } from './structures.ts';
import type { Line, Sketch } from './structures.ts';

const mesh = (at: number): MeshTime => at as MeshTime;
const ms = (n: number): number => n * FLICKS_PER_MS;
const lines = (all: readonly Line[]): readonly Line[] =>
  all.map(([name, from, to, { length = 0, ...rest } = {}]) => [name, from, to, { ...rest, length: ms(length) }]);

const ISLAND = { kind: 'sync', trigger: null, isStart: false, isRetriggering: false, scenario: ROOT.scenario } as const;

/** What runs at each date without an adoption at `at` and with one that touches nothing; `entries` of its record. */
function adopted(structure: Structure, facts: readonly object[], { at, dates }: { at: number; dates: readonly number[] }) {
  const [plain, engine] = [createEngine(), createEngine()].map((it) => {
    const hash = it.setStructure(structure);
    it.insert({ type: 'play', run: 'r', by: 'a', at: 1000, from: 0, structure: hash });
    for (const fact of facts) it.insert({ run: 'r', by: 'a', ...fact });
    return it;
  }) as [ReturnType<typeof createEngine>, ReturnType<typeof createEngine>];
  const adoption = engine.adoption({ objects: { ...structure.objects, island: ISLAND } }, mesh(at));
  expect(engine.insert({ type: 'adopt', run: 'r', by: 'a', at, ...adoption })).toBeDefined();
  for (const date of dates) expect(engine.advance(mesh(date)).running).toEqual(plain.advance(mesh(date)).running);
  return { engine, plain, entries: adoption?.fired ?? [] };
}

const ids = ({ running }: { running: readonly { interval: string; path: string }[] }): string[] =>
  running.map(({ interval, path }) => `${interval}@${path}`).slice(1);

/** Rounds of 100 ms; whether one begins anew is asked each time, and what an earlier one began goes on for long. */
const ROUNDS: Sketch = {
  lines: lines([
    ['round', 's', 'again', { length: 100 }],
    ['back', 'again', 's', { isTransition: true }],
    ['long', 's', 'far', { length: 60_000, event: 'maybe' }],
  ]),
  events: { maybe: { sync: 's', condition: '%a:/b% == 1' } },
};
const decided = (pass: number, holds: boolean) => ({ type: 'decided', path: `${pass}`, event: 'e.maybe', at: 1000 + pass * 100, holds });

describe('an adoption while something loops', () => {
  it('[EX21] what an earlier firing left running goes on', () => {
    const facts = [decided(0, false), decided(1, true), ...[2, 3, 4].map((pass) => decided(pass, false))];
    const { engine } = adopted(structureOf(ROUNDS), facts, { at: 1450, dates: [1450, 1460, 1700] });
    expect(ids(engine.advance(mesh(1460)))).toEqual(['long@1', 'round@4']);
  });

  it('[EX21] a condition that an earlier firing left open can still be decided', () => {
    const facts = [decided(0, false), { ...decided(3, true), at: 1380 }];
    const { engine } = adopted(structureOf(ROUNDS), facts, { at: 1350, dates: [1350, 1379, 1500] });
    expect(ids(engine.advance(mesh(1390)))).toContain('long@3');
  });

  it('[EX21] however long it has looped, the record stays short, and what hangs on an old firing goes on', () => {
    const passes = Array.from({ length: 400 }, (_, pass) => decided(pass, pass === 1));
    const { engine, entries } = adopted(structureOf(ROUNDS), passes, { at: 40_050, dates: [40_050, 40_200] });
    expect(ids(engine.advance(mesh(40_060)))).toEqual(['long@1', 'round@390']);
    expect(entries.length).toBeLessThan(2 * EARLIER_MAX);
  });

  it('[EX21] at the end of a pass of a scenario that loops by itself, too', () => {
    const turning = scenarioOf('p', 'a', {
      loopDuration: ms(100),
      lines: lines([
        ['x', 's', 'm', { length: 100 }],
        ['y', 'm', 'n', { length: 50 }],
      ]),
    });
    const structure = structureOf({ lines: lines([['a', 's', 'z', { length: 10_000 }]]) }, turning);
    const { engine } = adopted(structure, [], { at: 1320, dates: [1320, 1330, 1410] });
    expect(ids(engine.advance(mesh(1330)))).toEqual(['a@0', 'x@0.3']);
  });
});
