import { flicks, INFINITE, type Flicks } from '../../src/base.ts';
import { ROOT, type Event, type Group, type Interval, type Process, type Score, type State, type Sync } from '../../src/crdt/score.ts';

/** A score to look at: about sixty objects in the manner of a real piece, made without a document. */
const policies = {};
const point = (x: number, y: number, curve = 1): { id: string; x: number; y: number; curve: number } => ({ id: `${x}`, x, y, curve });

interface IntervalOptions {
  readonly name?: string;
  readonly group?: string;
  readonly isOpen?: boolean;
  readonly minMs?: number;
  readonly maxMs?: number;
  readonly isTransition?: boolean;
  readonly speed?: number;
}

export function createScoreBuilder() {
  const intervals = new Map<string, Interval>();
  const syncs = new Map<string, Sync>();
  const events = new Map<string, Event>();
  const states = new Map<string, State>();
  const processes = new Map<string, Process>();
  const groups = new Map<string, Group>();
  const base = { kind: 'process', policies, name: '', isLooping: false, loopDuration: flicks(1000), startOffset: 0 as Flicks } as const;
  const builder = {
    sync(
      scenario: string,
      id: string,
      ms: number,
      options: { trigger?: string; lane?: number; condition?: string; messages?: number; name?: string; group?: string } = {},
    ) {
      const { trigger, lane = 0, condition = '', messages = 0, name = '', group } = options;
      const owner = group === undefined ? {} : { group };
      syncs.set(id, {
        kind: 'sync',
        id,
        policies: owner,
        scenario,
        name,
        isStart: false,
        isRetriggering: false,
        quantisation: -1,
        date: flicks(ms),
        ...(trigger !== undefined && { trigger }),
      });
      events.set(`${id}.e`, { kind: 'event', id: `${id}.e`, policies, scenario, sync: id, condition, offset: 'true' });
      builder.state(scenario, id, `${id}.s`, { lane, messages });
    },
    state(scenario: string, sync: string, id: string, { lane = 0, messages = 0 } = {}) {
      const list = Array.from({ length: messages }, (_, i) => ({ id: `${i}`, address: `visual:/sky/p${i}`, value: i }));
      states.set(id, { kind: 'state', id, scenario, event: `${sync}.e`, name: '', lane, messages: list });
    },
    interval(
      scenario: string,
      id: string,
      [start, end]: [string, string],
      [ms, length, lane]: [number, number, number],
      options: IntervalOptions = {},
    ) {
      const { name = '', group, isOpen = false, minMs, maxMs, isTransition = false, speed = 1 } = options;
      const isRigid = !isOpen && minMs === undefined && maxMs === undefined;
      intervals.set(id, {
        kind: 'interval',
        id,
        scenario,
        name,
        lane,
        speed,
        isTransition,
        isRigid,
        policies: group === undefined ? {} : { group },
        start,
        end,
        nominal: flicks(length),
        min: isOpen ? (0 as Flicks) : flicks(minMs ?? length),
        max: isOpen ? INFINITE : flicks(maxMs ?? length),
        isMinNull: isOpen,
        isMaxInfinite: isOpen,
        isMuted: false,
        ...{ signatures: [], quantisation: -1 },
        date: flicks(ms),
      });
    },
    automation(interval: string, address: string, points: readonly (readonly [number, number, number?])[]) {
      const id = `${interval}.${processes.size}`;
      processes.set(id, {
        ...base,
        id,
        interval,
        rank: `a${processes.size}`,
        type: 'automation',
        address,
        min: 0,
        max: 100,
        isTween: false,
        points: points.map(([x, y, c]) => point(x, y, c)),
      });
      return id;
    },
    lfo(interval: string, address: string, waveform: 'sine' | 'saw' | 'square' | 'triangle' | 'random', frequency: number) {
      const id = `${interval}.${processes.size}`;
      processes.set(id, {
        ...base,
        id,
        interval,
        rank: `a${processes.size}`,
        type: 'lfo',
        address,
        waveform,
        frequency,
        amplitude: 1,
        offset: 0,
        ...{ jitter: 0, quantisation: 0 },
        phase: 0,
      });
    },
    notes(interval: string, address: string, list: readonly (readonly [number, number, number, number])[], loopMs = 0) {
      const id = `${interval}.${processes.size}`;
      const notes = list.map(([start, length, pitch, velocity], i) => ({
        id: `${i}`,
        start: flicks(start),
        duration: flicks(length),
        pitch,
        velocity,
      }));
      processes.set(id, {
        ...base,
        id,
        interval,
        rank: `a${processes.size}`,
        type: 'notes',
        channel: 1,
        address,
        notes,
        isLooping: loopMs > 0,
        loopDuration: flicks(loopMs),
      });
    },
    shader(interval: string, name: string) {
      const id = `${interval}.${processes.size}`;
      processes.set(id, {
        ...base,
        id,
        interval,
        name,
        rank: `a${processes.size}`,
        type: 'shader',
        key: name,
        source: `vec4 render(vec2 uv) { return vec4(uv, ${name.length}.0, 1.0); }`,
        inputs: [{ name: 'depth', min: 0, max: 1, value: 0.4 }],
      });
    },
    pit(interval: string, name: string) {
      const id = `${interval}.${processes.size}`;
      processes.set(id, {
        ...base,
        id,
        interval,
        name,
        rank: `a${processes.size}`,
        type: 'pit',
        key: 'density',
        combination: 'average',
        isAligned: false,
        isContinuous: false,
        isAlways: false,
        min: 0,
        max: 1,
        input: '',
        output: '',
      });
    },
    scenario(interval: string, id: string, name = '') {
      processes.set(id, {
        ...base,
        id,
        interval,
        name,
        rank: `a${processes.size}`,
        type: 'scenario',
        isExclusive: false,
        startSync: `${id}.start`,
      });
      builder.sync(id, `${id}.start`, 0);
    },
    group(id: string, name: string, hue: number) {
      groups.set(id, { id, name, hue, rank: id });
    },
    build: (): Score => ({
      id: 'score',
      title: 'Tide',
      tempo: 96,
      syncTimeout: 2000,
      intervals,
      syncs,
      events,
      states,
      processes,
      ...{ comments: new Map(), cables: new Map(), devices: new Map() },
      groups,
      tracks: new Map(),
      issues: [],
    }),
  };
  const root: Interval = {
    kind: 'interval',
    id: ROOT.interval,
    scenario: null,
    name: '',
    lane: 0,
    speed: 1,
    isTransition: false,
    isRigid: false,
    policies,
    start: ROOT.startState,
    end: ROOT.endState,
    nominal: flicks(90_000),
    min: 0 as Flicks,
    max: INFINITE,
    isMinNull: true,
    isMaxInfinite: true,
    isMuted: false,
    ...{ signatures: [], quantisation: -1 },
    date: 0 as Flicks,
  };
  intervals.set(ROOT.interval, root);
  processes.set(ROOT.scenario, {
    ...base,
    id: ROOT.scenario,
    interval: ROOT.interval,
    rank: 'a',
    type: 'scenario',
    isExclusive: false,
    startSync: 'start',
  });
  builder.sync(ROOT.scenario, 'start', 0);
  return builder;
}

/** The piece of the screenshots. */
export function tide(): Score {
  const b = createScoreBuilder();
  const s = ROOT.scenario;
  ['Sound:0', 'Pictures:1', 'Strings:2', 'Light:3', 'Voices:5'].forEach((text, i) =>
    b.group(`g${i}`, text.split(':')[0]!, Number(text.split(':')[1])),
  );
  // Lane 0: the spine of the piece, with a wait.
  b.sync(s, 'a', 10_000, { trigger: '%keys:/space% == true', messages: 3, group: 'g0' });
  b.interval(s, 'dawn', ['start.s', 'a.s'], [0, 10_000, 0], { name: 'Dawn', group: 'g0', isOpen: true });
  b.notes('dawn', 'sound:/pad', [
    [0, 2400, 48, 0.7],
    [0, 2400, 55, 0.6],
    [2500, 2400, 51, 0.7],
    [2500, 2400, 58, 0.6],
    [5000, 2400, 46, 0.8],
    [5000, 2400, 53, 0.6],
    [7500, 2400, 50, 0.7],
    [7500, 1200, 62, 0.5],
    [8700, 1200, 65, 0.9],
  ]);
  b.automation('dawn', 'sound:/pad/cutoff', [
    [0, 0.1],
    [0.4, 0.62, 2.2],
    [0.75, 0.38],
    [1, 0.9],
  ]);
  b.sync(s, 'b', 26_000, { trigger: '', name: 'Conductor', group: 'g2' });
  b.interval(s, 'swell', ['a.s', 'b.s'], [10_000, 16_000, 0], { name: 'Swell', group: 'g2', minMs: 9_000, maxMs: 19_000 });
  b.scenario('swell', 'swell.in', 'Swell');
  b.sync('swell.in', 'sw1', 5_000, { messages: 1 });
  b.interval('swell.in', 'bow', ['swell.in.start.s', 'sw1.s'], [0, 5_000, 0], { name: 'Bow', group: 'g2' });
  b.automation('bow', 'sound:/bass/bow', [
    [0, 0],
    [0.3, 0.5, 3],
    [1, 1],
  ]);
  b.sync('swell.in', 'sw2', 11_000, { trigger: '%pit:/density% > 0.5', lane: 0 });
  b.interval('swell.in', 'tremolo', ['sw1.s', 'sw2.s'], [5_000, 6_000, 0], { name: 'Tremolo', group: 'g2', isOpen: true });
  b.lfo('tremolo', 'sound:/strings/level', 'sine', 1.4);
  b.sync('swell.in', 'sw3', 15_000);
  b.interval('swell.in', 'release', ['sw2.s', 'sw3.s'], [11_000, 4_000, 0], { name: 'Release', group: 'g0' });
  b.sync('swell.in', 'sw4', 9_000, { lane: 1 });
  b.interval('swell.in', 'whisper', ['swell.in.start.s2', 'sw4.s'], [1_500, 7_500, 1], {
    name: 'Whisper, half speed',
    group: 'g4',
    speed: 0.5,
  });
  b.state('swell.in', 'swell.in.start', 'swell.in.start.s2', { lane: 1 });
  b.sync(s, 'c', 40_000, { messages: 2 });
  b.interval(s, 'storm', ['b.s', 'c.s'], [26_000, 14_000, 0], { name: 'Storm', group: 'g0' });
  b.notes(
    'storm',
    'sound:/drums',
    [
      [0, 120, 36, 1],
      [312, 120, 42, 0.5],
      [625, 120, 38, 0.9],
      [937, 120, 42, 0.5],
      [1250, 120, 36, 0.9],
      [1406, 120, 36, 0.6],
      [1875, 120, 38, 1],
      [2187, 120, 46, 0.6],
    ],
    2_500,
  );
  b.lfo('storm', 'sound:/fm/index', 'random', 3);
  b.automation('storm', 'sound:/master/volume', [
    [0, 0.3],
    [0.15, 0.8],
    [0.5, 0.82],
    [0.52, 0.4],
    [0.85, 1, 0.4],
    [1, 0],
  ]);
  // Lane 1: pictures.
  b.state(s, 'start', 'start.s2', { lane: 1 });
  b.sync(s, 'd', 18_000, { lane: 1, messages: 1 });
  b.interval(s, 'sky', ['start.s2', 'd.s'], [0, 18_000, 1], { name: 'Sky', group: 'g1' });
  b.shader('sky', 'Slow clouds');
  b.automation('sky', 'visual:/sky/depth', [
    [0, 0.2],
    [0.25, 0.55],
    [0.6, 0.3, 1.8],
    [1, 0.95],
  ]);
  b.interval(s, 'sea', ['d.s', 'c.s2'], [18_000, 22_000, 1], { name: 'Sea', group: 'g1' });
  b.state(s, 'c', 'c.s2', { lane: 1 });
  b.shader('sea', 'Waves and foam');
  b.pit('sea', 'Density');
  // Lane 2: light, with a late start and a condition.
  b.state(s, 'start', 'start.s3', { lane: 2 });
  b.sync(s, 'e', 6_000, { lane: 2, condition: '%gamepad:/0/a% == true' });
  b.interval(s, 'gap', ['start.s3', 'e.s'], [0, 6_000, 2]);
  b.sync(s, 'f', 14_000, { lane: 2, trigger: '%midi:/note% == 60' });
  b.interval(s, 'beam', ['e.s', 'f.s'], [6_000, 8_000, 2], { name: 'Beam', group: 'g3', isOpen: true });
  b.lfo('beam', 'light:/dimmer', 'square', 0.8);
  b.sync(s, 'g', 23_000, { lane: 2 });
  b.interval(s, 'flicker', ['f.s', 'g.s'], [14_000, 9_000, 2], { name: 'Flicker', group: 'g3' });
  b.lfo('flicker', 'light:/dimmer', 'saw', 2.5);
  b.interval(s, 'again', ['g.s', 'f.s'], [23_000, 0, 2], { isTransition: true });
  b.sync(s, 'h', 34_000, { lane: 2 });
  b.interval(s, 'blackout', ['g.s', 'h.s'], [23_000, 11_000, 2], { name: 'Blackout', group: 'g3' });
  // Lane 3: voices, held by nobody; and a tail for everyone.
  b.state(s, 'a', 'a.s2', { lane: 3 });
  b.sync(s, 'i', 22_000, { lane: 3 });
  b.interval(s, 'choir', ['a.s2', 'i.s'], [10_000, 12_000, 3], { name: 'Choir', group: 'g4' });
  b.automation('choir', 'sound:/choir/level', [
    [0, 0],
    [0.2, 0.7],
    [0.8, 0.7],
    [1, 0],
  ]);
  b.sync(s, 'j', 52_000);
  b.interval(s, 'ebb', ['c.s', 'j.s'], [40_000, 12_000, 0], { name: 'Ebb', isOpen: true });
  b.automation('ebb', 'sound:/master/volume', [
    [0, 1],
    [1, 0, 1],
  ]);
  return b.build();
}
