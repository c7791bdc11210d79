import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { LocalTime } from '../../../src/base.ts';
import { createDesk } from '../../../src/crdt/desk.ts';
import { createDocument, seed } from '../../../src/crdt/doc.ts';
import { createDraw } from '../../sim/random.ts';

function room(...seeds: number[]) {
  const time = { now: 0 };
  const desks = seeds.map((seed) => {
    const random = createDraw(seed);
    return createDesk(random, createDocument(random), { now: () => time.now as LocalTime });
  });
  const merge = () => {
    for (const from of desks) for (const to of desks) Y.applyUpdate(to.shared, Y.encodeStateAsUpdate(from.shared), 'remote');
  };
  return { desks, merge, time };
}

describe('undo', () => {
  it("[ED13] takes back one's own edits only, one command a step", () => {
    const { desks, merge } = room(1, 2);
    const [one, two] = [desks[0]!, desks[1]!];
    one.edit({ type: 'createInterval', id: 'a', at: 100, duration: 100 });
    merge();
    two.edit({ type: 'set', id: 'a', fields: { name: 'two' } });
    one.edit({ type: 'set', id: 'a', fields: { lane: 3 } });
    one.edit({ type: 'setTitle', title: 'x' });
    merge();
    expect(one.undo()).toBe(true);
    expect(one.read()).toMatchObject({ title: '' });
    expect(one.undo()).toBe(true);
    expect(one.read().intervals.get('a')).toMatchObject({ name: 'two', lane: 0 });
    expect(one.redo()).toBe(true);
    expect(one.read().intervals.get('a')).toMatchObject({ lane: 3 });
    one.undo();
    one.undo();
    expect(one.read().intervals.has('a')).toBe(false);
    expect(one.canUndo).toBe(false);
    expect(one.undo()).toBe(false);
  });

  it('[ED13] says when someone else came between, and does not go on to the step before', () => {
    const { desks, merge } = room(1, 2);
    const [one, two] = [desks[0]!, desks[1]!];
    const notices: string[] = [];
    one.onNotice(({ message }) => notices.push(message));
    one.edit({ type: 'setTitle', title: 'first' });
    one.edit({ type: 'createGroup', id: 'g', name: 'A' });
    one.edit({ type: 'set', id: 'g', fields: { name: 'B' } });
    merge();
    two.edit({ type: 'set', id: 'g', fields: { name: 'C' } });
    merge();
    expect(one.undo()).toBe(true);
    expect(notices).toHaveLength(1);
    expect(one.read().groups.get('g')?.name).toBe('C');
    expect(one.read().title).toBe('first');
  });

  it('[ED13] takes a drag as one step', () => {
    const { desks, time } = room(1);
    const [desk] = [desks[0]!];
    desk.edit({ type: 'createTrack', id: 't', track: {} });
    for (let volume = -1; volume > -5; volume--) {
      time.now += 33;
      desk.edit({ type: 'set', id: 't', fields: { volume } });
    }
    time.now += 1000;
    desk.edit({ type: 'set', id: 't', fields: { volume: -40 } });
    desk.undo();
    expect(desk.read().tracks.get('t')?.volume).toBe(-4);
    desk.undo();
    expect(desk.read().tracks.get('t')?.volume).toBe(0);
  });

  it('[SC8] takes a nudge out of its own epoch, or says it was overtaken', () => {
    const { desks, merge } = room(1, 2);
    const [one, two] = [desks[0]!, desks[1]!];
    const notices: string[] = [];
    one.onNotice(({ message }) => notices.push(message));
    one.edit({ type: 'nudge', id: 'score', field: 'tempo', by: 5 });
    merge();
    two.edit({ type: 'nudge', id: 'score', field: 'tempo', by: 3 });
    merge();
    one.undo();
    expect(one.read().tempo).toBe(123);
    one.redo();
    merge();
    two.edit({ type: 'setTempo', tempo: 90 });
    merge();
    one.undo();
    expect(one.read().tempo).toBe(90);
    expect(notices).toHaveLength(1);
  });
});

describe('opting out', () => {
  it('[ED14] a kept fork is gone on with, for the same score only', () => {
    const { desks } = room(1, 2, 3);
    const [one, two, other] = [desks[0]!, desks[1]!, desks[2]!];
    for (const [i, desk] of desks.entries()) seed(desk.shared, createDraw(i + 10));
    one.edit({ type: 'createInterval', id: 'a', at: 0, duration: 100 });
    let fork: Y.Doc | undefined;
    one.onFork((next) => (fork = next));
    one.setSending('none');
    one.edit({ type: 'createInterval', id: 'b', at: 0, duration: 100 });
    one.drop();
    one.edit({ type: 'createInterval', id: 'c', at: 0, duration: 100 });
    const kept = (): Y.Doc => {
      const doc = new Y.Doc();
      if (fork) Y.applyUpdate(doc, Y.encodeStateAsUpdate(fork));
      return doc;
    };
    // The page was reloaded: same shared score, which went on meanwhile.
    two.replaceDocument(new Y.Doc());
    Y.applyUpdate(two.shared, Y.encodeStateAsUpdate(one.shared));
    two.edit({ type: 'setTitle', title: 'went on' });
    expect(two.resume(kept())).toBe(true);
    expect(two.sending).toBe('none');
    expect([...two.read().intervals.keys()].filter((id) => 'abc'.includes(id)).sort()).toEqual(['a', 'c']);
    expect(two.read().title).toBe('went on');
    expect(two.sharedScore().intervals.has('c')).toBe(false);
    two.setSending('all');
    expect(two.sharedScore().intervals.has('c')).toBe(true);
    expect(other.resume(kept())).toBe(false);
    expect(other.resume(new Y.Doc())).toBe(false);
    expect(other.sending).toBe('all');
    one.setSending('all');
    expect(fork).toBeUndefined();
  });

  it('[ED14] keeps edits in a fork that hears the others, and publishes them as one step', () => {
    const { desks, merge } = room(1, 2);
    const [one, two] = [desks[0]!, desks[1]!];
    one.edit({ type: 'createInterval', id: 'a', at: 0, duration: 100 });
    merge();
    one.setSending('none');
    one.edit({ type: 'set', id: 'a', fields: { name: 'mine' } });
    one.edit({ type: 'setTitle', title: 'mine' });
    two.edit({ type: 'set', id: 'a', fields: { lane: 2 } });
    merge();
    expect(one.read().intervals.get('a')).toMatchObject({ name: 'mine', lane: 2 });
    expect(one.sharedScore().intervals.get('a')).toMatchObject({ name: '', lane: 2 });
    expect(one.unsent()).toEqual(['a', 'score']);
    one.publish();
    merge();
    expect(one.unsent()).toEqual([]);
    expect(two.read().intervals.get('a')).toMatchObject({ name: 'mine', lane: 2 });
    one.setSending('all');
    one.undo();
    expect(one.read()).toMatchObject({ title: '' });
    expect(one.read().intervals.get('a')).toMatchObject({ name: '', lane: 2 });
  });

  it('[ED14] drops what was not sent', () => {
    const { desks } = room(1);
    const [desk] = [desks[0]!];
    desk.edit({ type: 'setTitle', title: 'ours' });
    desk.setSending('none');
    desk.edit({ type: 'setTitle', title: 'mine' });
    desk.drop();
    expect(desk.read().title).toBe('ours');
    desk.setSending('all');
    expect(desk.read().title).toBe('ours');
  });
});

describe('changes', () => {
  it('[ED15] says whether the temporal skeleton is touched', () => {
    const { desks } = room(1);
    const [desk] = [desks[0]!];
    const changes: boolean[] = [];
    desk.edit({ type: 'setTitle', title: 'x' });
    desk.onChange(({ isStructural }) => changes.push(isStructural));
    desk.edit({ type: 'createInterval', id: 'a', duration: 10 });
    desk.edit({ type: 'set', id: 'a', fields: { name: 'x' } });
    desk.edit({ type: 'resizeInterval', id: 'a', duration: 20 });
    desk.edit({ type: 'setTrigger', id: 'root.end.sync', expression: 'x' });
    expect(changes).toEqual([true, false, true, true]);
  });

  it('[ED15] so are signatures, grids, the tempo and curves of tempo; curves of values are not', () => {
    const { desks } = room(1);
    const [desk] = [desks[0]!];
    for (const type of ['tempo', 'automation'] as const)
      desk.edit({ type: 'createProcess', id: type, interval: 'root', process: { type } });
    const changes: boolean[] = [];
    desk.onChange(({ isStructural }) => changes.push(isStructural));
    desk.edit({ type: 'set', id: 'root', fields: { quantisation: 1 } });
    desk.edit({ type: 'nudge', id: 'score', field: 'tempo', by: 3 });
    desk.edit({ type: 'setPoint', process: 'tempo', x: 0, y: 0.5 });
    desk.edit({ type: 'setPoint', process: 'automation', x: 0, y: 0.5 });
    expect(changes).toEqual([true, true, true, false]);
  });
});

it('[ED15] so are the policies that say whose time it is and what is waited for, and groups that come and go', () => {
  const { desks } = room(1);
  const [desk] = [desks[0]!];
  desk.edit({ type: 'createInterval', id: 'a', duration: 10 });
  const changes: boolean[] = [];
  desk.onChange(({ isStructural }) => changes.push(isStructural));
  desk.edit({ type: 'createGroup', id: 'g', name: 'G' });
  for (const policies of [{ share: 'mixed' }, { order: 'sync' }, { group: 'g' }, { date: 'compensated' }, { consensus: 'all' }] as const)
    desk.edit({ type: 'setPolicies', id: 'a', policies });
  desk.edit({ type: 'set', id: 'g', fields: { name: 'H' } });
  desk.edit({ type: 'delete', ids: ['g'] });
  expect(changes).toEqual([true, true, true, true, false, false, false, true]);
});

it('[FI3] a saved score opens again, in one step that can be undone', () => {
  const { desks } = room(1, 2);
  const [one, two] = [desks[0]!, desks[1]!];
  one.edit({ type: 'createInterval', id: 'a', at: 12.3, duration: 100, name: 'A' });
  one.edit({ type: 'createTrack', id: 't', track: { name: 'Lead', volume: -3 } });
  two.edit({ type: 'createInterval', id: 'b', duration: 100 });
  expect(two.open(one.save())).toBeUndefined();
  expect({ ...two.read(), id: '' }).toEqual({ ...one.read(), id: '' });
  two.undo();
  expect([...two.read().intervals.keys()].sort()).toEqual(['b', 'root']);
  expect(two.open('{"tutti":3}')?.message).toMatch(/newer/);
  expect(two.open('{')?.message).toMatch(/not a Tutti score/);
  expect(two.open('[]')?.message).toMatch(/not a Tutti score/);
});

it('[FI2] a score that carries more than a file may opens with the smaller pieces of it', () => {
  const { desks } = room(1, 2);
  const [one, two] = [desks[0]!, desks[1]!];
  for (let i = 0; i < 18; i++) {
    const process = { type: 'text' as const, foreign: JSON.stringify('x'.repeat(1_000_000 - i)) };
    expect(one.edit({ type: 'createProcess', id: `p${i}`, interval: 'root', process })).toHaveProperty('created');
  }
  expect(two.open(one.save())).toBeUndefined();
  const kept = [...two.read().processes.values()].filter(({ foreign }) => foreign !== undefined).map(({ id }) => id);
  expect([two.read().processes.size, kept.length, kept.includes('p17'), kept.includes('p0')]).toEqual([19, 16, true, false]);
});

describe('the room’s document in place of ours', () => {
  /** Of one state for the other: under one's own number something else stands there. */
  function forgedFor(desk: ReturnType<typeof room>['desks'][number], write: () => void): Y.Doc {
    const theirs = createDocument(createDraw(9));
    Y.applyUpdate(theirs, Y.encodeStateAsUpdate(desk.shared));
    const forger = createDocument(createDraw(10));
    Y.applyUpdate(forger, Y.encodeStateAsUpdate(desk.shared));
    forger.clientID = desk.shared.clientID;
    const before = Y.getState(forger.store, forger.clientID);
    write();
    const wrote = Y.getState(desk.shared.store, desk.shared.clientID) - before;
    for (let i = 0; i < wrote; i++) forger.getMap('meta').set(`forged${i}`, i);
    Y.applyUpdate(theirs, Y.encodeStateAsUpdate(forger));
    expect(Y.encodeStateVector(theirs)).toHaveLength(Y.encodeStateVector(desk.shared).length);
    return theirs;
  }

  it('[SY11] has what we wrote last done again, and nothing that is in it', () => {
    const one = room(1).desks[0]!;
    seed(one.shared, createDraw(4));
    one.edit({ type: 'createInterval', id: 'a', at: 100, duration: 100 });
    one.edit({ type: 'setTitle', title: 'before' });
    const theirs = forgedFor(one, () => {
      one.edit({ type: 'createInterval', id: 'b', at: 300, duration: 100 });
      one.edit({ type: 'set', id: 'b', fields: { name: 'mine' } });
    });
    theirs.getMap('meta').set('title', 'theirs');
    expect(one.adopt(theirs)).toBe(2);
    expect(one.shared).toBe(theirs);
    expect(one.read().title).toBe('theirs');
    expect(one.read().intervals.get('b')?.name).toBe('mine');
    expect([...one.read().intervals.keys()].filter((id) => id === 'a' || id === 'b')).toHaveLength(2);
    expect(one.adopt(forgedFor(one, () => undefined))).toBe(0);
  });

  it('[SY11] keeps unsent edits unsent', () => {
    const one = room(1).desks[0]!;
    seed(one.shared, createDraw(4));
    one.edit({ type: 'createInterval', id: 'a', at: 100, duration: 100 });
    one.setSending('none');
    one.edit({ type: 'set', id: 'a', fields: { name: 'unsent' } });
    one.adopt(forgedFor(one, () => undefined));
    expect(one.sending).toBe('none');
    expect(one.sharedScore().intervals.get('a')?.name).toBe('');
    expect(one.unsent()).toEqual(['a']);
    one.publish();
    expect(one.sharedScore().intervals.get('a')?.name).toBe('unsent');
  });
});

it('[ED12] [FI2] a file of ossia comes as one step, with a report; one that is none changes nothing', () => {
  const { desks } = room(1);
  const [desk] = [desks[0]!];
  desk.edit({ type: 'createInterval', id: 'mine', duration: 100 });
  const before = desk.read();
  expect(desk.import('{"Document": 7}', {})).toHaveProperty('issue');
  expect(desk.read()).toBe(before);
  const result = desk.import(
    readFileSync(new URL('../../fixtures/ossia/17-loops-and-out-of-time__lesson-17.score', import.meta.url), 'utf8'),
    { title: 'Lesson' },
  );
  if ('issue' in result) throw new Error(result.issue.message);
  expect(result.report.lines.length).toBeGreaterThan(0);
  expect(desk.read().intervals.has('mine')).toBe(false);
  desk.undo();
  expect(desk.read().intervals.has('mine')).toBe(true);
});
