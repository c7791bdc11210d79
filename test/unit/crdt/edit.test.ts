import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { flicks, toMs } from '../../../src/base.ts';
import type { Command } from '../../../src/crdt/command.ts';
import { edit } from '../../../src/crdt/edit.ts';
import { readFile, toFile } from '../../../src/crdt/file.ts';
import { graphOf } from '../../../src/crdt/graph.ts';
import { read } from '../../../src/crdt/read.ts';
import { ROOT } from '../../../src/crdt/score.ts';
import { createDraw } from '../../sim/random.ts';

function open() {
  const doc = new Y.Doc();
  const random = createDraw(1);
  const run = (command: Command) => {
    const result = edit(doc, command, random, 'me');
    if ('issue' in result) throw new Error(result.issue.message);
    return result.created;
  };
  const interval = (id: string) => read(doc).intervals.get(id)!;
  const dates = (...ids: string[]) => ids.map((id) => toMs(interval(id).date));
  return { doc, run, interval, dates, score: () => read(doc), refused: (command: unknown) => 'issue' in edit(doc, command, random, 'me') };
}

/** One after the other, 1 s each, from 500 ms on. */
function chain() {
  const desk = open();
  desk.run({ type: 'createInterval', id: 'a', at: 500, duration: 1000 });
  desk.run({ type: 'createInterval', id: 'b', from: desk.interval('a').end, duration: 1000 });
  return desk;
}

describe('an empty document', () => {
  it('[SC3] reads as a score with a root interval without end and one scenario', () => {
    const score = read(new Y.Doc());
    expect(score.intervals.get(ROOT.interval)).toMatchObject({ min: 0, max: Infinity, nominal: flicks(60_000) });
    expect(score.processes.get(ROOT.scenario)).toMatchObject({ type: 'scenario', interval: ROOT.interval });
    expect(score.syncs.get(ROOT.endSync)?.trigger).toBe('');
    expect(score.issues).toEqual([]);
  });
});

describe('createInterval', () => {
  it('[ED5] ties an interval to the start by a gap', () => {
    const { interval, score, dates } = chain();
    expect(dates('a', 'b')).toEqual([500, 1500]);
    expect(interval('b').start).toBe(interval('a').end);
    expect(score().intervals.size).toBe(4);
    expect(score().issues).toEqual([]);
  });

  it('[ED5] starts at the start itself without a gap', () => {
    const { run, score } = open();
    run({ type: 'createInterval', id: 'a', at: 0, duration: 1000 });
    run({ type: 'createInterval', id: 'b', duration: 1000 });
    expect(score().intervals.size).toBe(3);
    expect(score().issues).toEqual([]);
  });

  it('[ED5] gives a second interval of a state a state of its own on the same event', () => {
    const { run, interval, score, dates } = chain();
    run({ type: 'createInterval', id: 'c', from: interval('a').end, duration: 300 });
    expect(interval('c').start).not.toBe(interval('b').start);
    expect(score().states.get(interval('c').start)?.event).toBe(score().states.get(interval('b').start)?.event);
    expect(dates('c')).toEqual([1500]);
  });

  it('[ED5] refuses a way back in time, but as a transition', () => {
    const { run, interval, refused, score } = chain();
    const back = { type: 'createInterval', from: interval('b').end, to: interval('a').start, duration: 0 } as const;
    expect(refused(back)).toBe(true);
    const [id] = run({ ...back, isTransition: true });
    expect(score().intervals.get(id!)).toMatchObject({ isTransition: true, min: 0, max: 0 });
    expect(score().issues).toEqual([]);
  });

  it('[ED5] onto a trigger is flexible', () => {
    const { run, interval, score } = chain();
    run({ type: 'setTrigger', id: graphOf(score()).endSync(interval('b')).id, expression: '' });
    run({ type: 'createInterval', id: 'c', at: 100, duration: 50, to: interval('b').end });
    expect(interval('c')).toMatchObject({ isRigid: false, min: 0, max: Infinity, nominal: flicks(2400) });
  });
});

describe('moving', () => {
  it('[ED6] moves an interval and what follows', () => {
    const { run, dates } = chain();
    run({ type: 'moveInterval', id: 'a', at: 800, lane: 2 });
    expect(dates('a', 'b')).toEqual([800, 1800]);
  });

  it('[ED6] ties an interval to the start itself when moved there, and back by a gap', () => {
    const { run, dates, score } = chain();
    run({ type: 'moveInterval', id: 'a', at: 0 });
    expect(dates('a', 'b')).toEqual([0, 1000]);
    expect(score().intervals.size).toBe(3);
    run({ type: 'moveInterval', id: 'a', at: 250 });
    expect(dates('a', 'b')).toEqual([250, 1250]);
    expect(score().issues).toEqual([]);
  });

  it('[ED6] resizes and pushes what follows; min and max move along', () => {
    const { run, dates, interval } = chain();
    run({ type: 'set', id: 'a', fields: { min: flicks(800), max: flicks(1100) } });
    run({ type: 'resizeInterval', id: 'a', duration: 1500 });
    expect(dates('b')).toEqual([2000]);
    expect([interval('a').min, interval('a').max].map(toMs)).toEqual([1300, 1600]);
  });

  it('[ED6] a max that would lie below the new length is a twentieth above it', () => {
    const { run, interval } = chain();
    run({ type: 'set', id: 'a', fields: { min: flicks(100), max: flicks(500) } });
    run({ type: 'resizeInterval', id: 'a', duration: 2000 });
    expect([interval('a').min, interval('a').max].map(toMs)).toEqual([1100, 2100]);
  });

  it('[ED6] moves a sync between its neighbours', () => {
    const { run, dates, interval, score } = chain();
    const sync = graphOf(score()).endSync(interval('a')).id;
    run({ type: 'moveSync', id: sync, at: 2000 });
    expect(dates('b')).toEqual([2000]);
    expect(toMs(interval('b').nominal)).toBe(500);
    run({ type: 'moveSync', id: sync, at: 9000 });
    expect(toMs(interval('b').nominal)).toBe(1);
  });
});

describe('setTrigger', () => {
  it('[ED7] makes what stands before flexible, and rigid again without it', () => {
    const { run, interval, score } = chain();
    const { id } = graphOf(score()).endSync(interval('a'));
    run({ type: 'setTrigger', id, expression: '%keys:/space% == true' });
    expect(interval('a')).toMatchObject({ min: 0, max: Infinity, isRigid: false });
    run({ type: 'set', id: 'a', fields: { isMinNull: false, isMaxInfinite: false } });
    expect(interval('a')).toMatchObject({ min: flicks(800), max: flicks(1200) });
    run({ type: 'setTrigger', id, expression: null });
    expect(interval('a')).toMatchObject({ min: flicks(1000), max: flicks(1000), isRigid: true });
    expect(score().syncs.get(id)).not.toHaveProperty('trigger');
  });

  it('[ED7] that is changed loosens what is rigid before it, and keeps what is flexible as it is', () => {
    const { run, interval, score } = chain();
    const { id } = graphOf(score()).endSync(interval('a'));
    run({ type: 'set', id, fields: { trigger: '' } });
    expect(interval('a').isRigid).toBe(true);
    run({ type: 'setTrigger', id, expression: '%keys:/space% == true' });
    expect(interval('a')).toMatchObject({ min: 0, max: Infinity, isRigid: false });
    run({ type: 'set', id: 'a', fields: { min: flicks(100), max: flicks(3000) } });
    run({ type: 'setTrigger', id, expression: '%keys:/up% == true' });
    expect(interval('a')).toMatchObject({ min: flicks(100), max: flicks(3000) });
  });

  it('[ED7] of two who at once take it away and change it the change holds, with its flexibility', () => {
    for (const [remover, changer] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const draw = createDraw(3);
      const doc = (clientID: number) => Object.assign(new Y.Doc(), { clientID });
      const [a, b] = [doc(remover), doc(changer)];
      const run = (on: Y.Doc, command: Command) => expect(edit(on, command, draw, 'test')).not.toHaveProperty('issue');
      const merge = () => {
        for (const [from, to] of [
          [a, b],
          [b, a],
        ] as const)
          Y.applyUpdate(to, Y.encodeStateAsUpdate(from));
      };
      run(a, { type: 'createInterval', id: 'i', at: 0, duration: 1000 });
      const { id } = graphOf(read(a)).endSync(read(a).intervals.get('i')!);
      run(a, { type: 'setTrigger', id, expression: '' });
      merge();
      run(a, { type: 'setTrigger', id, expression: null });
      run(b, { type: 'setTrigger', id, expression: '%keys:/up% == true' });
      merge();
      for (const each of [a, b]) {
        expect(read(each).syncs.get(id)).toMatchObject({ trigger: '%keys:/up% == true' });
        expect(read(each).intervals.get('i')).toMatchObject({ isRigid: false, min: 0, max: Infinity });
      }
    }
  });

  it('[SC3] [ED7] of the end of the score waits for ever, can be something else, and none', () => {
    const { run, score } = chain();
    const end = () => score().syncs.get(ROOT.endSync);
    const root = () => score().intervals.get(ROOT.interval);
    const before = root();
    expect(end()).toMatchObject({ trigger: '' });
    run({ type: 'setTrigger', id: ROOT.endSync, expression: '%keys:/space% == true' });
    expect(end()).toMatchObject({ trigger: '%keys:/space% == true' });
    run({ type: 'setTrigger', id: ROOT.endSync, expression: null });
    expect(end()).not.toHaveProperty('trigger');
    expect(root()).toEqual(before);
    expect(readFile(toFile(score())).syncs.get(ROOT.endSync)).toEqual(end());
    const other = new Y.Doc();
    edit(other, { type: 'replace', file: toFile(score()) }, createDraw(5), 'test');
    expect(read(other).syncs.get(ROOT.endSync)).toEqual(end());
    run({ type: 'setTrigger', id: ROOT.endSync, expression: '' });
    run({ type: 'set', id: ROOT.endSync, fields: { trigger: null } });
    expect(end()).not.toHaveProperty('trigger');
  });
});

describe('delete', () => {
  it('[ED8] leaves nothing behind', () => {
    const { run, score } = chain();
    run({ type: 'createProcess', id: 'p', interval: 'a', process: { type: 'scenario' } });
    run({ type: 'createInterval', id: 'inner', scenario: 'p', at: 100, duration: 100 });
    run({ type: 'delete', ids: ['a', 'b'] });
    const empty = read(new Y.Doc());
    expect({ ...score(), id: '' }).toEqual(empty);
  });

  it('[ED8] keeps the date of what followed', () => {
    const { run, dates, score } = chain();
    run({ type: 'delete', ids: ['a'] });
    expect(dates('b')).toEqual([1500]);
    expect(score().intervals.size).toBe(3);
    expect(score().issues).toEqual([]);
  });

  it('[ED8] what begins by itself needs no gap; what did before its trigger was taken away needs one', () => {
    for (const isRoot of [true, false]) {
      const { run, interval, dates, score } = chain();
      const { id } = graphOf(score()).endSync(interval('a'));
      run({ type: 'setTrigger', id, expression: '' });
      run({ type: 'set', id, fields: { isStart: true } });
      if (!isRoot) run({ type: 'setTrigger', id, expression: null });
      run({ type: 'delete', ids: ['a'] });
      expect(dates('b')).toEqual([1500]);
      expect(graphOf(score()).before(id)).toHaveLength(isRoot ? 0 : 1);
      expect(score().issues).toEqual([]);
    }
  });

  it('[ED8] a sync between two intervals joins them, as flexible as the second was', () => {
    const { run, interval, score } = chain();
    const { id } = graphOf(score()).endSync(interval('a'));
    const { id: end } = graphOf(score()).endSync(interval('b'));
    run({ type: 'createProcess', id: 'p', interval: 'a', process: { type: 'lfo' } });
    run({ type: 'setTrigger', id, expression: '' });
    run({ type: 'setTrigger', id: end, expression: '%keys:/space% == true' });
    const whole = interval('a').nominal + interval('b').nominal;
    run({ type: 'delete', ids: [id] });
    expect(score().syncs.has(id)).toBe(false);
    expect(score().intervals.has('b')).toBe(false);
    expect(interval('a')).toMatchObject({ nominal: whole, isRigid: false, min: 0, max: Infinity });
    expect(graphOf(score()).endSync(interval('a')).id).toBe(end);
    expect(score().processes.has('p')).toBe(true);
    expect(score().issues).toEqual([]);
  });

  it('[ED8] two syncs at once join three, and with one of its intervals a sync leaves nothing loose', () => {
    const { run, interval, score } = chain();
    run({ type: 'createInterval', id: 'c', from: interval('b').end, duration: 100 });
    const syncs = ['a', 'b'].map((each) => graphOf(score()).endSync(interval(each)).id);
    const whole = interval('a').nominal + interval('b').nominal + flicks(100);
    run({ type: 'delete', ids: syncs });
    expect(interval('a').nominal).toBe(whole);
    expect(['b', 'c'].some((each) => score().intervals.has(each))).toBe(false);
    expect(score().issues).toEqual([]);
    const other = chain();
    const { id } = graphOf(other.score()).endSync(other.interval('a'));
    other.run({ type: 'delete', ids: [id, 'a'] });
    expect({ ...other.score(), id: '' }).toEqual(read(new Y.Doc()));
  });

  it('[ED8] a sync before an interval with content takes both away, and leaves nothing loose', () => {
    const { run, interval, score } = chain();
    const { id } = graphOf(score()).endSync(interval('a'));
    run({ type: 'createProcess', interval: 'b', process: { type: 'lfo' } });
    run({ type: 'delete', ids: [id] });
    expect(['a', 'b'].map((each) => score().intervals.has(each))).toEqual([false, false]);
    expect(score().processes.size).toBe(1);
    expect(score().issues).toEqual([]);
  });

  it('[ED8] refuses the start and the end', () => {
    const { refused } = open();
    for (const id of [...Object.values(ROOT), 'root.scenario.start.sync']) expect(refused({ type: 'delete', ids: [id] })).toBe(true);
  });
});

describe('a refused command', () => {
  it('[ED2] changes nothing, even late in a batch', () => {
    const { doc, refused } = chain();
    const before = Y.encodeStateAsUpdate(doc);
    const commands = [
      { type: 'setTitle', title: 'x' },
      { type: 'resizeInterval', id: 'nobody', duration: 1 },
    ];
    expect(refused({ type: 'batch', commands })).toBe(true);
    expect(refused({ type: 'set', id: 'a', fields: { speed: 1, lane: -1 } })).toBe(true);
    expect(refused({ type: 'createInterval', id: 'a', duration: 1 })).toBe(true);
    expect(refused({ type: 'createInterval', id: '__proto__', duration: 1 })).toBe(true);
    expect(Y.encodeStateAsUpdate(doc)).toEqual(before);
  });
});

describe('content', () => {
  it('[ED10] makes processes with unique keys and their items', () => {
    const { run, score, refused } = chain();
    run({ type: 'createProcess', id: 's1', interval: 'a', process: { type: 'shader', name: 'Plasma', source: 'x' } });
    run({ type: 'createProcess', id: 's2', interval: 'a', process: { type: 'shader', name: 'Plasma' } });
    run({ type: 'setInput', process: 's1', name: 'speed', value: 0.5 });
    run({ type: 'set', id: 's1', fields: { source: 'xyz' } });
    expect(score().processes.get('s1')).toMatchObject({
      key: 'plasma',
      source: 'xyz',
      inputs: [{ name: 'speed', value: 0.5, min: 0, max: 1 }],
    });
    expect(score().processes.get('s2')).toMatchObject({ key: 'plasma-2' });
    expect(refused({ type: 'set', id: 's2', fields: { key: 'plasma' } })).toBe(true);
  });

  it('[ED9] keeps messages in the order in which they were made', () => {
    const { run, score, interval } = chain();
    const state = interval('a').start;
    for (const value of [1, 2, 3]) run({ type: 'setMessage', state, address: 'sound:/a', value });
    run({ type: 'setMessage', state: ROOT.startState, address: 'sound:/a', value: [1, { impulse: true }] });
    expect(
      score()
        .states.get(state)
        ?.messages.map(({ value }) => value),
    ).toEqual([1, 2, 3]);
    expect(score().states.get(ROOT.startState)?.messages).toMatchObject([{ value: [1, { impulse: true }] }]);
  });
});

describe('registers', () => {
  it('[SC8] concurrent nudges add up; a set starts anew', () => {
    const one = open();
    const [track] = one.run({ type: 'createTrack', track: { name: 'Lead' } });
    const two = open();
    Y.applyUpdate(two.doc, Y.encodeStateAsUpdate(one.doc));
    one.run({ type: 'nudge', id: track!, field: 'volume', by: -3 });
    two.run({ type: 'nudge', id: track!, field: 'volume', by: -2 });
    Y.applyUpdate(one.doc, Y.encodeStateAsUpdate(two.doc));
    expect(one.score().tracks.get(track!)?.volume).toBe(-5);
    one.run({ type: 'set', id: track!, fields: { volume: 1 } });
    expect(one.score().tracks.get(track!)?.volume).toBe(1);
  });
});
