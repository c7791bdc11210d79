import { describe, expect, it } from 'vitest';
import { flicks } from '../../../src/base.ts';
import { ROOT } from '../../../src/crdt/score.ts';
import { machine, scenarioOf, structureOf } from './structures.ts';
import type { Sketch } from './structures.ts';

/** In ms; at 120 BPM a quarter lasts 500, a bar of 4/4 2000. */
const long = (ms: number) => ({ length: flicks(ms) });
const ms = (flicksThen: number): number => flicksThen / flicks(1);
const positions = (running: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(running).map(([id, position]) => [id, Math.round(ms(position) * 1e5) / 1e5]));
const at = (run: ReturnType<typeof machine>, date: number): Record<string, number> => positions(run.to(flicks(date)).running());
const dates = (run: ReturnType<typeof machine>, type: 'fired' | 'started', id: string): number[] =>
  run.happenings.flatMap((it) =>
    it.type === type && (('sync' in it && it.sync === id) || ('interval' in it && it.interval === id)) ? [ms(it.date)] : [],
  );

describe('tempo', () => {
  const tempo = (points: readonly (readonly [number, number, number])[], more: Sketch = { lines: [] }) =>
    structureOf({ root: { bpm: 120 }, ...more, lines: [['a', 's', 'x', { ...long(10_000), tempo: points }], ...more.lines] });

  it('[EX28] is absolute: 240 BPM in a score of 120 is twice as fast', () => {
    expect(at(machine(tempo([[0, 240, 1]])), 1000)).toEqual({ a: 2000 });
  });

  it('[EX28] of an interval within takes the place of all tempo and speed around; its own speed multiplies', () => {
    const score = structureOf(
      { root: { bpm: 120, speed: 0.5 }, lines: [['a', 's', 'x', { ...long(60_000), tempo: [[0, 240, 1]], speed: 3 }]] },
      scenarioOf('in', 'a', {
        lines: [
          ['own', 's', 'y', { ...long(60_000), tempo: [[0, 60, 1]] }],
          ['plain', 's', 'z', { ...long(60_000), speed: 2 }],
        ],
      }),
    );
    expect(at(machine(score), 1000)).toEqual({ a: 6000, own: 500, plain: 12_000 });
  });

  it('[EX28] that grows evenly takes as long as its integral says, and does not drift', () => {
    const run = machine(
      tempo([
        [0, 60, 1],
        [1, 240, 1],
      ]),
    ).to(flicks(20_000));
    const ended = run.happenings.find((it) => it.type === 'ended' && it.interval === 'a');
    // dp/dt = f(p), f linear from 0.5 to 2: t = L / 1.5 × ln 4
    expect(Math.abs(ms(ended!.date) - (10_000 / 1.5) * Math.log(4))).toBeLessThan(0.001);
  });

  it('[EX28] has jumps, powers and easings', () => {
    const jump = machine(
      tempo([
        [0, 120, 1],
        [0.1, 120, 1],
        [0.1, 480, 1],
      ]),
    );
    expect(at(jump, 1000)).toEqual({ a: 1000 });
    expect(at(jump, 1500)).toEqual({ a: 3000 });
    const eased = structureOf({
      root: { bpm: 120 },
      lines: [
        [
          'a',
          's',
          'x',
          {
            ...long(10_000),
            tempo: [
              [0, 60, 'elasticOut'],
              [0.5, 240, 3],
              [1, 20, 1],
            ],
          },
        ],
      ],
    });
    const run = machine(eased).to(flicks(60_000));
    expect(run.log('ended')).toHaveLength(1);
    expect(run.happenings.filter(({ type }) => type === 'bent').length).toBeGreaterThan(50);
  });
});

describe('grids', () => {
  const waits = (quantisation: number, more: Partial<Sketch> = {}, trigger = '') =>
    structureOf({
      root: { bpm: 120 },
      lines: [
        ['a', 's', 'x', { min: 0, max: null, nominal: flicks(1000) }],
        ['b', 'x', 'y', long(60_000)],
      ],
      syncs: { x: { trigger, quantisation } },
      ...more,
    });
  const firedAt = (score: ReturnType<typeof waits>, pressed: number): number | undefined =>
    dates(machine(score, { fired: { 'x@0': flicks(pressed) } }).to(flicks(40_000)), 'fired', 'x')[0];

  it.each([
    [0, 700],
    [0.25, 8000],
    [0.5, 4000],
    [1, 2000],
    [2, 1000],
    [4, 1000],
    [8, 750],
    [32, 750],
  ])('[EX29] a trigger with rate %d that is pressed at 700 ms fires at %d ms', (rate, date) => {
    expect(firedAt(waits(rate), 700)).toBe(date);
  });

  it('[EX29] a line on which it is pressed is its line: a grid is half-open', () => {
    expect(firedAt(waits(4), 1000)).toBe(1000);
    expect(firedAt(waits(4), 1000 + 1e-5)).toBe(1500);
  });

  it('[EX29] bars count from the last change of signature, beats begin anew at bars', () => {
    const signatures = [
      [0, 3, 4],
      [flicks(4000), 7, 8],
    ] as const;
    const root = { bpm: 120, signatures };
    expect([100, 1600, 3100, 4001, 6000].map((pressed) => firedAt(waits(1, { root }), pressed))).toEqual([1500, 3000, 4000, 5750, 7500]);
    expect([3900, 5600].map((pressed) => firedAt(waits(2, { root }), pressed))).toEqual([4000, 5750]);
  });

  it('[EX29] the grid is inherited, and only triggers wait for it', () => {
    const score = waits(-1, {
      root: { bpm: 120, quantisation: 1 },
      syncs: { x: { trigger: '' } },
    });
    expect(firedAt(score, 700)).toBe(2000);
    const plain = structureOf({ root: { bpm: 120, quantisation: 1 }, lines: [['a', 's', 'x', long(700)]] });
    expect(dates(machine(plain).to(flicks(3000)), 'fired', 'x')).toEqual([700]);
  });

  it('[EX29] follows the tempo of the interval whose meter it is', () => {
    const score = structureOf(
      { root: { bpm: 120 }, lines: [['out', 's', 'o', { ...long(60_000), speed: 2, signatures: [[0, 4, 4]] }]] },
      scenarioOf('in', 'out', {
        lines: [
          ['a', 's', 'x', { min: 0, max: null, nominal: flicks(1000) }],
          ['b', 'x', 'y', long(60_000)],
        ],
        syncs: { x: { trigger: '', quantisation: 1 } },
      }),
    );
    const run = machine(score, { fired: { 'x@0.0': flicks(1200) } }).to(flicks(1300));
    run.does({ type: 'speed', interval: 'out', path: '0', speed: 1 });
    // 1300 ms at speed 2 are 2600 of 4000; the rest goes at speed 1.
    expect(dates(run.to(flicks(5000)), 'fired', 'x')).toEqual([2700]);
  });

  it.each([1, 3, 7, 50, 333, 10_000])('[EX29] each line fires once, in steps of %d ms', (stepMs) => {
    const score = structureOf({
      root: { bpm: 120 },
      lines: [
        ['a', 's', 'x', { min: 0, max: null, nominal: flicks(100) }],
        ['back', 'x', 's', { isTransition: true }],
      ],
      syncs: { x: { trigger: 'true', quantisation: 8 } },
    });
    const run = machine(score);
    for (let date = stepMs; date < 2000; date += stepMs) run.to(flicks(date));
    run.to(flicks(2000));
    expect(dates(run, 'fired', 'x')).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750]);
    expect(run.state.capped).toEqual([]);
  });

  it('[EX29] max waits for no line, nor what is booked for a later one', () => {
    const score = structureOf({
      root: { bpm: 120 },
      lines: [
        ['a', 's', 'x', { min: 0, max: flicks(1200), nominal: flicks(1000) }],
        ['b', 'x', 'y', long(60_000)],
      ],
      syncs: { x: { trigger: '', quantisation: 1 } },
    });
    expect(at(machine(score), 1300)).toEqual({ b: 100 });
    const pressed = machine(score, { fired: { 'x@0': flicks(700) } });
    expect(at(pressed, 1100)).toEqual({ a: 1100 });
    expect(at(pressed, 1300)).toEqual({ b: 100 });
    expect(pressed.happenings.find((it) => it.type === 'fired' && it.sync === 'x')).toMatchObject({ by: 'peer' });
  });
});

describe('triggered again', () => {
  const root = (isRetriggering: boolean) =>
    structureOf({
      lines: [
        ['a', 'p', 'x', { length: 100 }],
        ['b', 'x', 'y', { length: 100 }],
        ['other', 's', 'z', { length: 1000 }],
      ],
      syncs: { p: { isStart: true, trigger: '', isRetriggering } },
    });

  it('[EX30] a root with re-trigger begins anew, and all that it had started ends', () => {
    const run = machine(root(true), { fired: { 'p@0': 10, 'p@1': 150 } }).to(140);
    expect(run.running()).toEqual({ other: 140, b: 30 });
    expect(run.to(160).running()).toEqual({ other: 160, a: 10 });
  });

  it('[EX30] without, it ends what it had started and waits; the next starts again', () => {
    const run = machine(root(false), { fired: { 'p@0': 10, 'p@1': 50, 'p@2': 70 } }).to(60);
    expect(run.running()).toEqual({ other: 60 });
    expect(run.waiting()).toEqual({ p: 50 });
    expect(run.to(80).running()).toEqual({ other: 80, a: 10 });
  });

  it('[EX30] also when all has ended by itself', () => {
    expect(
      machine(root(true), { fired: { 'p@0': 10, 'p@1': 500 } })
        .to(520)
        .running(),
    ).toEqual({ other: 520, a: 20 });
  });
});

describe('by hand', () => {
  const score = structureOf({
    root: { bpm: 120 },
    lines: [
      ['a', 's', 'x', long(10_000)],
      ['b', 'x', 'y', { ...long(1000), quantisation: 4 }],
      ['c', 'y', 'z', long(1000)],
    ],
  });

  it('[EX31] an interval begins on its grid, and goes on to what follows', () => {
    const run = machine(score).to(flicks(600));
    run.does({ type: 'hand', interval: 'b', path: '0', isStart: true });
    expect(at(run, 900)).toEqual({ a: 900 });
    expect(at(run, 1100)).toEqual({ a: 1100, b: 100 });
    expect(at(run, 2100)).toEqual({ a: 2100, c: 100 });
  });

  it('[EX31] ends on its grid, and nothing follows', () => {
    const run = machine(score).to(flicks(600)).does({ type: 'hand', interval: 'b', path: '0', isStart: true }).to(flicks(1200));
    const path = [...run.state.scenarios.values()].flatMap(({ running }) => [...running.values()]).find((it) => it.interval === 'b')!.path;
    run.does({ type: 'hand', interval: 'b', path, isStart: false });
    expect(at(run, 1400)).toEqual({ a: 1400, b: 400 });
    expect(at(run, 1600)).toEqual({ a: 1600 });
    expect(at(run, 3000)).toEqual({ a: 3000 });
  });

  it('[EX31] in an exclusive scenario whoever begins is alone', () => {
    const alone = structureOf({
      isExclusive: true,
      lines: [
        ['a', 's', 'x', { length: 100 }],
        ['b', 'x', 'y', { length: 100 }],
      ],
    });
    expect(machine(alone).to(10).does({ type: 'hand', interval: 'b', path: '0', isStart: true }).to(15).running()).toEqual({ b: 5 });
  });
});

describe('backwards', () => {
  const back = (run: ReturnType<typeof machine>, speed = -1) => run.does({ type: 'speed', interval: ROOT.interval, path: '0', speed });
  const chain = (...more: Parameters<typeof structureOf>[1][]) =>
    structureOf(
      {
        lines: [
          ['a', 's', 'x', { min: 0, max: null, nominal: 100 }],
          ['b', 'x', 'y', { length: 100 }],
        ],
        syncs: { x: { trigger: '' } },
      },
      ...more.filter((it) => it !== undefined),
    );

  it('[EX33] a trigger is not asked, and what led to it comes back at its nominal length', () => {
    const run = machine(chain(), { fired: { 'x@0': 50 } }).to(80);
    expect(run.running()).toEqual({ b: 30 });
    expect(back(run).to(90).running()).toEqual({ b: 20 });
    expect(run.to(120).running()).toEqual({ a: 90 });
  });

  it('[EX33] forward again, a trigger has to be pressed again', () => {
    const run = back(machine(chain(), { fired: { 'x@0': 50, 'x@1': 200 } }).to(80)).to(130);
    expect(run.running()).toEqual({ a: 80 });
    expect(back(run, 1).to(160).running()).toEqual({ a: 110 });
    expect(run.waiting()).toEqual({ x: 130 });
    expect(run.to(210).running()).toEqual({ b: 10 });
  });

  it('[EX33] at the very beginning it stands, and goes forward from there', () => {
    const run = back(machine(chain()).to(30)).to(100);
    expect(run.running()).toEqual({ a: 0 });
    expect(back(run, 1).to(120).running()).toEqual({ a: 20 });
  });

  it('[EX33] what comes back has in it what its nominal length would leave', () => {
    const inside = scenarioOf('in', 'a', {
      lines: [
        ['p', 's', 'in1', { length: 60 }],
        ['q', 'in1', 'in2', { length: 100 }],
      ],
    });
    const run = back(machine(chain(inside), { fired: { 'x@0': 50 } }).to(80)).to(120);
    expect(run.running()).toEqual({ a: 90, q: 30 });
    expect(run.to(160).running()).toEqual({ a: 50, p: 50 });
  });

  it('[EX33] branches that began together wait for each other', () => {
    const score = structureOf({
      lines: [
        ['a', 's', 'x', { length: 100 }],
        ['slow', 'x', 'y', { length: 100, speed: 0.5 }],
        ['b', 'x', 'z', { length: 100 }],
      ],
    });
    const run = back(machine(score).to(150)).to(190);
    expect(run.running()).toEqual({ slow: 5, b: 10 });
    expect(run.to(221).running()).toEqual({ a: 79 });
  });

  it('[EX33] no transition is crossed', () => {
    const score = structureOf({
      lines: [
        ['a', 's', 'x', { length: 100 }],
        ['back', 'x', 's', { isTransition: true }],
      ],
    });
    expect(back(machine(score).to(250)).to(400).running()).toEqual({ a: 0 });
  });

  it('[EX33] an interval of its own that goes back stands at its beginning', () => {
    const run = machine(chain()).to(40).does({ type: 'speed', interval: 'a', path: '0', speed: -2 });
    expect(run.to(50).running()).toEqual({ a: 20 });
    expect(run.to(80).running()).toEqual({ a: 0 });
    expect(run.waiting()).toEqual({});
  });
});

describe('switches', () => {
  /** s → menu, which waits; two ways out of it, back from either by a transition. */
  const score = structureOf({
    lines: [
      ['wait', 's', 'menu', { min: 0, max: null, nominal: 100 }],
      ['toLeft', 'menu', 'left', { isTransition: true, event: 'goLeft' }],
      ['toRight', 'menu', 'right', { isTransition: true, event: 'goRight' }],
      ['l', 'left', 'leftEnd', { length: 30 }],
      ['r', 'right', 'rightEnd', { length: 50 }],
      ['again', 'leftEnd', 's', { isTransition: true }],
      ['over', 'rightEnd', 's', { isTransition: true }],
    ],
    syncs: { menu: { trigger: '' } },
    events: { goLeft: { sync: 'menu', condition: '%a:/b% == 1' }, goRight: { sync: 'menu', condition: '%a:/b% == 2' } },
  });

  it('[EX13] a state machine goes the way whose condition holds, and comes back to the trigger', () => {
    const run = machine(score, {
      fired: { 'menu@0': 10, 'menu@1': 60 },
      decided: { 'e.goLeft@0': [10, true], 'e.goRight@0': [10, false], 'e.goLeft@1': [60, false], 'e.goRight@1': [60, true] },
    });
    expect(run.to(20).running()).toEqual({ l: 10 });
    expect(run.to(50).running()).toEqual({ wait: 10 });
    expect(run.waiting()).toEqual({ menu: 40 });
    expect(run.to(70).running()).toEqual({ r: 10 });
    expect(run.to(115).running()).toEqual({ wait: 5 });
  });

  it('[EX11] where no condition holds the branch ends silently, and the rest goes on', () => {
    const run = machine(score, { fired: { 'menu@0': 10 }, decided: { 'e.goLeft@0': [10, false], 'e.goRight@0': [10, false] } }).to(200);
    expect(run.running()).toEqual({});
  });
});
