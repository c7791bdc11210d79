import { describe, expect, it } from 'vitest';
import { flicks } from '../../../../src/base.ts';
import { toFile } from '../../../../src/crdt/file.ts';
import { exportScore } from '../../../../src/crdt/ossia/export.ts';
import { importScore } from '../../../../src/crdt/ossia/import.ts';
import type { Score } from '../../../../src/crdt/score.ts';
import { opened } from './fixtures.ts';
import { SCENARIO, document, event, interval, scenario, state, steps, sync, text } from './write.ts';

/** What a key looked like in the years of ossia's writer; each file is invented. */
type Part = Readonly<Record<string, unknown>>;
const read = (file: object): Score => opened(JSON.stringify(file)).score;

const lengths = (ms: number): Part => ({ DefaultDuration: ms, MinDuration: ms, MaxDuration: ms, Rigidity: true });
const node = (id: number, more: Part = {}): Part => ({
  ...{ ObjectName: 'TimeNodeModel', id, Date: id * 1000, Events: [id], Trigger: { Active: false, Expression: {} } },
  ...more,
});
/** In milliseconds, as all of it was until the spring of 2020. */
const oldScenario = (more: Part = {}, between: Part = {}): Part => ({
  ...{ uuid: SCENARIO, ObjectName: 'Scenario', id: 1, StartTimeNodeId: 0, StartEventId: 0, StartStateId: 0 },
  TimeNodes: [node(0), node(1)],
  Events: [event(0, { Condition: {} }), event(1, { Condition: {} })],
  States: [state(0), state(1)],
  Constraints: [{ ObjectName: 'ConstraintModel', id: 0, StartState: 0, EndState: 1, ...lengths(1500), Processes: [], ...between }],
  ...more,
});
const oldFile = (processes: readonly Part[], plugins: Part = {}, more: Part = {}): Part => ({
  Document: { BaseScenario: { Constraint: { ObjectName: 'ConstraintModel', id: 0, ...lengths(10_000), Processes: processes } }, ...more },
  Plugins: plugins,
  Version: 2,
});

describe('what the years changed', () => {
  it('[OS7] between April and September 2020 the version is 2, but lengths are flicks and plugins a list', () => {
    const file = { ...document([scenario(2, [interval(0, 0, 1)])]), Plugins: [], Version: 2 };
    expect(read(file).intervals.get('o.i0')!.nominal).toBe(flicks(1000));
    expect(read({ ...oldFile([oldScenario()]), Plugins: undefined }).intervals.get('o.i0')!.nominal).toBe(flicks(1500));
    // Neither version nor plugins: the root is a second of flicks, or ten seconds of milliseconds.
    expect(read({ ...file, Version: undefined, Plugins: undefined }).intervals.get('root')!.nominal).toBe(flicks(1000));
    expect(read({ ...oldFile([]), Version: undefined, Plugins: undefined }).intervals.get('root')!.nominal).toBe(flicks(10_000));
  });

  it('[OS7] one release of 2017 names the root, its syncs and what hangs on them otherwise', () => {
    const { TimeNodes, Events, Constraints, StartTimeNodeId, ...rest } = oldScenario();
    const moved = (Events as readonly Part[]).map(({ TimeNode, ...more }) => ({ ...more, TimeSync: TimeNode }));
    const process = { ...rest, TimeNodes, Events: moved, Intervals: Constraints, StartTimeSyncId: StartTimeNodeId };
    const score = read({
      ...oldFile([]),
      Document: {
        BaseScenario: {
          Interval: { ObjectName: 'IntervalModel', id: 0, ...lengths(10_000), Processes: [process] },
          StartTimeSync: node(0),
          EndTimeSync: node(1, { Trigger: { Active: true, Expression: {} } }),
        },
      },
    });
    expect(score.intervals.get('root')!.nominal).toBe(flicks(10_000));
    expect(score.intervals.get('o.i0')!.nominal).toBe(flicks(1500));
    expect(score.events.get('o.e1')!.sync).toBe('o.y1');
    expect(score.syncs.get('root.end.sync')!.trigger).toBe('');
    expect(score.issues).toEqual([]);
  });

  it('[OS7] conditions are trees around `Expression` until 2021, with addresses as text', () => {
    const relation = { LHS: { AddressAccessor: 'osc:/a@[1]' }, Op: 2, RHS: { Value: { Float: 0.5 } } };
    const condition = {
      Expression: { RootNode: null },
      Children: [
        {
          Expression: { BinOp: 0 },
          Children: [{ Expression: { Relation: relation } }, { Expression: { UnOp: 0 }, Children: [{ Expression: { Pulse: 'osc:/b' } }] }],
        },
      ],
    };
    for (const Version of [2, 3, 4]) {
      const events = [event(0), event(1, { Condition: condition })];
      const score = read({ ...document([scenario(2, [interval(0, 0, 1)], { Events: events })]), Plugins: [], Version });
      expect(score.events.get('o.e1')!.condition).toBe('{ { %osc:/a@[1]% > 0.5 } and { not { %osc:/b% impulse } } }');
    }
  });

  it('[OS7] a cable keeps its ends under `Data`, as paths of `Identifiers`', () => {
    const automation = {
      ...{ uuid: 'd2a67bd8-5d3f-404e-b6e9-e350cf2a833f', ObjectName: 'Automation', id: 1, Duration: 1500 },
      Outlet: { uuid: '047e4cc2-4d99-4e8b-bf98-206018d02274', ObjectName: 'Outlet', id: 0 },
    };
    const mapping = {
      ...{ uuid: '12a5d9b8-823e-4303-99f8-34db37c448b4', ObjectName: 'Mapping', id: 2, Duration: 1500 },
      Inlet: { uuid: '769dd38a-bfb3-4dc6-b52a-b6abb7afe2a3', ObjectName: 'Inlet', id: 0 },
      Outlet: { uuid: 'cff96158-cc72-46d7-99dc-b6038171375b', ObjectName: 'Outlet', id: 0 },
    };
    const way = (...more: (readonly [string, number])[]): Part => ({
      Identifiers: steps(
        ['ScenarioDocumentModel', 1],
        ['BaseScenario', 0],
        ['IntervalModel', 0],
        ['Scenario', 1],
        ['IntervalModel', 0],
        ...more,
      ),
    });
    const Data = { Type: 2, Source: way(['Automation', 1], ['Outlet', 0]), Sink: way(['Mapping', 2], ['Inlet', 0]) };
    const other = { Type: 0, Source: way(['Automation', 1], ['Outlet', 7]), Sink: way(['Mapping', 2], ['Inlet', 0]) };
    const Cables = [Data, other].map((each, i) => ({ ObjectName: 'Cable', id: i + 1, Data: each }));
    const score = read(oldFile([oldScenario({}, { Processes: [automation, mapping] })], {}, { Cables }));
    expect([...score.cables.values()]).toMatchObject([{ from: { process: 'o.i0.p1' }, to: { process: 'o.i0.p2' }, timing: 'delayed' }]);
    expect(JSON.parse(exportScore(score))).toMatchObject({
      Document: {
        Cables: [
          { id: 1, Type: 2 },
          { id: 2, Type: 0 },
        ],
      },
    });
  });

  it('[OS7] a parameter keeps type and value among its own keys, and a message beside its address', () => {
    const address = (Name: string, Type: string, Value: unknown, Domain: Part = {}): Part => ({
      Address: { Name, Type, Value, Domain, ioType: '<-', ClipMode: 'Fold', Unit: 'none', RepetitionFilter: 1, Tags: ['light'] },
      Children: [],
    });
    const Children = [
      address('level', 'Float', 0.25, { Min: 0, Max: 2, Values: [] }),
      address('go', 'Impulse', null),
      address('list', 'Tuple', [{ Type: 'Int', Value: 3 }]),
    ];
    const device = { Device: { Name: 'desk', Protocol: 'x' }, Children };
    const Messages = [{ Address: { Device: 'desk', Path: 'level' }, Type: 'Float', Value: 1.5 }];
    const score = read(oldFile([oldScenario({ States: [state(0, { Messages }), state(1)] })], { 'Explorer::X': { Children: [device] } }));
    const { parameters } = score.devices.get('device1')!;
    expect(parameters.get('/level')).toMatchObject({
      type: 'number',
      value: 0.25,
      min: 0,
      max: 2,
      clip: 'fold',
      access: 'get',
      isFiltering: true,
      tags: ['light'],
    });
    expect(parameters.get('/go')!.type).toBe('impulse');
    expect(parameters.get('/list')).toMatchObject({ type: 'list', value: [3] });
    expect(score.states.get('root.scenario.start.state')!.messages).toMatchObject([{ address: 'desk:/level', value: 1.5 }]);
  });

  it('[OS7] in 2015 messages of a state were its `States`, and an interval could repeat what is in it', () => {
    const States = { Children: [{ Name: 'osc', Children: [{ Name: 'a', User: { Type: 'Bool', Value: true }, Children: [] }] }] };
    const inner = { uuid: '846a5de5-47f9-46c5-a898-013cb20951d0', ObjectName: 'Javascript', id: 3, Duration: 400 };
    const old = oldScenario(
      { States: [{ ...state(0), PreviousConstraint: null, NextConstraint: 0, States }, state(1)] },
      { Looping: true, Processes: [inner] },
    );
    const score = read({ ...oldFile([old]), Version: undefined });
    expect(score.states.get('root.scenario.start.state')!.messages).toMatchObject([{ address: 'osc:/a', value: true }]);
    expect(score.processes.get('o.i0.p3')).toMatchObject({ isLooping: true, loopDuration: flicks(400) });
  });

  it.each([
    ['between April and September 2020', { ...document([scenario(2, [interval(0, 0, 1)])]), Plugins: [], Version: 2 }],
    ['in milliseconds', oldFile([oldScenario()])],
  ])('[OS7] a file %s goes out as version 4 and opens as the same score', (_, file) => {
    const score = read(file);
    expect(toFile(opened(exportScore(score)).score)).toEqual(toFile(score));
  });
});

describe('words on who runs what, before there was a plugin', () => {
  it.each([
    [
      { syncmode: 'async', order: 'true' },
      { order: 'sync', date: 'immediate' },
    ],
    [
      { syncmode: 'sync', order: 'false' },
      { order: 'async', date: 'compensated' },
    ],
    [
      { syncmode: 'sync', order: 'true' },
      { order: 'sync', date: 'compensated' },
    ],
    [{ syncmode: 'mixed' }, { share: 'mixed' }],
    [
      { sharemode: 'free', syncmode: 'sync_compensated' },
      { share: 'free', order: 'sync', date: 'compensated' },
    ],
    [{ syncmode: 'async_uncompensated' }, { order: 'async', date: 'immediate' }],
    [{ group: 'parent', syncmode: '', order: 'maybe' }, {}],
  ])('[OS8] %j', (Extended, policies) => {
    const score = read(oldFile([oldScenario({}, { Metadata: { ScriptingName: 'x', Extended } })]));
    expect(score.intervals.get('o.i0')!.policies).toEqual(policies);
  });
});

describe('values that are too large', () => {
  it('[OS4] [OS5] are told, not sent, and go out as they came', () => {
    const long = { Tuple: Array.from({ length: 2000 }, (_, i) => ({ Int: i })) };
    const Messages = {
      Name: '',
      Children: [
        {
          Name: 'osc',
          Children: [
            { Name: 'a', User: long },
            { Name: 'b', User: { Bool: true } },
          ],
        },
      ],
    };
    const Address = { Name: 'a', ioType: '->', ClipMode: 'Free', Value: long, Domain: {} };
    const Plugins = [{ uuid: '6e610e1f-9de2-4c36-90dd-0ef570002a21', Children: [{ Device: { Name: 'osc' }, Children: [{ Address }] }] }];
    const file = { ...document([scenario(2, [interval(0, 0, 1)], { States: [state(0, { Messages }), state(1)] })]), Plugins };
    const { score, report } = opened(JSON.stringify(file));
    expect(score.states.get('root.scenario.start.state')!.messages).toMatchObject([{ address: 'osc:/b', value: true }]);
    expect(report.lines.some(({ message }) => message.includes('too long or too deep'))).toBe(true);
    const again = exportScore(score);
    expect(again.match(/"Int": 1999/g)).toHaveLength(2);
    expect(toFile(opened(again).score)).toEqual(toFile(score));
  });
});

describe('forms of a file', () => {
  const plain = text(document([scenario(2, [interval(0, 0, 1)], { TimeNodes: [sync(0), sync(1, { MusicalSync: 1 })] })]));
  const titleless = (given: string): unknown => toFile(opened(given).score);

  it('[OS1] a mark of byte order, other line ends and indents change nothing', () => {
    const indented = JSON.stringify(JSON.parse(plain), undefined, 4);
    for (const other of [`\ufeff${plain}`, indented, indented.replace(/\n/g, '\r\n'), `\r\n\t${plain}\n\n`])
      expect(titleless(other)).toEqual(titleless(plain));
  });

  it.each([
    ['nothing', '', 'empty'],
    ['blanks', '\ufeff \r\n\t', 'empty'],
    ['a .scorebin, whose length comes first', '\u0000\u0000\u0012\u0034{"Document"', 'binary'],
    ['CBOR, as it looks in UTF-8', '\ufffdhDocument\ufffd', 'binary'],
    ['an archive', 'PK\u0003\u0004', 'not JSON'],
    ['a packed file', '\u001f\ufffd\u0008', 'binary'],
    ['UTF-16', '\ufffd\ufffd{\u0000', 'binary'],
    ['two files in one', plain + plain, 'something follows'],
    ['a preset', '{"Name":"x","Key":{"Uuid":"846a5de5-47f9-46c5-a898-013cb20951d0"},"Preset":{}}', 'no root interval'],
    ['a list of processes', '[{"uuid":"846a5de5-47f9-46c5-a898-013cb20951d0"}]', 'not an ossia score'],
  ])('[OS1] %s is refused in a sentence', (_, given, word) => {
    const result = importScore(given);
    expect('issue' in result ? result.issue.message : 'opened').toMatch(new RegExp(`${word}.*[.]$`));
  });

  it('[OS1] a document without anything in it opens', () => {
    const score = read({ Document: { BaseScenario: { Constraint: { id: 0, DefaultDuration: 705_600_000 } } }, Version: 4 });
    expect([score.intervals.size, score.issues]).toEqual([1, []]);
  });
});
