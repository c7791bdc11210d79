import { describe, expect, it } from 'vitest';
import { flicks } from '../../../src/base.ts';
import { ROOT } from '../../../src/crdt/score.ts';
import { compile } from '../../../src/engine/structure.ts';
import { lfo } from './processes.ts';
import { base, scoreOf } from './scores.ts';
import { only, stage } from './stage.ts';
import type { Line } from './structures.ts';
import { machine, scenarioOf, structureOf } from './structures.ts';

/** What the score language says beside the oracles (reference 2.3 to 2.11), and further scenarios of ossia's ScenarioAlgoTest. */
const ids = (lines: readonly string[]): string[] => lines.map((line) => line.split('@')[0]!);
const back = (run: ReturnType<typeof machine>, speed = -1) => run.does({ type: 'speed', interval: ROOT.interval, path: '0', speed });

describe('an interval', () => {
  it('[EX8] goes on beyond its nominal length, its content with it, up to its max', () => {
    const inside = scenarioOf('in', 'a', { lines: [['p', 's', 'in1', { length: 1000 }]] });
    const run = machine(
      structureOf({ lines: [['a', 's', 'x', { min: 0, nominal: 100, max: 300 }]], syncs: { x: { trigger: '' } } }, inside),
    );
    expect(run.to(250).running()).toEqual({ a: 250, p: 250 });
    expect(run.to(301).running()).toEqual({});
    expect(run.log('ended')).toEqual(['p@0.0:300', 'a@0:300']);
  });

  it('[EX13] begins at 0 each time', () => {
    const loop: Line[] = [
      ['a', 's', 'x', { length: 30, speed: 1 / 3 }],
      ['back', 'x', 's', { isTransition: true }],
    ];
    const run = machine(structureOf({ lines: loop })).to(1000);
    expect(run.happenings.filter((it) => it.type === 'started' && it.interval === 'a')).toHaveLength(12);
    for (const it of run.happenings) if (it.type === 'started') expect(it.anchor.position).toBe(0);
    expect(run.running()).toEqual({ a: 3 });
  });

  it('[EX20] of speed 0 never reaches its end, and goes on when it is given another', () => {
    const run = machine(structureOf({ lines: [['a', 's', 'x', { length: 100, speed: 0 }]] })).to(5000);
    expect(run.running()).toEqual({ a: 0 });
    run.does({ type: 'speed', interval: 'a', path: '0', speed: 2 });
    expect(run.to(5020).running()).toEqual({ a: 40 });
  });

  it('[EX28] goes by its topmost tempo, of which 0 is 20 and 1 is 500 BPM', () => {
    const points = [-1, 0, 0.5, 1, 2].map((y, i) => ({ id: `${i}`, x: i / 4, y, curve: 1 }));
    const tempo = (id: string, rank: string, at: typeof points) => ({
      ...base(id, 'a'),
      type: 'tempo' as const,
      address: '',
      rank,
      points: at,
    });
    const processes = [tempo('low', 'b', points.slice(1, 2)), tempo('high', 'a', points)];
    const { objects } = compile(scoreOf(structureOf({ lines: [['a', 's', 'x', { length: 100 }]] }), { processes }));
    expect(objects['a']).toMatchObject({ tempo: [20, 20, 260, 500, 500].map((bpm, i) => [i / 4, bpm, 1]) });
  });

  it('[EX28] that has a tempo keeps it, whatever the speed of the whole', () => {
    const tempo = [[0, 120, 1]] as const;
    const lines: Line[] = [
      ['a', 's', 'x', { length: 100, tempo }],
      ['b', 'x', 'y', { length: 100, tempo }],
    ];
    const run = machine(structureOf({ root: { bpm: 120, speed: 2 }, lines })).to(150);
    expect(run.running()).toEqual({ b: 50 });
    expect(back(run, 0).to(200).running()).toEqual({ b: 50 });
    expect(back(run, -3).to(260).running()).toEqual({ a: 90 });
  });
});

describe('a sync', () => {
  it('[EX9] whose trigger cannot be read never fires by itself, but by a press or at max', () => {
    for (const trigger of ['', '%%%', ' { true == false } ', 'nonsense ((']) {
      const score = structureOf({
        lines: [
          ['a', 's', 'x', { min: 10, nominal: 20, max: 100 }],
          ['b', 'x', 'y', { length: 1000 }],
        ],
        syncs: { x: { trigger } },
      });
      expect(machine(score).to(99).running()).toEqual({ a: 99 });
      expect(machine(score).to(150).running()).toEqual({ b: 50 });
      expect(
        machine(score, { fired: { 'x@0': 40 } })
          .to(150)
          .running(),
      ).toEqual({ b: 110 });
    }
  });

  it('[EX9] does not wait any more when what led to it was ended by hand, or gave way to another', () => {
    const lines: Line[] = [
      ['a', 's', 'x', { min: 0, nominal: 20, max: null }],
      ['b', 'x', 'y', { length: 1000 }],
    ];
    const syncs = { x: { trigger: '' } };
    const ended = machine(structureOf({ lines, syncs }), { fired: { 'x@0': 70 } }).to(50);
    expect(ended.waiting()).toEqual({ x: 0 });
    expect(ended.does({ type: 'hand', interval: 'a', path: '0', isStart: false }).to(60).waiting()).toEqual({});
    expect(ended.to(100).running()).toEqual({});
    const alone = machine(structureOf({ isExclusive: true, lines, syncs })).to(50);
    expect(alone.does({ type: 'hand', interval: 'b', path: '0', isStart: true }).to(60).waiting()).toEqual({});
  });

  it('[EX11] lets several of its events happen at once', () => {
    const lines: Line[] = [
      ['a', 's', 'x', { length: 10 }],
      ['left', 'x', 'y', { length: 50, event: 'left' }],
      ['right', 'x', 'z', { length: 50, event: 'right' }],
    ];
    const condition = '%a:/b% == 1';
    const run = machine(structureOf({ lines, events: { left: { sync: 'x', condition }, right: { sync: 'x', condition } } }), {
      decided: { 'e.left@0': [10, true], 'e.right@0': [10, true] },
    });
    expect(run.to(15).running()).toEqual({ left: 5, right: 5 });
  });

  it('[EX11] disposes nothing through a transition', () => {
    const lines: Line[] = [
      ['a', 's', 'x', { length: 10 }],
      ['jump', 'x', 'y', { isTransition: true, event: 'no' }],
      ['on', 'y', 'z', { length: 10 }],
      ['far', 'x', 'w', { length: 10, event: 'no' }],
    ];
    const run = machine(structureOf({ lines, events: { no: { sync: 'x', condition: 'false' } } })).to(100);
    expect(ids(run.log('disposed'))).toEqual(['e.no', 'e.w']);
    expect(run.running()).toEqual({});
  });

  it('[EX11] of two events of a sync the one whose branch died stays disposed when the other happens', () => {
    const lines: Line[] = [
      ['a', 's', 'x', { length: 10 }],
      ['left', 'x', 'y', { length: 10, event: 'no' }],
      ['right', 'x', 'z', { length: 20 }],
      ['b', 'y', 'u', { length: 10 }],
      ['c', 'z', 'v', { length: 10 }],
    ];
    const { objects } = structureOf({ lines, events: { no: { sync: 'x', condition: 'false' } } });
    // y and z are events of one sync.
    const run = machine({ objects: { ...objects, 'e.y': { kind: 'event', sync: 'z', condition: '', offset: 'true' } } }).to(35);
    expect(run.running()).toEqual({ c: 5 });
    expect(ids(run.log('disposed'))).toEqual(['e.no', 'e.y', 'e.u']);
  });

  it('[EX13] a jump revives what had been disposed', () => {
    const lines: Line[] = [
      ['a', 's', 'x', { length: 10 }],
      ['no', 'x', 'y', { length: 10, event: 'no' }],
      ['yes', 'x', 'w', { length: 20 }],
      ['jump', 'w', 'y', { isTransition: true }],
      ['b', 'y', 'z', { length: 10 }],
    ];
    const run = machine(structureOf({ lines, events: { no: { sync: 'x', condition: 'false' } } })).to(35);
    expect(ids(run.log('disposed'))).toEqual(['e.no', 'e.y', 'e.z']);
    expect(run.running()).toEqual({ b: 5 });
    expect(run.to(50).log('happened')).toContain('e.z@0:40');
  });

  it('[EX8] two branches without end: the one at its max stands until the other can go on, and both end at once', () => {
    const score = structureOf({
      lines: [
        ['c0', 's', 'z', { min: 0, nominal: 20, max: 25 }],
        ['c1', 's', 'x', { min: 0, nominal: 15, max: null }],
        ['c2', 'x', 'z', { min: 0, nominal: 5, max: null }],
        ['c3', 'z', 'end', { length: 100 }],
      ],
      syncs: { x: { trigger: '' }, z: { trigger: '' } },
    });
    const run = machine(score, { fired: { 'x@0': 35 } }).to(5);
    expect(run.running()).toEqual({ c0: 5, c1: 5 });
    expect(run.waiting()).toEqual({ x: 0 });
    expect(run.to(35).running()).toEqual({ c0: 25, c1: 35 });
    // Dated: both fire at 35, where ossia takes a tick for each.
    expect(run.to(37).running()).toEqual({ c3: 2 });
    expect(run.log('started')).toContain('c2@0:35');
  });
});

describe('bars', () => {
  it('[EX29] are those of who has signatures, wherever in them an interval began', () => {
    // A bar is 88,200 units long; c0 begins in the middle of the second.
    const lines: Line[] = [
      ['cx', 's', 'e', { length: 132_300 }],
      ['c0', 'e', 'x', { min: 0, max: null, nominal: 1000 }],
      ['c1', 'x', 'y', { min: 0, max: null, nominal: 1000 }],
    ];
    const bpm = (60_000 * flicks(1)) / 22_050;
    const score = structureOf({ root: { bpm }, lines, syncs: { x: { trigger: '1 == 2', quantisation: 1 }, y: { trigger: '' } } });
    const run = machine(score, { fired: { 'x@0': 176_900 } }).to(176_400);
    expect(run.running()).toEqual({ c0: 44_100 });
    expect(run.to(264_600).running()).toEqual({ c0: 132_300 });
    expect(run.to(265_100).running()).toEqual({ c1: 500 });
  });

  it('[EX29] a grid of 0 on the way ends what is inherited from further out', () => {
    const score = structureOf(
      { root: { bpm: 120, quantisation: 1 }, lines: [['out', 's', 'o', { length: flicks(60_000), quantisation: 0 }]] },
      scenarioOf('in', 'out', {
        lines: [
          ['a', 's', 'x', { min: 0, max: null, nominal: 1 }],
          ['b', 'x', 'y', { length: flicks(10_000) }],
        ],
        syncs: { x: { trigger: '' } },
      }),
    );
    expect(
      machine(score, { fired: { 'x@0.0': flicks(700) } })
        .to(flicks(701))
        .running(),
    ).toHaveProperty('b', flicks(1));
  });
});

describe('who comes late', () => {
  it('[PF5] has of an ended wave on a grid what was its last in the bars around it, also behind a jump', () => {
    // A bar of 3/4 lasts 1500 ms; the wave begins at 1000 and ends at 1700.
    const lines: Line[] = [
      ['gap', 's', 'x', { length: flicks(1000) }],
      ['a', 'x', 'y', { length: flicks(700) }],
      ['b', 'y', 'z', { length: flicks(9000) }],
    ];
    const wave = lfo('wave', 'a', { address: 'out:/x', waveform: 'saw', quantisation: 1 });
    const signatures = { [ROOT.interval]: [{ date: flicks(0), numerator: 3, denominator: 4 }] };
    const score = scoreOf(structureOf({ lines }), { processes: [wave], signatures });
    const last = (lines: readonly string[]): string | undefined => only(lines, 'out:/x').at(-1)?.split(' ')[0];
    const there = last(stage(score).to(3000));
    expect(Number(there?.split('=')[1])).toBeCloseTo((2 * 700) / 1500, 6);
    expect(last(stage(score, { begin: 2900 }).to(3000))).toBe(there);
    expect(last(stage(score, { from: 1800 }).to(1100))).toBe(there);
  });
});

describe('backwards', () => {
  it('[EX33] both branches that had led to one sync come back', () => {
    const score = structureOf({
      lines: [
        ['c0', 's', 'x', { length: 2000 }],
        ['c1', 's', 'x', { length: 2000 }],
        ['c2', 'x', 'y', { length: 2000 }],
      ],
    });
    const run = back(machine(score).to(3000));
    expect(run.to(4001).running()).toEqual({ c0: 1999, c1: 1999 });
    expect(run.log('started').filter((line) => line.endsWith(':4000'))).toHaveLength(2);
  });

  it('[EX33] to the beginning and beyond, and from there forward again', () => {
    const score = structureOf({
      lines: [
        ['c0', 's', 'x', { length: 3000 }],
        ['c1', 'x', 'y', { length: 3000 }],
      ],
    });
    const run = back(machine(score).to(4500));
    expect(run.to(9000).running()).toEqual({ c0: 0 });
    expect(run.to(9500).running()).toEqual({ c0: 0 });
    expect(back(run, 1).to(11_000).running()).toEqual({ c0: 1500 });
    expect(run.to(14_000).running()).toEqual({ c1: 1500 });
  });

  it('[EX33] through nested chains, out of them and in again', () => {
    const inner = scenarioOf('in', 'mid', {
      lines: [
        ['p', 's', 'in1', { length: 1250 }],
        ['q', 'in1', 'in2', { length: 1250 }],
        ['r', 'in2', 'in3', { length: 16_000 }],
      ],
    });
    const lines: Line[] = [
      ['first', 's', 'x', { length: 500 }],
      ['mid', 'x', 'y', { length: 8000 }],
    ];
    const run = machine(structureOf({ lines }, inner)).to(4000);
    expect(run.running()).toEqual({ mid: 3500, r: 1000 });
    back(run);
    expect(run.to(6000).running()).toEqual({ mid: 1500, q: 250 });
    expect(run.to(7000).running()).toEqual({ mid: 500, p: 500 });
    expect(run.to(7750).running()).toEqual({ first: 250 });
    expect(back(run, 1).to(9000).running()).toEqual({ mid: 1000, p: 1000 });
    expect(run.to(9750).running()).toEqual({ mid: 1750, q: 500 });
  });
});

describe('shares', () => {
  it('[EX24] a curve runs from 0 to 1 over the nominal length, and holds while its interval waits', () => {
    const lines: Line[] = [['a', 's', 'x', { min: 0, nominal: flicks(200), max: null }]];
    const process = {
      ...base('ramp', 'a'),
      ...{ type: 'automation' as const, address: 'out:/x', min: 0, max: 1, isTween: false },
      points: [
        { id: 'a', x: 0, y: 0, curve: 1 },
        { id: 'b', x: 1, y: 1, curve: 1 },
      ],
    };
    const said = only(stage(scoreOf(structureOf({ lines, syncs: { x: { trigger: '' } } }), { processes: [process] })).to(2000), 'out:/x');
    for (const line of said) {
      const [, value, date] = /=(\S+) @(\S+)/.exec(line)!.map(Number);
      expect(value).toBeCloseTo(Math.min(1, (date! - 1000) / 200), 4);
    }
    expect(said.at(-1)).toMatch(/^out:\/x=1 /);
    expect(said.length).toBeLessThan(20);
  });
});
