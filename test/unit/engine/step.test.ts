import { describe, expect, it } from 'vitest';
import { flicks } from '../../../src/base.ts';
import { ROOT } from '../../../src/crdt/score.ts';
import { PASSES_MAX, SPAN_ALL_MAX, SPAN_MAX } from '../../../src/engine/fire.ts';
import type { StructureSync } from '../../../src/engine/structure.ts';
import type { Line } from './structures.ts';
import { machine, scenarioOf, structureOf } from './structures.ts';

describe('triggers', () => {
  const waits = structureOf({
    lines: [
      ['a', 's', 'x', { min: 100, nominal: 200, max: null }],
      ['b', 'x', 'y', { length: 50 }],
    ],
    syncs: { x: { trigger: '' } },
  });

  it('[EX9] waits from the date of readiness, and its interval goes on beyond its nominal length', () => {
    const run = machine(waits).to(1000);
    expect(run.waiting()).toEqual({ x: 100 });
    expect(run.running()).toEqual({ a: 1000 });
  });

  it('[EX9] fires at the date of its fact', () => {
    const run = machine(waits, { fired: { 'x@0': 630 } }).to(650);
    expect(run.running()).toEqual({ b: 20 });
    expect(run.log('ended')).toEqual(['a@0:630']);
  });

  it('[EX10] a fact from before readiness takes effect when the sync is ready', () => {
    expect(
      machine(waits, { fired: { 'x@0': 3 } })
        .to(120)
        .running(),
    ).toEqual({ b: 20 });
  });

  it('[EX10] a fact of another pass takes no effect', () => {
    expect(
      machine(waits, { fired: { 'x@1': 300 } })
        .to(400)
        .running(),
    ).toEqual({ a: 400 });
  });
});

describe('the end of the score', () => {
  const ending = (trigger: string | null, max: number | null = 500) => {
    const { objects } = structureOf({ lines: [['a', 's', 'x', { length: 100 }]], root: { min: 200, nominal: 300, max } });
    return { objects: { ...objects, [ROOT.endSync]: { ...(objects[ROOT.endSync] as StructureSync), trigger } } };
  };
  const END = `${ROOT.endSync}@0`;

  it('[EX34] waits for what its trigger asks for, once the root is past its min', () => {
    const run = machine(ending('%keys:/space% == true'), { fired: { [END]: 350 } }).to(199);
    expect(run.waiting()).toEqual({});
    expect(run.to(350).waiting()).toEqual({ [ROOT.endSync]: 200 });
    expect(run.to(351).log('ended')).toContain(`${ROOT.interval}@0:350`);
    expect(machine(ending('%keys:/space% == true')).to(501).log('ended')).toContain(`${ROOT.interval}@0:500`);
  });

  it('[EX34] else comes with the max of the root alone', () => {
    for (const trigger of [null, '', 'true', 'false', '%keys:']) {
      const run = machine(ending(trigger), { fired: { [END]: 350 } }).to(499);
      expect(run.waiting()).toEqual({});
      expect(run.to(501).log('ended')).toContain(`${ROOT.interval}@0:500`);
      expect(machine(ending(trigger, null)).to(10_000).log('ended')).toEqual(['a@0:100']);
    }
  });
});

describe('branches', () => {
  it('[EX5] branches into one sync wait for each other; the first at its max forces it only when all passed their min', () => {
    const run = machine(
      structureOf({
        lines: [
          ['short', 's', 'x', { length: 10 }],
          ['long', 's', 'x', { min: 30, max: 60, nominal: 40 }],
          ['after', 'x', 'y', { length: 100 }],
        ],
      }),
    ).to(20);
    expect(run.running()).toEqual({ short: 10, long: 20 });
    expect(run.to(35).running()).toEqual({ after: 5 });
  });

  const choice = structureOf({
    lines: [
      ['a', 's', 'x', { length: 10 }],
      ['left', 'x', 'y', { length: 10, event: 'left' }],
      ['right', 'x', 'y', { length: 20, event: 'right' }],
      ['end', 'y', 'z', { length: 10 }],
    ],
    events: { left: { sync: 'x', condition: '%a:/b% == 1' }, right: { sync: 'x', condition: '%a:/b% == 2' } },
  });

  it('[EX11] a condition waits to be decided, then happens at the date of the decision', () => {
    const run = machine(choice, { decided: { 'e.left@0': [13, true] } }).to(15);
    expect(run.running()).toEqual({ left: 2 });
    expect([...run.state.scenarios.values()].flatMap(({ undecided }) => [...undecided.keys()])).toEqual(['e.right']);
  });

  it('[EX11] a disposed branch is not waited for', () => {
    const run = machine(choice, { decided: { 'e.left@0': [10, true], 'e.right@0': [10, false] } }).to(25);
    expect(run.running()).toEqual({ end: 5 });
    expect(run.log('disposed')).toEqual(['e.right@0:10']);
  });

  it('[EX11] when every way in is disposed, what follows is disposed as well', () => {
    const run = machine(choice, { decided: { 'e.left@0': [10, false], 'e.right@0': [10, false] } }).to(25);
    expect(run.running()).toEqual({});
    expect(run.log('disposed').map((line) => line.split('@')[0])).toEqual(['e.left', 'e.right', 'e.y', 'e.z']);
  });

  it('[EX11] a condition that is constant or cannot be read needs no decision', () => {
    const run = machine(
      structureOf({
        lines: [
          ['no', 's', 'x', { length: 10, event: 'no' }],
          ['odd', 's', 'y', { length: 10, event: 'odd' }],
        ],
        events: { no: { sync: 's', condition: '{ true == false }' }, odd: { sync: 's', condition: '%%%' } },
      }),
    ).to(5);
    expect(run.running()).toEqual({ odd: 5 });
  });
});

describe('loops and islands', () => {
  it('[EX13] a loop counts its passes in the path', () => {
    const run = machine(
      structureOf({
        lines: [
          ['a', 's', 'x', { length: 10 }],
          ['back', 'x', 's', { isTransition: true }],
        ],
      }),
    ).to(35);
    expect(run.running()).toEqual({ a: 5 });
    expect(run.log('started').filter((line) => line.startsWith('a'))).toEqual(['a@0:0', 'a@1:10', 'a@2:20', 'a@3:30']);
  });

  it('[EX15] a cycle without length ends and is named', () => {
    const run = machine(
      structureOf({
        lines: [
          ['a', 's', 'x', { length: 0 }],
          ['back', 'x', 's', { isTransition: true }],
          ['b', 's', 'y', { length: 10 }],
        ],
      }),
    ).to(5);
    expect(run.log('fired').filter((line) => line.startsWith('s@'))).toHaveLength(PASSES_MAX);
    expect(run.state.capped).toEqual(['s']);
    expect(run.running()).toEqual({ b: 5, back: 0 });
  });

  /** A loop of so many flicks beside an interval of a second. */
  const whirl = (length: number, speed = 1) =>
    structureOf({
      lines: [
        ['a', 's', 'x', { length, speed }],
        ['back', 'x', 's', { isTransition: true }],
        ['b', 's2', 'y', { length: flicks(1000) }],
      ],
      syncs: { s2: { isStart: true, trigger: 'true' } },
    });
  const firings = (log: readonly string[], sync: string): number => log.filter((line) => line.startsWith(`${sync}@`)).length;

  it('[EX15] a cycle of hardly any length ends and is named, and all else goes on', () => {
    const run = machine(whirl(1000)).to(flicks(600));
    expect(firings(run.log('fired'), 's')).toBe(SPAN_MAX);
    expect(run.state.capped).toEqual(['s']);
    expect(run.running()).toEqual({ b: flicks(600), back: 0 });
    expect(run.to(flicks(1100)).log('ended')).toContain(`b@0:${flicks(1000)}`);
  });

  it('[EX15] where it ends does not depend on how steps are cut', () => {
    const [one, many] = [machine(whirl(1000)).to(flicks(5)), machine(whirl(1000))];
    for (let date = 0; date < flicks(5); date += 7919) many.to(date);
    expect(many.to(flicks(5)).happenings).toEqual(one.happenings);
    expect(many.state.capped).toEqual(['s']);
  });

  it('[EX15] a quick loop goes on as long as it likes', () => {
    const run = machine(whirl(flicks(1))).to(flicks(350));
    expect(firings(run.log('fired'), 'x')).toBe(349);
    expect(run.state.capped).toEqual([]);
    expect(machine(whirl(flicks(1), 100)).to(flicks(100)).state.capped).toEqual(['s']);
  });

  it('[EX15] many loops have a bound together, and nothing is cut that fires once', () => {
    const loops = Array.from({ length: 40 }, (_, i): Line[] => [
      [`a${i}`, `s${i}`, `x${i}`, { length: flicks(1) }],
      [`back${i}`, `x${i}`, `s${i}`, { isTransition: true }],
      [`z${i}`, 's', `y${i}`, { length: flicks(90) }],
    ]).flat();
    const starts = Object.fromEntries(loops.flatMap(([, from]) => (/^s\d/.test(from) ? [[from, { isStart: true, trigger: 'true' }]] : [])));
    const run = machine(structureOf({ lines: loops, syncs: starts })).to(flicks(100));
    const syncs = 40 * 3 + 3;
    const all = run.log('fired');
    expect(all.length).toBeLessThanOrEqual(SPAN_ALL_MAX + 3 * syncs);
    expect(all.filter((line) => line.startsWith('y'))).toHaveLength(40);
    expect(run.state.capped).not.toEqual([]);
  });

  it('[EX14] a jump into a trigger waits there', () => {
    const run = machine(
      structureOf({
        lines: [
          ['a', 's', 'x', { length: 10 }],
          ['b', 'x', 'y', { length: 10 }],
          ['back', 'y', 'x', { isTransition: true }],
        ],
        syncs: { x: { trigger: '' } },
      }),
      { fired: { 'x@1': 50 } },
    ).to(45);
    expect(run.running()).toEqual({ back: 25 });
    expect(run.to(55).running()).toEqual({ b: 5 });
  });

  it('[EX13] whoever jumped to a trigger waits there on, though the other ways to it are closed off meanwhile', () => {
    const run = machine(
      structureOf({
        lines: [
          ['a', 's', 'x', { length: 10 }],
          ['jump', 'x', 'y', { isTransition: true }],
          ['late', 's', 'y', { length: 10, event: 'late' }],
          ['b', 'y', 'z', { length: 100 }],
        ],
        syncs: { y: { trigger: '' } },
        events: { late: { sync: 's', condition: '%a:/b% == 1' } },
      }),
      { fired: { 'y@0': 50 }, decided: { 'e.late@0': [30, false] } },
    );
    expect(run.to(40).waiting()).toEqual({ y: 10 });
    expect(run.to(60).running()).toEqual({ b: 10 });
    expect(run.log('disposed')).toEqual(['e.late@0:30']);
  });

  it('[EX12] "start on play" makes a root: it fires or waits as soon as its scenario starts', () => {
    const run = machine(
      structureOf({
        lines: [
          ['a', 'p', 'x', { length: 10 }],
          ['b', 'q', 'y', { length: 10 }],
          ['c', 'r', 'z', { length: 10 }],
        ],
        syncs: { p: { isStart: true, trigger: 'true' }, q: { isStart: true, trigger: '' }, r: { isStart: true } },
      }),
      { fired: { 'q@0': 7 } },
    ).to(9);
    expect(run.running()).toEqual({ a: 9, b: 2 });
  });

  it('[EX19] in an exclusive scenario who fires stops the rest', () => {
    const run = machine(
      structureOf({
        isExclusive: true,
        lines: [
          ['a', 'p', 'x', { length: 100 }],
          ['b', 'q', 'y', { length: 100 }],
        ],
        syncs: { p: { isStart: true, trigger: '' }, q: { isStart: true, trigger: '' } },
      }),
      { fired: { 'p@0': 5, 'q@0': 20, 'p@1': 30 } },
    );
    expect([10, 25, 33].map((date) => run.to(date).running())).toEqual([{ a: 5 }, { b: 5 }, { a: 3 }]);
  });
});

describe('nested scenarios', () => {
  const nested = (outer: object, ...inner: [string, number][]) =>
    structureOf(
      {
        lines: [
          ['a', 's', 'x', outer],
          ['b', 'x', 'y', { length: 100 }],
        ],
      },
      scenarioOf('in', 'a', { lines: inner.map(([name, length], i) => [name, i === 0 ? 's' : `in${i}`, `in${i + 1}`, { length }]) }),
    );

  it('[EX16] run while their interval runs and end with it', () => {
    const run = machine(nested({ length: 50 }, ['p', 20], ['q', 100])).to(30);
    expect(run.running()).toEqual({ a: 30, q: 10 });
    expect(run.to(60).running()).toEqual({ b: 10 });
    expect(run.log('ended')).toEqual(['p@0.0:20', 'q@0.0:50', 'a@0:50']);
  });

  it('[EX16] what is due together with the end of its interval still happens', () => {
    const run = machine(nested({ length: 50 }, ['p', 50])).to(51);
    expect(run.log('happened').map((line) => line.split('@')[0])).toEqual(expect.arrayContaining(['e.in1', 'e.x']));
  });

  it('[EX16] follow the speed of their interval; what is held at its max holds its content', () => {
    const twice = machine(nested({ length: 50, speed: 2 }, ['p', 20], ['q', 100])).to(15);
    expect(twice.running()).toEqual({ a: 30, q: 10 });
    expect(twice.to(30).running()).toEqual({ b: 5 });
    const held = machine(
      structureOf(
        {
          lines: [
            ['a', 's', 'x', { length: 10 }],
            ['slow', 's', 'x', { length: 40 }],
          ],
        },
        scenarioOf('in', 'a', { lines: [['p', 's', 'in1', { length: 100 }]] }),
      ),
    ).to(30);
    expect(held.running()).toEqual({ a: 10, slow: 30, p: 10 });
  });

  it('[EX16] speed 0 freezes', () => {
    expect(
      machine(nested({ length: 50, speed: 0 }, ['p', 20]))
        .to(1000)
        .running(),
    ).toEqual({ a: 0, p: 0 });
  });
});

describe('playing from the middle', () => {
  it('[EX17] dates before it follow nominal lengths, running intervals are entered in their middle', () => {
    const score = structureOf(
      {
        lines: [
          ['a', 's', 'x', { min: 0, max: null, nominal: 100 }],
          ['b', 'x', 'y', { length: 100 }],
        ],
        syncs: { x: { trigger: '' } },
      },
      scenarioOf('in', 'b', {
        lines: [
          ['p', 's', 'in1', { length: 30 }],
          ['q', 'in1', 'in2', { length: 100 }],
        ],
      }),
    );
    const run = machine(score, {}, 140).to(5);
    expect(run.running()).toEqual({ b: 45, q: 15 });
    expect(run.to(61).running()).toEqual({});
    expect(run.log('started')).toContain('b@0:-40');
  });

  it('[EX17] a sync exactly there has not fired yet', () => {
    const score = structureOf({
      lines: [
        ['a', 's', 'x', { length: 100 }],
        ['b', 'x', 'y', { length: 100 }],
      ],
    });
    const run = machine(score, {}, 100).to(1);
    expect(run.log('fired')).toContain('x@0:0');
    expect(run.running()).toEqual({ b: 1 });
  });

  it('[EX17] a short loop seen from weeks away ends in time', () => {
    const score = structureOf({
      lines: [
        ['a', 's', 'x', { length: 10_000 }],
        ['back', 'x', 's', { isTransition: true }],
      ],
    });
    expect(
      machine(score, {}, 2 ** 50)
        .to(1)
        .running(),
    ).toHaveProperty('a');
  });

  it('[EX18] conditions before it follow their offset behaviour', () => {
    const score = structureOf({
      lines: [
        ['left', 's', 'x', { length: 100, event: 'left' }],
        ['right', 's', 'y', { length: 100, event: 'right' }],
      ],
      events: {
        left: { sync: 's', condition: '%a:/b% == 1', offset: 'true' },
        right: { sync: 's', condition: '%a:/b% == 2', offset: 'false' },
      },
    });
    expect(machine(score, {}, 50).to(1).running()).toEqual({ left: 51 });
  });

  it('[EX18] what a disposed branch would have led to is not there either', () => {
    const score = structureOf({
      lines: [
        ['left', 's', 'x', { length: 100, event: 'left' }],
        ['right', 's', 'y', { length: 100, event: 'right' }],
        ['after', 'y', 'z', { length: 100 }],
      ],
      events: { left: { sync: 's' }, right: { sync: 's', condition: '%a:/b% == 2', offset: 'false' } },
    });
    const run = machine(score, {}, 150).to(1);
    expect(run.running()).toEqual({});
    expect(run.log('happened').map((line) => line.split('@')[0])).not.toContain('e.y');
  });
});
