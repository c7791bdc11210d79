import { describe, expect, it } from 'vitest';
import type { Flicks, MeshTime } from '../../../src/base.ts';
import { flicks } from '../../../src/base.ts';
import type { Process } from '../../../src/crdt/score.ts';
import { ROOT } from '../../../src/crdt/score.ts';
import { micromap } from './processes.ts';
import { base, cableOf, scoreOf, stateOf } from './scores.ts';
import { only, stage } from './stage.ts';
import { structureOf } from './structures.ts';

const mesh = (at: number): MeshTime => at as MeshTime;

const notes = (id: string, interval: string, ...starts: number[]): Process => ({
  ...base(id, interval),
  ...{ type: 'notes', address: 'sound:/lead', channel: 1 },
  notes: starts.map((start, i) => ({ id: `${i}`, start: flicks(start), duration: flicks(50), pitch: 60 + i, velocity: 1 })),
});
const ramp = (id: string, interval: string): Process => ({
  ...base(id, interval),
  ...{ type: 'automation', address: 'sound:/volume', min: 0, max: 100, isTween: false },
  points: [
    { id: 'a', x: 0, y: 0, curve: 1 },
    { id: 'b', x: 1, y: 1, curve: 1 },
  ],
});
const shader: Process = {
  ...base('shader', 'a'),
  ...{ type: 'shader', key: 'sky', source: '', inputs: [{ name: 'warmth', min: 0, max: 1, value: 0.25 }] },
};

/** a (500 ms, or until its trigger) → b (500 ms). */
const structure = (trigger: string | null = null) =>
  structureOf({
    lines: [
      ['a', 's', 'x', trigger === null ? { length: flicks(500) } : { min: 0, max: null, nominal: flicks(500) }],
      ['b', 'x', 'y', { length: flicks(500) }],
    ],
    syncs: { x: { trigger } },
  });

describe('notes', () => {
  const score = scoreOf(structure(), { processes: [notes('n', 'a', 0, 100, 470, 500, 600), notes('m', 'b', 0, 250)] });

  it('[PF1] each once, at its date, 600 ms ahead, within its interval', () => {
    const run = stage(score);
    expect(run.to(900)).toEqual(['note 60 @1000-1050 a@0', 'note 61 @1100-1150 a@0', 'note 62 @1470-1520 a@0']);
    expect(run.to(2500)).toEqual(['cut a@0 @1500', 'note 60 @1500-1550 b@0', 'note 61 @1750-1800 b@0', 'cut b@0 @2000']);
  });

  it('[PF2] a trigger cuts what was told and tells the rest; nothing is told twice', () => {
    const run = stage(scoreOf(structure(''), { processes: [notes('n', 'a', 0, 200, 400, 600), notes('m', 'b', 0)] }));
    expect(only(run.to(1150), 'note')).toHaveLength(4);
    run.say({ type: 'fired', at: 1190, path: '0', sync: 'x', reason: 'click' });
    expect(run.to(2500)).toEqual(['cut a@0 @1190', 'note 60 @1190-1240 b@0', 'cut b@0 @1690']);
  });

  it('[PF2] a late fact moves everyone to where the ensemble is', () => {
    const run = stage(scoreOf(structure(''), { processes: [notes('m', 'b', 0, 20, 300)] }));
    run.to(1400);
    run.say({ type: 'fired', at: 1200, path: '0', sync: 'x', reason: 'click' });
    expect(only(run.to(1500), 'note')).toEqual(['note 62 @1500-1550 b@0']);
  });

  it('[PF2] who takes over a performance that has just begun plays nothing that was played', () => {
    const part = scoreOf(structure(), { processes: [notes('n', 'a', 0, 200)] });
    expect(only(stage(part, { begin: 1060 }).to(1100), 'note')).toHaveLength(2);
    expect(only(stage(part, { begin: 1060, since: 1060 }).to(1100), 'note')).toEqual(['note 61 @1200-1250 a@0']);
  });

  it('[PF3] a pause cuts at its date, a resume goes on where it was', () => {
    const run = stage(scoreOf(structure(), { processes: [notes('n', 'a', 0, 200, 400)] }));
    run.to(1000);
    run.say({ type: 'pause', at: 1100 });
    expect(run.to(1300)).toEqual(['cut a@0 @1100']);
    run.say({ type: 'resume', at: 1350 });
    expect(only(run.to(2500), 'note')).toEqual(['note 61 @1450-1500 a@0', 'note 62 @1650-1700 a@0']);
  });

  it('[PF3] a stop cuts everything at its date', () => {
    const run = stage(score);
    run.to(1050);
    run.say({ type: 'stop', at: 1080 });
    expect(run.to(2500).sort()).toEqual(['cut a@0 @1080', 'cut b@0 @1500']);
  });

  it('[CK6] leaving cuts what was told, also when mesh time stepped far beyond it', () => {
    const run = stage(score);
    run.to(1050);
    expect(only(run.leave(900_000), 'cut')).toContain('cut a@0 @900000');
  });

  it('[PF4] only what is ours; a change of group starts and stops in the middle', () => {
    const run = stage(score);
    run.mine.add('m');
    expect(only(run.to(1600), 'note')).toHaveLength(3);
    run.mine.delete('m');
    expect(only(run.to(1650), 'note')).toEqual(['note 61 @1750-1800 b@0']);
    run.mine.add('m');
    expect(run.to(1700)).toEqual(['cut b@0 @1675']);
  });

  it('[PF4] what is not ours is not even worked out', () => {
    let asked = 0;
    const counted: Process = Object.defineProperty({ ...ramp('auto', 'a') }, 'points', {
      get: () => (asked++, (ramp('auto', 'a') as Extract<Process, { type: 'automation' }>).points),
    });
    const theirs = stage(scoreOf(structure(), { processes: [counted, notes('n', 'a', 0)] }));
    theirs.mine.add('auto');
    expect(only(theirs.to(2500), 'note')).toHaveLength(1);
    expect(asked).toBe(0);
    stage(scoreOf(structure(), { processes: [counted] })).to(2500);
    expect(asked).toBeGreaterThan(20);
  });

  it('[PF5] who comes late plays no note of the past', () => {
    expect(only(stage(score, { begin: 1300 }).to(1300), 'note')).toEqual([
      'note 62 @1470-1500 a@0',
      'note 60 @1500-1550 b@0',
      'note 61 @1750-1800 b@0',
    ]);
  });

  it('[PF3] another speed is another line', () => {
    const run = stage(scoreOf(structure(), { processes: [notes('n', 'a', 0, 200, 400)] }));
    run.to(1000);
    run.say({ type: 'speed', at: 1100, path: '0', interval: 'a', speed: 0.5 });
    expect(run.to(1700)).toEqual(['cut a@0 @1100', 'note 61 @1300-1400 a@0', 'note 62 @1700-1800 a@0', 'cut a@0 @1900']);
  });

  it('[PF1] no note falls between two windows, whatever the clock', () => {
    const starts = Array.from({ length: 480 }, (_, i) => i);
    for (const begin of [900, 900.1, 899.973, 900 + 1 / 3]) {
      const run = stage(scoreOf(structure(), { processes: [notes('n', 'a', ...starts)] }), { begin });
      expect(only(run.to(1700), 'note')).toHaveLength(480);
    }
  });
});

describe('values', () => {
  it('[PF6] curves speak on a common grid of 60 Hz, from their beginning to their very end', () => {
    const run = stage(scoreOf(structure(), { processes: [ramp('auto', 'a')] }));
    const lines = only(run.to(2500), 'sound');
    expect(lines[0]).toBe('sound:/volume=0 @1000');
    expect(lines.at(-1)).toBe('sound:/volume=100 @1500');
    expect(lines.length).toBeGreaterThan(29);
    expect(lines.length).toBeLessThan(33);
  });

  it('[PF6] no instant of the grid is lost between two turns', () => {
    // 99 / 60 s lies a bit beyond 1650 ms, where one turn ends and the next begins.
    expect(stage(scoreOf(structure(), { processes: [ramp('auto', 'b')] })).to(2000)).toContain('sound:/volume=30 @1650');
  });

  it('[PF7] states are sent at the date of their event, once', () => {
    const states = [stateOf('e.s', ['osc:/begin', 1]), stateOf('e.x', ['osc:/middle', 2], ['osc:/second', 3])];
    expect(stage(scoreOf(structure(), { states })).to(2500)).toEqual(['osc:/begin=1 @1000', 'osc:/middle=2 @1500', 'osc:/second=3 @1500']);
  });

  it('[PF7] the first state of the score is sent on play, the last when it is stopped or ends, once', () => {
    const states = [stateOf(ROOT.startEvent, ['osc:/first', 1]), stateOf(ROOT.endEvent, ['osc:/last', 2])];
    const run = stage(scoreOf(structure(), { states }));
    expect(run.to(1200)).toEqual(['osc:/first=1 @1000']);
    run.say({ type: 'stop', at: 1250 });
    expect(run.to(9000)).toEqual(['osc:/last=2 @1250']);
    const ended = stage(scoreOf(structureOf({ lines: [], root: { max: flicks(500) } }), { states }));
    expect(ended.to(1600)).toEqual(['osc:/first=1 @1000', 'osc:/last=2 @1500']);
    ended.say({ type: 'stop', at: 1650 });
    expect(ended.to(2500)).toEqual([]);
  });

  it('[PF5] a seek that is heard of before its date brings what lies before its target, at its date', () => {
    const states = [stateOf('e.s', ['osc:/a', 1]), stateOf('e.x', ['osc:/a', 2], ['osc:/b', 2]), stateOf('e.y', ['osc:/b', 3])];
    const run = stage(scoreOf(structure(), { states }));
    run.to(1600);
    run.say({ type: 'seek', at: 1650, to: flicks(200) });
    expect(run.to(1700)).toEqual(['osc:/a=1 @1650']);
    run.say({ type: 'seek', at: 1750, to: flicks(700) });
    expect(run.to(1800)).toEqual(['osc:/a=2 @1750', 'osc:/b=2 @1750']);
  });

  it('[EX17] [PF7] a seek to 0 is a beginning: its first state is sent again, and what was decided is open', () => {
    const states = [stateOf(ROOT.startEvent, ['osc:/first', 1]), stateOf('e.x', ['osc:/middle', 2])];
    const run = stage(scoreOf(structure(''), { states }));
    run.say({ type: 'fired', at: 1100, path: '0', sync: 'x', reason: 'click' });
    expect(run.to(1200)).toEqual(['osc:/first=1 @1000', 'osc:/middle=2 @1100']);
    run.say({ type: 'seek', at: 1250, to: 0 });
    expect(run.to(2500)).toEqual(['osc:/first=1 @1250']);
    expect(run.engine.advance(mesh(2500)).waiting).toMatchObject([{ sync: 'x', since: 1250 }]);
  });

  it('[PF5] who comes late, or plays from the middle, gets per address what the past leaves', () => {
    const states = [stateOf('e.s', ['osc:/a', 1], ['osc:/b', 1]), stateOf('e.x', ['osc:/b', 2])];
    const score = scoreOf(structure(), { states, processes: [ramp('auto', 'a')] });
    const late = ['osc:/a=1', 'sound:/volume=100', 'osc:/b=2'];
    expect(stage(score, { begin: 1600 }).to(1600)).toEqual(late.map((line) => `${line} @1600`));
    expect(stage(score, { from: 600 }).to(1000)).toEqual(late.map((line) => `${line} @1000`));
  });

  it('[PF5] a seek chases, too, and what ran before is cut', () => {
    const states = [stateOf('e.x', ['osc:/b', 2])];
    const run = stage(scoreOf(structure(), { states, processes: [notes('n', 'a', 400), notes('m', 'b', 0, 400)] }));
    run.to(1000);
    run.say({ type: 'seek', at: 1020, to: flicks(600) });
    const told = run.to(1500);
    expect(told[0]).toBe('osc:/b=2 @1025');
    expect(told).toContain('cut a@0 @1020');
    expect(only(told, 'note')).toHaveLength(1);
    expect(only(told, 'note')[0]).toMatch(/^note 61 @1320-1370 b@.*:0$/);
  });

  it('[PF3] after a pause, a jump and going on it says what who comes then says', () => {
    const processes = [
      ramp('auto', 'b'),
      notes('n', 'b', 0, 300, 400),
      micromap('cabled', 'b', 'x * 2', { address: 'osc:/cabled' }),
      micromap('read', 'b', 'x', { input: 'osc:/in', address: 'osc:/read' }),
    ];
    const cabled = scoreOf(structure(), { processes, cables: [cableOf('auto>cabled')] });
    const steps = (run: ReturnType<typeof stage>): void => {
      run.say({ type: 'pause', at: 1200 });
      run.say({ type: 'seek', at: 1400, to: flicks(700) });
    };
    const run = stage(cabled);
    run.inputs.set('osc:/in', 4);
    run.to(1250);
    steps(run);
    expect(only(run.to(1500), 'note')).toEqual([]);
    run.say({ type: 'resume', at: 1510 });
    const late = stage(cabled, { begin: 1525 });
    late.inputs.set('osc:/in', 4);
    steps(late);
    late.say({ type: 'resume', at: 1510 });
    const [after, fresh] = [run.to(1700), late.to(1700)];
    for (const word of ['note', 'sound:/volume', 'osc:/cabled', 'osc:/read'])
      expect(only(after, word).slice(-3)).toEqual(only(fresh, word).slice(-3));
    expect(only(after, 'sound:/volume').length).toBeGreaterThan(10);
    expect(only(after, 'note')).toHaveLength(2);
  });

  it('[PF8] a shader is shown with its inputs while its interval runs, pauses included', () => {
    const run = stage(scoreOf(structure(), { processes: [shader] }));
    expect(run.to(1000)).toEqual(['visual:/sky/warmth=0.25 @1000', 'visual:/sky/shown=true @1000']);
    run.say({ type: 'pause', at: 1100 });
    expect(run.to(1200)).toEqual([]);
    run.say({ type: 'resume', at: 1250 });
    expect(run.to(2500)).toEqual(['visual:/sky/shown=false @1650']);
  });

  it('[PF8, PF11] what a curve or a state says at its beginning has the last word over the value it begins with', () => {
    const flat: Process = {
      ...ramp('flat', 'a'),
      address: 'visual:/sky/warmth',
      points: [{ id: 'a', x: 0, y: 0.01, curve: 1 }],
    } as Process;
    const curved = stage(scoreOf(structure(), { processes: [shader, flat] }));
    expect(only(curved.to(2500), 'visual:/sky/warmth')).toEqual(['visual:/sky/warmth=0.25 @1000', 'visual:/sky/warmth=1 @1000']);
    const state = stateOf('e.s', ['visual:/sky/warmth', 0.75]);
    const set = stage(scoreOf(structure(), { processes: [shader], states: [state] }));
    expect(only(set.to(2500), 'visual:/sky/warmth')).toEqual(['visual:/sky/warmth=0.25 @1000', 'visual:/sky/warmth=0.75 @1000']);
  });

  it('[PF8] it disappears with a stop', () => {
    const run = stage(scoreOf(structure(), { processes: [shader] }));
    run.to(1100);
    run.say({ type: 'stop', at: 1110 });
    expect(run.to(2500)).toEqual(['visual:/sky/shown=false @1110']);
  });

  it('[PF9] running pits are reported, muted intervals say nothing', () => {
    const pit: Process = {
      ...base('pit', 'a'),
      ...{
        type: 'pit',
        key: 'p',
        combination: 'average',
        isAligned: false,
        isContinuous: false,
        isAlways: false,
        min: 0,
        max: 1,
        input: '',
        output: '',
      },
    };
    const run = stage(scoreOf(structure(), { processes: [pit, notes('n', 'b', 0)], muted: ['b'] }));
    expect(run.to(2500)).toEqual([]);
    expect(run.pits).toEqual([['pit'], []]);
  });

  it('[PF4] an adopted edit moves nothing that runs', () => {
    const score = scoreOf(structure(), { processes: [notes('n', 'a', 0, 200, 400), notes('m', 'b', 0)] });
    const run = stage(score);
    run.to(1100);
    const longer = structureOf({
      lines: [
        ['a', 's', 'x', { length: flicks(500) }],
        ['b', 'x', 'y', { length: flicks(900) }],
      ],
    });
    run.engine.setStructure(longer);
    run.say({ type: 'adopt', at: 1200, ...run.engine.adoption(longer, mesh(1200)) });
    expect(run.to(2600)).toEqual(['cut b@0 @2400']);
    expect(run.engine.advance(mesh(1300)).position).toBe(flicks(300) as Flicks);
  });
});
