/**
 * The demo, “Northern Room”: a minute and a half in D minor at 96 BPM that plays itself. An intro waits for the space bar
 * (or for its own end), then drums, bass and melody come in; two groups share it, `sound` and `picture`, and a pit lets
 * everybody lift the light. Written as a `.tutti` file, so that it takes the way of any other score.
 */
import { PLUCK_A, PLUCK_B, bassLine, chordNotes, drumBars, keysLine } from './demo-notes.ts';
import type { FileNote } from './demo-notes.ts';
import { AURORA, BLOOM } from './demo-shaders.ts';
import { ROOT } from './score.ts';

type Entry = Readonly<Record<string, unknown>>;

const BAR = 2500;
const LOOP = 4 * BAR;
const SCENARIO = ROOT.scenario;
const SOUND = { policies: { group: 'sound' } };
const PICTURE = { policies: { group: 'picture' } };

/** Places where something begins or ends; the number is the length of what follows, ms. */
const SECTIONS = [
  { id: 'intro', name: 'Waiting', length: 2 * LOOP },
  { id: 'main', name: 'Together', length: 4 * LOOP },
  { id: 'still', name: 'Stillness', length: 2 * LOOP },
  { id: 'outro', name: 'Away', length: LOOP + BAR },
] as const;
type SectionId = (typeof SECTIONS)[number]['id'];

/** Two ways through each border, one per group: a state keeps one interval on each side. */
const state = (border: number, group: 'sound' | 'picture'): string =>
  border === 0 && group === 'sound' ? `${SCENARIO}.start.state` : `${border}.${group}`;

function borders(): Record<string, Entry> {
  const objects: Record<string, Entry> = {};
  for (let border = 0; border <= SECTIONS.length; border++) {
    const sync = border === 0 ? `${SCENARIO}.start.sync` : `${border}.sync`;
    if (border > 0)
      objects[sync] = {
        kind: 'sync',
        scenario: SCENARIO,
        name: border === 1 ? 'Space bar' : '',
        ...(border === 1 && { trigger: '%keys:/space% == true' }),
      };
    for (const group of ['sound', 'picture'] as const) {
      const id = state(border, group);
      const event = border === 0 && group === 'sound' ? `${SCENARIO}.start.event` : `${id}.event`;
      const messages = (group === 'sound' ? SOUND_MESSAGES : PICTURE_MESSAGES)[border] ?? [];
      objects[event] = { kind: 'event', scenario: SCENARIO, sync, policies: { group } };
      objects[id] = {
        kind: 'state',
        scenario: SCENARIO,
        event,
        name: '',
        lane: group === 'sound' ? 0 : 1,
        messages: messages.map(([address, value], i) => ({ id: `m${i}`, address, value })),
      };
    }
  }
  return objects;
}

type Messages = readonly (readonly [string, number | boolean])[];
const SOUND_MESSAGES: readonly Messages[] = [
  [
    ['sound:/pad/brightness', 0.4],
    ['sound:/pluck/delay', 0.35],
    ['sound:/pluck/reverb', 0.35],
    ['sound:/drums/cutoff', 20_000],
  ],
  [
    ['sound:/drums/cutoff', 20_000],
    ['sound:/bass/brightness', 0.5],
    ['sound:/pad/brightness', 0.5],
  ],
  [
    ['sound:/pluck/delay', 0.5],
    ['sound:/pad/brightness', 0.35],
  ],
  [['sound:/pluck/reverb', 0.6]],
  [],
];
const PICTURE_MESSAGES: readonly Messages[] = [[], [['visual:/bloom/additive', true]], [], [], []];

function intervals(): Record<string, Entry> {
  return Object.fromEntries(
    SECTIONS.flatMap(({ id, name, length }, i) =>
      (['sound', 'picture'] as const).map((group) => [
        `${id}.${group}`,
        {
          kind: 'interval',
          scenario: SCENARIO,
          name: group === 'sound' ? name : `${name}, light`,
          start: state(i, group),
          end: state(i + 1, group),
          nominal: length,
          ...(i === 0 ? { isRigid: false, min: BAR, max: length } : { isRigid: true, min: length, max: length }),
          lane: group === 'sound' ? 0 : 1,
          policies: { group },
        },
      ]),
    ),
  );
}

function notes(section: SectionId, track: string, loop: number, played: readonly FileNote[]): Record<string, Entry> {
  const entry = {
    kind: 'process',
    type: 'notes',
    interval: `${section}.sound`,
    name: track,
    address: `sound:/${track}`,
    isLooping: true,
    loopDuration: loop,
  };
  return { [`${section}.${track}`]: { ...entry, notes: played.map((note, i) => ({ id: `n${i}`, ...note })) } };
}

/** points: [x, y] with y in the address's own unit. */
function automation(
  interval: string,
  address: string,
  range: readonly [number, number],
  points: readonly (readonly [number, number])[],
): Record<string, Entry> {
  const [min, max] = range;
  const id = `${interval}.${address.replace(/[^a-z]+/g, '-')}`;
  return {
    [id]: {
      kind: 'process',
      type: 'automation',
      interval,
      name: address.split('/').slice(1).join(' '),

      address,
      min,
      max,
      points: points.map(([x, y], i) => ({ id: `p${i}`, x, y: (y - min) / (max - min), curve: 1 })),
    },
  };
}

function lfo(
  interval: string,
  address: string,
  wave: { waveform: string; frequency: number; amplitude: number; offset: number },
): Record<string, Entry> {
  const id = `${interval}.${address.replace(/[^a-z]+/g, '-')}`;
  return { [id]: { kind: 'process', type: 'lfo', interval, name: address.split('/').slice(1).join(' '), address, phase: 0, ...wave } };
}

const shader = (id: string, interval: string, source: string, inputs: readonly (readonly [string, number])[]): Record<string, Entry> => ({
  [id]: {
    kind: 'process',
    type: 'shader',
    interval,
    name: id,

    key: id,
    source,
    inputs: inputs.map(([name, value]) => ({ name, value, min: 0, max: 1 })),
    ...PICTURE,
  },
});

/** In the order of their slots. */
function processes(): Record<string, Entry> {
  const ordered: Record<string, Entry> = {
    ...shader('aurora', ROOT.interval, AURORA, [
      ['energy', 0.35],
      ['warmth', 0.2],
    ]),
    ...shader('bloom', 'main.picture', BLOOM, [
      ['pulse', 0],
      ['petals', 0.4],
      ['size', 0.4],
    ]),
    energy: {
      kind: 'process',
      type: 'pit',
      interval: ROOT.interval,
      name: 'Energy',

      key: 'energy',
      combination: 'average',
      isAlways: true,
      min: 0,
      max: 1,
      input: '',
      output: 'visual:/aurora/energy',
    },
    ...notes('intro', 'pad', LOOP, chordNotes(0.55)),
    ...notes(
      'intro',
      'pluck',
      LOOP,
      PLUCK_A.map((note) => ({ ...note, velocity: note.velocity * 0.7 })),
    ),
    ...automation(
      'intro.sound',
      'sound:/pad/cutoff',
      [100, 6100],
      [
        [0, 450],
        [0.5, 1300],
        [1, 3200],
      ],
    ),
    ...notes('main', 'pad', LOOP, chordNotes(0.5)),
    ...notes('main', 'bass', LOOP, bassLine()),
    ...notes('main', 'drums', 2 * BAR, drumBars()),
    ...notes('main', 'pluck', 2 * LOOP, [...PLUCK_A, ...PLUCK_B.map((note) => ({ ...note, start: note.start + LOOP }))]),
    ...lfo('main.sound', 'sound:/pad/cutoff', { waveform: 'sine', frequency: 0.1, amplitude: 900, offset: 2600 }),
    ...automation(
      'main.sound',
      'sound:/pluck/reverb',
      [0, 1],
      [
        [0, 0.3],
        [0.8, 0.35],
        [1, 0.6],
      ],
    ),
    ...automation(
      'main.sound',
      'sound:/drums/cutoff',
      [0, 20_000],
      [
        [0, 1200],
        [0.125, 20_000],
        [0.94, 20_000],
        [1, 500],
      ],
    ),
    ...notes('still', 'pad', LOOP, chordNotes(0.5)),
    ...notes('still', 'keys', LOOP, keysLine()),
    ...notes(
      'still',
      'bass',
      LOOP,
      bassLine()
        .filter((note) => note.start % BAR === 0)
        .map((note) => ({ ...note, duration: 2100, velocity: 0.5 })),
    ),
    ...lfo('still.sound', 'sound:/pad/cutoff', { waveform: 'sine', frequency: 0.05, amplitude: 500, offset: 1600 }),
    ...notes(
      'outro',
      'pad',
      LOOP + BAR,
      chordNotes(0.45)
        .filter((note) => note.start < LOOP)
        .concat([
          { start: LOOP, duration: 1500, pitch: 50, velocity: 0.4 },
          { start: LOOP, duration: 1500, pitch: 57, velocity: 0.4 },
        ]),
    ),
    ...notes('outro', 'pluck', LOOP + BAR, PLUCK_A.slice(0, 5)),
    ...automation(
      'outro.sound',
      'sound:/pad/cutoff',
      [100, 6100],
      [
        [0, 1600],
        [1, 300],
      ],
    ),
    ...automation(
      'intro.picture',
      'visual:/aurora/warmth',
      [0, 1],
      [
        [0, 0],
        [1, 0.35],
      ],
    ),
    ...lfo('main.picture', 'visual:/bloom/pulse', { waveform: 'saw', frequency: 1.6, amplitude: -0.5, offset: 0.5 }),
    ...automation(
      'main.picture',
      'visual:/bloom/petals',
      [0, 1],
      [
        [0, 0.2],
        [0.5, 0.8],
        [1, 0.4],
      ],
    ),
    ...lfo('main.picture', 'visual:/aurora/warmth', { waveform: 'triangle', frequency: 0.05, amplitude: 0.3, offset: 0.6 }),
    ...automation(
      'main.picture',
      'visual:/bloom/size',
      [0, 1],
      [
        [0, 0.2],
        [0.25, 0.45],
        [0.9, 0.5],
        [1, 0.9],
      ],
    ),
    ...lfo('still.picture', 'visual:/aurora/warmth', { waveform: 'sine', frequency: 0.05, amplitude: 0.15, offset: 0.45 }),
    ...automation(
      'outro.picture',
      'visual:/aurora/warmth',
      [0, 1],
      [
        [0, 0.6],
        [1, 0],
      ],
    ),
  };
  return Object.fromEntries(Object.entries(ordered).map(([id, entry], i) => [id, { ...entry, rank: `a${RANKS[i]!}` }]));
}
const RANKS = '123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const track = (
  key: string,
  name: string,
  instrument: string,
  place: { hue: number; volume: number; pan: number; rank: string },
): Entry => ({
  key,
  name,
  instrument,
  ...place,
  isMuted: false,
  ...SOUND,
});

/** A `.tutti` file, as `replace` and *Open* take it. */
export function demoFile(): unknown {
  const length = SECTIONS.reduce((sum, section) => sum + section.length, 0);
  return {
    tutti: 1,
    id: 'northern-room',
    title: 'Northern Room',
    tempo: 96,
    groups: {
      sound: { name: 'Sound', hue: 1, rank: 'a0' },
      picture: { name: 'Picture', hue: 7, rank: 'a1' },
    },
    tracks: {
      drums: track('drums', 'Drums', 'drums', { hue: 0, volume: -4, pan: 0, rank: 'a0' }),
      bass: track('bass', 'Bass', 'bass', { hue: 2, volume: -3, pan: 0, rank: 'a1' }),
      pad: track('pad', 'Pad', 'pad', { hue: 5, volume: -1, pan: 0, rank: 'a2' }),
      pluck: track('pluck', 'Strings', 'pluck', { hue: 8, volume: -2, pan: 0.2, rank: 'a3' }),
      keys: track('keys', 'Keys', 'fm', { hue: 10, volume: -2, pan: -0.2, rank: 'a4' }),
    },
    objects: {
      [ROOT.interval]: { kind: 'interval', nominal: length, isRigid: false, isMinNull: true, isMaxInfinite: true },
      ...borders(),
      ...intervals(),
      ...processes(),
    },
  };
}
