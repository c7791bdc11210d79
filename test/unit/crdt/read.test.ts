import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { flicks } from '../../../src/base.ts';
import { edit } from '../../../src/crdt/edit.ts';
import { read } from '../../../src/crdt/read.ts';
import { graphOf } from '../../../src/crdt/graph.ts';
import { ROOT } from '../../../src/crdt/score.ts';
import { createDraw } from '../../sim/random.ts';

/** Instants a, b, c (sync, event, state each) in the root scenario; a and c are where nothing comes before. */
function open(entries: Readonly<Record<string, object>>) {
  const doc = new Y.Doc();
  const put = (id: string, fields: object) =>
    doc.getMap('objects').set(id, new Y.Map(Object.entries({ scenario: ROOT.scenario, ...fields })));
  for (const name of ['a', 'b', 'c']) {
    put(`${name}.sync`, { kind: 'sync', date: flicks(1000) });
    put(`${name}.event`, { kind: 'event', sync: `${name}.sync` });
    put(name, { kind: 'state', event: `${name}.event` });
  }
  for (const [id, entry] of Object.entries(entries)) put(id, entry);
  return read(doc);
}
const interval = (start: string, end: string, fields: object = {}) => ({ kind: 'interval', start, end, nominal: flicks(500), ...fields });

describe('edges', () => {
  it('[SC4] one state, one interval on each side: further ones get a state of their own on the same event', () => {
    const score = open({ y: interval('a', 'b'), x: interval('a', 'c') });
    expect(score.intervals.get('x')?.start).toBe('a');
    expect(score.intervals.get('y')?.start).toBe('a~y');
    expect(score.states.get('a~y')?.event).toBe('a.event');
    expect(score.issues).toMatchObject([{ where: 'y' }]);
  });

  it('[SC4] an interval whose end is gone gets a new one', () => {
    const score = open({ x: interval('a', 'nowhere') });
    expect(score.states.get(score.intervals.get('x')!.end)).toMatchObject({ id: 'x~end', messages: [] });
  });

  it('[SC6] of two intervals that make a loop one is cut, the same on every peer', () => {
    const score = open({ x: interval('a', 'b'), y: interval('b', 'a') });
    expect(score.intervals.get('x')?.end).toBe('b');
    expect(score.intervals.get('y')?.end).toBe('y~end');
  });

  it('[SC6] a transition may lead back', () => {
    const score = open({ x: interval('a', 'b'), y: interval('b', 'a', { isTransition: true }) });
    expect(score.intervals.get('y')?.end).toBe('a');
    expect(score.issues).toEqual([]);
  });

  it('[SC3] scenarios inside each other are left out', () => {
    const score = open({
      x: interval('a', 'b', { scenario: 'q' }),
      p: { kind: 'process', type: 'scenario', interval: 'y' },
      q: { kind: 'process', type: 'scenario', interval: 'y' },
      y: interval('a', 'b', { scenario: 'p' }),
    });
    expect([...score.processes.keys()]).toEqual([ROOT.scenario]);
    expect([...score.intervals.keys()]).toEqual([ROOT.interval]);
    expect(score.issues.length).toBeGreaterThan(0);
  });

  it('[SC15] scenarios that lie too deep are left out with all in them, and no edit makes one', () => {
    const doc = new Y.Doc();
    const objects = doc.getMap('objects');
    const [DEEP, LIMIT] = [500, 64];
    for (let i = 1; i < DEEP; i++) {
      const scenario = i === 1 ? ROOT.scenario : `s${i}`;
      objects.set(`i${i}`, new Y.Map(Object.entries({ ...interval(`${scenario}.start.state`, ''), scenario })));
      objects.set(`s${i + 1}`, new Y.Map(Object.entries({ kind: 'process', type: 'scenario', interval: `i${i}` })));
    }
    const score = read(doc);
    expect(score.processes.size).toBe(LIMIT);
    expect(score.intervals.has(`i${LIMIT}`)).toBe(true);
    expect(score.intervals.has(`i${LIMIT + 1}`)).toBe(false);
    expect(score.issues[0]).toMatchObject({ where: `s${LIMIT + 1}` });
    const scenario = { type: 'createProcess', interval: `i${LIMIT}`, process: { type: 'scenario' } };
    expect(edit(doc, scenario, createDraw(1), 'x')).toMatchObject({ issue: { where: `i${LIMIT}` } });
    expect('issue' in edit(doc, { ...scenario, interval: `i${LIMIT - 1}` }, createDraw(1), 'x')).toBe(false);
  });
});

it('[SC5] flags override numbers', () => {
  const numbers = { min: flicks(300), max: flicks(900) };
  const bounds = (fields: object) => {
    const { min, max } = open({ x: interval('a', 'b', { ...numbers, ...fields }) }).intervals.get('x')!;
    return [min, max];
  };
  expect(bounds({})).toEqual([flicks(500), flicks(500)]);
  expect(bounds({ isRigid: false })).toEqual([flicks(300), flicks(900)]);
  expect(bounds({ isRigid: false, isMinNull: true, isMaxInfinite: true })).toEqual([0, Infinity]);
  expect(bounds({ isRigid: false, min: flicks(2000) })).toEqual([flicks(900), flicks(900)]);
  expect(bounds({ isRigid: false, min: NaN, max: -5 })).toEqual([0, 0]);
});

it('[SC7] dates follow the longest way; a sync with nothing before it keeps its own', () => {
  const score = open({ x: interval('a', 'b'), y: interval('b', 'c'), z: interval('a', 'c', { nominal: flicks(1200) }) });
  const date = (id: string) => score.syncs.get(id)!.date;
  expect(['a.sync', 'b.sync', 'c.sync'].map(date)).toEqual([1000, 1500, 2200].map(flicks));
  expect(score.intervals.get('y')?.date).toBe(flicks(1500));
  expect(
    graphOf(score)
      .before('c.sync')
      .map(({ id }) => id),
  ).toEqual(['y', 'z']);
});

it('[SC9] keys are unique: the first by id keeps its own', () => {
  const shader = (key: string) => ({ kind: 'process', type: 'shader', interval: ROOT.interval, key });
  const score = open({ p: shader('sea'), o: shader('sea'), q: shader(''), r: shader('sea-2') });
  const keys = [...score.processes.values()].flatMap((process) => (process.type === 'shader' ? [[process.id, process.key]] : []));
  expect(keys).toEqual([
    ['o', 'sea'],
    ['p', 'sea-3'],
    ['q', 'shader-1'],
    ['r', 'sea-2'],
  ]);
});

it('[SC10] hostile ids and a list where a map should be harm nobody', () => {
  const doc = new Y.Doc();
  doc.getArray('tracks').push([1]);
  doc.getMap('objects').set('__proto__', new Y.Map([['kind', 'interval']]));
  doc.getMap('objects').set('x'.repeat(1000), 7);
  doc.getMap('groups').set('all', new Y.Map([['name', 'mine']]));
  const score = read(doc);
  expect(score.intervals.size).toBe(1);
  expect(score.groups.size).toBe(0);
  expect(({} as Record<string, unknown>)['kind']).toBeUndefined();
});

it('[SC2] an event on a sync that reading made up is left out, whether or not all is read', () => {
  const doc = new Y.Doc();
  const put = (id: string, fields: object) =>
    doc.getMap('objects').set(id, new Y.Map(Object.entries({ scenario: ROOT.scenario, ...fields })));
  put('i', { kind: 'interval', start: 'root.scenario.start.state', end: 'gone' });
  const before = read(doc);
  const { sync } = before.events.get(before.states.get(before.intervals.get('i')!.end)!.event)!;
  put('e', { kind: 'event', sync });
  expect(read(doc).events.has('e')).toBe(false);
  expect(read(doc).issues).toMatchObject([{ where: 'e' }, { where: 'i' }]);
});

it('[SC2] what was repaired elsewhere, cables included, does not make an edit look at all', () => {
  const doc = new Y.Doc();
  const put = (id: string, fields: object) => doc.getMap('objects').set(id, new Y.Map(Object.entries(fields)));
  put('i', { kind: 'interval', scenario: ROOT.scenario, start: 'gone', end: 'gone' });
  put('p', { kind: 'process', type: 'lfo', interval: ROOT.interval });
  put('q', { kind: 'process', type: 'lfo', interval: 'gone' });
  doc.getMap('cables').set('c', new Y.Map(Object.entries({ fromProcess: 'p', fromPort: 'out', toProcess: 'q', toPort: 'in' })));
  const before = read(doc);
  expect(before.issues).toHaveLength(4);
  (doc.getMap('objects').get('p') as Y.Map<unknown>).set('frequency', 7);
  const after = read(doc);
  expect(after.processes.get('p')).toMatchObject({ frequency: 7 });
  expect(after.intervals).toBe(before.intervals);
  expect(after.issues).toBe(before.issues);
  doc.getMap('objects').delete('q');
  expect(read(doc).issues).toHaveLength(3);
});
