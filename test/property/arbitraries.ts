import fc from 'fast-check';
import * as Y from 'yjs';
import { edit } from '../../src/crdt/edit.ts';
import { read } from '../../src/crdt/read.ts';
import { ALL, COMBINATIONS, INSTRUMENTS, WAVEFORMS } from '../../src/crdt/score.ts';
import type { ObjectId, Score } from '../../src/crdt/score.ts';
import type { Command } from '../../src/crdt/command.ts';
import { createDraw } from '../sim/random.ts';
import type { Draw } from '../sim/random.ts';

/**
 * Random scores and commands. Commands are drawn by a seeded draw against a score, so that they mostly make sense in it;
 * fast-check chooses the seeds and shrinks the numbers of steps.
 */
export function drawCommand(draw: Draw, score: Score): Command {
  const one = <T>(map: ReadonlyMap<string, T>): string => draw.pick([...map.keys()]);
  const ms = (): number => draw.int(0, 5000);
  const interval = (): ObjectId => one(score.intervals);
  const process = (type: string): ObjectId => {
    const ids = [...score.processes.values()].filter((each) => each.type === type).map(({ id }) => id);
    return ids.length > 0 ? draw.pick(ids) : 'none';
  };
  const lane = draw.int(0, 6);
  const maybe = <T>(value: T): T | undefined => (draw.chance(0.5) ? value : undefined);
  const given = <T extends object>(fields: T): T =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
  const commands: readonly (() => unknown)[] = [
    () => given({ type: 'createInterval', scenario: maybe(process('scenario')), at: ms(), duration: ms() + 1, lane, name: maybe('Part') }),
    () => given({ type: 'createInterval', from: one(score.states), duration: ms() + 1, name: 'Next' }),
    () => given({ type: 'createInterval', from: one(score.states), to: one(score.states), duration: ms() + 1, isTransition: maybe(true) }),
    () => ({ type: 'moveInterval', id: interval(), at: draw.chance(0.2) ? 0 : ms(), lane }),
    () => ({ type: 'resizeInterval', id: interval(), duration: ms() }),
    () => ({ type: 'moveSync', id: one(score.syncs), at: ms() }),
    () => ({ type: 'setTrigger', id: one(score.syncs), expression: draw.pick(['', '%keys:/space% == true', null]) }),
    () => ({ type: 'createEvent', sync: one(score.syncs), condition: draw.pick(['', '%keys:/a% == true']) }),
    () => ({ type: 'createState', event: one(score.events), lane }),
    () => ({ type: 'createProcess', interval: interval(), process: drawProcess(draw) }),
    () => ({ type: 'createProcess', interval: interval(), process: { type: 'scenario' } }),
    () => ({
      type: 'set',
      id: interval(),
      fields: draw.pick([
        { name: 'Renamed' },
        { speed: 2 },
        { isRigid: false },
        { min: 705_600 * ms() },
        { max: 705_600 * ms(), isMuted: true },
      ]),
    }),
    () => ({
      type: 'delete',
      ids: [one(draw.pick<ReadonlyMap<string, unknown>>([score.intervals, score.syncs, score.events, score.states, score.processes]))],
    }),
    () => ({
      type: 'setMessage',
      state: one(score.states),
      address: 'sound:/lead/volume',
      value: draw.pick([1, true, 'x', [1, 2], { impulse: true }]),
    }),
    () => ({ type: 'setPoint', process: process('automation'), x: draw.next(), y: draw.next() }),
    () => ({ type: 'setNote', process: process('notes'), start: ms(), duration: ms(), pitch: draw.int(0, 127), velocity: draw.next() }),
    () => ({ type: 'setInput', process: process('shader'), name: draw.pick(['speed', 'hue']), value: draw.next() }),
    () => ({ type: 'createGroup', name: draw.pick(['sound', 'picture']) }),
    () => ({ type: 'createTrack', track: { name: 'Lead', instrument: draw.pick(INSTRUMENTS), volume: draw.int(-60, 12) } }),
    () => ({ type: 'nudge', id: 'score', field: 'tempo', by: draw.int(-10, 10) }),
    () => ({ type: 'setTempo', tempo: draw.int(20, 500) }),
    () => ({ type: 'setTitle', title: draw.pick(['', 'One', 'Two']) }),
    () => ({
      type: 'setPolicies',
      id: interval(),
      policies: { group: draw.pick([ALL, null, ...score.groups.keys()]), consensus: draw.pick(['majority', null]) },
    }),
  ];
  // The first eleven shape the graph, where most can go wrong.
  return (draw.chance(0.6) ? commands[draw.int(0, 10)]! : draw.pick(commands))() as Command;
}

export function drawProcess(draw: Draw): unknown {
  const processes: readonly unknown[] = [
    {
      type: 'automation',
      address: 'sound:/lead/volume',
      points: [
        { x: 0, y: draw.next() },
        { x: 1, y: draw.next(), curve: 2 },
      ],
    },
    { type: 'lfo', address: 'sound:/lead/pan', waveform: draw.pick(WAVEFORMS), frequency: draw.between(0.01, 100) },
    {
      type: 'notes',
      address: 'sound:/lead',
      isLooping: draw.chance(0.5),
      notes: [{ start: 0, duration: 7_056_000, pitch: 60, velocity: 1 }],
    },
    { type: 'shader', name: 'Plasma', source: 'vec4 render(vec2 uv) { return vec4(1.); }' },
    { type: 'pit', name: 'Crowd', combination: draw.pick(COMBINATIONS), isAlways: draw.chance(0.5) },
  ];
  return draw.pick(processes);
}

/** Does up to `steps` random commands; those that make no sense are refused and change nothing. */
export function scribble(doc: Y.Doc, draw: Draw, steps: number): void {
  for (let i = 0; i < steps; i++) edit(doc, drawCommand(draw, read(doc)), draw, 'scribble');
}

/** A valid score that people may have made. */
export const arbitraryScore = (stepsMax = 40): fc.Arbitrary<Score> =>
  fc.tuple(fc.integer(), fc.integer({ min: 0, max: stepsMax })).map(([seed, steps]) => {
    const doc = new Y.Doc();
    doc.clientID = 1;
    scribble(doc, createDraw(seed), steps);
    return read(doc);
  });

const hostileId = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  'a/b',
  'root',
  'root.scenario',
  'root.scenario.start.sync',
  'a.start.sync',
  'a.start.event',
  'x'.repeat(300),
);
/** Few names, so that random edges meet random objects. */
const anyId = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h') },
  { weight: 1, arbitrary: hostileId },
);
const hostileValue = fc.oneof(
  fc.constantFrom(NaN, Infinity, -Infinity, -1, 1e300, -0, null, true, '', [], {}, { impulse: true }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Fields of an object that may be right or not. */
export const wildEntry: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc.record(
  {
    kind: fc.oneof(
      {
        weight: 12,
        arbitrary: fc.constantFrom('interval', 'interval', 'interval', 'sync', 'sync', 'event', 'event', 'state', 'state', 'process'),
      },
      { weight: 1, arbitrary: hostileValue },
    ),
    type: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom('scenario', 'automation', 'lfo', 'notes', 'shader', 'pit') },
      { weight: 1, arbitrary: hostileValue },
    ),
    scenario: fc.oneof(
      { weight: 5, arbitrary: fc.constant('root.scenario') },
      { weight: 2, arbitrary: anyId },
      { weight: 1, arbitrary: hostileValue },
    ),
    interval: fc.oneof({ weight: 2, arbitrary: fc.constant('root') }, { weight: 3, arbitrary: anyId }),
    start: anyId,
    end: anyId,
    sync: anyId,
    event: anyId,
    isTransition: fc.oneof(fc.boolean(), hostileValue),
    nominal: fc.oneof(fc.nat(10_000_000), hostileValue),
    min: hostileValue,
    max: hostileValue,
    isRigid: fc.boolean(),
    key: anyId,
    rank: fc.oneof(fc.string(), hostileValue),
    date: hostileValue,
    trigger: hostileValue,
    'policy.group': anyId,
    points: fc.dictionary(anyId, fc.oneof(fc.array(hostileValue, { minLength: 3, maxLength: 3 }), hostileValue)),
    messages: fc.dictionary(anyId, fc.tuple(hostileValue, fc.constantFrom('a:/b', 'c'), hostileValue)),
  },
  { requiredKeys: ['kind'] },
);

/** Right objects with wrong edges: loops, states claimed twice, keys used twice, scenarios inside themselves. */
export const tangledDoc: fc.Arbitrary<Y.Doc> = fc
  .record({
    intervals: fc.array(
      fc.record({
        start: fc.nat(4),
        end: fc.nat(4),
        isTransition: fc.nat(9),
        nominal: fc.integer({ min: 1, max: 10 }),
        scenario: fc.nat(6),
      }),
      { maxLength: 12 },
    ),
    processes: fc.array(
      fc.record({
        interval: fc.nat(12),
        type: fc.constantFrom('scenario', 'shader', 'pit', 'shader'),
        key: fc.constantFrom('a', 'a-2', 'b'),
      }),
      { maxLength: 8 },
    ),
  })
  .map(({ intervals, processes }) => {
    const doc = Object.assign(new Y.Doc(), { [fc.toStringMethod]: () => fc.stringify({ intervals, processes }) });
    doc.clientID = 1;
    const put = (id: string, fields: object): void => void doc.getMap('objects').set(id, new Y.Map(Object.entries(fields)));
    const scenarios = ['root.scenario', ...processes.map((_, i) => `p${i}`)];
    for (const scenario of scenarios) {
      for (let i = 0; i < 5; i++) {
        put(`${scenario}s${i}`, { kind: 'sync', scenario, date: i });
        put(`${scenario}e${i}`, { kind: 'event', scenario, sync: i === 0 ? `${scenario}.start.sync` : `${scenario}s${i}` });
        put(`${scenario}t${i}`, { kind: 'state', scenario, event: `${scenario}e${i}` });
      }
    }
    intervals.forEach(({ start, end, isTransition, nominal, scenario: index }, i) => {
      const scenario = scenarios[index < 4 ? 0 : index % scenarios.length]!;
      put(`i${i}`, {
        kind: 'interval',
        scenario,
        start: `${scenario}t${start}`,
        end: `${scenario}t${end}`,
        nominal: nominal * 1e6,
        isTransition: isTransition === 0,
      });
    });
    processes.forEach(({ interval, type, key }, i) =>
      put(`p${i}`, { kind: 'process', interval: interval === 12 ? 'root' : `i${interval}`, type, key }),
    );
    return doc;
  });

/** A document with anything whatsoever under the names of a score's. */
export const wildDoc: fc.Arbitrary<Y.Doc> = fc.integer({ min: 0, max: 9 }).chain((odds) => wildDocOf(odds === 0));

/** hasArray: one of the names may be a list, which only code of another kind makes. */
export const wildDocOf = (hasArray: boolean, clientID = 1): fc.Arbitrary<Y.Doc> =>
  fc
    .record({
      objects: fc.dictionary(anyId, fc.oneof({ weight: 12, arbitrary: wildEntry }, { weight: 1, arbitrary: hostileValue }), {
        maxKeys: 20,
      }),
      groups: fc.dictionary(anyId, wildEntry, { maxKeys: 3 }),
      tracks: fc.dictionary(anyId, wildEntry, { maxKeys: 3 }),
      registers: fc.dictionary(
        fc.constantFrom('score/tempo', 'score/tempo//1', 'a/volume', 'a/volume/e/1', 'x'),
        fc.oneof(hostileValue, fc.record({ epoch: fc.constantFrom('', 'e', 7), base: hostileValue })),
      ),
      meta: fc.dictionary(fc.constantFrom('id', 'title', 'schema'), hostileValue),
      root: fc.dictionary(fc.constantFrom('nominal', 'scenario', 'start', 'end', 'trigger', 'isTransition'), hostileValue),
      array: hasArray
        ? fc.constantFrom('objects', 'groups', 'tracks', 'registers', 'meta', 'root', 'root.start.state.messages')
        : fc.constant(null),
    })
    .map(({ array, root, ...parts }) => {
      const doc = Object.assign(new Y.Doc(), { [fc.toStringMethod]: () => fc.stringify({ array, root, ...parts }) });
      doc.clientID = clientID;
      if (array !== null) doc.getArray(array).insert(0, [1]);
      for (const [name, entries] of Object.entries({ ...parts, root })) {
        if (name === array) continue;
        const map = doc.getMap(name);
        const isFlat = name === 'registers' || name === 'meta' || name === 'root';
        for (const [id, entry] of Object.entries(entries)) map.set(id, isFlat ? ordinary(entry) : toType(entry));
      }
      return doc;
    });

/** With the prototype of every object: fast-check also makes some without, which Yjs does not take. */
const ordinary = (value: unknown): unknown => structuredClone(value);

/** Plain fields as nested maps, where they are fields at all. */
function toType(wild: unknown): unknown {
  const entry = ordinary(wild);
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry) || !('kind' in entry)) return entry;
  const fields = Object.entries(entry).map(([name, value]) => {
    const isNested = (name === 'points' || name === 'messages') && typeof value === 'object' && value !== null;
    return [
      name,
      isNested ? new Y.Map(Object.entries(value as object)) : name === 'rank' && value === '' ? new Y.Text('x') : value,
    ] as const;
  });
  return new Y.Map<unknown>(fields);
}

/** JSON that looks more or less like a command. */
export const wildCommand: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.record({
    type: fc.constantFrom(
      ...[
        'createInterval',
        'moveInterval',
        'resizeInterval',
        'moveSync',
        'setTrigger',
        'createEvent',
        'createState',
        'createProcess',
        'set',
        'delete',
        'setMessage',
      ],
      ...[
        'deleteMessage',
        'setPoint',
        'deletePoint',
        'setNote',
        'deleteNote',
        'setInput',
        'deleteInput',
        'createGroup',
        'createTrack',
        'nudge',
        'setTitle',
        'setTempo',
      ],
      ...['setPolicies', 'replace', 'batch', 'toString', '__proto__'],
    ),
    id: anyId,
    ids: fc.array(anyId),
    scenario: fc.constantFrom('root.scenario', 'a', undefined),
    interval: fc.constantFrom('root', 'a'),
    from: fc.constantFrom('root.start.state', 'root.scenario.start.state', 'a', undefined),
    to: fc.constantFrom('root.end.state', 'b', undefined),
    at: hostileValue,
    duration: fc.oneof(fc.nat(1000), hostileValue),
    expression: hostileValue,
    sync: fc.constantFrom('root.end.sync', 'root.scenario.start.sync', 'a'),
    event: fc.constantFrom('root.scenario.start.event', 'a'),
    state: fc.constantFrom('root.start.state', 'a'),
    process: fc.oneof(
      anyId,
      fc.record({
        type: fc.constantFrom('scenario', 'automation', 'notes', 'shader', 'pit', 'toString'),
        points: hostileValue,
        notes: hostileValue,
        policies: hostileValue,
        name: hostileValue,
      }),
    ),
    fields: fc.dictionary(fc.constantFrom('name', 'speed', 'nominal', 'scenario', 'kind', 'key', '__proto__', 'volume'), hostileValue),
    track: fc.dictionary(fc.constantFrom('name', 'volume', 'key', 'policies', 'id'), hostileValue),
    file: fc.oneof(
      hostileValue,
      fc.record({
        tutti: fc.constantFrom(1, 2, '1'),
        objects: fc.dictionary(anyId, fc.oneof(wildEntry, hostileValue)),
        tracks: hostileValue,
      }),
    ),
    commands: fc.array(fc.constant({ type: 'setTitle', title: 'x' })),
    policies: hostileValue,
    name: fc.oneof(fc.string(), hostileValue),
    value: hostileValue,
    address: fc.constantFrom('a:/b', 'a', 7),
    field: fc.constantFrom('tempo', 'volume', 'x'),
    by: hostileValue,
    title: hostileValue,
    tempo: hostileValue,
  }),
);
