import { describe, expect, it } from 'vitest';
import { flicks } from '../../../src/base.ts';
import { TURN_MIN } from '../../../src/engine/turn.ts';
import { machine, scenarioOf, structureOf } from './structures.ts';
import type { Line, Sketch } from './structures.ts';

/** Long beside the least run time of a pass. */
const U = flicks(1);
const of = (n: number): number => n * U;

const lines = (all: readonly Line[]): readonly Line[] =>
  all.map(([name, from, to, { length = 0, ...rest } = {}]) => [name, from, to, { ...rest, length: of(length) }]);

/** A root scenario with interval `a`, in which a scenario stands; all lengths in ms. */
function inside(sketch: Sketch, { length = 100, speed = 1, ...rest }: { length?: number; speed?: number; max?: null } = {}) {
  const { loopDuration, startOffset } = sketch;
  const inner = {
    ...sketch,
    lines: lines(sketch.lines),
    ...(loopDuration !== undefined && { loopDuration: of(loopDuration) }),
    ...(startOffset !== undefined && { startOffset: of(startOffset) }),
  };
  return structureOf(
    { lines: [['a', 's', 'z', { length: of(length), speed, ...(rest.max === null && { max: null }) }]], syncs: { z: { trigger: '' } } },
    scenarioOf('p', 'a', inner),
  );
}

const scaled = (positions: Record<string, number>) => Object.fromEntries(Object.entries(positions).map(([id, at]) => [id, at / U]));

const CHAIN: Sketch = {
  loopDuration: 10,
  lines: [
    ['x', 's', 'm', { length: 4 }],
    ['y', 'm', 'n', { length: 100 }],
  ],
};

describe('a scenario that loops by itself', () => {
  it('[EX35] begins again at each turn of its loop', () => {
    const it = machine(inside(CHAIN));
    expect(scaled(it.to(of(3)).running())).toEqual({ a: 3, x: 3 });
    expect(scaled(it.to(of(9)).running())).toEqual({ a: 9, y: 5 });
    expect(scaled(it.to(of(12)).running())).toEqual({ a: 12, x: 2 });
    expect(scaled(it.to(of(37)).running())).toEqual({ a: 37, y: 3 });
    expect(it.log('fired').filter((line) => line.startsWith('p.s'))).toEqual([0, 1, 2, 3].map((n) => `p.s@0.${n}:${of(10 * n)}`));
  });

  it('[EX35] goes on beyond the nominal length for as long as its interval waits', () => {
    const it = machine(inside(CHAIN, { length: 20, max: null }));
    expect(scaled(it.to(of(53)).running())).toEqual({ a: 53, x: 3 });
  });

  it('[EX35] what is due at the end of a pass happens in it', () => {
    const it = machine(inside({ loopDuration: 4, lines: CHAIN.lines }));
    it.to(of(9));
    expect(it.log('happened').filter((line) => line.startsWith('e.m'))).toEqual([`e.m@0.0:${of(4)}`, `e.m@0.1:${of(8)}`]);
  });

  it('[EX35] ends with its interval, without another pass', () => {
    const it = machine(inside({ loopDuration: 4, lines: CHAIN.lines }, { length: 8 })).to(of(20));
    expect(it.running()).toEqual({});
    expect(it.log('fired').filter((line) => line.startsWith('p.s'))).toHaveLength(2);
    expect(it.log('ended').filter((line) => line.startsWith('x'))).toEqual([`x@0.0:${of(4)}`, `x@0.1:${of(8)}`]);
  });

  it('[EX35] its time is that of its interval: twice as fast, a pass lasts half as long', () => {
    const it = machine(inside(CHAIN, { speed: 2 })).to(of(12));
    expect(scaled(it.running())).toEqual({ a: 24, x: 4 });
    expect(it.log('fired').filter((line) => line.startsWith('p.s'))).toEqual([0, 1, 2].map((n) => `p.s@0.${n}:${of(5 * n)}`));
  });

  it('[EX35] a trigger that nobody pressed waits again in the next pass, a condition is asked again', () => {
    const sketch: Sketch = {
      ...CHAIN,
      lines: [
        ['x', 's', 'm', { length: 2, max: null }],
        ['y', 'm', 'n', { length: 100, event: 'm' }],
      ],
      syncs: { m: { trigger: '' } },
    };
    const it = machine(inside(sketch), { fired: { 'm@0.0': of(15), 'm@0.1': of(26) } });
    expect(it.to(of(5)).waiting()).toMatchObject({ m: of(2) });
    expect(it.to(of(11)).waiting()).not.toHaveProperty('m');
    expect(it.to(of(13)).waiting()).toMatchObject({ m: of(12) });
    expect(scaled(it.to(of(16)).running())).toEqual({ a: 16, y: 1 });
    expect(scaled(it.to(of(27)).running())).toEqual({ a: 27, y: 1 });
  });

  it('[EX35] a pass that would last less than half a millisecond is passed over', () => {
    const it = machine(
      structureOf(
        { lines: [['a', 's', 'z', { length: of(10) }]] },
        scenarioOf('p', 'a', { loopDuration: 1, lines: [['x', 's', 'm', { length: 1 }]] }),
      ),
    );
    it.to(of(10));
    expect(it.log('started').filter((line) => line.startsWith('x'))).toHaveLength(1 + of(10) / TURN_MIN);
  });
});

describe('a scenario that begins further on', () => {
  const late: Sketch = { startOffset: 6, lines: CHAIN.lines };

  it('[EX35] is entered in its middle, and what is passed over is sent', () => {
    const it = machine(inside(late));
    expect(scaled(it.to(of(1)).running())).toEqual({ a: 1, y: 3 });
    expect(it.log('happened').filter((line) => line.includes('e.p.s') || line.includes('e.m'))).toEqual(['e.p.s@0.0:0', 'e.m@0.0:0']);
    expect(it.log('started').filter((line) => /^[xy]/.test(line))).toEqual(['y@0.0:0']);
  });

  it('[EX35] does so in every pass; what a later one passes over is not sent again', () => {
    const it = machine(inside({ ...late, loopDuration: 10 })).to(of(25));
    expect(scaled(it.running())).toEqual({ a: 25, y: 7 });
    expect(it.log('happened').filter((line) => line.includes('e.m'))).toEqual(['e.m@0.0:0']);
    expect(it.log('started').filter((line) => line.startsWith('y'))).toEqual([0, 1, 2].map((n) => `y@0.${n}:${of(10 * n)}`));
  });

  it('[EX35] what is due at the offset itself happens then', () => {
    const it = machine(inside({ ...late, startOffset: 4 })).to(of(1));
    expect(it.log('happened').filter((line) => line.includes('e.m'))).toEqual(['e.m@0.0:0']);
    expect(scaled(it.running())).toEqual({ a: 1, y: 1 });
  });

  it('[EX35] enters what is nested in it, too, at its place', () => {
    const inner = scenarioOf('q', 'y', {
      lines: lines([
        ['u', 's', 'k', { length: 3 }],
        ['v', 'k', 'l', { length: 50 }],
      ]),
    });
    const { objects } = inside({ ...late, startOffset: 9 });
    const it = machine({ objects: { ...objects, ...inner } }).to(of(1));
    expect(scaled(it.running())).toEqual({ a: 1, y: 6, v: 3 });
  });
});

describe('a jump into a loop', () => {
  it('[EX35] stands where the pass would be', () => {
    const it = machine(inside(CHAIN), {}, of(37));
    expect(scaled(it.to(of(1)).running())).toEqual({ a: 38, y: 4 });
    expect(scaled(it.to(of(4)).running())).toEqual({ a: 41, x: 1 });
  });

  it('[EX35] knows what the pass before has left', () => {
    const it = machine(inside(CHAIN), {}, of(22));
    expect(it.log('happened').filter((line) => line.includes('e.m'))).toEqual([`e.m@0.0:${of(-8)}`]);
    expect(scaled(it.to(of(1)).running())).toEqual({ a: 23, x: 3 });
  });

  it('[EX35] right to the end of a pass: what is due there happens, and the next begins', () => {
    const it = machine(inside({ loopDuration: 4, lines: CHAIN.lines }), {}, of(8)).to(of(1));
    expect(it.log('happened').filter((line) => /e\.m.*:0$/.test(line))).toHaveLength(1);
    expect(scaled(it.running())).toEqual({ a: 9, x: 1 });
  });
});

describe('a loop backwards', () => {
  it('[EX35] goes back into the end of the pass before', () => {
    const it = machine(inside(CHAIN)).to(of(13));
    it.does({ type: 'speed', interval: 'a', path: '0', speed: -1 });
    expect(scaled(it.to(of(15)).running())).toEqual({ a: 11, x: 1 });
    expect(scaled(it.to(of(18)).running())).toEqual({ a: 8, y: 4 });
    expect(scaled(it.to(of(24)).running())).toEqual({ a: 2, x: 2 });
    it.does({ type: 'speed', interval: 'a', path: '0', speed: 1 });
    expect(scaled(it.to(of(29)).running())).toEqual({ a: 7, y: 3 });
    expect(scaled(it.to(of(33)).running())).toEqual({ a: 11, x: 1 });
  });
});
