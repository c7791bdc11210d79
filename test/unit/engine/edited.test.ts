import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { MeshTime } from '../../../src/base.ts';
import { flicks } from '../../../src/base.ts';
import type { Command } from '../../../src/crdt/command.ts';
import { edit } from '../../../src/crdt/edit.ts';
import { graphOf } from '../../../src/crdt/graph.ts';
import { read } from '../../../src/crdt/read.ts';
import { ROOT } from '../../../src/crdt/score.ts';
import { createEngine } from '../../../src/engine/run.ts';
import type { Engine } from '../../../src/engine/run.ts';
import { compile } from '../../../src/engine/structure.ts';
import { createDraw } from '../../sim/random.ts';

/** Edits of a score that runs, command by command: what a run makes of them when it adopts them. */

/** Play at 1000; a, b and c last 1 s each, one after the other. */
function playing() {
  const doc = new Y.Doc();
  const draw = createDraw(1);
  const run = (command: Command): void => expect(edit(doc, command, draw, 'me')).not.toHaveProperty('issue');
  const end = (id: string) => graphOf(read(doc)).endSync(read(doc).intervals.get(id)!).id;
  run({ type: 'createInterval', id: 'a', at: 0, duration: 1000 });
  run({ type: 'createInterval', id: 'b', from: read(doc).intervals.get('a')!.end, duration: 1000 });
  run({ type: 'createInterval', id: 'c', from: read(doc).intervals.get('b')!.end, duration: 1000 });
  const engine = createEngine();
  const known: object[] = [];
  const say = (engine: Engine, fact: object): void => expect(engine.insert({ run: 'r', by: 'p', ...fact })).toBeDefined();
  const insert = (fact: object): void => {
    known.push(fact);
    say(engine, fact);
  };
  return {
    run,
    end,
    score: () => read(doc),
    play: () => insert({ type: 'play', at: 1000, from: 0, structure: engine.setStructure(compile(read(doc))) }),
    press: (sync: string, at: number) => insert({ type: 'fired', sync, path: '0', at, reason: 'click' }),
    adopt(at: number) {
      const structure = compile(read(doc));
      insert({ type: 'adopt', at, ...engine.adoption(structure, at as MeshTime) });
      engine.setStructure(structure);
      expect(read(doc).issues).toEqual([]);
    },
    /** Positions in ms of all but the root; who comes now with the newest structure sees the same. */
    at(date: number) {
      const late = createEngine();
      late.setStructure(compile(read(doc)));
      for (const fact of known) say(late, fact);
      const [moment, other] = [engine, late].map((each) => each.advance(date as MeshTime));
      expect(other).toEqual(moment);
      const running = moment!.running.filter(({ interval }) => interval !== ROOT.interval);
      return {
        running: Object.fromEntries(running.map(({ interval, position }) => [interval, Math.round(position / flicks(1))])),
        waiting: moment!.waiting.map(({ sync, since }) => [sync, since]),
      };
    },
  };
}

describe('while it runs', () => {
  it('[ED7] [EX21] a trigger that is added ahead of what runs makes it wait', () => {
    const it = playing();
    it.play();
    it.run({ type: 'setTrigger', id: it.end('a'), expression: '' });
    it.adopt(1400);
    expect(it.at(1450)).toEqual({ running: { a: 450 }, waiting: [[it.end('a'), 1000]] });
    expect(it.at(2500).running).toEqual({ a: 1500 });
    it.press(it.end('a'), 2600);
    expect(it.at(2700)).toEqual({ running: { b: 100 }, waiting: [] });
  });

  it('[ED7] [EX21] one that is added behind it moves nothing', () => {
    const it = playing();
    it.play();
    it.run({ type: 'setTrigger', id: it.end('a'), expression: '' });
    it.adopt(2400);
    expect(it.at(2450)).toEqual({ running: { b: 450 }, waiting: [] });
    expect(it.at(3300).running).toEqual({ c: 300 });
  });

  it('[ED7] [EX21] one that is taken away makes what stands before rigid: it had ended at its nominal length', () => {
    const it = playing();
    it.run({ type: 'setTrigger', id: it.end('a'), expression: '' });
    it.play();
    it.run({ type: 'setTrigger', id: it.end('a'), expression: null });
    it.adopt(1300);
    expect(it.at(1900)).toEqual({ running: { a: 900 }, waiting: [] });
    expect(it.at(2100).running).toEqual({ b: 100 });
  });

  it('[ED7] [EX21] one that is taken away while it is waited for lets go on as if it had not been there', () => {
    const it = playing();
    it.run({ type: 'setTrigger', id: it.end('a'), expression: '' });
    it.play();
    it.run({ type: 'setTrigger', id: it.end('a'), expression: null });
    it.adopt(2300);
    expect(it.at(2350)).toEqual({ running: { b: 350 }, waiting: [] });
  });

  it('[ED7] [EX21] one that is taken away after it was pressed moves nothing', () => {
    const it = playing();
    it.run({ type: 'setTrigger', id: it.end('a'), expression: '' });
    it.play();
    it.press(it.end('a'), 2500);
    it.run({ type: 'setTrigger', id: it.end('a'), expression: null });
    it.adopt(2700);
    expect(it.at(2750).running).toEqual({ b: 250 });
    expect(it.at(3600).running).toEqual({ c: 100 });
  });

  it('[ED8] [EX21] a sync that is deleted ahead joins two: what runs goes on through it', () => {
    const it = playing();
    it.play();
    it.run({ type: 'delete', ids: [it.end('a')] });
    it.adopt(1400);
    expect(it.at(2500).running).toEqual({ a: 1500 });
    expect(it.at(3100).running).toEqual({ c: 100 });
  });

  it('[ED8] [EX21] one that is deleted behind joins two: what had ended runs on in the place of what ran', () => {
    const it = playing();
    it.play();
    it.run({ type: 'delete', ids: [it.end('a')] });
    it.adopt(2400);
    expect(it.at(2500).running).toEqual({ a: 1500 });
    expect(it.at(3100).running).toEqual({ c: 100 });
  });

  it('[ED8] [EX21] one that takes content along ends it, and what followed keeps its date', () => {
    const it = playing();
    it.run({ type: 'createProcess', interval: 'b', process: { type: 'lfo' } });
    it.play();
    it.run({ type: 'delete', ids: [it.end('a')] });
    expect([...it.score().intervals.keys()].filter((id) => ['a', 'b'].includes(id))).toEqual([]);
    it.adopt(1400);
    expect(Object.keys(it.at(1450).running)).not.toContain('a');
    expect(it.at(3100).running).toMatchObject({ c: 100 });
  });

  it('[ED8] [EX21] an interval that is deleted while it runs ends, and the rest goes on', () => {
    const it = playing();
    it.run({ type: 'createInterval', id: 'beside', at: 0, duration: 5000 });
    it.play();
    it.run({ type: 'delete', ids: ['b'] });
    it.adopt(2400);
    const { running } = it.at(2450);
    expect(running).toMatchObject({ beside: 1450 });
    expect(running).not.toHaveProperty('b');
    expect(it.at(3100).running).toMatchObject({ beside: 2100, c: 100 });
  });

  it('[ED6] [EX21] a length that is changed behind what runs moves it, since its past did', () => {
    const it = playing();
    it.play();
    it.run({ type: 'resizeInterval', id: 'b', duration: 1500 });
    it.adopt(2400);
    expect(it.at(3400).running).toEqual({ b: 1400 });
    expect(it.at(3600).running).toEqual({ c: 100 });
  });
});
