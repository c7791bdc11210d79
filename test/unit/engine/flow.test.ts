import { describe, expect, it } from 'vitest';
import { flicks } from '../../../src/base.ts';
import type { Process } from '../../../src/crdt/score.ts';
import { flowOf } from '../../../src/engine/flow-graph.ts';
import { display, filter, generator, lfo, limiter, mapping, micromap, ramp, smoothing, steps } from './processes.ts';
import { base, cableOf, scoreOf, stateOf } from './scores.ts';
import { only, stage } from './stage.ts';
import { structureOf } from './structures.ts';

/** a (500 ms, or until its trigger) → b (500 ms), and c beside them for a second. */
const structure = (trigger: string | null = null) =>
  structureOf({
    lines: [
      ['a', 's', 'x', trigger === null ? { length: flicks(500) } : { min: 0, max: null, nominal: flicks(500) }],
      ['b', 'x', 'y', { length: flicks(500) }],
      ['c', 's', 'z', { length: flicks(1000) }],
    ],
    syncs: { x: { trigger } },
  });
const scoreWith = (
  processes: readonly Process[],
  cables: readonly string[] = [],
  more: Parameters<typeof scoreOf>[1] = {},
  trigger: string | null = null,
) => scoreOf(structure(trigger), { ...more, processes, cables: cables.map(cableOf) });
/** `[date, value]` of what was sent to an address. */
const sent = (lines: readonly string[], address: string): [number, number][] =>
  only(lines, `${address}=`).map((line) => {
    const [, value, at] = /=(.*) @(.*)$/.exec(line)!;
    return [Number(at), Number(value)];
  });
const order = (processes: readonly Process[], cables: readonly string[]) => {
  const graph = flowOf(scoreWith(processes, cables));
  return {
    order: graph.components.map(({ nodes }) => nodes.map(({ process }) => process.id).join('')),
    cut: graph.issues.map(({ where }) => where),
  };
};

describe('graph', () => {
  const all = ['p', 'q', 'r', 's', 't'].map((id) => micromap(id, 'c', 'x'));
  it('[FW1] sources first, components apart, the same whatever the order of cables', () => {
    expect(order(all, ['t>p', 'p>r', 's>q'])).toEqual({ order: ['tpr', 'sq'], cut: [] });
    expect(order([...all].reverse(), ['s>q', 'p>r', 't>p'])).toEqual({ order: ['tpr', 'sq'], cut: [] });
  });
  it('[FW1] a circle is cut at its last cable, and said; a delayed cable closes it', () => {
    expect(order(all, ['p>q', 'q>r', 'r>p'])).toEqual({ order: ['pqr'], cut: ['r>p'] });
    expect(order(all, ['p>q', 'q>r', 'r>p~'])).toEqual({ order: ['pqr'], cut: [] });
    expect(order(all, ['p>p'])).toEqual({ order: ['p'], cut: ['p>p'] });
  });
  it('[FW1] an address that is a parameter is a cable, too', () => {
    const one = ramp('one', 'c', { address: 'process:/two/frequency' });
    const two = lfo('two', 'c', { address: 'process:/one/max' });
    expect(order([one, two], [])).toEqual({ order: ['onetwo'], cut: ['two'] });
  });
  it('[FW1] a long chain and a great knot take no time', () => {
    const many = Array.from({ length: 3000 }, (_, i) => micromap(`m${i}`, 'c', 'x'));
    const chain = many.slice(1).map((_, i) => `m${i}>m${i + 1}`);
    expect(flowOf(scoreWith(many, chain)).components[0]!.nodes.map(({ process }) => process.id)).toEqual(many.map(({ id }) => id));
    const knot = many.slice(0, 60).flatMap((_, i) => many.slice(0, 60).map((__, k) => `m${i}>m${k}`));
    expect(flowOf(scoreWith(many, knot)).issues).toHaveLength(3600);
  });
});

describe('cables', () => {
  it('[FW2] a value goes through all in one instant, beginning and end included', () => {
    const score = scoreWith([ramp('auto', 'a'), mapping('map', 'c', { min: 10, max: 20, address: 'osc:/out' })], ['auto>map']);
    const out = sent(stage(score).to(2500), 'osc:/out');
    expect(out[0]).toEqual([1000, 10]);
    expect(out.at(-1)).toEqual([1500, 20]);
    expect(out.length).toBeGreaterThan(29);
    for (const [at, value] of out) expect(value).toBeCloseTo(10 + (at - 1000) / 50, 3);
  });
  it('[FW2] a strict cable lets nothing happen while its source does not run, a loose one holds what came', () => {
    const say = [ramp('auto', 'a', { min: 1, max: 1 }), generator('gen', 'c', 'a + pos * 0', { address: 'osc:/out' })];
    const loose = sent(stage(scoreWith(say, ['auto>gen.a'])).to(2500), 'osc:/out');
    expect(loose).toEqual([[1000, 1]]);
    const late = [ramp('auto', 'b', { min: 1, max: 1 }), generator('gen', 'c', 'a + 5', { address: 'osc:/out' })];
    expect(sent(stage(scoreWith(late, ['auto>gen.a'])).to(2500), 'osc:/out')).toEqual([
      [1000, 5],
      [1500, 6],
    ]);
    expect(sent(stage(scoreWith(late, ['auto>gen.a!'])).to(2500), 'osc:/out')).toEqual([[1500, 6]]);
  });
  it('[FW2] a delayed cable brings what was said at the instant before: a counter by feedback', () => {
    const score = scoreWith(
      [filter('count', 'c', 'x + 1', { address: 'osc:/out' }), generator('a', 'c', '0')],
      ['a>count', 'count>count~'],
    );
    const out = sent(stage(score).to(1200), 'osc:/out').map(([, value]) => value);
    // The first instant is fed by the source alone.
    expect(out.slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
  });
  it('[FW2] of several cables the last that says something counts', () => {
    const score = scoreWith(
      [generator('one', 'a', '1'), generator('two', 'c', '2'), micromap('out', 'c', 'x', { address: 'osc:/out' })],
      ['one>out', 'two>out'],
    );
    expect(sent(stage(score).to(2500), 'osc:/out')).toEqual([[1000, 2]]);
    const turned = scoreWith(
      [generator('one', 'c', '1'), generator('two', 'a', '2'), micromap('out', 'c', 'x', { address: 'osc:/out' })],
      ['one>out', 'two>out'],
    );
    expect(sent(stage(turned).to(2500), 'osc:/out').map(([, value]) => value)).toEqual([2, 1]);
  });
  it('[FW3] a cable, a state, a hand set parameters; beyond the range they are clipped', () => {
    const out = generator('gen', 'c', 'a', { address: 'osc:/out', a: 7 });
    const states = [stateOf('e.x', ['process:/gen/a', 3])];
    expect(sent(stage(scoreWith([out], [], { states })).to(2500), 'osc:/out')).toEqual([
      [1000, 7],
      [1500, 3],
    ]);
    const wave = lfo('wave', 'c', { waveform: 'square', address: 'osc:/out' });
    const loud = [
      stateOf(
        'e.s',
        ['process:/wave/amplitude', 4],
        ['process:/wave/frequency', 1e9],
        ['process:/wave/id', 3],
        ['process:/wave/waveform', 'loud'],
      ),
    ];
    expect(Math.max(...sent(stage(scoreWith([wave], [], { states: loud })).to(2500), 'osc:/out').map(([, value]) => value))).toBe(4);
    const run = stage(scoreWith([out]));
    run.to(1000);
    run.controls.set('gen', new Map([['a', 9]]));
    expect(sent(run.to(1300), 'osc:/out').map(([, value]) => value)).toEqual([9]);
  });
  it('[FW3] the phase of a wave goes on when its frequency changes', () => {
    const score = scoreWith([lfo('wave', 'c', { address: 'osc:/out', frequency: 1 })], [], {
      states: [stateOf('e.x', ['process:/wave/frequency', 3])],
    });
    const out = sent(stage(score).to(2500), 'osc:/out');
    for (const [i, [, value]] of out.entries()) if (i > 0) expect(Math.abs(value - out[i - 1]![1])).toBeLessThan(0.35);
    expect(out.length).toBeGreaterThan(50);
  });
  it('[FW6] what ends gives way to what begins at the same instant', () => {
    const score = scoreWith(
      [ramp('zone', 'a'), ramp('next', 'b', { min: 5, max: 5 }), ...['zmap', 'amap'].map((id) => micromap(id, 'c', 'x'))],
      ['zone>zmap', 'next>amap'],
    );
    const mapped = scoreWith(
      [
        ramp('one', 'a'),
        ramp('two', 'b', { min: 5, max: 5 }),
        micromap('zz', 'a', 'x', { address: 'osc:/out' }),
        micromap('aa', 'b', 'x', { address: 'osc:/out' }),
      ],
      ['one>zz', 'two>aa', 'one>aa'],
    );
    expect(flowOf(score).components).toHaveLength(2);
    expect(sent(stage(mapped).to(2500), 'osc:/out').at(-1)).toEqual([1500, 5]);
  });
  it('[FW5] what reads a device follows it, told when it comes and not ahead', () => {
    const run = stage(scoreWith([micromap('out', 'c', 'x * 2', { input: 'keys:/fader', address: 'osc:/out' })]));
    run.inputs.set('keys:/fader', 1);
    expect(sent(run.to(1100), 'osc:/out')).toEqual([[1000, 2]]);
    run.inputs.set('keys:/fader', 4);
    const [[at, value] = [0, 0]] = sent(run.to(1150), 'osc:/out');
    expect(value).toBe(8);
    expect(at).toBeLessThanOrEqual(1125);
  });
  it('[FW6] displays, shaders and pits take what flows into them', () => {
    const pit: Process = {
      ...{ ...base('pit', 'c'), type: 'pit', key: 'sum', combination: 'average', isAligned: false, isContinuous: false, isAlways: false },
      ...{ min: 0, max: 1, input: '', output: '' },
    };
    const shader: Process = {
      ...base('shader', 'c'),
      type: 'shader',
      key: 'sky',
      source: '',
      inputs: [{ name: 'warmth', min: 0, max: 1, value: 0 }],
    };
    const score = scoreWith(
      [generator('gen', 'c', '0.5'), pit, shader, display('show', 'c')],
      ['gen>pit', 'gen>shader.warmth', 'gen>show'],
    );
    const told = stage(score).to(1100);
    expect(only(told, 'show')).toEqual(['show show=0.5']);
    expect(told).toContain('pit:/sum=0.5 @1000');
    expect(told).toContain('visual:/sky/warmth=0.5 @1000');
  });
  it('[PF5] who comes late has what the past left through cables, also from an interval that goes on', () => {
    const score = scoreWith([ramp('auto', 'c'), mapping('map', 'a', { min: 10, max: 20, address: 'osc:/out' })], ['auto>map']);
    const [[, value] = [0, 0], ...others] = sent(stage(score, { begin: 1700 }).to(1800), 'osc:/out');
    expect(others).toEqual([]);
    expect(value).toBeCloseTo(15, 6);
  });
  it('[PF4] what flows through others is sent by who performs its target', () => {
    const score = scoreWith([ramp('auto', 'a'), mapping('map', 'c', { address: 'osc:/out' })], ['auto>map']);
    const theirs = stage(score);
    theirs.mine.add('auto');
    expect(sent(theirs.to(2500), 'osc:/out').length).toBeGreaterThan(20);
    const ours = stage(score);
    ours.mine.add('map');
    expect(sent(ours.to(2500), 'osc:/out')).toEqual([]);
  });
});

describe('memory', () => {
  const score = scoreWith(
    [
      lfo('wave', 'c', { waveform: 'noise2', frequency: 3 }),
      smoothing('soft', 'c', { mode: 'oneEuro' }),
      filter('walk', 'c', 'm1 += x + random(0, 1) / 100; m1 + po / 2', { address: 'osc:/walk' }),
      smoothing('median', 'c', { mode: 'median', address: 'osc:/median' }),
      limiter('rare', 'c', { address: 'osc:/rare' }),
      generator('chaos', 'c', 'if (m1 == 0) { m1 := 0.3; } m1 := 3.99 * m1 * (1 - m1) + sin(t / fs) / 1e6; m1', { address: 'osc:/chaos' }),
    ],
    ['wave>soft', 'soft>walk', 'walk>median', 'walk>rare'],
  );
  const tail = (lines: readonly string[]): string[] =>
    lines.filter((line) => /^osc/.test(line) && Number(/@(.*)$/.exec(line)![1]) > 1700).sort();

  it('[FW4] who joins late says the same from then on, to the last digit', () => {
    const early = stage(score).to(2100);
    for (const begin of [1333, 1500.7, 1650]) expect(tail(stage(score, { begin }).to(2100)), `${begin}`).toEqual(tail(early));
    expect(tail(early).length).toBeGreaterThan(40);
  });
  it('[FW4] nor does it matter when a page gets its turns', () => {
    const early = stage(score, { begin: 903.3 }).to(2100);
    expect(tail(early)).toEqual(tail(stage(score).to(2100)));
  });
  it('[FW4] a long past is made up for in portions, in silence', () => {
    const long = scoreOf(structureOf({ lines: [['a', 's', 'x', { length: flicks(300_000) }]] }), {
      processes: [
        generator('count', 'a', 'm1 += 1; m1', { address: 'osc:/count' }),
        ...Array.from({ length: 9 }, (_, i) => smoothing(`s${i}`, 'a')),
      ],
      cables: [cableOf('count>s0'), ...Array.from({ length: 8 }, (_, i) => cableOf(`s${i}>s${i + 1}`))],
    });
    const told = sent(stage(long, { begin: 61_000 }).to(61_400), 'osc:/count');
    // 3600 instants of ten processes, 2000 of them at a turn.
    expect(told.length).toBeGreaterThan(20);
    for (const [at, value] of told) expect([at > 60_999, value]).toEqual([true, Math.round(((at - 1000) * 60) / 1000) + 1]);
  });
  it('[FW7] a trigger takes back what was lived ahead', () => {
    const branch = (trigger: number | undefined) => {
      const run = stage(
        scoreWith(
          [
            generator('count', 'a', 'm1 += 1; m1', { address: 'osc:/a' }),
            smoothing('soft', 'b', { address: 'osc:/b' }),
            steps('row', 'b', [0, 1]),
          ],
          ['row>soft'],
          {},
          '',
        ),
      );
      run.to(1190);
      if (trigger !== undefined) run.say({ type: 'fired', at: trigger, path: '0', sync: 'x', reason: 'click' });
      return run.to(1900);
    };
    const late = branch(1170);
    const free = branch(undefined);
    expect(sent(free, 'osc:/a').length).toBeGreaterThan(40);
    expect(sent(late, 'osc:/a').filter(([at]) => at > 1290)).toEqual([]);
    const soft = sent(late, 'osc:/b');
    expect(soft.length).toBeGreaterThan(5);
    // It is where it would be, had everyone known in time.
    const known = stage(scoreWith([smoothing('soft', 'b', { address: 'osc:/b' }), steps('row', 'b', [0, 1])], ['row>soft'], {}, ''));
    known.to(1000);
    known.say({ type: 'fired', at: 1170, path: '0', sync: 'x', reason: 'click' });
    const ideal = sent(known.to(1900), 'osc:/b').filter(([at]) => at > 1400);
    expect(soft.filter(([at]) => at > 1400)).toEqual(ideal);
  });
  it('[FW4] memory begins anew with each occurrence and goes on after a pause', () => {
    const run = stage(scoreWith([generator('count', 'a', 'm1 += 1; m1', { address: 'osc:/a' })]));
    run.to(1100);
    run.say({ type: 'pause', at: 1150 });
    run.to(1500);
    run.say({ type: 'resume', at: 1600 });
    const values = sent([...run.log, ...run.to(2500)], 'osc:/a').map(([, value]) => value);
    expect(values.at(-1)).toBeGreaterThanOrEqual(29);
    expect(values.at(-1)).toBeLessThanOrEqual(32);
  });
});
