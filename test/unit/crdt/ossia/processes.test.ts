import { describe, expect, it } from 'vitest';
import { toFile } from '../../../../src/crdt/file.ts';
import { keptTexts, keptValues } from '../../../../src/crdt/ossia/kept-text.ts';
import { exportScore } from '../../../../src/crdt/ossia/export.ts';
import type { Lfo, Process } from '../../../../src/crdt/score.ts';
import { formulaOf, isFormula } from '../../../../src/engine/process/formula.ts';
import { lfoAt } from '../../../../src/engine/process/lfo.ts';
import { metreFrom } from '../../../../src/engine/process/metre.ts';
import type { Metre, SignatureEntry } from '../../../../src/engine/process/metre.ts';
import { flicks } from '../../../../src/base.ts';
import { opened } from './fixtures.ts';
import { document, scenario, state, steps, text } from './write.ts';

type Part = Readonly<Record<string, unknown>>;
const [LFO, OLDER_LFO] = ['1e17e479-3513-44c8-a8a7-017be9f6ac8a', '0697b807-f588-49b5-926c-f97701edd0d8'];
const control = (id: number, Value: object, more: Part = {}): Part => ({ uuid: 'x', ObjectName: 'Inlet', id, Value, ...more });
const within = (...processes: readonly Part[]): ReturnType<typeof opened>['score'] => opened(text(document(processes))).score;
const first = <T extends Process['type']>(type: T, part: Part): Extract<Process, { type: T }> => {
  const found = within(part).processes.get('root.p1');
  if (found?.type !== type) throw new Error(`it became ${found?.type}`);
  return found as Extract<Process, { type: T }>;
};

describe('oscillators of ossia', () => {
  const lfo = (waveform: object, [hertz, phase, length]: readonly [number, number, number]): Lfo =>
    first('lfo', {
      ...{ uuid: LFO, ObjectName: 'LFO', id: 1 },
      Inlets: [hertz, 1, 0, 0, phase]
        .map((value, i) => control(i, { Float: value }))
        .concat([control(5, waveform), control(6, { Float: length })]),
    });
  const older = (waveform: object, [hertz, phase, length]: readonly [number, number, number]): Lfo =>
    first('lfo', {
      ...{ uuid: OLDER_LFO, ObjectName: 'LFO', id: 1 },
      Inlets: [hertz, 1, 0, 0, 0, 0, phase]
        .map((value, i) => control(i, { Float: value }))
        .concat([control(7, waveform), control(8, { Float: length })]),
    });
  /** Source: score-plugin-fx. */
  const waves = {
    Sin: Math.sin,
    Triangle: (x: number) => Math.asin(Math.sin(x)) / (Math.PI / 2),
    Saw: (x: number) => Math.atan(Math.tan(x)) / (Math.PI / 2),
    Square: (x: number) => (Math.sin(x) > 0 ? 1 : -1),
  };
  const metre =
    (tempo: number, signatures: readonly SignatureEntry[] = []) =>
    (): Metre =>
      metreFrom(signatures, flicks(60_000 / tempo));
  const dates = [0.013, 0.21, 0.37, 0.61, 1.9];

  it.each(Object.entries(waves))('[OS2] say what ossia says: %s with a phase in radians', (word, wave) => {
    for (const phase of [0, 0.3, -1]) {
      const found = lfo({ String: word }, [0.7, phase, 0]);
      for (const date of dates)
        expect(lfoAt(found, flicks(date * 1000), metre(120))).toBeCloseTo(wave(2 * Math.PI * 0.7 * date + phase), 6);
    }
  });

  it.each(Object.entries(waves))(
    '[OS2] of the older kind %s has a phase in half turns, and a length of notes is a frequency',
    (word, wave) => {
      for (const tempo of [60, 120]) {
        const found = older({ String: word }, [0.7, 0.3, 0.25]);
        for (const date of dates)
          expect(lfoAt(found, flicks(date * 1000), metre(tempo))).toBeCloseTo(wave(2 * Math.PI * 2 * date + Math.PI * 0.3), 6);
      }
    },
  );

  it.each(Object.entries(waves))(
    '[OS2] on a grid %s takes twice its length in bars, and begins anew where a bar is cut short',
    (word, wave) => {
      const found = lfo({ String: word }, [0.7, 0.3, 0.25]);
      const turns = (quarters: number, bar: number): number => wave((2 * Math.PI * quarters) / (bar * 0.25 * 2) + 0.3);
      for (const date of dates) {
        const [position, quarters] = [flicks(date * 1000), date * 1.5];
        expect(lfoAt(found, position, metre(90))).toBeCloseTo(turns(quarters, 4), 6);
        expect(lfoAt(found, position, metre(90, [[0, 7, 8]]))).toBeCloseTo(turns(quarters, 3.5), 6);
        const isCut = quarters >= 1;
        const cut = metre(90, [
          [0, 3, 4],
          [flicks(1000 / 1.5), 6, 8],
        ]);
        expect(lfoAt(found, position, cut)).toBeCloseTo(turns(isCut ? quarters - 1 : quarters, 3), 4);
      }
    },
  );

  it('[OS2] know their waves by each spelling and by number', () => {
    const spelt = ['Sample & Hold', 'SampleAndHold', 'Noise 2', 'noise3', 'Saw'].map((word) => lfo({ String: word }, [1, 0, 0]).waveform);
    expect(spelt).toEqual(['sampleAndHold', 'sampleAndHold', 'noise2', 'noise3', 'saw']);
    expect([0, 2, 4, 7].map((Int) => lfo({ Int }, [1, 0, 0]).waveform)).toEqual(['sine', 'saw', 'sampleAndHold', 'noise3']);
  });

  it('[OS6] go out as they came when they are edited', () => {
    const score = within({
      ...{ uuid: OLDER_LFO, ObjectName: 'LFO', id: 1 },
      Inlets: [1, 1, 0, 0, 0, 0, 0.5]
        .map((value, i) => control(i, { Float: value }))
        .concat([control(7, { String: 'Saw' }), control(8, { Float: 0.25 })]),
    });
    const was = score.processes.get('root.p1') as Lfo;
    for (const change of [{ waveform: 'sine' }, { frequency: 3 }, { phase: 0.125 }, { quantisation: 4 }, { amplitude: 7 }] as const) {
      const edited = { ...score, processes: new Map([['root.p1', { ...was, ...change }]]) };
      expect(opened(exportScore(edited)).score.processes.get('root.p1')).toMatchObject({
        ...was,
        ...change,
        foreign: expect.any(String) as string,
      });
    }
  });
});

describe('controls', () => {
  const root = [
    ['Scenario::ScenarioDocumentModel', 1],
    ['Scenario::BaseScenario', 0],
    ['Scenario::IntervalModel', 0],
  ] as const;
  const inlets = (count: number): readonly Part[] => Array.from({ length: count }, (_, i) => control(i, { Float: 0 }));

  it('[OS2] that a state sets say what they mean here: words, parts of a turn, rates; and go out as they came', () => {
    const set = (id: number, port: number, Value: object): Part => ({ Address: steps(...root, ['fx', id], ['Inlet', port]), Value });
    const Controls = [
      ...[set(2, 5, { String: 'Sample & Hold' }), set(2, 4, { Float: Math.PI }), set(2, 6, { Float: 0.25 }), set(3, 6, { Float: 0.5 })],
      ...[set(4, 1, { Int: 2 }), set(5, 1, { String: 'x * 2' }), set(4, 6, { Bool: true }), set(2, 0, { Float: 3 })],
    ];
    const file = document([
      scenario(1, [], { States: [state(0, { Controls })] }),
      { uuid: LFO, ObjectName: 'fx', id: 2, Inlets: inlets(7) },
      { uuid: OLDER_LFO, ObjectName: 'fx', id: 3, Inlets: inlets(9) },
      { uuid: 'bf603921-5a48-4aa5-9bc1-48a762be6467', ObjectName: 'fx', id: 4, Inlets: inlets(7) },
      { uuid: '25c64b87-a44a-4fed-9f60-0a48906fd3ec', ObjectName: 'fx', id: 5, Inlets: inlets(2) },
    ]);
    const { score } = opened(text(file));
    const { messages } = score.states.get('root.scenario.start.state')!;
    expect(messages.map(({ address, value }) => [address, value])).toEqual([
      ['process:/root.p2/waveform', 'sampleAndHold'],
      ['process:/root.p2/phase', 0.5],
      ['process:/root.p2/quantisation', 2],
      ['process:/root.p3/phase', 0.25],
      ['process:/root.p4/mode', 'average'],
      ['process:/root.p5/expression', 'x * 2'],
      ['process:/root.p4/isContinuous', true],
      ['process:/root.p2/frequency', 3],
    ]);
    expect(toFile(opened(exportScore(score)).score)).toEqual(toFile(score));
    expect(exportScore(score)).toContain('Sample & Hold');
    // Of two kinds that mean the same here each stays what it was.
    expect(exportScore(score)).toContain(OLDER_LFO);
    const changed = { ...score.states.get('root.scenario.start.state')!, messages: [{ ...messages[1]!, value: 0.25 }] };
    const edited = { ...score, states: new Map([...score.states, [changed.id, changed]]) };
    const back = opened(exportScore(edited)).score.states.get(changed.id)!.messages;
    expect(back.map(({ address, value }) => [address, value])).toEqual([['process:/root.p2/phase', 0.25]]);
  });

  it('[OS4] that follow an address of their own are told', () => {
    const inlet = control(0, { Float: 1 }, { Custom: 'Freq.', Address: 'midi:/1/cc/7' });
    const { report } = opened(
      text(
        document([{ uuid: LFO, ObjectName: 'LFO', id: 1, Inlets: [inlet], Outlets: [{ ObjectName: 'Outlet', id: 0, Address: 'dev:/x' }] }]),
      ),
    );
    expect(report.lines.filter(({ level }) => level === 'approximated')).toEqual([
      expect.objectContaining({ count: 1, where: [expect.stringContaining('Freq. midi:/1/cc/7')] }),
    ]);
  });

  it('[OS4] of a sound: what its outlet says besides its gain is told', () => {
    const sound = (outlet: Part): readonly string[] =>
      opened(
        text(
          document([
            {
              uuid: '63174570-d608-44bf-a9cb-e6f5a11f73cc',
              ObjectName: 'Sound',
              id: 1,
              File: 'a.wav',
              Outlet: { ObjectName: 'Outlet', id: 0, ...outlet },
            },
          ]),
        ),
      )
        .report.lines.filter(({ level }) => level === 'approximated')
        .map(({ message }) => message);
    expect(sound({ Gain: 0.5, Pan: [1, 1], Propagate: true })).toHaveLength(1);
    expect(sound({ Gain: 1, Pan: [1, 0.25], Propagate: false })).toHaveLength(3);
    expect(sound({})).toHaveLength(1);
  });
});

describe('loops of processes', () => {
  it('[OS2] last a second where a file does not say how long', () => {
    const curve = { uuid: 'd2a67bd8-5d3f-404e-b6e9-e350cf2a833f', ObjectName: 'Automation', id: 1 };
    const file = (more: Part): Part => document([{ ...curve, ...more }], {}, { DefaultDuration: 7_056_000_000 });
    const loop = (more: Part): unknown => {
      const { isLooping, loopDuration } = opened(text(file(more))).score.processes.get('root.p1')!;
      return [isLooping, loopDuration];
    };
    expect(loop({ Loops: true })).toEqual([true, flicks(1000)]);
    expect(loop({ Loops: true, LoopDuration: 352_800_000 })).toEqual([true, flicks(500)]);
    expect(loop({})).toEqual([false, flicks(10_000)]);
  });
});

describe('tools', () => {
  const FILTER = 'db16b5fa-e6b0-4f89-8210-225384dbc677';
  const filter = (inverted: boolean): Part => ({
    ...{ uuid: FILTER, ObjectName: 'range_filter', id: 1 },
    Inlets: [
      { uuid: 'x', ObjectName: 'Inlet', id: 0, Custom: 'Value In' },
      ...[
        control(1, { Float: 2 }, { Custom: 'Min' }),
        control(2, { Int: 5 }, { Custom: 'Max' }),
        control(3, { Bool: inverted }, { Custom: 'Invert' }),
      ],
    ],
    Outlets: [{ ObjectName: 'Outlet', id: 0, Address: 'dev:/x' }],
  });

  it('[OS2] a range filter lets pass what ossia’s does', () => {
    for (const isInverted of [false, true]) {
      const { expression, a, b } = first('filter', filter(isInverted));
      const formula = formulaOf(expression);
      if (!isFormula(formula)) throw new Error(formula.message);
      const passed = [1, 2, 3, 5, 6].filter((x) => formula.run({ x, a, b }, () => 0).value === x);
      expect(passed).toEqual(isInverted ? [1, 2, 5, 6] : [2, 3, 5]);
    }
    const score = within(filter(true));
    expect(JSON.parse(exportScore(score))).toMatchObject({ Document: { BaseScenario: { Constraint: { Processes: [filter(true)] } } } });
    const edited = { ...score, processes: new Map([['root.p1', { ...first('filter', filter(true)), expression: 'x' }]]) };
    expect(opened(exportScore(edited)).score.processes.get('root.p1')).toMatchObject({ expression: 'x', a: 2, b: 5 });
  });

  it('[OS2] a beat metronome is a metronome', () => {
    const beat = {
      uuid: '1c185139-04f9-492f-8b4a-000dd4428990',
      ObjectName: 'ImpulseMetronome',
      id: 1,
      Outlets: [{ ObjectName: 'Outlet', id: 0, Address: 'dev:/beat' }],
    };
    expect(first('metronome', beat).address).toBe('dev:/beat');
    expect(exportScore(within(beat))).toContain('1c185139-04f9-492f-8b4a-000dd4428990');
  });
});

describe('processes that are kept', () => {
  const port = (uuid: string, ObjectName: string, id: number, more: Part = {}): Part => ({ uuid, ObjectName, id, Hidden: false, ...more });
  const shader = {
    ...{ uuid: '74ca45ff-92c9-44a0-8f1a-754dea05ee1b', ObjectName: 'shaderfilter', id: 1, Vertex: 'v', Fragment: '/*{}*/ void main() {}' },
    Inlets: [
      port('5ac86198-2d03-4830-9e41-a6d529922d29', 'Inlet', 0, { Custom: 'inputImage' }),
      control(1, { Vec4f: [0, 0, 0, 1] }, { Custom: 'tint' }),
    ],
    Outlets: [port('f1c71046-b754-49a5-8e66-d01374773dfc', 'Outlet', 1000000)],
  };

  it('[OS4] have the names of ossia’s library, whatever they are called inside', () => {
    const named = (uuid: string, ObjectName = 'thing'): string => first('opaque', { uuid, ObjectName, id: 1 }).label;
    expect(named('CB6F19B2-827D-420C-AD19-7A366F914026', 'range_mapper')).toBe('Range Mapper');
    expect(named('9b0e21ba-965a-4aa4-beeb-60cc5128c418')).toBe('Angle mapper');
    expect(named('4cc30435-3237-4e94-a79e-1c2bd6b724a1')).toBe('VST 3');
    expect(named('d27bc0ed-a93e-434c-913d-ccab0b22b4e8')).toBe('Effect chain');
    expect(named('12345678-1234-1234-1234-123456789abc', 'Someone’s own')).toBe('Someone’s own');
  });

  it('[OS4] have their ports with what passes there, in order, inlets first', () => {
    expect(first('opaque', shader).ports).toEqual([
      { id: 0, name: 'inputImage', direction: 'in', type: 'texture' },
      { id: 1, name: 'tint', direction: 'in', type: 'value' },
      { id: 1000000, name: '', direction: 'out', type: 'texture' },
    ]);
    const old = {
      ...{ uuid: 'be8e6bd3-75f2-4102-8895-8a4eb4ea545a', ObjectName: 'VST', id: 1 },
      Inlets: [0, 1, 2].map((Type) => port('y', 'Inlet', Type, { Type })),
    };
    expect(first('opaque', old).ports.map(({ type }) => type)).toEqual(['value', 'audio', 'midi']);
  });

  it('[OS4] show what was written into them, and what their controls stand at', () => {
    const { foreign } = first('opaque', { ...shader, Path: '', File: 'a.fs' });
    expect(keptTexts({ foreign: foreign! })).toEqual([
      { name: 'Fragment', text: '/*{}*/ void main() {}' },
      { name: 'Vertex', text: 'v' },
      { name: 'File', text: 'a.fs' },
    ]);
    expect([...keptValues({ foreign: foreign! })]).toEqual([[1, [0, 0, 0, 1]]]);
    for (const odd of ['', 'no json', '[1]', '{"Text":5,"Inlets":[{"id":"x","uuid":"y","Value":{"Float":1}}]}']) {
      expect(keptTexts({ foreign: odd })).toEqual([]);
      expect([...keptValues({ foreign: odd })]).toEqual([]);
    }
  });

  it('[OS5] go out with their cables to the character', () => {
    const path = (name: string, id: number, side: string, number: number): readonly Part[] =>
      steps(
        ['Scenario::ScenarioDocumentModel', 1],
        ['Scenario::BaseScenario', 0],
        ['Scenario::IntervalModel', 0],
        [name, id],
        [side, number],
      );
    const cable = {
      ...{ ObjectName: 'Process::Cable', id: 5, Type: 1 },
      ...{ Source: path('shaderfilter', 1, 'Outlet', 1000000), Sink: path('shaderfilter', 2, 'Inlet', 0) },
    };
    const file = document([shader, { ...shader, id: 2 }], { Cables: [cable] });
    const { score } = opened(text(file));
    expect([...score.cables.values()]).toEqual([
      {
        id: 'cable5',
        from: { process: 'root.p1', port: '1000000' },
        to: { process: 'root.p2', port: '0' },
        timing: 'immediate',
        isStrict: true,
      },
    ]);
    const written = JSON.parse(exportScore(score)) as {
      readonly Document: { readonly Cables: unknown; readonly BaseScenario: { readonly Constraint: Part } };
    };
    expect(written.Document.Cables).toEqual([cable]);
    expect(written.Document.BaseScenario.Constraint['Processes']).toEqual([shader, { ...shader, id: 2 }]);
    expect(toFile(opened(exportScore(score)).score)).toEqual(toFile(score));
  });
});
