import fc from 'fast-check';
import * as Y from 'yjs';
import { PROCESS_TYPE_NAMES } from '../../src/crdt/catalogue.ts';
import { NESTED } from '../../src/crdt/doc.ts';

/** Documents and commands that nobody of good will makes. */

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

const KINDS = ['interval', 'interval', 'interval', 'sync', 'sync', 'event', 'event', 'state', 'state', 'process', 'process', 'comment'];

const anyTuples = fc.dictionary(
  fc.oneof(anyId, fc.constantFrom('0', '1', '0.l0', '1.l1')),
  fc.oneof(fc.array(hostileValue, { minLength: 1, maxLength: 5 }), hostileValue),
);

/** Fields of an object that may be right or not. */
export const wildEntry: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc.record(
  {
    kind: fc.oneof(
      {
        weight: 12,
        arbitrary: fc.constantFrom(...KINDS),
      },
      { weight: 1, arbitrary: hostileValue },
    ),
    type: fc.oneof({ weight: 8, arbitrary: fc.constantFrom('scenario', ...PROCESS_TYPE_NAMES) }, { weight: 1, arbitrary: hostileValue }),
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
    stops: anyTuples,
    knots: anyTuples,
    steps: anyTuples,
    patterns: anyTuples,
    ports: hostileValue,
    signatures: fc.oneof(hostileValue, fc.constant([{ date: 0, numerator: 3, denominator: 4 }])),
    quantisation: fc.oneof(hostileValue, fc.constant(0.5)),
    foreign: hostileValue,
    text: hostileValue,
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
      cables: fc.dictionary(
        anyId,
        fc.record({
          fromProcess: anyId,
          fromPort: fc.constantFrom('out', 'x'),
          toProcess: anyId,
          toPort: fc.constantFrom('in', 'amount', 'x'),
          timing: hostileValue,
        }),
        { maxKeys: 4 },
      ),
      devices: fc.dictionary(
        anyId,
        fc.record({
          name: anyId,
          parameters: fc.dictionary(fc.constantFrom('/a', 'b', '__proto__'), fc.oneof(hostileValue, fc.record({ min: hostileValue }))),
        }),
        { maxKeys: 3 },
      ),
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

/** What entries have, and plain values have not. */
const MARKS = ['kind', 'fromProcess', 'parameters'];

/** Plain fields as nested maps, where they are fields at all. */
function toType(wild: unknown): unknown {
  const entry = ordinary(wild);
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry) || !MARKS.some((mark) => mark in entry)) return entry;
  const fields = Object.entries(entry).map(([name, value]) => {
    const isNested = (NESTED as readonly string[]).includes(name) && typeof value === 'object' && value !== null && !Array.isArray(value);
    return [
      name,
      isNested
        ? new Y.Map(Object.entries(value as object).map(([key, item]) => [key, ordinary(item)]))
        : name === 'rank' && value === ''
          ? new Y.Text('x')
          : ordinary(value),
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
        'setSyncTimeout',
      ],
      ...[
        'createCable',
        'createComment',
        'createDevice',
        'setParameter',
        'deleteParameter',
        'setStop',
        'setKnot',
        'deleteStop',
        'deleteKnot',
      ],
      ...['setPolicies', 'replace', 'batch', 'toString', '__proto__'],
    ),
    id: anyId,
    ids: fc.array(anyId),
    scenario: fc.constantFrom('root.scenario', 'a', undefined),
    interval: fc.constantFrom('root', 'a'),
    from: fc.constantFrom('root.start.state', 'root.scenario.start.state', 'a', undefined, { process: 'a', port: 'out' }),
    to: fc.constantFrom('root.end.state', 'b', undefined, { process: 'b', port: 'in' }),
    device: anyId,
    path: fc.constantFrom('/a', 'a'),
    parameter: fc.oneof(hostileValue, fc.dictionary(fc.constantFrom('min', 'type', '__proto__'), hostileValue)),
    parameters: hostileValue,
    text: hostileValue,
    color: hostileValue,
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
