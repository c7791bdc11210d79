import { FLICKS_PER_MS, flicks } from '../base.ts';
import type { Flicks } from '../base.ts';
import { isId, isKey } from './ids.ts';
import { COMBINATIONS, INSTRUMENTS, WAVEFORMS } from './score.ts';
import type { ObjectId } from './score.ts';

/**
 * The fields of every kind of object in one table: reading repairs by it, commands are checked by it, files are
 * written by it.
 */
export interface Field<T> {
  /** What a missing or unreadable field is. */
  readonly initial: T;
  /** The value if it is allowed, else undefined. */
  accept(input: unknown): T | undefined;
  /** For reading: the nearest allowed value; absent where there is none. */
  readonly repair?: (input: unknown) => T | undefined;
  /** null makes it absent. */
  readonly isOptional?: true;
  /** Set once, when the object is made. */
  readonly isFixed?: true;
  /** In flicks; in files in ms. */
  readonly isDuration?: true;
}
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** 18 days: below it ms and flicks turn into each other exactly. */
export const DURATION_MAX = (2 ** 50) as Flicks;
export const DURATION_MIN = flicks(1);
export const NUMBER_MAX = 1e12;
export const NAME_MAX = 200;
export const TEXT_MAX = 4096;
export const SOURCE_MAX = 65_536;
export const ADDRESS_MAX = 512;
export const LANE_MAX = 10_000;
export const X_MAX = 1e6;

const isFinite = (input: unknown): input is number => typeof input === 'number' && Number.isFinite(input);
const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value)) + 0;

/** A finite number in [min, max]. Adding 0 makes one zero of two. */
export const number = (min: number, max: number, initial: number): Field<number> => ({
  initial,
  accept: (input) => (isFinite(input) && input >= min && input <= max ? input + 0 : undefined),
  repair: (input) => (isFinite(input) ? clamp(input, min, max) : undefined),
});

const integer = (min: number, max: number, initial: number): Field<number> => ({
  initial,
  accept: (input) => (Number.isInteger(input) && (input as number) >= min && (input as number) <= max ? (input as number) + 0 : undefined),
  repair: (input) => (isFinite(input) ? clamp(Math.round(input), min, max) : undefined),
});

export const duration = (min: Flicks, initial: Flicks): Field<Flicks> => ({
  ...(integer(min, DURATION_MAX, initial) as Field<Flicks>),
  isDuration: true,
});

export const truth = (initial: boolean): Field<boolean> => ({
  initial,
  accept: (input) => (typeof input === 'boolean' ? input : undefined),
});

export const text = (lengthMax: number, initial = ''): Field<string> => ({
  initial,
  accept: (input) => (typeof input === 'string' && input.length <= lengthMax ? input : undefined),
  repair: (input) => (typeof input === 'string' ? input.slice(0, lengthMax) : undefined),
});

const oneOf = <T extends string>(items: readonly T[], initial: T): Field<T> => ({
  initial,
  accept: (input) => items.find((item) => item === input),
});

const optional = <T>(field: Field<T>): Field<T | undefined> => ({ ...field, initial: undefined, isOptional: true });
const fixed = <T>(field: Field<T>): Field<T> => ({ ...field, isFixed: true });

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
  nominal: duration(DURATION_MIN, flicks(200)),
  min: duration(0 as Flicks, 0 as Flicks),
  max: duration(0 as Flicks, DURATION_MAX),
  isRigid: truth(true),
  isMinNull: truth(false),
  isMaxInfinite: truth(false),
  speed: number(-100, 100, 1),
  isMuted: truth(false),
  lane,
} as const;

export const SYNC = {
  scenario: fixed(id),
  name,
  trigger: optional(text(TEXT_MAX)),
  isStart: truth(false),
  isRetriggering: truth(false),
  date: duration(0 as Flicks, 0 as Flicks),
} as const;

export const EVENT = {
  scenario: fixed(id),
  sync: fixed(id),
  condition: text(TEXT_MAX),
  offset: oneOf(['true', 'false', 'evaluate'], 'true'),
} as const;

export const STATE = { scenario: fixed(id), event: fixed(id), name, lane } as const;

export const PROCESS = {
  interval: fixed(id),
  name,
  rank,
  isLooping: truth(false),
  loopDuration: duration(DURATION_MIN, flicks(1000)),
  startOffset: duration(0 as Flicks, 0 as Flicks),
} as const;

export const PROCESS_TYPES = {
  scenario: { isExclusive: truth(false) },
  automation: { address, min: range(0), max: range(1) },
  lfo: {
    address,
    waveform: oneOf(WAVEFORMS, 'sine'),
    frequency: number(0.01, 100, 1),
    amplitude: range(1),
    offset: range(0),
    phase: number(0, 1, 0),
  },
  notes: { address },
  shader: { key, source: text(SOURCE_MAX) },
  pit: {
    key,
    combination: oneOf(COMBINATIONS, 'average'),
    isAlways: truth(false),
    min: range(0),
    max: range(1),
    input: address,
    output: address,
  },
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

export const POINT = { x: number(0, X_MAX, 0), y: number(0, 1, 0), curve: number(0.01, 100, 1) } as const;
export const NOTE = {
  start: duration(0 as Flicks, 0 as Flicks),
  duration: duration(0 as Flicks, flicks(250)),
  pitch: number(0, 127, 60),
  velocity: number(0, 1, 0.8),
} as const;
export const INPUT = { value: range(0), min: range(0), max: range(1) } as const;

export const VOLUME = number(-60, 12, 0);
export const TEMPO = number(20, 500, 120);
export const TITLE = text(NAME_MAX);

export type Parsed<F> = { -readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** Every field of a table from an entry: accepted, repaired, or initial; absent optional ones are left out. */
export function parseFields<F extends Fields>(fields: F, entry: { get(field: string): unknown }): Parsed<F> {
  const parsed: Record<string, unknown> = {};
  for (const [field, { accept, repair, initial }] of Object.entries(fields)) {
    const input = entry.get(field);
    const value = accept(input) ?? repair?.(input) ?? initial;
    if (value !== undefined) parsed[field] = value;
  }
  return parsed as Parsed<F>;
}

export const msToFlicks = (ms: number): number => Math.round(ms * FLICKS_PER_MS);
