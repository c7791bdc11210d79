import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFile } from '../../src/crdt/file.ts';
import { exportScore } from '../../src/crdt/ossia/export.ts';
import { FORMS } from '../../src/crdt/ossia/forms.ts';
import { importScore } from '../../src/crdt/ossia/import.ts';
import { OTHERS } from '../../src/crdt/ossia/others.ts';
import { EASING_OF, LINEAR, POWER, WAVE_OF } from '../../src/crdt/ossia/segments.ts';
import type { Score } from '../../src/crdt/score.ts';
import { document, steps } from '../unit/crdt/ossia/write.ts';

/** Processes as ossia's writers save them, each key as its reader takes it, with ports and values of every kind. */
type Part = Readonly<Record<string, unknown>>;
const number = fc.oneof(fc.integer({ min: -3, max: 200 }), fc.double({ min: -2, max: 2, noNaN: true }));
const share = fc.double({ min: 0, max: 1, noNaN: true });
const value = fc.oneof(
  number.map((Float) => ({ Float })),
  fc.integer({ min: -5, max: 5 }).map((Int) => ({ Int })),
  fc.boolean().map((Bool) => ({ Bool })),
  fc.constantFrom('Saw', 'Sample & Hold', 'Median', 'x * 2', '(', '').map((String) => ({ String })),
  fc.constant({ Impulse: 1 }),
  fc.tuple(number, number).map((Vec2f) => ({ Vec2f })),
  fc
    .array(
      number.map((Float) => ({ Float })),
      { maxLength: 3 },
    )
    .map((Tuple) => ({ Tuple })),
  fc.constantFrom({}, null),
);
const address = fc.constantFrom<unknown>('dev:/a/b', 'dev:/c@[color.rgb]', 'dev:/c@[0]', 'my device:/x', ':', 'no address', {
  Device: 'dev',
  Path: ['a'],
});
const domain = fc.constantFrom<unknown>(
  { Float: { Min: 0, Max: 1 } },
  { Int: { Values: [1, 2] } },
  { String: { Values: ['a'] } },
  { Bool: null },
  {},
  null,
);
const PORTS = [
  ...['769dd38a-bfb3-4dc6-b52a-b6abb7afe2a3', 'a1574bb0-cbd4-4c7d-9417-0c25cfd1187b', '5ac86198-2d03-4830-9e41-a6d529922d29'],
  ...['af2b4fc3-aecb-4c15-a5aa-1c573a239925', '8b1d76c4-3838-4ac0-9b9c-c12bc5db8e8a', '12345678-0000-4000-8000-000000000000'],
];
const port = (ObjectName: 'Inlet' | 'Outlet', id: number): fc.Arbitrary<Part> =>
  fc
    .record(
      {
        uuid: fc.constantFrom(...PORTS),
        Hidden: fc.boolean(),
        Custom: fc.constantFrom('in', 'Freq.', 'Phase', 'Waveform', 'tint'),
        Address: address,
        Value: value,
        Init: value,
        Domain: domain,
      },
      { requiredKeys: ['uuid', 'Hidden'] },
    )
    .map((rest) => ({ ObjectName, id, ...rest }));
const ports = (ObjectName: 'Inlet' | 'Outlet', most: number): fc.Arbitrary<readonly Part[]> =>
  fc.integer({ min: 0, max: most }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, id) => port(ObjectName, id))));
const pair = fc.tuple(fc.double({ min: -0.1, max: 1.5, noNaN: true }), fc.double({ min: -0.2, max: 1.2, noNaN: true }));
const curve = fc
  .array(
    fc.record(
      {
        uuid: fc.constantFrom(POWER, POWER, LINEAR, ...Object.keys(EASING_OF).slice(0, 4), ...WAVE_OF.keys(), 'unknown'),
        Start: pair,
        End: pair,
        Power: fc.double({ min: 0, max: 20, noNaN: true }),
      },
      { requiredKeys: ['uuid', 'Start', 'End'] },
    ),
    { maxLength: 6 },
  )
  .map((Segments) => ({ ObjectName: 'CurveModel', id: 1, Segments }));
const color = fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 65_535 })));
/** What each reader asks for besides ports, one or the other missing. */
const payload: fc.Arbitrary<Part> = fc.record(
  {
    Curve: curve,
    Tween: fc.boolean(),
    Gradient: fc.array(fc.tuple(share, color), { maxLength: 4 }),
    Spline: fc.array(fc.tuple(number, number), { maxLength: 6 }),
    Steps: fc.array(fc.double({ min: -0.1, max: 1.1, noNaN: true }), { maxLength: 9 }),
    StepDur: fc.integer({ min: 1, max: 100_000 }),
    StepCount: fc.integer({ min: 0, max: 24 }),
    Notes: fc.array(
      fc.record({ id: fc.nat(9), Note: fc.tuple(share, share, fc.integer({ min: -1, max: 130 }), fc.integer({ min: 0, max: 127 })) }),
      { maxLength: 5 },
    ),
    Channel: fc.integer({ min: 0, max: 17 }),
    Pattern: fc.nat(3),
    Patterns: fc.array(
      fc.record({
        Length: fc.integer({ min: 0, max: 9 }),
        Division: fc.nat(32),
        Lanes: fc.constantFrom([{ Note: 255, Pattern: '-12x.F0' }], []),
      }),
      { maxLength: 2 },
    ),
    File: fc.constantFrom('<PROJECT>:a.wav', ''),
    Mode: fc.nat(7),
    SourceMin: number,
    TargetMax: number,
    Fragment: fc.constant('void main() {}'),
    Duration: fc.constantFrom<unknown>(0, 352_800_000, 705_600_000, -1),
    Loops: fc.boolean(),
    LoopDuration: fc.nat(1e9),
    StartOffset: fc.integer({ min: -5, max: 1e8 }),
    Unknown: fc.constantFrom<unknown>([1, { a: null }], 2.5, 'x'),
  },
  { requiredKeys: [] },
);
const UUIDS = [...FORMS.flatMap(({ uuids }) => uuids), ...Object.keys(OTHERS).slice(0, 20), 'ffffffff-0000-4000-8000-000000000000'];
const process = (id: number): fc.Arbitrary<Part> =>
  fc
    .record(
      {
        uuid: fc.constantFrom(...UUIDS),
        rest: payload,
        Inlets: ports('Inlet', 9),
        Outlets: ports('Outlet', 2),
        Inlet: port('Inlet', 0),
        Outlet: port('Outlet', 0),
        BangOutlet: port('Outlet', 1),
      },
      { requiredKeys: ['uuid', 'rest'] },
    )
    .map(({ rest, ...part }) => ({ ObjectName: 'fx', id, Metadata: { ScriptingName: `p${id}` }, ...part, ...rest }));
const cable = (id: number): fc.Arbitrary<Part> =>
  fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3)).map(([Type, from, out, to, into]) => ({
    ...{ ObjectName: 'Process::Cable', id, Type },
    Source: steps(...ROOT, ['fx', from], ['Outlet', out]),
    Sink: steps(...ROOT, ['fx', to], ['Inlet', into]),
  }));
const ROOT = [
  ['Scenario::ScenarioDocumentModel', 1],
  ['Scenario::BaseScenario', 0],
  ['Scenario::IntervalModel', 0],
] as const;
const file = fc
  .tuple(fc.tuple(process(0), process(1), process(2)), fc.tuple(cable(1), cable(2)))
  .map(([processes, Cables]) => document(processes, { Cables }));

const LISTS = new Set(['points', 'stops', 'notes', 'messages']);
const withoutItemIds = (score: Score): unknown =>
  JSON.parse(
    JSON.stringify(toFile(score), (key, item: unknown) =>
      LISTS.has(key) && Array.isArray(item) ? (item as readonly object[]).map((each) => ({ ...each, id: '' })) : item,
    ),
  );
const processesOf = (text: string): readonly Part[] =>
  (JSON.parse(text) as { readonly Document: { readonly BaseScenario: { readonly Constraint: { readonly Processes: readonly Part[] } } } })
    .Document.BaseScenario.Constraint.Processes;
const opened = (text: string): Score => {
  const read = importScore(text);
  if ('issue' in read) throw new Error(read.issue.message);
  return read.score;
};

describe('processes of ossia', () => {
  it('[OS5] of every kind open, whatever is missing, and go out as they came', () => {
    fc.assert(
      fc.property(file, (part) => {
        const score = opened(JSON.stringify(part));
        const text = exportScore(score);
        expect(withoutItemIds(opened(text))).toEqual(withoutItemIds(score));
        const written = processesOf(text);
        for (const given of processesOf(JSON.stringify(part))) {
          const found = written.find(({ id }) => id === given['id']);
          for (const [key, inner] of Object.entries(given)) expect(found?.[key], `${String(given['uuid'])} ${key}`).toEqual(inner);
        }
      }),
      { numRuns: 100 },
    );
  });
});
