import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { flicks } from '../../../src/base.ts';
import { CATALOGUE, PROCESS_TYPE_NAMES, hiddenFields, inletsOf } from '../../../src/crdt/catalogue.ts';
import { edit } from '../../../src/crdt/edit.ts';
import { PROCESS_TYPES } from '../../../src/crdt/fields.ts';
import type { Field } from '../../../src/crdt/fields.ts';
import { parseFile, printFile, readFile } from '../../../src/crdt/file.ts';
import { read } from '../../../src/crdt/read.ts';
import { createDraw } from '../../sim/random.ts';

function open(client = 1) {
  const doc = Object.assign(new Y.Doc(), { clientID: client });
  const draw = createDraw(client);
  return {
    doc,
    score: () => read(doc),
    run(command: object): readonly string[] {
      const result = edit(doc, command, draw, 'test');
      if ('issue' in result) throw new Error(`${result.issue.message} ${result.issue.where ?? ''}`);
      return result.created;
    },
    refused: (command: object): boolean => 'issue' in edit(doc, command, draw, 'test'),
  };
}

function patch() {
  const room = open();
  room.run({ type: 'createProcess', id: 'wave', interval: 'root', process: { type: 'lfo' } });
  room.run({ type: 'createProcess', id: 'calm', interval: 'root', process: { type: 'smooth' } });
  return room;
}
const ends = { from: { process: 'wave', port: 'out' }, to: { process: 'calm', port: 'in' } };

describe('cables', () => {
  it('[ED16] lead from an outlet to an inlet or a parameter, once, and go with either process', () => {
    const { run, score, refused } = patch();
    run({ type: 'createCable', id: 'c', ...ends });
    expect(score().cables.get('c')).toEqual({ id: 'c', ...ends, timing: 'immediate', isStrict: false });
    expect(refused({ type: 'createCable', ...ends })).toBe(true);
    expect(refused({ type: 'createCable', from: ends.to, to: ends.from })).toBe(true);
    run({
      type: 'createCable',
      id: 'd',
      from: { process: 'calm', port: 'out' },
      to: { process: 'wave', port: 'frequency' },
      timing: 'delayed',
    });
    run({ type: 'set', id: 'c', fields: { isStrict: true } });
    expect(score().cables.get('c')?.isStrict).toBe(true);
    run({ type: 'delete', ids: ['wave'] });
    expect(score().cables.size).toBe(0);
    expect(score().issues).toEqual([]);
  });

  it('[SC11] are left out when an end is gone, and one of two stays', () => {
    const { doc, run, score } = patch();
    const other = open(2);
    Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(doc));
    run({ type: 'createCable', id: 'b', ...ends });
    other.run({ type: 'createCable', id: 'a', ...ends });
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other.doc));
    expect([...score().cables.keys()]).toEqual(['a']);
    doc.getMap<Y.Map<unknown>>('objects').delete('calm');
    expect(score().cables.size).toBe(0);
    expect(score().issues.map(({ where }) => where)).toEqual(['a', 'b']);
  });
});

describe('declared devices', () => {
  it('[ED17] [SC12] have free names and parameters that are right', () => {
    const { run, score, refused } = open();
    run({ type: 'createDevice', id: 'd', name: 'Old desk', parameters: { '/a/b': { min: 0, max: 1, unit: 'gain.dB' } } });
    expect(refused({ type: 'createDevice', name: 'Old desk' })).toBe(true);
    expect(refused({ type: 'createDevice', name: 'x', parameters: { 'no path': {} } })).toBe(true);
    expect(refused({ type: 'setParameter', device: 'd', path: '/a/b', parameter: { access: 'sideways' } })).toBe(true);
    run({ type: 'setParameter', device: 'd', path: '/a/b', parameter: { max: null, value: [1, 2] } });
    run({ type: 'setParameter', device: 'd', path: '/c', parameter: { type: 'text' } });
    const parameters = score().devices.get('d')?.parameters;
    expect([...(parameters?.keys() ?? [])]).toEqual(['/a/b', '/c']);
    expect(parameters?.get('/a/b')).toMatchObject({ min: 0, value: [1, 2], unit: 'gain.dB', clip: 'free' });
    expect(parameters?.get('/a/b')).not.toHaveProperty('max');
    run({ type: 'deleteParameter', device: 'd', path: '/c' });
    run({ type: 'delete', ids: ['d'] });
    expect(score().devices.size).toBe(0);
  });

  it('[SC12] of one name, the first by id keeps it', () => {
    const [one, two] = [open(1), open(2)];
    one.run({ type: 'createDevice', id: 'b', name: 'osc' });
    two.run({ type: 'createDevice', id: 'a', name: 'osc' });
    Y.applyUpdate(one.doc, Y.encodeStateAsUpdate(two.doc));
    expect([...one.score().devices.values()].map(({ name }) => name)).toEqual(['osc', 'osc-2']);
  });
});

describe('lists', () => {
  it('[ED18] given as a whole merge item by item', () => {
    const [one, two] = [open(1), open(2)];
    one.run({ type: 'createProcess', id: 's', interval: 'root', process: { type: 'steps', steps: [0, 0.5, 1, 0.25] } });
    const lanes = [{ note: 36, hits: '1---' }];
    one.run({
      type: 'createProcess',
      id: 'p',
      interval: 'root',
      process: { type: 'pattern', patterns: [{ length: 4, division: 16, lanes }] },
    });
    Y.applyUpdate(two.doc, Y.encodeStateAsUpdate(one.doc));
    one.run({ type: 'set', id: 's', fields: { steps: [1, 0.5, 1, 0.25] } });
    two.run({ type: 'set', id: 's', fields: { steps: [0, 0.5, 1, 0] } });
    two.run({ type: 'set', id: 'p', fields: { patterns: [{ length: 8, division: 16, lanes }] } });
    one.run({ type: 'set', id: 'p', fields: { patterns: [{ length: 4, division: 16, lanes: [...lanes, { note: 38, hits: '--1-' }] }] } });
    Y.applyUpdate(one.doc, Y.encodeStateAsUpdate(two.doc));
    expect(one.score().processes.get('s')).toMatchObject({ steps: [1, 0.5, 1, 0] });
    expect(one.score().processes.get('p')).toMatchObject({
      patterns: [{ length: 8, lanes: [...lanes, { note: 38, hits: '--1-' }] }],
    });
    expect(one.refused({ type: 'set', id: 's', fields: { steps: [2] } })).toBe(true);
  });

  it('[ED9] keep stops in order of place, knots in order of the way', () => {
    const { run, score } = open();
    run({ type: 'createProcess', id: 'g', interval: 'root', process: { type: 'gradient' } });
    run({ type: 'setStop', process: 'g', id: 'late', x: 1, color: [1, 0, 0, 1] });
    run({ type: 'setStop', process: 'g', id: 'early', x: 0, color: [0, 0, 1, 1] });
    expect(score().processes.get('g')).toMatchObject({ stops: [{ id: 'early' }, { id: 'late', color: [1, 0, 0, 1] }] });
    run({ type: 'createProcess', id: 'w', interval: 'root', process: { type: 'spline' } });
    run({ type: 'setKnot', process: 'w', id: 'a', x: 1, y: 0 });
    run({ type: 'setKnot', process: 'w', id: 'c', x: -1, y: 0 });
    run({ type: 'setKnot', process: 'w', id: 'b', x: 0, y: 1, after: 'a' });
    run({ type: 'setKnot', process: 'w', id: 'a', x: 5, y: 5 });
    expect(score().processes.get('w')).toMatchObject({ points: [{ id: 'a', x: 5 }, { id: 'b' }, { id: 'c' }] });
  });
});

describe('signatures and foreign keys', () => {
  it('[ED4] [FI1] are fields like others, ordered, and in the file', () => {
    const { run, score, refused } = open();
    const waltz = { date: flicks(2000), numerator: 3, denominator: 4 };
    const march = { date: flicks(0), numerator: 4, denominator: 4 };
    run({ type: 'set', id: 'root', fields: { signatures: [waltz, march], quantisation: 0.25, foreign: '{"Zoom":1}' } });
    expect(score().intervals.get('root')?.signatures).toEqual([march, waltz]);
    expect(refused({ type: 'set', id: 'root', fields: { signatures: [{ ...waltz, denominator: 3 }] } })).toBe(true);
    run({ type: 'createComment', id: 'k', text: 'here the bells', at: 1000, lane: 2 });
    const parsed = parseFile(printFile(score()));
    if ('issue' in parsed) throw new Error(parsed.issue.message);
    expect({ ...readFile(parsed.file), id: '' }).toEqual({ ...score(), id: '' });
    expect(readFile(parsed.file).comments.get('k')).toMatchObject({ text: 'here the bells', date: flicks(1000), lane: 2 });
  });

  it('[FI1] a file of the first version opens', () => {
    const parsed = parseFile(
      JSON.stringify({ tutti: 1, title: 'Old', tempo: 90, objects: { p: { kind: 'process', type: 'lfo', interval: 'root' } } }),
    );
    if ('issue' in parsed) throw new Error(parsed.issue.message);
    expect(readFile(parsed.file).processes.get('p')).toMatchObject({ type: 'lfo', jitter: 0, quantisation: 0 });
  });
});

it('[SC13] the catalogue names each field of each type once, and nothing else', () => {
  for (const type of PROCESS_TYPE_NAMES) {
    const fields = PROCESS_TYPES[type] as Readonly<Record<string, Field<unknown>>>;
    const names = CATALOGUE[type].parameters.map(({ name }) => name);
    expect([...names, ...hiddenFields(type)].sort(), type).toEqual(Object.keys(fields).sort());
    for (const { name, kind, initial, choices, min, max } of CATALOGUE[type].parameters) {
      const field = fields[name]!;
      expect(field.accept(initial), `${type}.${name}`).toBe(initial);
      for (const choice of choices ?? []) expect(field.accept(choice)).toBe(choice);
      if (kind === 'number') expect([field.accept(min), field.accept(max), field.accept(max! + 1)]).toEqual([min, max, undefined]);
    }
  }
  expect(hiddenFields('shader')).toEqual(['key']);
  const { run, score } = patch();
  run({
    type: 'createProcess',
    id: 'o',
    interval: 'root',
    process: { type: 'opaque', ports: [{ id: 4, name: 'x', direction: 'in', type: 'value' }] },
  });
  expect(inletsOf(score().processes.get('o')!)).toEqual(['4']);
});
