import { compare } from '../base.ts';
import { INPUT, KNOT, LANE, NOTE, PATTERN, POINT, STEP, STOP, parseFields } from './fields.ts';
import type { Fields } from './fields.ts';
import { isId, isInputName } from './ids.ts';
import type { ColourStop, CurvePoint, Note, PatternLane, PatternTable, ProcessType, ShaderInput, SplinePoint } from './score.ts';

/**
 * The lists in processes: points, notes, steps and so on. A document holds each as a nested map of small tuples, so that
 * two people may change two items at once; here is how a list becomes a map and a map a list, for every list alike.
 */
export interface Content<T = unknown> {
  /** Field of the process, in scores and files. */
  readonly field: string;
  /** Name of the nested map, in documents. */
  readonly nested: ContentName;
  /** Items that there is room for. */
  readonly most: number;
  toTuples(list: readonly T[]): ReadonlyMap<string, Tuple>;
  /** Total: what is no tuple is left out, what is in one is repaired. */
  fromTuples(nested: unknown): readonly T[];
  /** The item if all that is given in it is allowed; what is not given is initial. */
  accept(item: unknown, id: () => string): T | undefined;
  /** The same, where what is not allowed is repaired or initial; undefined where it is no item at all. */
  repair(item: unknown, id: () => string): T | undefined;
  /** Fields of an item that are durations: in files in ms. */
  readonly durations: readonly string[];
}

export type Tuple = readonly unknown[];
export const CONTENT_NAMES = ['points', 'stops', 'knots', 'notes', 'steps', 'patterns', 'inputs'] as const;
export type ContentName = (typeof CONTENT_NAMES)[number];

/** Tuples of a nested map by their ids; others are left out. */
export function* tuples(nested: unknown, length: number): Generator<readonly [string, Tuple]> {
  if (!(nested instanceof Map)) return;
  for (const [id, tuple] of nested as ReadonlyMap<string, unknown>) {
    if (isId(id) && Array.isArray(tuple) && tuple.length === length) yield [id, tuple as Tuple];
  }
}

const named = (names: readonly string[], tuple: Tuple): { get(name: string): unknown } => ({ get: (name) => tuple[names.indexOf(name)] });

/** Ranks of items written at once: sorted like fractional indices of four digits. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const rankOf = (index: number): string =>
  `c${DIGITS[Math.floor(index / 3844) % 62]}${DIGITS[Math.floor(index / 62) % 62]}${DIGITS[index % 62]}`;

type Given = Readonly<Record<string, unknown>>;
const toGiven = (item: unknown): Given | undefined => (typeof item === 'object' && item !== null ? (item as Given) : undefined);
const idOf = ({ id }: Given, newId: () => string): string => (isId(id) ? id : newId());
const isRight = (fields: Fields, given: Given): boolean =>
  Object.entries(fields).every(([name, field]) => given[name] === undefined || field.accept(given[name]) !== undefined);

/** Items that are records of plain fields, with an id of their own. */
function records<T extends { readonly id: string }>(
  { nested, most, fields, durations = [] }: Pick<Content, 'nested' | 'most'> & { fields: Fields; durations?: readonly string[] },
  order: (a: T, b: T) => number,
): Content<T> {
  const names = Object.keys(fields);
  return {
    field: nested,
    nested,
    most,
    durations,
    toTuples: (list) => new Map(list.map((item) => [item.id, names.map((name) => (item as unknown as Given)[name])])),
    fromTuples: (map) =>
      [...tuples(map, names.length)]
        .map(([id, tuple]) => ({ id, ...parseFields(fields, named(names, tuple)) }) as unknown as T)
        .sort(order),
    accept(item, newId) {
      const given = toGiven(item);
      const id = given?.['id'] ?? newId();
      if (!given || !isId(id) || !isRight(fields, given)) return undefined;
      return { id, ...parseFields(fields, new Map(Object.entries(given))) } as unknown as T;
    },
    repair(item, newId) {
      const given = toGiven(item);
      return given && ({ id: idOf(given, newId), ...parseFields(fields, new Map(Object.entries(given))) } as unknown as T);
    },
  };
}

const byX = (a: { x: number; id: string }, b: { x: number; id: string }): number => a.x - b.x || compare(a.id, b.id);

export const POINTS = records<CurvePoint>({ nested: 'points', most: 10_000, fields: POINT }, byX);

export const NOTES = records<Note>(
  { nested: 'notes', most: 20_000, fields: NOTE, durations: ['start', 'duration'] },
  (a, b) => a.start - b.start || a.pitch - b.pitch || compare(a.id, b.id),
);

const COLOURS = ['red', 'green', 'blue', 'alpha'] as const;
export const STOPS: Content<ColourStop> = {
  field: 'stops',
  nested: 'stops',
  most: 1000,
  durations: [],
  toTuples: (list) => new Map(list.map(({ id, x, color }) => [id, [x, ...color]])),
  fromTuples: (map) => [...tuples(map, 5)].map(([id, tuple]) => toStop(id, named(['x', ...COLOURS], tuple))).sort(byX),
  accept(item, newId) {
    const given = toGiven(item);
    const id = given?.['id'] ?? newId();
    const color: unknown = given?.['color'] ?? [0, 0, 0, 1];
    if (!given || !isId(id) || !Array.isArray(color) || color.length !== 4) return undefined;
    const flat = { x: given['x'], ...Object.fromEntries(COLOURS.map((name, i) => [name, (color as unknown[])[i]])) };
    return isRight(STOP, flat) ? toStop(id, new Map(Object.entries(flat))) : undefined;
  },
  repair(item, newId) {
    const given = toGiven(item);
    const color: readonly unknown[] = Array.isArray(given?.['color']) ? given['color'] : [];
    return given && toStop(idOf(given, newId), named(['x', ...COLOURS], [given['x'], ...color]));
  },
};
function toStop(id: string, entry: { get(name: string): unknown }): ColourStop {
  const { x, red, green, blue, alpha } = parseFields(STOP, entry);
  return { id, x, color: [red, green, blue, alpha] };
}

export const KNOTS: Content<SplinePoint> = {
  field: 'points',
  nested: 'knots',
  most: 1000,
  durations: [],
  toTuples: (list) => new Map(list.map(({ id, x, y }, i) => [id, [rankOf(i), x, y]])),
  fromTuples: (map) =>
    [...tuples(map, 3)]
      .map(([id, tuple]) => ({ id, ...parseFields(KNOT, named(['rank', 'x', 'y'], tuple)) }))
      .sort((a, b) => compare(a.rank, b.rank) || compare(a.id, b.id))
      .map(({ id, x, y }) => ({ id, x, y })),
  accept(item, newId) {
    const given = toGiven(item);
    const id = given?.['id'] ?? newId();
    if (!given || !isId(id) || !isRight(KNOT, given)) return undefined;
    const { x, y } = parseFields(KNOT, new Map(Object.entries(given)));
    return { id, x, y };
  },
  repair(item, newId) {
    const given = toGiven(item);
    if (!given) return undefined;
    const { x, y } = parseFields(KNOT, new Map(Object.entries(given)));
    return { id: idOf(given, newId), x, y };
  },
};

export const INPUTS: Content<ShaderInput> = {
  field: 'inputs',
  nested: 'inputs',
  most: 64,
  durations: [],
  toTuples: (list) => new Map(list.map(({ name, value, min, max }) => [name, [value, min, max]])),
  fromTuples: (map) =>
    [...tuples(map, 3)]
      .filter(([name]) => isInputName(name))
      .map(([name, tuple]) => ({ name, ...parseFields(INPUT, named(['value', 'min', 'max'], tuple)) }))
      .sort((a, b) => compare(a.name, b.name)),
  accept(item) {
    const given = toGiven(item);
    const name = given?.['name'];
    if (!given || !isInputName(name) || !isRight(INPUT, given)) return undefined;
    return { name, ...parseFields(INPUT, new Map(Object.entries(given))) };
  },
  repair(item) {
    const given = toGiven(item);
    const name = given?.['name'];
    return given && isInputName(name) ? { name, ...parseFields(INPUT, new Map(Object.entries(given))) } : undefined;
  },
};

/** Numbers and tables have no id but their place: keys are indices, holes are skipped. */
const placed = (nested: unknown, length: number, pattern: RegExp): readonly (readonly [string, Tuple])[] =>
  [...tuples(nested, length)].filter(([key]) => pattern.test(key)).sort(([a], [b]) => Number(a) - Number(b));
const INDEX = /^(0|[1-9]\d{0,3})$/;

export const STEPS: Content<number> = {
  field: 'steps',
  nested: 'steps',
  most: 1024,
  durations: [],
  toTuples: (list) => new Map(list.map((step, i) => [String(i), [step]])),
  fromTuples: (map) => placed(map, 1, INDEX).map(([, [step]]) => STEP.accept(step) ?? STEP.repair?.(step) ?? STEP.initial),
  accept: (item) => STEP.accept(item),
  repair: (item) => STEP.repair?.(item) ?? STEP.initial,
};

const LANES_MAX = 128;
/** '<pattern>': [length, division]; '<pattern>.<lane>': [note, hits]. */
export const PATTERNS: Content<PatternTable> = {
  field: 'patterns',
  nested: 'patterns',
  most: 128,
  durations: [],
  toTuples: (list) =>
    new Map(
      list.flatMap(({ length, division, lanes }, i): (readonly [string, Tuple])[] => [
        [String(i), [length, division]],
        ...lanes.map(({ note, hits }, lane) => [`${i}.l${lane}`, [note, hits]] as const),
      ]),
    ),
  fromTuples(map) {
    const all = new Map(tuples(map, 2));
    return placed(map, 2, INDEX).map(([index, table]) => ({
      ...parseFields(PATTERN, named(['length', 'division'], table)),
      lanes: Array.from({ length: LANES_MAX }, (_, lane) => all.get(`${index}.l${lane}`)).flatMap((lane) =>
        lane === undefined ? [] : [parseFields(LANE, named(['note', 'hits'], lane)) as PatternLane],
      ),
    }));
  },
  accept(item) {
    const given = toGiven(item);
    const lanes: unknown = given?.['lanes'] ?? [];
    if (!given || !isRight(PATTERN, given) || !Array.isArray(lanes) || lanes.length > LANES_MAX) return undefined;
    const read = (lanes as readonly unknown[]).map(toGiven);
    if (!read.every((lane) => lane !== undefined && isRight(LANE, lane))) return undefined;
    return toTable(given, read);
  },
  repair(item) {
    const given = toGiven(item);
    const lanes: readonly unknown[] = Array.isArray(given?.['lanes']) ? given['lanes'] : [];
    return given && toTable(given, lanes.slice(0, LANES_MAX).map(toGiven));
  },
};
const toTable = (given: Given, lanes: readonly (Given | undefined)[]): PatternTable => ({
  ...parseFields(PATTERN, new Map(Object.entries(given))),
  lanes: lanes.map((lane): PatternLane => parseFields(LANE, new Map(Object.entries(lane ?? {})))),
});

/** The list that a type of process has. */
export const CONTENT: { readonly [T in ProcessType]?: Content } = {
  automation: POINTS as Content,
  mapping: POINTS as Content,
  tempo: POINTS as Content,
  gradient: STOPS as Content,
  spline: KNOTS as Content,
  notes: NOTES as Content,
  steps: STEPS as Content,
  pattern: PATTERNS as Content,
  shader: INPUTS as Content,
};
export const contentOf = (type: string): Content | undefined =>
  Object.hasOwn(CONTENT, type) ? CONTENT[type as keyof typeof CONTENT] : undefined;

/** The list if it is short enough and every item is right; of two items with one key the later. */
export function acceptList(content: Content, input: unknown, id: () => string): readonly unknown[] | undefined {
  if (!Array.isArray(input) || input.length > content.most) return undefined;
  const items = (input as readonly unknown[]).map((item) => content.accept(item, id));
  if (!items.every((item) => item !== undefined)) return undefined;
  return content.fromTuples(content.toTuples(items));
}
