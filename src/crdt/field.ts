import { flicks } from '../base.ts';
import type { Flicks } from '../base.ts';

/** What one field of an object may be. */
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
  /** Of a number: its range; of a choice: what there is. */
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly unknown[];
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
/** Scenarios inside of one another: names of what runs grow with each, and whoever draws or writes a score descends. */
export const SCENARIOS_DEEP_MAX = 64;
/** 1 MiB of an object's, 16 MiB of a score's. */
export const FOREIGN_MAX = 2 ** 20;
export const FOREIGN_TOTAL_MAX = 2 ** 24;

const isFinite = (input: unknown): input is number => typeof input === 'number' && Number.isFinite(input);
const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value)) + 0;

/** A finite number in [min, max]. Adding 0 makes one zero of two. */
export const number = (min: number, max: number, initial: number): Field<number> => ({
  initial,
  min,
  max,
  accept: (input) => (isFinite(input) && input >= min && input <= max ? input + 0 : undefined),
  repair: (input) => (isFinite(input) ? clamp(input, min, max) : undefined),
});

export const integer = (min: number, max: number, initial: number): Field<number> => ({
  initial,
  min,
  max,
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

export const oneOf = <T extends string | number>(items: readonly T[], initial: T): Field<T> => ({
  initial,
  choices: items,
  accept: (input) => ((items as readonly unknown[]).includes(input) ? (input as T) : undefined),
});

export const optional = <T>(field: Field<T>): Field<T | undefined> => ({ ...field, initial: undefined, isOptional: true });
export const fixed = <T>(field: Field<T>): Field<T> => ({ ...field, isFixed: true });

/** A list whose items are all right, or none of it. */
export const listOf = <T>(most: number, accept: (item: unknown) => T | undefined): Field<readonly T[]> => ({
  initial: [],
  accept(input) {
    if (!Array.isArray(input) || input.length > most) return undefined;
    const items = (input as readonly unknown[]).map(accept);
    return items.every((item) => item !== undefined) ? items : undefined;
  },
});
