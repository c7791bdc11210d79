import { FLICKS_PER_MS, flicks } from '../base.ts';
import type { Flicks } from '../base.ts';
import {
  ADDRESS_MAX,
  DURATION_MAX,
  DURATION_MIN,
  FOREIGN_MAX,
  LANE_MAX,
  NAME_MAX,
  NUMBER_MAX,
  SOURCE_MAX,
  TEXT_MAX,
  X_MAX,
} from './field.ts';
import { duration, fixed, integer, listOf, number, oneOf, optional, text, truth } from './field.ts';
import type { Field, Fields } from './field.ts';
import { isId, isKey } from './ids.ts';
import {
  ACCESSES,
  ALL,
  CLIPS,
  COMBINATIONS,
  MIDI_CHANNELS,
  EASINGS,
  INSTRUMENTS,
  PARAMETER_TYPES,
  PORT_TYPES,
  QUANTISATIONS,
  SMOOTHINGS,
  SOUND_MODES,
  WAVEFORMS,
} from './score.ts';
import type { Easing, ObjectId, OpaquePort, Quantisation, Signature } from './score.ts';
import { toValue } from './valid-value.ts';
import type { Value } from './value.ts';

export * from './field.ts';

/**
 * The fields of every kind of object in one table: reading repairs by it, commands are checked by it, files are
 * written by it.
 */
const SIGNATURES_MAX = 1000;
const PORTS_MAX = 1000;
const PLAYERS_MAX = 64;
const VALUES_MAX = 1000;
const TAGS_MAX = 64;

const id: Field<ObjectId> = { initial: '', accept: (input) => (isId(input) ? input : undefined) };
/** Of a process, group or track without one: empty, and `read` finds it a name. */
const key: Field<string> = { initial: '', accept: (input) => (isKey(input) ? input : undefined) };

/** Fractional index as the package makes them: head letter = number of digits, no trailing zero. */
export function isRank(input: unknown): input is string {
  if (typeof input !== 'string' || !/^[A-Za-z][0-9A-Za-z]{1,127}$/.test(input)) return false;
  const head = input.charCodeAt(0);
  const whole = head >= 97 ? head - 97 + 2 : 90 - head + 2;
  return input.length >= whole && !(input.length > whole && input.endsWith('0')) && !/^A0+$/.test(input);
}
const rank: Field<string> = { initial: 'a0', accept: (input) => (isRank(input) ? input : undefined) };

const hue = integer(0, 11, 0);
const name = text(NAME_MAX);
const address = text(ADDRESS_MAX);
const lane = number(0, LANE_MAX, 0);
const range = (initial: number): Field<number> => number(-NUMBER_MAX, NUMBER_MAX, initial);
const expression = text(TEXT_MAX);
/** No part of it is kept where the whole is too long: a part of JSON is none. */
const foreign = optional<string>({
  initial: '',
  accept: (input) => (typeof input === 'string' && input.length <= FOREIGN_MAX ? input : undefined),
});
const quantisation = (initial: Quantisation): Field<Quantisation> => oneOf(QUANTISATIONS, initial);

const DENOMINATORS = [1, 2, 4, 8, 16, 32, 64];
const ownDate = integer(0, DURATION_MAX, 0);
const numerator = integer(1, 512, 4);
const toSignature = (input: unknown): Signature | undefined => {
  if (typeof input !== 'object' || input === null) return undefined;
  const { date, numerator: beats, denominator } = input as Readonly<Record<string, unknown>>;
  const isRight = ownDate.accept(date) !== undefined && numerator.accept(beats) !== undefined;
  return isRight && DENOMINATORS.some((each) => each === denominator) ? ({ date, numerator: beats, denominator } as Signature) : undefined;
};
const signatureList = listOf(SIGNATURES_MAX, toSignature);
/** Ordered; of two at one date the later in the list. */
const signatures: Field<readonly Signature[]> = {
  initial: [],
  accept(input) {
    const list = signatureList.accept(input);
    return list && [...new Map(list.map((each) => [each.date, each])).values()].sort((a, b) => a.date - b.date);
  },
};

const toPort = (input: unknown): OpaquePort | undefined => {
  if (typeof input !== 'object' || input === null) return undefined;
  const { id: number, name: word, direction, type } = input as Readonly<Record<string, unknown>>;
  const isRight =
    Number.isSafeInteger(number) &&
    name.accept(word) !== undefined &&
    (direction === 'in' || direction === 'out') &&
    PORT_TYPES.some((each) => each === type);
  return isRight ? ({ id: number, name: word, direction, type } as OpaquePort) : undefined;
};

/** 0: that on which it plays. */
const playerChannel = integer(0, 16, 0);
const toPlayer = (input: unknown): { readonly peer: string; readonly channel: number } | undefined => {
  const { peer, channel } = (typeof input === 'object' && input !== null ? input : {}) as Readonly<Record<string, unknown>>;
  const isRight = typeof peer === 'string' && peer !== '' && name.accept(peer) !== undefined && playerChannel.accept(channel) !== undefined;
  return isRight ? { peer, channel: channel as number } : undefined;
};

export const POLICIES = {
  group: optional(id),
  share: optional(oneOf(['shared', 'mixed', 'free'], 'shared')),
  order: optional(oneOf(['async', 'sync'], 'async')),
  date: optional(oneOf(['immediate', 'compensated'], 'compensated')),
  consensus: optional(oneOf(['first', 'majority', 'all'], 'first')),
} as const;
export type PolicyName = keyof typeof POLICIES;
export const POLICY_NAMES = Object.keys(POLICIES) as readonly PolicyName[];
export const policyField = (policy: PolicyName): string => `policy.${policy}`;

export const INTERVAL = {
  scenario: fixed(id),
  start: fixed(id),
  end: fixed(id),
  isTransition: fixed(truth(false)),
  name,
  nominal: duration(0 as Flicks, flicks(200)),
  min: duration(0 as Flicks, 0 as Flicks),
  max: duration(0 as Flicks, DURATION_MAX),
  isRigid: truth(true),
  isMinNull: truth(false),
  isMaxInfinite: truth(false),
  speed: number(-100, 100, 1),
  isMuted: truth(false),
  signatures,
  quantisation: quantisation(-1),
  lane,
  foreign,
} as const;

export const SYNC = {
  scenario: fixed(id),
  name,
  trigger: optional(text(TEXT_MAX)),
  isStart: truth(false),
  isRetriggering: truth(false),
  quantisation: quantisation(-1),
  date: duration(0 as Flicks, 0 as Flicks),
  foreign,
} as const;

export const EVENT = {
  scenario: fixed(id),
  sync: fixed(id),
  condition: text(TEXT_MAX),
  offset: oneOf(['true', 'false', 'evaluate'], 'true'),
  foreign,
} as const;

export const STATE = { scenario: fixed(id), event: fixed(id), name, lane, foreign } as const;

export const COMMENT = {
  scenario: fixed(id),
  text: text(SOURCE_MAX),
  date: duration(0 as Flicks, 0 as Flicks),
  lane,
  foreign,
} as const;

/** An end of a cable is two fields. */
export const CABLE = {
  fromProcess: fixed(id),
  fromPort: fixed(name),
  toProcess: fixed(id),
  toPort: fixed(name),
  timing: oneOf(['immediate', 'delayed'], 'immediate'),
  isStrict: truth(false),
  foreign,
} as const;

export const PROCESS = {
  interval: fixed(id),
  name,
  rank,
  isLooping: truth(false),
  loopDuration: duration(DURATION_MIN, flicks(1000)),
  startOffset: duration(0 as Flicks, 0 as Flicks),
  foreign,
} as const;

const letters = { a: range(0.5), b: range(0.5), c: range(0.5) } as const;

const peer = (input: unknown): string | undefined => (input === '' ? undefined : name.accept(input));
const livePit = {
  key,
  senders: { ...id, initial: ALL },
  peers: listOf(PLAYERS_MAX, peer),
  isAlways: truth(false),
} as const;

/** Besides these, a process has lists of its own: content.ts. */
export const PROCESS_TYPES = {
  scenario: { isExclusive: truth(false) },
  automation: { address, min: range(0), max: range(1), isTween: truth(false) },
  mapping: { input: address, address, sourceMin: range(0), sourceMax: range(1), min: range(0), max: range(1) },
  gradient: { address },
  spline: { address },
  tempo: { address },
  lfo: {
    address,
    waveform: oneOf(WAVEFORMS, 'sine'),
    frequency: number(0.01, 100, 1),
    amplitude: range(1),
    offset: range(0),
    phase: number(0, 1, 0),
    jitter: number(0, 1, 0),
    quantisation: quantisation(0),
  },
  notes: { address, channel: integer(1, 16, 1) },
  steps: { address, duration: duration(DURATION_MIN, flicks(250)), min: range(0), max: range(1) },
  pattern: { address, channel: integer(1, 16, 1), current: integer(0, 127, 0) },
  metronome: { address },
  sound: {
    address,
    media: text(NAME_MAX),
    file: text(ADDRESS_MAX),
    start: duration(0 as Flicks, 0 as Flicks),
    gain: number(0, 4, 1),
    mode: oneOf(SOUND_MODES, 'none'),
  },
  micromap: { input: address, address, expression: { ...expression, initial: 'x' } },
  generator: { address, expression: { ...expression, initial: 'sin(t)' }, ...letters },
  filter: { input: address, address, expression: { ...expression, initial: 'x' }, ...letters },
  smooth: {
    input: address,
    address,
    mode: oneOf(SMOOTHINGS, 'oneEuro'),
    amount: number(0, 1, 0.5),
    frequency: number(1, 300, 120),
    cutoff: number(0.01, 10, 1),
    beta: number(0, 10, 1),
    isContinuous: truth(false),
  },
  limiter: { input: address, address, period: number(0, 60_000, 10), isQuantised: truth(false), rate: quantisation(16) },
  display: { input: address },
  text: { text: text(SOURCE_MAX) },
  shader: { key, source: text(SOURCE_MAX) },
  pit: {
    key,
    combination: oneOf(COMBINATIONS, 'average'),
    isAligned: truth(false),
    isContinuous: truth(false),
    isAlways: truth(false),
    min: range(0),
    max: range(1),
    input: address,
    output: address,
  },
  midiPit: {
    input: { ...address, initial: 'midi:/any/any' },
    output: address,
    channels: oneOf(MIDI_CHANNELS, 'one'),
    channel: integer(1, 16, 1),
    players: listOf(PLAYERS_MAX, toPlayer),
    isCompensated: truth(false),
    isAlways: truth(false),
  },
  audioPit: {
    ...livePit,
    bitrate: integer(16, 256, 64),
    output: address,
    gain: number(0, 4, 1),
    isStereo: truth(false),
  },
  videoPit: { ...livePit, bitrate: integer(50, 2000, 200), height: integer(90, 720, 240), rate: integer(1, 30, 15) },
  opaque: { uuid: fixed(text(64)), label: text(NAME_MAX), address, ports: fixed(listOf(PORTS_MAX, toPort)) },
} as const;

export const GROUP = { name, hue, rank } as const;
export const TRACK = {
  key,
  name,
  hue,
  rank,
  instrument: oneOf(INSTRUMENTS, 'poly'),
  pan: number(-1, 1, 0),
  isMuted: truth(false),
} as const;

const power = number(0.01, 100, 1);
const easing = oneOf(EASINGS, 'quadraticIn');
const bend: Field<number | Easing> = {
  initial: power.initial,
  accept: (input) => power.accept(input) ?? easing.accept(input),
  repair: (input) => power.repair?.(input),
};

export const POINT = { x: number(0, X_MAX, 0), y: number(0, 1, 0), curve: bend } as const;
export const STOP = {
  x: number(0, X_MAX, 0),
  red: number(0, 1, 0),
  green: number(0, 1, 0),
  blue: number(0, 1, 0),
  alpha: number(0, 1, 1),
} as const;
export const KNOT = { rank, x: range(0), y: range(0) } as const;
export const STEP = number(0, 1, 0);
export const PATTERN = { length: integer(1, 1024, 16), division: number(0.125, 64, 16) } as const;
export const LANE = { note: integer(0, 127, 60), hits: text(1024) } as const;
export const NOTE = {
  start: duration(0 as Flicks, 0 as Flicks),
  duration: duration(0 as Flicks, flicks(250)),
  pitch: number(0, 127, 60),
  velocity: number(0, 1, 0.8),
} as const;
export const INPUT = { value: range(0), min: range(0), max: range(1) } as const;

const numbers = listOf(VALUES_MAX, (item) => range(0).accept(item));
const bound: Field<number | readonly number[] | undefined> = optional({
  initial: 0,
  accept: (input: unknown) => range(0).accept(input) ?? numbers.accept(input),
});
const value: Field<Value | undefined> = { initial: undefined, accept: (input) => toValue(input), isOptional: true };

/** As ossia names devices: inner blanks may be. */
const DEVICE_NAME = /^[^\s:%@"'/]+(?: [^\s:%@"'/]+)*$/;
const deviceName: Field<string> = {
  initial: '',
  accept: (input) => (typeof input === 'string' && input.length <= 64 && DEVICE_NAME.test(input) ? input : undefined),
};
export const DEVICE = { name: deviceName, protocol: name, foreign } as const;
export const PARAMETER = {
  type: oneOf(PARAMETER_TYPES, 'number'),
  access: oneOf(ACCESSES, 'both'),
  min: bound,
  max: bound,
  values: optional(listOf(VALUES_MAX, (item) => toValue(item))),
  clip: oneOf(CLIPS, 'free'),
  isFiltering: truth(false),
  unit: text(64),
  value,
  description: text(TEXT_MAX),
  tags: listOf(TAGS_MAX, (item) => name.accept(item)),
} as const;

/** Of the score itself. */
export const FOREIGN = foreign;
export const VOLUME = number(-60, 12, 0);
export const TEMPO = number(20, 500, 120);
/** ms */
export const SYNC_TIMEOUT = integer(0, 600_000, 2000);
export const TITLE = text(NAME_MAX);

type ValueOf<F> = F extends Field<infer T> ? T : never;
export type Parsed<F> = { -readonly [K in keyof F as undefined extends ValueOf<F[K]> ? never : K]: ValueOf<F[K]> } & {
  -readonly [K in keyof F as undefined extends ValueOf<F[K]> ? K : never]?: Exclude<ValueOf<F[K]>, undefined>;
};

/** Every field of a table from an entry: accepted, repaired, or initial; absent optional ones are left out. */
export function parseFields<F extends Fields>(fields: F, entry: { get(field: string): unknown }): Parsed<F> {
  const parsed: Record<string, unknown> = {};
  for (const [field, { accept, repair, initial }] of listOfFields(fields)) {
    const input = entry.get(field);
    // Most fields are not there: what nothing stands for is not looked at.
    const value = input === undefined ? initial : (accept(input) ?? repair?.(input) ?? initial);
    if (value !== undefined) parsed[field] = value;
  }
  return parsed as Parsed<F>;
}

const lists = new WeakMap<Fields, readonly (readonly [string, Field<unknown>])[]>();
function listOfFields(fields: Fields): readonly (readonly [string, Field<unknown>])[] {
  const known = lists.get(fields);
  if (known) return known;
  const list = Object.entries(fields);
  lists.set(fields, list);
  return list;
}

export const msToFlicks = (ms: number): number => Math.round(ms * FLICKS_PER_MS);
