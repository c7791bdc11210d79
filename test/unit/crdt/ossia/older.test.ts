import { describe, expect, it } from 'vitest';
import { flicks } from '../../../../src/base.ts';
import { toFile } from '../../../../src/crdt/file.ts';
import { exportScore } from '../../../../src/crdt/ossia/export.ts';
import { opened } from './fixtures.ts';
import { document, interval, scenario, steps, text } from './write.ts';

/** A file of version 2, from the notes on the format: milliseconds, trees, other names, network words on each object. */
const address = (device: string, path: string): object => ({ address: { Device: device, Path: path }, Accessors: [], Unit: 'none' });
const relation = (lhs: object, op: number, rhs: object): object => ({ Relation: { LHS: lhs, Op: op, RHS: rhs }, Children: [] });
const tree = (...children: object[]): object => ({ Children: children });
const extended = (words: object): object => ({ ScriptingName: 'x', Extended: words });
const length = (ms: number | string, more: object = {}): object => ({
  ...{ DefaultDuration: ms, MinDuration: ms, MaxDuration: ms, GuiDuration: ms, Rigidity: true, MinNull: false, MaxInf: false, ...more },
});
const part = (ObjectName: string, id: number, more: object): object => ({ ObjectName, id, Components: [], ...more });
const node = (id: number, active: boolean, expression: object, Date: number): object =>
  part('TimeNodeModel', id, { Date, Events: [id], Extent: { Top: 0.1, Bottom: 0.5 }, Trigger: { Active: active, Expression: expression } });
const event = (id: number, Condition: object = tree()): object =>
  part('EventModel', id, { TimeNode: id, States: [id], Condition, Extent: {}, Date: 0, Offset: 0 });
const state = (id: number, more: object = {}): object =>
  part('StateModel', id, { Event: id, HeightPercentage: 0.4, Messages: { Name: '', Children: [] }, ...more });

const inner = {
  uuid: 'de035912-5b03-49a8-bc4d-b2cba68e21d9',
  ...{ ObjectName: 'Scenario', id: 1, Duration: 10_000, StartTimeNodeId: 0, StartEventId: 0, StartStateId: 0 },
  TimeNodes: [
    node(0, false, tree(), 0),
    node(1, true, tree(relation({ AddressAccessor: address('osc', 'a/go') }, 4, { Value: { Type: 'Float', Value: 0.5 } })), 2500.5),
    node(
      2,
      true,
      tree({
        BinOp: 1,
        Children: [
          { Pulse: address('osc', 'b'), Children: [] },
          { UnOp: 0, Children: [relation({ Address: { Device: 'osc', Path: 'c' } }, 0, { Value: { Bool: true } })] },
        ],
      }),
      4000,
    ),
  ],
  Events: [event(0), event(1, tree(relation({ Value: { String: 'on' } }, 1, { AddressAccessor: address('osc', 'd') }))), event(2)],
  States: [
    state(0, {
      Messages: { Name: '', Children: [{ Name: 'osc', Children: [{ Name: 'a', Children: [], User: { Type: 'Int', Value: 3 } }] }] },
    }),
    state(1),
    state(2),
  ],
  Constraints: [
    part('ConstraintModel', 0, {
      ...{
        Metadata: extended({ group: 'g1', sharemode: 'free', syncmode: 'async_uncompensated' }),
        StartState: 0,
        EndState: 1,
        StartDate: 0,
      },
      ...length(2500.5, { Rigidity: false, MinNull: true, MaxInf: true, MaxDuration: 'inf' }),
      Processes: [
        {
          uuid: 'd2a67bd8-5d3f-404e-b6e9-e350cf2a833f',
          ...{ ObjectName: 'Automation', id: 2, Duration: 2500.5, Address: address('osc', 'fader'), Min: 1, Max: 5, Tween: true },
          Curve: { Segments: [{ Type: 'a8bd14e2-d7e4-47cd-b76a-6a88fa11f0d2', id: 0, Start: [0, 0], End: [1, 1] }] },
        },
      ],
    }),
    part('ConstraintModel', 1, {
      Metadata: extended({ group: 'all', order: 'ordered' }),
      StartState: 1,
      EndState: 2,
      StartDate: 2500.5,
      ...length(1500),
      Processes: [],
    }),
  ],
};
const file = {
  Document: {
    BaseScenario: {
      Constraint: part('ConstraintModel', 0, {
        ...length(10_000),
        Metadata: extended({ group: 'all', sharemode: 'shared' }),
        Processes: [inner],
      }),
    },
  },
  Plugins: {
    DeviceDocumentPlugin: {
      Children: [
        {
          Device: { Name: 'osc', Protocol: 'x' },
          Children: [
            {
              Address: {
                Name: 'a',
                ioType: 'InOut',
                ClipMode: 'Clip',
                Value: { Type: 'Float', Value: 1 },
                Domain: { Float: { Min: 0, Max: 2 } },
              },
            },
          ],
        },
      ],
    },
  },
  Version: 2,
};

describe('files of before version 3', () => {
  const { score, report } = opened(JSON.stringify(file), 'old');

  it('[OS7] count in milliseconds, without end as a word', () => {
    expect(score.issues).toEqual([]);
    expect(score.intervals.get('root')!.nominal).toBe(flicks(10_000));
    expect(score.intervals.get('o.i0')).toMatchObject({ nominal: flicks(2500.5), min: 0, max: Infinity });
    expect(score.syncs.get('o.y2')!.date).toBe(flicks(4000.5));
    expect(report.lines.some(({ message }) => message.includes('before version 3'))).toBe(true);
  });

  it('[OS7] have trees for triggers and conditions, which are printed as text', () => {
    expect(score.syncs.get('o.y1')!.trigger).toBe('{ %osc:/a/go% >= 0.5 }');
    expect(score.syncs.get('o.y2')!.trigger).toBe('{ { %osc:/b% impulse } or { not { %osc:/c% == true } } }');
    expect(score.events.get('o.e1')!.condition).toBe('{ "on" != %osc:/d% }');
  });

  it('[OS7] name addresses, values, ranges and devices otherwise', () => {
    expect(score.processes.get('o.i0.p2')).toMatchObject({ address: 'osc:/fader', min: 1, max: 5, isTween: true });
    expect(score.states.get('root.scenario.start.state')!.messages).toMatchObject([{ address: 'osc:/a', value: 3 }]);
    expect(score.devices.get('device1')!.parameters.get('/a')).toMatchObject({ min: 0, max: 2, clip: 'clip', access: 'both', value: 1 });
  });

  it('[OS8] say on each object who runs it', () => {
    expect([...score.groups.values()].map(({ name }) => name)).toEqual(['g1']);
    expect(score.intervals.get('o.i0')!.policies).toEqual({ group: 'group1', share: 'free', order: 'async', date: 'immediate' });
    expect(score.intervals.get('o.i1')!.policies).toEqual({ group: 'all', order: 'sync' });
    expect(score.intervals.get('root')!.policies).toEqual({ group: 'all', share: 'shared' });
  });

  it('[OS7] go out as version 4, which opens as the same score', () => {
    const again = exportScore(score);
    expect(again).not.toContain('"Trigger"');
    expect(toFile(opened(again).score)).toEqual(toFile(score));
  });

  it('[OS7] have loops as processes, which become scenarios with a way back', () => {
    const end = (side: string, id: number): object => ({
      [`${side}TimeNode`]: node(id, side === 'End', tree(), id * 1000),
      [`${side}Event`]: event(id),
      [`${side}State`]: state(id),
    });
    const loop = {
      uuid: '995d41a8-0f10-4152-971d-e4c033579a02',
      ObjectName: 'Loop',
      id: 1,
      Duration: 5000,
      Constraint: part('ConstraintModel', 0, { ...length(1000), StartState: 0, EndState: 1, Processes: [] }),
      ...end('Start', 0),
      ...end('End', 1),
    };
    const old = { ...file, Document: { BaseScenario: { Constraint: part('ConstraintModel', 0, { ...length(5000), Processes: [loop] }) } } };
    const { score: looped } = opened(JSON.stringify(old));
    expect(looped.issues).toEqual([]);
    const back = [...looped.intervals.values()].find(({ isTransition }) => isTransition)!;
    const syncOf = (id: string): string => looped.events.get(looped.states.get(id)!.event)!.sync;
    expect([syncOf(back.start), syncOf(back.end)]).toEqual(['o.y1', 'root.scenario.start.sync']);
    expect(looped.intervals.get('o.i0')!.nominal).toBe(flicks(1000));
  });
});

describe('the network plugin', () => {
  const way = (...more: (readonly [string, number])[]): object[] => [
    ...steps(
      ['Scenario::ScenarioDocumentModel', 1],
      ['Scenario::BaseScenario', 0],
      ['Scenario::IntervalModel', 0],
      ['Scenario', 1],
      ...more,
    ),
  ];
  const data = (Sync: number, Share: number, Group: string): object => ({ Sync, Share, Group });
  const plugin = {
    uuid: '58c9e19a-fde3-47d0-a121-35853fec667d',
    Groups: { GroupList: ['all', 'left', 'right'].map((Name, id) => ({ ObjectName: 'Group', id, Name, Clients: [0] })) },
    Policy: { SessionId: 1234 },
    Intervals: [
      { Path: way(['Scenario::IntervalModel', 0]), Data: data(0, 2, 'left') },
      { Path: way(['Scenario::IntervalModel', 1]), Data: data(2, 0, '') },
    ],
    Events: [{ Path: way(['Scenario::EventModel', 1]), Data: data(3, 1, 'right') }],
    Syncs: [{ Path: way(['Scenario::TimeSyncModel', 1]), Data: data(1, 0, 'nobody') }],
    Processes: [{ Path: way(), Data: data(2, 0, 'all') }],
  };
  const { score, report } = opened(text({ ...document([scenario(3, [interval(0, 0, 1), interval(1, 1, 2)])]), Plugins: [plugin] }));

  it('[OS8] names groups, and by paths who runs what, how it is shared and in which order', () => {
    expect([...score.groups.values()].map(({ name }) => name)).toEqual(['left', 'right']);
    expect(score.intervals.get('o.i0')!.policies).toEqual({ group: 'group1', share: 'free', order: 'sync', date: 'immediate' });
    // As nobody touched it: inherited.
    expect(score.intervals.get('o.i1')!.policies).toEqual({});
    expect(score.events.get('o.e1')!.policies).toEqual({ group: 'group2', share: 'mixed', order: 'async', date: 'compensated' });
    expect(score.syncs.get('o.y1')!.policies).toEqual({ share: 'shared', order: 'sync', date: 'compensated' });
    expect(score.processes.get('root.scenario')!.policies).toMatchObject({ group: 'all' });
    expect(report.lines).toContainEqual(expect.objectContaining({ level: 'mended', where: ['nobody'] }));
  });

  it('[OS8] is written again', () => {
    const again = opened(exportScore(score)).score;
    expect(toFile(again)).toEqual(toFile(score));
  });
});
