import { flicks, INFINITE, type Flicks } from '../../src/base.ts';
import {
  ALL,
  ROOT,
  type AudioPit,
  type Automation,
  type CurvePoint,
  type DeviceDeclaration,
  type Interval,
  type Lfo,
  type MidiPit,
  type Notes,
  type ParameterDeclaration,
  type Pit,
  type Policies,
  type Process,
  type Scenario,
  type Score,
  type Shader,
  type State,
  type Sync,
  type VideoPit,
} from '../../src/crdt/score.ts';

type Given = 'kind' | 'policies' | 'rank' | 'isLooping' | 'loopDuration' | 'startOffset';
type Made<T extends Process> = T extends Process
  ? Omit<T, Given> & { policies?: Policies; isLooping?: boolean; loopDuration?: Flicks }
  : never;

const LEVEL: ParameterDeclaration = {
  ...{ type: 'number', access: 'both', min: 0, max: 1, clip: 'clip', isFiltering: false, unit: 'gain.linear', value: 0.25 },
  ...{ description: 'Dimmer', tags: [] },
};
const LIGHTS: DeviceDeclaration = {
  ...{ id: 'd1', name: 'lights', protocol: 'osc' },
  parameters: new Map<string, ParameterDeclaration>([
    ['/front/level', LEVEL],
    ['/front/colour', { ...LEVEL, type: 'vec3', unit: 'color.rgb', value: [1, 0.5, 0], description: '' }],
    ['/mode', { ...LEVEL, type: 'text', values: ['dim', 'full'], unit: '', value: 'dim', access: 'set' }],
  ]),
};

/** A score of sixty objects as a concert would have it, made by hand: for looking, not for testing rules. */
export function createFakeScore(isEmpty: boolean): Score {
  const score = {
    id: 'fake',
    title: isEmpty ? '' : 'Tidal study',
    tempo: isEmpty ? 120 : 96,
    syncTimeout: 2000,
    intervals: new Map<string, Interval>(),
    syncs: new Map<string, Sync>(),
    events: new Map(),
    states: new Map<string, State>(),
    processes: new Map<string, Process>(),
    ...{ comments: new Map(), cables: new Map(), devices: new Map(isEmpty ? [] : [['d1', LIGHTS]]) },
    groups: new Map(),
    tracks: new Map(),
    issues: [],
  } satisfies Score;

  const sync = (id: string, ms: number, extra: Partial<Sync> = {}, scenario: string | null = ROOT.scenario): void =>
    void score.syncs.set(id, {
      kind: 'sync',
      id,
      policies: {},
      scenario,
      name: '',
      isStart: false,
      isRetriggering: false,
      quantisation: -1,
      date: flicks(ms),
      ...extra,
    });
  const event = (id: string, of: string, condition = '', scenario: string | null = ROOT.scenario): void =>
    void score.events.set(id, { kind: 'event', id, policies: {}, scenario, sync: of, condition, offset: 'true' });
  const state = (
    id: string,
    of: string,
    lane: number,
    messages: readonly [string, number][] = [],
    scenario: string | null = ROOT.scenario,
  ): void =>
    void score.states.set(id, {
      kind: 'state',
      id,
      scenario,
      event: of,
      name: '',
      lane,
      messages: messages.map(([address, value], i) => ({ id: `${id}m${i}`, address, value })),
    });
  const interval = (
    id: string,
    name: string,
    start: string,
    end: string,
    ms: readonly [number, number],
    lane: number,
    extra: Partial<Interval> = {},
  ): void =>
    void score.intervals.set(id, {
      kind: 'interval',
      id,
      policies: {},
      scenario: ROOT.scenario,
      name,
      start,
      end,
      nominal: flicks(ms[1]),
      min: flicks(ms[1]),
      max: flicks(ms[1]),
      isRigid: true,
      isMinNull: false,
      isMaxInfinite: false,
      speed: 1,
      isTransition: false,
      isMuted: false,
      ...{ signatures: [], quantisation: -1 },
      lane,
      date: flicks(ms[0]),
      ...extra,
    });
  const process = <T extends Process>(fields: Made<T>): void =>
    void score.processes.set(fields.id, {
      kind: 'process',
      policies: {},
      rank: fields.id,
      isLooping: false,
      loopDuration: flicks(4000),
      startOffset: flicks(0),
      ...fields,
    } as unknown as Process);

  sync(ROOT.startSync, 0, {}, ROOT.scenario);
  event(ROOT.startEvent, ROOT.startSync);
  state(ROOT.startState, ROOT.startEvent, 0);
  sync(ROOT.endSync, 64_000, {}, null);
  event(ROOT.endEvent, ROOT.endSync, '', null);
  state(ROOT.endState, ROOT.endEvent, 0, [], null);
  interval(ROOT.interval, '', ROOT.startState, ROOT.endState, [0, isEmpty ? 60_000 : 64_000], 0, { scenario: null });
  process<Scenario>({
    id: ROOT.scenario,
    type: 'scenario',
    interval: ROOT.interval,
    name: '',
    isExclusive: false,
    startSync: ROOT.startSync,
  });
  if (isEmpty) return score;

  for (const [i, name] of ['Sound', 'Picture', 'Strings', 'Brass'].entries())
    score.groups.set(`g${i}`, { id: `g${i}`, name, hue: [4, 3, 6, 9][i]!, rank: `a${i}` });
  for (const [i, [key, name, instrument]] of (
    [
      ['lead', 'Lead', 'poly'],
      ['bass', 'Bass', 'bass'],
      ['drums', 'Drums', 'drums'],
      ['pad', 'Pad', 'pad'],
      ['pluck', 'Harp', 'pluck'],
    ] as const
  ).entries())
    score.tracks.set(`t${i}`, {
      id: `t${i}`,
      policies: {},
      key,
      name,
      hue: [2, 4, 6, 9, 1][i]!,
      rank: `a${i}`,
      instrument,
      volume: [-3, -6, -8.5, -12, 0][i]!,
      pan: [0, -0.1, 0, 0.3, -0.4][i]!,
      isMuted: i === 3,
    });

  const node = (
    id: string,
    ms: number,
    lanes: readonly number[],
    extra: Partial<Sync> = {},
    condition = '',
    messages: readonly [string, number][] = [],
  ): void => {
    sync(id, ms, extra);
    event(`${id}e`, id, condition);
    for (const lane of lanes) state(`${id}.${lane}`, `${id}e`, lane, lane === lanes[0] ? messages : []);
  };
  node('a', 8000, [0, 1, 2, 3], { name: 'Enter strings' }, '', [
    ['sound:/lead/volume', -6],
    ['visual:/tide/level', 0.8],
  ]);
  node('b', 24_000, [0, 1, 2], { trigger: '%keys:/space% == true', name: 'Tide turns', policies: { order: 'sync', group: 'g1' } }, '', [
    ['sound:/bass/volume', -3],
  ]);
  node('c', 40_000, [0, 1, 2, 3], { trigger: '', name: 'Break' }, '%pit:/swell% > 0.5');
  node('d', 56_000, [0, 1, 3], {});
  state('s1', ROOT.startEvent, 1);
  state('s2', ROOT.startEvent, 2);
  const flexible = { isRigid: false, isMinNull: true, min: flicks(0), max: flicks(24_000) };
  interval('i0', 'Calm', ROOT.startState, 'a.0', [0, 8000], 0, { policies: { group: 'g0' } });
  interval('i1', 'Dawn', 's1', 'a.1', [0, 8000], 1, { policies: { group: 'g1' } });
  interval('i2', 'Swell', 'a.0', 'b.0', [8000, 16_000], 0, { ...flexible, policies: { group: 'g0' } });
  interval('i3', 'Tide', 'a.1', 'b.1', [8000, 16_000], 1, { ...flexible, policies: { group: 'g1' } });
  interval('i4', 'Pulse', 'a.2', 'b.2', [8000, 16_000], 2, { ...flexible, policies: { group: 'g2' } });
  interval('i5', 'Bells', 'a.3', 'c.3', [8000, 32_000], 3, { ...flexible, max: INFINITE, isMaxInfinite: true });
  interval('i6', 'Storm', 'b.0', 'c.0', [24_000, 16_000], 0, { ...flexible, policies: { group: 'g0' } });
  interval('i7', 'Spray', 'b.1', 'c.1', [24_000, 16_000], 1, { ...flexible, policies: { group: 'g1' } });
  interval('i8', 'Undertow', 'b.2', 'c.2', [24_000, 16_000], 2, { ...flexible, isMuted: true });
  interval('i9', 'Ebb', 'c.0', 'd.0', [40_000, 16_000], 0, { policies: { group: 'g0' } });
  interval('i10', 'Afterglow', 'c.1', 'd.1', [40_000, 16_000], 1, { policies: { group: 'g1' } });
  interval('i11', 'Last bells', 'c.3', 'd.3', [40_000, 16_000], 3, {});

  const points = (values: readonly (readonly [number, number, number?])[]): readonly CurvePoint[] =>
    values.map(([x, y, curve = 1], i) => ({ id: `p${i}`, x, y, curve }));
  process<Automation>({
    id: 'p.swell',
    type: 'automation',
    isTween: false,
    interval: 'i2',
    name: 'Lead volume',
    address: 'sound:/lead/volume',
    min: -60,
    max: 0,
    points: points([
      [0, 0.1, 2],
      [0.4, 0.7, 0.5],
      [0.75, 0.55],
      [1, 0.95],
    ]),
  });
  process<Automation>({
    id: 'p.ebb',
    type: 'automation',
    policies: { group: 'g3' },
    isTween: false,
    interval: 'i9',
    name: 'Out',
    address: 'sound:/bass/volume',
    min: -60,
    max: 0,
    points: points([
      [0, 0.9],
      [1, 0.1],
    ]),
  });
  const scale = [60, 63, 65, 67, 70, 72];
  const notes = (count: number, step: number): Notes['notes'] =>
    Array.from({ length: count }, (_, i) => ({
      id: `n${i}`,
      start: flicks(i * step),
      duration: flicks(step * (i % 3 === 0 ? 1.8 : 0.8)),
      pitch: scale[(i * 5 + (i >> 2)) % 6]! + (i % 7 === 0 ? 12 : 0),
      velocity: 0.45 + (0.5 * ((i * 7) % 5)) / 5,
    }));
  process<Notes>({
    id: 'p.calm',
    type: 'notes',
    channel: 1,
    interval: 'i0',
    name: 'Motif',
    address: 'sound:/lead',
    notes: notes(16, 468.75),
  });
  process<Notes>({
    id: 'p.pulse',
    type: 'notes',
    channel: 1,
    interval: 'i4',
    name: 'Pulse',
    address: 'sound:/bass',
    notes: notes(16, 312.5),
    isLooping: true,
    loopDuration: flicks(5000),
  });
  process<Notes>({
    id: 'p.bells',
    type: 'notes',
    channel: 1,
    interval: 'i5',
    name: 'Bells',
    address: 'sound:/pluck',
    notes: notes(24, 1250),
  });
  process<Notes>({
    id: 'p.storm',
    type: 'notes',
    channel: 1,
    interval: 'i6',
    name: 'Storm',
    address: 'sound:/drums',
    notes: notes(48, 312.5),
  });
  process<Scenario>({
    id: 'p.free',
    type: 'scenario',
    policies: { share: 'free' },
    interval: 'i10',
    name: '',
    isExclusive: false,
    startSync: 'f0',
  });
  sync('f0', 0, {}, 'p.free');
  event('f0e', 'f0', '', 'p.free');
  state('f0s', 'f0e', 0, [], 'p.free');
  sync('f1', 7000, { trigger: '', name: 'When I like' }, 'p.free');
  event('f1e', 'f1', '', 'p.free');
  state('f1s', 'f1e', 0, [], 'p.free');
  interval('f2', 'Drops', 'f0s', 'f1s', [0, 7000], 0, { scenario: 'p.free', isRigid: false, isMinNull: true, min: flicks(0) });
  process<Lfo>({
    id: 'p.lfo',
    type: 'lfo',
    ...{ jitter: 0, quantisation: 0 },
    interval: 'i7',
    name: 'Shimmer',
    address: 'visual:/tide/level',
    waveform: 'sine',
    frequency: 0.4,
    amplitude: 0.3,
    offset: 0.6,
    phase: 0,
  });
  process<Shader>({
    id: 'p.tide',
    type: 'shader',
    interval: ROOT.interval,
    name: 'Tide',
    key: 'tide',
    policies: { group: 'g1' },
    source: 'vec4 render(vec2 uv) {\n  float wave = sin(uv.x * 12.0 + time * 2.0);\n  return vec4(vec3(wave * level), 1.0);\n}',
    inputs: [
      { name: 'level', min: 0, max: 1, value: 0.8 },
      { name: 'warmth', min: 0, max: 1, value: 0.35 },
    ],
  });
  process<Pit>({
    id: 'p.pit',
    type: 'pit',
    interval: ROOT.interval,
    name: 'Swell',
    key: 'swell',
    combination: 'average',
    isAligned: false,
    isContinuous: false,
    isAlways: true,
    min: 0,
    max: 1,
    input: '',
    output: 'visual:/tide/level',
  });
  process<Pit>({
    id: 'p.pit2',
    type: 'pit',
    interval: ROOT.interval,
    name: 'Brightness',
    key: 'bright',
    combination: 'median',
    isAligned: false,
    isContinuous: false,
    isAlways: true,
    min: 100,
    max: 8000,
    input: 'midi:/1/cc/74',
    output: 'sound:/lead/cutoff',
  });
  process<MidiPit>({
    ...{ id: 'p.band', type: 'midiPit', interval: ROOT.interval, name: 'Band', output: 'midi:/synth', input: 'midi:/any/any' },
    ...{ channels: 'each', channel: 1, players: [{ peer: 'gone', channel: 0 }], isCompensated: true, isAlways: true },
  });
  process<AudioPit>({
    ...{ id: 'p.voices', type: 'audioPit', interval: ROOT.interval, name: 'Voices', key: 'voices', senders: ALL, peers: [], bitrate: 64 },
    ...{ isAlways: true, output: 'sound:/lead', gain: 1, isStereo: false },
  });
  process<VideoPit>({
    ...{ id: 'p.eyes', type: 'videoPit', interval: ROOT.interval, name: 'Eyes', key: 'eyes', senders: 'g0', peers: [], bitrate: 200 },
    ...{ isAlways: true, height: 240, rate: 15 },
  });
  return score;
}
