import { describe, expect, it } from 'vitest';
import { flicks } from '../../../../src/base.ts';
import { exportScore } from '../../../../src/crdt/ossia/export.ts';
import { importScore } from '../../../../src/crdt/ossia/import.ts';
import { DEVICES } from '../../../../src/crdt/ossia/devices.ts';
import { faults } from '../../../property/score-faults.ts';
import { opened } from './fixtures.ts';
import { document, event, interval, scenario, state, sync, text } from './write.ts';

type Word = Readonly<Record<string, unknown>>;
const fields = (given: Word): Word => ({ Tutti: { fields: given } });
const within = (parts: Word): string => text(document([scenario(2, [interval(0, 0, 1)], parts)]));
const process = (uuid: string, given: Word): string =>
  text(document([scenario(2, [interval(0, 0, 1, { Processes: [{ uuid, id: 1, ...fields(given) }] })])]));
const root = (word: Word): string => text(document([], {}, { Tutti: word }));

const AUTOMATION = 'd2a67bd8-5d3f-404e-b6e9-e350cf2a833f';
const NOTES = 'c189e507-3afa-4a53-9369-e38860e6bb2d';
const PATTERN = '49047204-5c1e-4b54-9f43-2b583f664b2e';

const BAD: readonly (readonly [string, string])[] = [
  ['signatures that are a text', root({ fields: { signatures: 'abc' } })],
  ['signatures that are nothing', root({ fields: { signatures: [null] } })],
  ['a condition that is a number', within({ Events: [event(0), event(1, fields({ condition: 5 }))] })],
  ['a trigger that is a number', within({ TimeNodes: [sync(0), sync(1, fields({ trigger: 5 }))] })],
  ['messages that are a number', within({ States: [state(0), state(1, fields({ messages: 5 }))] })],
  ['messages that are nothing', within({ States: [state(0), state(1, fields({ messages: [null, {}] }))] })],
  ['points that are a number', process(AUTOMATION, { points: 5 })],
  ['notes that are nothing', process(NOTES, { notes: [null] })],
  ['lanes that are nothing', process(PATTERN, { patterns: [{ lanes: [null] }] })],
  ['a process without its notes', root({ processes: [{ id: 'x', type: 'notes' }] })],
  ['a process of no type', root({ processes: [{ id: 'x', type: 'constructor' }, { id: 'y' }, { type: 'notes' }] })],
  ['rules that are a text', root({ policies: 'abc', processes: [{ id: 'x', type: 'text', policies: [null] }] })],
  [
    'a declaration without words',
    JSON.stringify({
      ...document([]),
      Plugins: [
        {
          uuid: DEVICES,
          Children: [{ Device: { Name: 'dev', Protocol: 'x' }, Children: [{ Address: { Name: 'a', Tutti: {} } }] }],
        },
      ],
    }),
  ],
];

describe("Tutti's own words in a file of ossia", () => {
  it.each(BAD)('[OS1] %s do not stop an import', (_, file) => {
    const result = importScore(file);
    expect('issue' in result ? result.issue : faults(result.score)).toEqual([]);
    expect('issue' in result || 'issue' in importScore(exportScore(result.score))).toBe(false);
  });

  it('[OS6] what is right beside what is wrong is taken over', () => {
    const { score, report } = opened(
      text(
        document(
          [scenario(2, [interval(0, 0, 1, fields({ isMuted: true, speed: 1e9, name: 7 }))])],
          {},
          {
            Tutti: { processes: [{ id: 'mine', type: 'text', text: 'hello', rank: 3 }, { id: 'no' }] },
          },
        ),
      ),
    );
    expect(score.intervals.get('o.i0')).toMatchObject({ isMuted: true, speed: 100, name: '', nominal: flicks(1000) });
    expect(score.processes.get('mine')).toMatchObject({ type: 'text', text: 'hello', interval: 'root' });
    expect(report.lines).toContainEqual(expect.objectContaining({ level: 'mended', message: 'a process that is none is left out' }));
  });
});

/** How often an import looks into a set or a map: what it costs, whatever the machine does meanwhile. */
function lookUps(file: string): number {
  let count = 0;
  const originals = [Set.prototype, Map.prototype].map((prototype) => {
    const { has } = prototype;
    prototype.has = function (this: Set<unknown>, key: unknown) {
      count++;
      return has.call(this, key);
    };
    return () => (prototype.has = has);
  });
  try {
    opened(file);
  } finally {
    for (const restore of originals) restore();
  }
  return count;
}

describe('files made to take long', () => {
  const comments = (count: number): string => within({ Comments: Array.from({ length: count }, () => ({ id: 1 })) });
  it.each([
    ['comments', comments],
    ['cables', (count: number) => text(withCables(count))],
  ] as const)('[OS1] one number for all %s: four times as many cost four times as much', (_, make) => {
    expect(lookUps(make(800)) / lookUps(make(200))).toBeLessThan(5);
  });

  it.each(['<head>', '<', '<style', '</p>', '&lt'])('[OS1] a comment of nothing but %s, for megabytes, is read in one pass', (part) => {
    const { score } = opened(within({ Comments: [{ id: 1, HTMLContent: part.repeat(4e6 / part.length) }] }));
    expect(score.comments.get('o.c1')!.text.length).toBeLessThanOrEqual(65_536);
  });

  it('[OS4] comments are shown without their form', () => {
    const html = '<html><head><style>p { color: red }</style></head><body><p>a &lt; b</p><p style="x">c<br/>d</p></body></html>';
    const { score } = opened(within({ Comments: [{ id: 1, HTMLContent: html }] }));
    expect(score.comments.get('o.c1')!.text).toBe('a < b\nc\nd');
  });
});

const STEP = 'c953fa55-65f0-4b93-8bfc-54780250d2b8';
const DISPLAY = '3f4a41f2-fa39-420f-ab0f-0af6b8409edb';
/** Two processes, and cables that all have the same number. */
function withCables(count: number): Word {
  const way = (process: number, port: string): Word[] => [
    { ObjectName: 'Scenario::ScenarioDocumentModel', ObjectId: 1 },
    { ObjectName: 'Scenario::BaseScenario', ObjectId: 0 },
    { ObjectName: 'Scenario::IntervalModel', ObjectId: 0 },
    { ObjectName: 'Process', ObjectId: process },
    { ObjectName: port, ObjectId: 0 },
  ];
  const [source, sink] = [way(1, 'Outlet'), way(2, 'Inlet')];
  return document(
    [
      { uuid: STEP, id: 1, Outlet: { ObjectName: 'Outlet', id: 0 } },
      { uuid: DISPLAY, id: 2, Inlets: [{ ObjectName: 'Inlet', id: 0 }] },
    ],
    { Cables: Array.from({ length: count }, () => ({ id: 1, Type: 0, Source: source, Sink: sink })) },
  );
}
