import { describe, expect, it } from 'vitest';
import { flicks } from '../../../../src/base.ts';
import { toFile } from '../../../../src/crdt/file.ts';
import { exportScore } from '../../../../src/crdt/ossia/export.ts';
import { document, event, interval, scenario, state, steps, sync, text } from './write.ts';
import { opened } from './fixtures.ts';

const automation = (curve: readonly object[], more: object = {}): Readonly<Record<string, unknown>> => ({
  uuid: 'd2a67bd8-5d3f-404e-b6e9-e350cf2a833f',
  ObjectName: 'Automation',
  id: 1,
  Outlet: { ObjectName: 'Outlet', id: 0, Address: 'dev:/x', MinInlet: { Value: { Float: -1 } }, MaxInlet: { Value: { Float: 3 } } },
  Curve: { Segments: curve },
  ...more,
});
const fx = (uuid: string, name: string, values: readonly unknown[], id = 1): Readonly<Record<string, unknown>> => ({
  ...{ uuid, ObjectName: name, id },
  Inlets: values.map((Value, i) => ({ uuid: 'x', ObjectName: 'Inlet', id: i, ...(Value === undefined ? {} : { Value }) })),
  Outlets: [{ uuid: 'x', ObjectName: 'Outlet', id: 0, Address: 'dev:/out' }],
});
const within = (process: object): ReturnType<typeof opened>['score'] => opened(text(document([process as never]))).score;

describe('what a file means', () => {
  it('[OS2] flags beat numbers, and numbers without end are known in each spelling', () => {
    const lengths = [
      { Rigidity: true, MinDuration: 5, MaxDuration: 9 },
      { Rigidity: false, MinNull: true, MaxInf: true, MinDuration: 77, MaxDuration: 352_800_000 },
      { Rigidity: false, MinDuration: 352_800_000, MaxDuration: '∞' },
      { Rigidity: false, MinDuration: -3, MaxDuration: -4 },
      { Rigidity: false, MinDuration: 0, MaxDuration: 'inf' },
    ];
    const { score } = opened(
      text(
        document([
          scenario(
            6,
            lengths.map((more, i) => interval(i, i, i + 1, more)),
          ),
        ]),
      ),
    );
    const bounds = lengths.map((_, i) => score.intervals.get(`o.i${i}`)!).map(({ min, max }) => [min, max]);
    const second = flicks(1000);
    expect(bounds).toEqual([
      [second, second],
      [0, Infinity],
      [second / 2, Infinity],
      [second, second],
      [0, Infinity],
    ]);
  });

  it('[OS2] triggers, start flags, grids, offsets and speeds are taken over', () => {
    const file = document(
      [
        scenario(
          3,
          [interval(0, 0, 1), interval(1, 1, 2, { Speed: -0.5, QuantizationRate: 4, Signatures: [[0, [3, 4]]], HasSignature: true })],
          {
            TimeNodes: [
              sync(0, { Start: true }),
              sync(1, { Active: true, Expression: ' { true == false } ', AutoTrigger: true, MusicalSync: 1 }),
              sync(2, { Start: true, Active: false, Expression: '{ %a:/b% > 1 }' }),
            ],
            Events: [event(0), event(1, { Condition: ' { %a:/b% == 1 } ', Offset: 2 }), event(2)],
          },
        ),
      ],
      { Speed: 2 },
    );
    const { score } = opened(text(file));
    expect(score.syncs.get('o.y1')).toMatchObject({ trigger: '', isRetriggering: true, quantisation: 1, isStart: false });
    // Without a trigger nothing starts by itself.
    expect(score.syncs.get('o.y2')).toMatchObject({ isStart: false });
    expect(score.syncs.get('o.y2')!.trigger).toBeUndefined();
    expect(score.events.get('o.e1')).toMatchObject({ condition: '{ %a:/b% == 1 }', offset: 'evaluate' });
    const signatures = [{ date: 0, numerator: 3, denominator: 4 }];
    expect(score.intervals.get('o.i1')).toMatchObject({ speed: -0.5, quantisation: 4, signatures, date: flicks(1000) });
    expect(score.intervals.get('root')!.speed).toBe(2);
  });

  it('[OS2] where older files say no rate a sync has a bar, an interval none', () => {
    const rates = [{ Signatures: [[0, [3, 4]]] }, { Signatures: [[0, [3, 4]]], HasSignature: false }, {}, { QuantizationRate: -1 }];
    const intervals = rates.map((more, i) => interval(i, i, i + 1, more));
    const { score } = opened(text(document([scenario(5, intervals)])));
    expect(rates.map((_, i) => score.intervals.get(`o.i${i}`)!.quantisation)).toEqual([0, 0, 0, -1]);
    const bare = opened(text(document([scenario(2, [interval(0, 0, 1)], { TimeNodes: [{ id: 0 }, { id: 1 }] })]))).score;
    expect(bare.syncs.get('o.y1')!.quantisation).toBe(1);
  });

  it('[OS2] curves: powers, easings, steps, recordings, what lies beyond the frame', () => {
    const score = within(
      automation([
        { uuid: '1e7cb83f-4e47-4b14-814d-2242a9c75991', Start: [0, 0], End: [0.25, 1], Power: 2 },
        { uuid: '51fafa98-aa8e-48f0-adae-c21c3eeb63ca', Start: [0.25, 0], End: [0.5, 1.5] },
        {
          uuid: 'c598b840-db67-4c8f-937a-46cfac87cb59',
          Start: [0.5, 1],
          End: [1.5, 0],
          Points: [
            [0, 10],
            [2, 20],
            [4, 10],
          ],
        },
      ]),
    );
    const process = score.processes.get('root.p1')!;
    expect(process).toMatchObject({ type: 'automation', address: 'dev:/x', min: -1, max: 3 });
    expect(process.type === 'automation' && process.points.map(({ x, y, curve }) => [x, y, curve])).toEqual([
      [0, 0, 2],
      [0.25, 1, 'bounceIn'],
      [0.5, 1, 1],
      [1, 1, 1],
      [1.5, 0, 1],
    ]);
  });

  it('[OS2] counts anew what ossia counts otherwise: radians, samples, shares, whole notes, depths', () => {
    const lfo = within(
      fx(
        '1e17e479-3513-44c8-a8a7-017be9f6ac8a',
        'LFO',
        [2, 0.5, 0.1, 0, Math.PI / 2, 'Saw', 0.25].map((value) => (typeof value === 'string' ? { String: value } : { Float: value })),
      ),
    );
    expect(lfo.processes.get('root.p1')).toMatchObject({
      waveform: 'saw',
      frequency: 4,
      phase: 0.5,
      quantisation: 4,
      offset: 0.1,
      address: 'dev:/out',
    });
    const older = within(
      fx(
        '0697b807-f588-49b5-926c-f97701edd0d8',
        'LFO',
        [1, 3, 0.25, 10, 0.5, 0, 0, 3, 0].map((value, i) => (i === 7 ? { Int: value } : { Float: value })),
      ),
    );
    expect(older.processes.get('root.p1')).toMatchObject({ waveform: 'square', amplitude: 3.25, offset: 10.5 });
    const steps = within({
      uuid: 'c953fa55-65f0-4b93-8bfc-54780250d2b8',
      ObjectName: 'Step',
      id: 1,
      Steps: [0, 0.5, 1, 1],
      StepCount: 3,
      StepDur: 22_050,
      StepMin: -1,
      StepMax: 2,
    });
    expect(steps.processes.get('root.p1')).toMatchObject({ steps: [1, 0.5, 0, 0], duration: flicks(500), min: -1, max: 2 });
    const notes = within({
      uuid: 'c189e507-3afa-4a53-9369-e38860e6bb2d',
      ObjectName: 'Midi',
      id: 1,
      Notes: [{ id: 1, Note: [0.5, 0.25, 61, 127] }],
    });
    expect(notes.processes.get('root.p1')).toMatchObject({
      notes: [{ start: flicks(500), duration: flicks(250), pitch: 61, velocity: 1 }],
    });
    const gradient = within({
      uuid: 'b5da735b-a76d-4314-8853-3e8a96486fb9',
      ObjectName: 'Gradient',
      id: 1,
      Gradient: [
        [1, [0, 65535, 0, 65535]],
        [0, [65535, 0, 0, 0]],
      ],
    });
    expect(gradient.processes.get('root.p1')).toMatchObject({
      stops: [
        { x: 0, color: [1, 0, 0, 0] },
        { x: 1, color: [0, 1, 0, 1] },
      ],
    });
    const limiter = within(fx('76cfd504-7c10-4bdb-a1b4-fbe449cc06f0', 'RateLimiter', [undefined, { Float: 0.125 }, { Int: 40 }]));
    expect(limiter.processes.get('root.p1')).toMatchObject({ isQuantised: true, rate: 8, period: 40 });
  });

  it('[OS2] messages are sent in the order of the tree, of three origins the one that counts; controls are messages', () => {
    const node = (Name: string, more: object): object => ({
      Name,
      Accessors: [],
      Unit: 'none',
      Previous: [],
      Following: [],
      User: null,
      Priorities: [1, 2, 0],
      ...more,
    });
    const Messages = node('', {
      Children: [
        node('dev', {
          Children: [
            node('a', {
              User: { Vec3f: [1, 0, 0.5] },
              Unit: 'color.rgb',
              Children: [node('b', { User: { Tuple: [{ Int: 1 }, { String: 'x' }] } })],
            }),
            node('c', { User: { Float: 1 }, Previous: [{ Process: 1, Value: { Float: 0.25 } }], Accessors: [2] }),
            node('d', { User: { Impulse: 1 } }),
          ],
        }),
      ],
    });
    const path = steps(
      ['Scenario::ScenarioDocumentModel', 1],
      ['Scenario::BaseScenario', 0],
      ['Scenario::IntervalModel', 0],
      ['LFO', 2],
      ['Inlet', 1],
    );
    const Controls = [{ Address: path, Value: { Float: 0.75 } }];
    const file = document([
      scenario(1, [], { States: [state(0, { Messages, Controls })] }),
      fx('1e17e479-3513-44c8-a8a7-017be9f6ac8a', 'LFO', [{ Float: 1 }, { Float: 1 }], 2),
    ]);
    const { score } = opened(text(file));
    expect(score.states.get('root.scenario.start.state')!.messages.map(({ address, value }) => [address, value])).toEqual([
      ['dev:/a@[color.rgb]', [1, 0, 0.5]],
      ['dev:/a/b', [1, 'x']],
      ['dev:/c@[2]', 0.25],
      ['dev:/d', { impulse: true }],
      ['process:/root.p2/amplitude', 0.75],
    ]);
    expect(toFile(opened(exportScore(score)).score)).toEqual(toFile(score));
  });

  it('[OS3] two objects with one number both stay; who names it means the first', () => {
    const twice = scenario(3, [interval(0, 0, 1), interval(0, 1, 2)], { States: [state(0), state(1), state(2), state(2, { Event: 1 })] });
    const { score, report } = opened(text(document([twice])));
    expect([...score.intervals.keys()]).toEqual(['o.i0', 'o.i0~2', 'root']);
    expect(score.intervals.get('o.i0~2')!.end).toBe('o.s2');
    expect(score.states.get('o.s2~2')!.event).toBe('o.e1');
    expect(report.lines).toContainEqual(expect.objectContaining({ level: 'mended', count: 2 }));
  });

  it('[OS4] what is unknown is kept, shown as a block with its ports, and named in the report', () => {
    const big = {
      uuid: '5354c61a-1649-4f59-b952-5c2f1b79c1bd',
      ObjectName: 'Faust',
      id: 7,
      Metadata: { ScriptingName: 'Reverb' },
      Text: 'process = _;',
      Big: '∞',
      Inlet: { uuid: 'a1574bb0-cbd4-4c7d-9417-0c25cfd1187b', ObjectName: 'Inlet', id: 3, Custom: 'left' },
    };
    const { score, report } = opened(text(document([big])));
    expect(score.processes.get('root.p7')).toMatchObject({
      type: 'opaque',
      label: 'Faust',
      name: 'Reverb',
      ports: [{ id: 3, name: 'left', direction: 'in', type: 'audio' }],
    });
    expect(report.lines).toContainEqual({ level: 'kept', message: 'Faust is a grey block', where: ['Reverb'], count: 1 });
    expect(exportScore(score)).toContain('4611686018427387903');
  });

  it('[OS2] a smoothing goes on where it says so', () => {
    const smooth = (isOn: boolean): unknown =>
      within(fx('bf603921-5a48-4aa5-9bc1-48a762be6467', 'ValueFilter', [...Array<undefined>(6), { Bool: isOn }])).processes.get('root.p1');
    expect([smooth(true), smooth(false)]).toMatchObject([{ isContinuous: true }, { isContinuous: false }]);
  });

  it('[OS2] a pit repeats where it says so', () => {
    const pit = (isOn: boolean) => within(fx('c97a22ee-76b0-4ced-acff-1ae8a814141f', 'messagepit', [undefined, undefined, { Bool: isOn }]));
    for (const isOn of [true, false]) {
      expect(pit(isOn).processes.get('root.p1')).toMatchObject({ combination: 'list', isContinuous: isOn });
      const [again] = [...opened(exportScore(pit(isOn))).score.processes.values()].filter(({ type }) => type === 'pit');
      expect(again).toMatchObject({ isContinuous: isOn });
    }
  });

  describe('pits of live sound and pictures', () => {
    const pitOf = (name: 'audiopit' | 'videopit', controls: readonly object[], outlet: object = {}) => ({
      uuid: name === 'audiopit' ? '9307f7f3-6252-474d-8b7a-ed1ab4091e92' : 'afbbd2b8-4e23-4b33-9736-a63b05ebf003',
      ...{ ObjectName: name, id: 1 },
      Inlets: [{ uuid: 'x', ObjectName: 'Inlet', id: 0, Custom: 'Input' }, ...controls],
      Outlets: [{ uuid: 'y', ObjectName: 'Outlet', id: 0, Custom: 'Output', ...outlet }],
    });
    const control = (id: number, Custom: string, Value: object) => ({ uuid: 'z', ObjectName: 'Inlet', id, Custom, Value });
    const told = (process: object): readonly string[] =>
      opened(text(document([process as never]))).report.lines.flatMap(({ level, message }) => (level === 'approximated' ? [message] : []));

    it('[OS2] are those of Tutti: where it is heard and how loud, how many lines', () => {
      const audio = pitOf('audiopit', [control(1, 'Mode', { String: 'Sum' })], { Address: 'dev:/lead', Gain: 0.5 });
      expect(within(audio).processes.get('root.p1')).toMatchObject({
        type: 'audioPit',
        output: 'dev:/lead',
        gain: 0.5,
        senders: 'all',
        peers: [],
      });
      const video = (height: number) => pitOf('videopit', [control(2, 'Width', { Int: 640 }), control(3, 'Height', { Int: height })]);
      expect(within(video(480)).processes.get('root.p1')).toMatchObject({ type: 'videoPit', height: 480, senders: 'all' });
      expect(within(video(1080)).processes.get('root.p1')).toMatchObject({ height: 720 });
      expect(within(pitOf('videopit', [])).processes.get('root.p1')).toMatchObject({ height: 720 });
    });

    it('[OS4] what is not as there is told: where it comes from, a list, a sum, a size', () => {
      const audio = (Value: object) => told(pitOf('audiopit', [control(1, 'Mode', Value)]));
      expect(audio({ String: 'Sum' })).toEqual([expect.stringMatching(/an input that each person chooses/)]);
      for (const list of [{ String: 'List' }, { Int: 0 }]) expect(audio(list)).toContain('live sounds are mixed, not a list');
      const video = told(pitOf('videopit', [control(3, 'Height', { Int: 1080 })]));
      expect(video.join()).toMatch(/chooses.*tiles, not added up.*90 to 720 lines|lines.*chooses.*tiles/);
    });

    it('[OS1] [OS6] go out as they came, cables to them too; what was changed is changed, what is new is found again', () => {
      const audio = pitOf('audiopit', [control(1, 'Mode', { String: 'List' })], { Gain: 0.5, Later: [1, 2] });
      const video = { ...pitOf('videopit', [control(3, 'Height', { Int: 1080 })]), id: 2 };
      const root = [
        ['Scenario::ScenarioDocumentModel', 1],
        ['Scenario::BaseScenario', 0],
        ['Scenario::IntervalModel', 0],
      ] as const;
      const Cables = [
        {
          ...{ ObjectName: 'Cable', id: 7, Type: 0 },
          ...{ Source: steps(...root, ['videopit', 2], ['Outlet', 0]), Sink: steps(...root, ['audiopit', 1], ['Inlet', 0]) },
        },
      ];
      const { score } = opened(text(document([audio, video], { Cables })));
      const out = exportScore(score);
      const written = JSON.parse(out) as { Document: { Cables: unknown; BaseScenario: { Constraint: { Processes: unknown } } } };
      expect(written.Document.BaseScenario.Constraint.Processes).toMatchObject([audio, video]);
      expect(written.Document.Cables).toMatchObject(Cables);
      const was = score.processes.get('root.p1')!;
      const edited = { ...score, processes: new Map([...score.processes, ['root.p1', { ...was, gain: 2 } as typeof was]]) };
      expect(opened(exportScore(edited)).score.processes.get('root.p1')).toMatchObject({ type: 'audioPit', gain: 2, senders: 'all' });
      const own = { ...was, foreign: undefined, gain: 3, senders: 'nobody', bitrate: 32, isStereo: true } as unknown as typeof was;
      const again = opened(exportScore({ ...score, processes: new Map([...score.processes, ['root.p1', own]]) })).score;
      expect([...again.processes.values()].find(({ type }) => type === 'audioPit')).toMatchObject({ gain: 3, bitrate: 32, isStereo: true });
    });
  });

  it.each([
    [
      'a tempo that listens',
      { uuid: '14bcc6d2-cb34-4bc6-8c70-e512f11d1ceb', id: 1, SpeedInlet: { ObjectName: 'Inlet', id: 1, Address: 'dev:/speed' } },
      /follows its curve/,
    ],
  ] as const)('[OS4] %s is told as nearly the same, and goes out as it came', (_, process, told) => {
    const { score, report } = opened(text(document([process])));
    expect(report.lines.filter(({ level, message }) => level === 'approximated' && told.test(message))).toHaveLength(1);
    const again = opened(exportScore(score)).report;
    expect(again.lines.filter(({ message }) => told.test(message))).toHaveLength(1);
  });

  it('[OS2] a scenario that loops by itself, or begins further on, does so', () => {
    const looping = scenario(1, [], { Loops: true, LoopDuration: 1_411_200_000, StartOffset: 705_600_000 });
    const { score, report } = opened(text(document([looping])));
    const meant = { isLooping: true, loopDuration: 1_411_200_000, startOffset: 705_600_000 };
    const found = (from: typeof score) => [...from.processes.values()].filter(({ isLooping }) => isLooping);
    expect(found(score)).toMatchObject([meant]);
    expect(report.lines.filter(({ level }) => level === 'approximated')).toEqual([]);
    expect(found(opened(exportScore(score)).score)).toMatchObject([meant]);
  });

  it('[OS4] what is as usual is not told', () => {
    const usual = [
      scenario(1, [], { Loops: false, StartOffset: 0 }),
      // Its execution looks at neither's: both begin as they are drawn, there as here.
      { uuid: 'b5da735b-a76d-4314-8853-3e8a96486fb9', id: 2, Tween: true },
      { uuid: '931a6356-2fca-4f3b-9c65-2de051ef4903', id: 4, Tween: true },
      { uuid: 'c189e507-3afa-4a53-9369-e38860e6bb2d', id: 3, Channel: 3 },
    ];
    const { report, score } = opened(text(document(usual)));
    expect(report.lines.filter(({ level }) => level !== 'understood')).toEqual([]);
    expect(score.processes.get('root.p3')).toMatchObject({ channel: 3 });
    expect(JSON.parse(exportScore(score))).toMatchObject(JSON.parse(text(document(usual))) as object);
  });
});
