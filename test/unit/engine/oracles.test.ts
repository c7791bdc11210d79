import { describe, expect, it } from 'vitest';
import { FLICKS_PER_MS } from '../../../src/base.ts';
import { ROOT } from '../../../src/crdt/score.ts';
import { machine, structureOf } from './structures.ts';

/**
 * The thirteen numeric oracles of ossia's ScenarioAlgoTest. Ours covers [0, t): what is due at t itself happens with the
 * next flick, so where the original reads right after a tick, these read one flick later.
 */
const chain = (...lengths: number[]) =>
  structureOf({ lines: lengths.map((length, i) => [`i${i}`, i === 0 ? 's' : `s${i}`, `s${i + 1}`, { length }] as const) });

describe("ossia's oracles", () => {
  it('[EX6] 1: one rigid interval ends at its length', () => {
    const run = machine(chain(3000)).to(1000).to(2000).to(2999);
    expect(run.running()).toEqual({ i0: 2999 });
    expect(run.to(3001).running()).toEqual({});
  });

  it('[EX6] 2: a chain passes the remainder on', () => {
    expect(machine(chain(3000, 3000)).to(500).to(3500).running()).toEqual({ i1: 500 });
  });

  it('[EX6] 3: also within one step, and starts at the exact date', () => {
    const run = machine(chain(10, 100)).to(50);
    expect(run.running()).toEqual({ i1: 40 });
    expect(run.log('started')).toContain('i1@0:10');
  });

  it('[EX6] 4: through several intervals', () => {
    expect(
      machine(chain(1, 1, 1, 10))
        .to(5)
        .running(),
    ).toEqual({ i3: 2 });
  });

  const flexible = (trigger: string) =>
    structureOf({
      lines: [
        ['first', 's', 'x', { min: 2000, max: 4000, nominal: 3000 }],
        ['second', 'x', 'y', { length: 100_000 }],
      ],
      syncs: { x: { trigger } },
    });

  it('[EX9] 5, dated: a true expression fires when min is reached and the follower has the rest (ossia: 0, the tick is lost)', () => {
    const run = machine(flexible('true')).to(1000);
    expect(run.running()).toEqual({ first: 1000 });
    expect(run.to(2500).running()).toEqual({ second: 500 });
    expect(run.log('fired')).toContain('x@0:2000');
    expect(run.to(7500).running()).toEqual({ second: 5500 });
  });

  it('[EX8] 6: a false expression gives way at max, remainder passed on', () => {
    const run = machine(flexible('{ true == false }')).to(3000);
    expect(run.waiting()).toEqual({ x: 2000 });
    expect(run.to(4500).running()).toEqual({ second: 500 });
  });

  it('[EX6] 7: three intervals', () => {
    expect(
      machine(chain(3000, 500, 3000))
        .to(1000)
        .to(4000)
        .running(),
    ).toEqual({ i2: 500 });
  });

  it('[EX7] 8: a zero-length interval begins and ends once, in its instant', () => {
    const run = machine(chain(2, 0, 20)).to(10);
    expect(run.running()).toEqual({ i2: 8 });
    expect([run.log('started'), run.log('ended')].flat().filter((line) => line.startsWith('i1'))).toEqual(['i1@0:2', 'i1@0:2']);
  });

  it('[EX9] 9: a start sync whose trigger is false waits, nothing runs', () => {
    const run = machine(structureOf({ lines: [['a', 's', 'x', { length: 10 }]], syncs: { s: { trigger: 'false' } } })).to(100);
    expect(run.running()).toEqual({});
    expect(run.waiting()).toEqual({ s: 0 });
  });

  it('[EX12] 10: what no root leads to never runs', () => {
    const run = machine(
      structureOf({
        lines: [
          ['a', 's', 'x', { length: 10 }],
          ['island', 'p', 'q', { length: 10 }],
        ],
      }),
    ).to(100);
    expect(run.log('started').filter((line) => line.startsWith('island'))).toEqual([]);
  });

  it('[EX29] 11: a trigger that holds waits for the bar, and what follows begins on it', () => {
    // A bar of 4/4 is 88,200 units long.
    const bpm = (60_000 * FLICKS_PER_MS) / 22_050;
    const run = machine(
      structureOf({
        root: { bpm },
        lines: [
          ['first', 's', 'x', { min: 10, max: null, nominal: 10_000 }],
          ['second', 'x', 'y', { length: 500_000 }],
        ],
        syncs: { x: { trigger: 'true', quantisation: 1 } },
      }),
    ).to(88_199);
    expect(run.running()).toEqual({ first: 88_199 });
    expect(run.to(88_200 + 22_051).running()).toEqual({ second: 22_051 });
    expect(run.log('started')).toContain('second@0:88200');
  });

  it('[EX13] 12: a loop through a transition that has a length', () => {
    const run = machine(
      structureOf({
        lines: [
          ['a', 's', 'x', { length: 10 }],
          ['back', 'x', 's', { length: 10, isTransition: true }],
        ],
      }),
    ).to(5);
    const seen = [run.running()];
    for (let date = 15; date <= 45; date += 10) seen.push(run.to(date).running());
    expect(seen).toEqual([{ a: 5 }, { back: 5 }, { a: 5 }, { back: 5 }, { a: 5 }]);
    expect(run.log('started').filter((line) => line.startsWith('a@'))).toEqual(['a@0:0', 'a@1:20', 'a@2:40']);
  });

  it('[EX33] 13: a chain backwards', () => {
    const run = machine(chain(3000, 3000)).to(4500);
    expect(run.running()).toEqual({ i1: 1500 });
    run.does({ type: 'speed', interval: ROOT.interval, path: '0', speed: -1 });
    expect(run.to(5000).running()).toEqual({ i1: 1000 });
    expect(run.to(6001).running()).toEqual({ i0: 2999 });
    expect(run.happenings.find((it) => it.type === 'started' && it.interval === 'i0' && it.date === 6000)).toMatchObject({
      anchor: { position: 3000, rate: -1 },
    });
    expect(run.to(6500).running()).toEqual({ i0: 2500 });
  });
});
