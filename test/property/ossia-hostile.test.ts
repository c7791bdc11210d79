import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMENT, EVENT, INTERVAL, PROCESS, PROCESS_TYPES, STATE, SYNC } from '../../src/crdt/fields.ts';
import { exportScore } from '../../src/crdt/ossia/export.ts';
import { importScore } from '../../src/crdt/ossia/import.ts';
import { DEPTH_MAX, parseJson, printJson } from '../../src/crdt/ossia/json.ts';
import { NAMES, textOf } from '../unit/crdt/ossia/fixtures.ts';
import { document, interval, scenario, text } from '../unit/crdt/ossia/write.ts';
import { faults } from './score-faults.ts';
import { runs } from './runs.ts';

/** Opens as a valid score that can be written again, or is refused in words. */
function survives(input: string): 'opened' | 'refused' {
  const result = importScore(input, { title: 'x' });
  if ('issue' in result) {
    expect(result.issue.message).toMatch(/\w.*[.]$/);
    return 'refused';
  }
  expect(faults(result.score)).toEqual([]);
  expect('issue' in importScore(exportScore(result.score))).toBe(false);
  return 'opened';
}

const SMALL = textOf(NAMES.find((name) => name.startsWith('17-'))!);
const BENCH = textOf(NAMES.find((name) => name.startsWith('p3-'))!);
const WILD: readonly unknown[] = [
  ...[
    null,
    true,
    -1,
    0.5,
    1e308,
    '∞',
    'inf',
    '',
    'x'.repeat(5000),
    '__proto__',
    [],
    [[]],
    {},
    { Float: 'NaN' },
    { ObjectName: 'Inlet', id: 0 },
  ],
];

const OWN: readonly unknown[] = [[null], [{}], [{ lanes: [null] }], [[0, 1]], [{ id: 'a' }, { id: 'a' }], { fields: 3 }, [{ x: 'inf' }]];
const TYPES = [...Object.keys(PROCESS_TYPES), 'constructor', '', 7] as const;
const FIELDS: readonly string[] = [
  ...new Set([
    ...[INTERVAL, SYNC, EVENT, STATE, COMMENT, PROCESS, ...Object.values(PROCESS_TYPES)].flatMap((table) => Object.keys(table)),
    ...['points', 'stops', 'notes', 'steps', 'patterns', 'inputs', 'messages', 'kind', 'id', '__proto__'],
  ]),
];

describe('wrong input', () => {
  it('[OS1] a text cut anywhere is refused, and no byte of rubbish in it throws', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: SMALL.length - 2 }), (end) => {
        expect(survives(SMALL.slice(0, end))).toBe('refused');
      }),
      runs(40),
    );
    fc.assert(
      fc.property(fc.nat(SMALL.length), fc.string({ maxLength: 12 }), (at, rubbish) => {
        survives(SMALL.slice(0, at) + rubbish + SMALL.slice(at + rubbish.length));
      }),
      { numRuns: 60 },
    );
  });

  it('[OS1] any value may be something else: what opens is a valid score', () => {
    const holes = (json: string): number => json.match(/: (?:"[^"]*"|-?\d[\d.]*|true|false|null)/g)!.length;
    fc.assert(
      fc.property(
        fc.constantFrom(SMALL, BENCH),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom(...WILD)), { minLength: 1, maxLength: 12 }),
        (file, changes) => {
          const count = holes(file);
          const wanted = new Map(changes.map(([at, value]) => [at % count, value]));
          let i = 0;
          const changed = file.replace(/: (?:"[^"]*"|-?\d[\d.]*|true|false|null)/g, (old) => {
            const value = wanted.get(i++);
            return value === undefined ? old : `: ${text({ value }).slice(9, -1)}`;
          });
          survives(changed);
        },
      ),
      runs(60),
    );
  });

  it("[OS1] Tutti's own words may say anything, anywhere", () => {
    const wild = fc.oneof(fc.constantFrom(...WILD), fc.constantFrom(...OWN), fc.jsonValue({ maxDepth: 2 }));
    const fields = fc.dictionary(fc.constantFrom(...FIELDS), wild, { maxKeys: 6 });
    const process = fc.record({ id: fc.constantFrom('x', 'o.i1', 'root', 3), type: fc.constantFrom(...TYPES), more: fields });
    const word = fc.oneof(
      wild,
      fc.record({ fields, policies: wild, id: wild, start: wild, end: wild }, { requiredKeys: ['fields'] }),
      fc.record({
        fields,
        processes: fc.array(
          process.map(({ more, ...rest }) => ({ ...more, ...rest })),
          { maxLength: 3 },
        ),
      }),
      fc.record({ groups: wild, tracks: wild, cables: wild, devices: wild, title: wild, tempo: wild }),
    );
    const words = fc.array(fc.tuple(fc.nat(), word), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.constantFrom(SMALL, BENCH), words, (file, given) => {
        const objects: Record<string, unknown>[] = [];
        const json = JSON.parse(file, (_, value: unknown) => {
          if (typeof value === 'object' && value !== null && !Array.isArray(value)) objects.push(value as Record<string, unknown>);
          return value;
        }) as unknown;
        for (const [at, Tutti] of given) objects[at % objects.length]!['Tutti'] = Tutti;
        survives(JSON.stringify(json));
      }),
      { numRuns: 40 },
    );
  });

  it('[OS1] what hangs on itself, on nothing, or on what comes later opens', () => {
    const intervals = [
      interval(0, 0, 1),
      interval(1, 1, 0),
      interval(2, 2, 2),
      interval(3, 9, 9),
      interval(4, 1, 2, { StartState: null, EndState: 'x' }),
    ];
    const lost = scenario(3, intervals, { StartTimeNodeId: 77, Events: [{ id: 0, TimeNode: 5, States: [0, 1, 2] }] });
    expect(survives(text(document([lost])))).toBe('opened');
    expect(survives(text(document([scenario(0, [])])))).toBe('opened');
    expect(survives(text(document([{ uuid: 3 } as never, null as never, 'x' as never])))).toBe('opened');
  });

  it('[OS1] depth and number are limited', () => {
    expect(survives('['.repeat(1e6))).toBe('refused');
    expect(survives(`{"Document":${'{"a":'.repeat(DEPTH_MAX)}`)).toBe('refused');
    let deep = document([]);
    for (let i = 0; i < 70; i++)
      deep = document([
        scenario(2, [
          interval(0, 0, 1, {
            Processes: [
              (deep['Document'] as { BaseScenario: { Constraint: { Processes: object[] } } }).BaseScenario.Constraint.Processes[0] ??
                scenario(1, []),
            ],
          }),
        ]),
      ]);
    expect(survives(text(deep))).toBe('refused');
    const many = `[${Array.from({ length: 100_001 }, (_, id) => `{"id":${id}}`).join(',')}]`;
    expect(survives(text(document([scenario(1, [], { Comments: '§' })])).replace('"§"', many))).toBe('refused');
  });

  it('[OS1] other files are told apart', () => {
    for (const other of ['', 'null', '[]', '{}', '{"Document": 3}', '{"tutti": 2}', '<html>', '\ufeff{'])
      expect(survives(other)).toBe('refused');
  });

  it('[OS5] JSON comes back as it was, whole numbers of any length and what is no number included', () => {
    const number = fc.oneof(
      fc.double().map(String),
      fc.bigInt().map(String),
      fc.constantFrom('1.0', '-0.0', 'NaN', 'Infinity', '-Inf', '1e400', '4611686018427387903'),
    );
    const key = fc.string();
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        number,
        fc.string().map((each) => JSON.stringify(each)),
        fc.constantFrom('true', 'false', 'null'),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
      object: fc
        .uniqueArray(fc.tuple(key, tie('value')), { maxLength: 4, selector: ([name]) => name })
        .map((items) => `{${items.map(([name, item]) => `${JSON.stringify(name)}:${String(item)}`).join(',')}}`),
    }));
    fc.assert(
      fc.property(value as fc.Arbitrary<string>, (json) => {
        const parsed = parseJson(json);
        const printed = 'json' in parsed ? printJson(parsed.json) : parsed.issue.message;
        expect(printed).toBe(
          json.replace(/\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|[\ud800-\udbff](?![\udc00-\udfff])/g, '\ufffd'),
        );
      }),
      { numRuns: 300 },
    );
  });
});
