import type { Flicks } from '../../base.ts';
import { at, float, numberAt, objectOf, textAt, toNumber, truthAt, whole } from './access.ts';
import type { Draft } from './access.ts';
import type { Json, JsonObject } from './json.ts';
import { patchPort, portAt } from './ports.ts';
import type { PortPlace } from './ports.ts';
import { fromValue, toAddress, toValue } from './values.ts';

/**
 * One aspect of an object in both directions. Export writes a part only where reading it back would say something else
 * than the score does, so what was imported and not touched stays as it was, to the character.
 */
export interface Part {
  /** Names of the fields that it reads and writes. */
  readonly fields: readonly string[];
  read(json: JsonObject, place: Place): Fields;
  write(draft: Draft, fields: Fields, place: Place): void;
}
export type Fields = Readonly<Record<string, unknown>>;

/** Where an object stands, and what to tell about it. */
export interface Place {
  /** Of the interval that a process lies in. */
  readonly nominal: Flicks;
  /** Start of its scenario: always a root in time. */
  readonly isStart: boolean;
  /** ossia's number of the object. */
  readonly number: number;
  /** An address as Tutti knows it; '' and a note where it makes none. */
  address(text: string): string;
  /** A device's name in the file that it came with. */
  originally(device: string): string;
  /** What `process:/id/parameter` a path to a port means, and back. */
  parameterOf(path: Json | undefined): Parameter | undefined;
  controlOf(address: string): Control | undefined;
  /** Nearly the same. */
  note(message: string): void;
}

export interface Parameter {
  readonly address: string;
  readonly codec?: ControlCodec | undefined;
}
export interface Control {
  readonly path: Json;
  readonly codec?: ControlCodec | undefined;
}

export const part = <K extends string>(
  fields: readonly K[],
  read: (json: JsonObject, place: Place) => { readonly [P in K]?: unknown },
  write: (draft: Draft, fields: { readonly [P in K]: never }, place: Place) => void,
): Part => ({ fields, read, write: write as Part['write'] });

/** Number under a key of its own. */
export const numberPart = (field: string, key: string, initial: number, print: (number: number) => Json = float): Part =>
  part(
    [field],
    (json) => ({ [field]: numberAt(json, key, initial) }),
    (draft, fields) => draft.set(key, print(fields[field] as unknown as number)),
  );
export const textPart = (field: string, key: string): Part =>
  part(
    [field],
    (json) => ({ [field]: textAt(json, key) }),
    (draft, fields) => draft.set(key, fields[field] as unknown as string),
  );
export const truthPart = (field: string, key: string): Part =>
  part(
    [field],
    (json) => ({ [field]: truthAt(json, key) }),
    (draft, fields) => draft.set(key, fields[field] as unknown as boolean),
  );

/** Address of a port; `older`: key on the process itself, before ports had addresses; `unset`: what is written for none. */
export const addressPart = (field: string, port: PortPlace, older?: string, unset?: string): Part =>
  part(
    [field],
    (json, place) => ({
      [field]: place.address(toAddress(at(portAt(json, port), 'Address')) || (older ? toAddress(at(json, older)) : '')),
    }),
    (draft, fields, place) =>
      patchPort(draft, port, (it) => {
        const address = fields[field] as unknown as string;
        const said = address === '' ? unset : address.replace(/^[^:]*(?=:)/, (device) => place.originally(device));
        if (said === undefined) it.delete('Address');
        else it.set('Address', said);
      }),
  );

/** What is kept, but means nothing here: it is told where a file says it. */
export const notePart = (message: string, isSaid: (json: JsonObject) => boolean): Part =>
  part(
    [],
    (json, place) => {
      if (isSaid(json)) place.note(message);
      return {};
    },
    () => undefined,
  );

export interface ControlCodec {
  /** undefined: not readable, so the initial value holds. */
  read(value: unknown, port: JsonObject, place: Place): unknown;
  write(value: never, port: Draft): Json;
}

/** Value of a control port. */
export const controlPart = (field: string, port: PortPlace, initial: unknown, codec: ControlCodec): Part =>
  part(
    [field],
    (json, place) => {
      const found = portAt(json, port);
      const value = found && codec.read(toValue(at(found, 'Value')), found, place);
      return { [field]: value ?? initial };
    },
    (draft, fields) => patchPort(draft, port, (it) => it.set('Value', codec.write(fields[field] as never, it))),
  );

export const ranged = (min: number, max: number): ControlCodec => ({
  read(value, _, place) {
    const number = typeof value === 'boolean' ? Number(value) : value;
    if (typeof number !== 'number') return undefined;
    if (number < min || number > max) place.note(`a control beyond ${min} to ${max} is limited`);
    return Math.min(max, Math.max(min, number));
  },
  write: (value: number) => fromValue(value),
});
export const wholeControl = (min: number, max: number): ControlCodec => ({
  read: (value, port, place) => {
    const number = ranged(min, max).read(value, port, place);
    return typeof number === 'number' ? Math.round(number) : undefined;
  },
  write: (value: number) => objectOf({ Int: whole(value) }),
});
export const textControl: ControlCodec = {
  read: (value) => (typeof value === 'string' ? value : undefined),
  write: (value: string) => fromValue(value),
};
export const truthControl: ControlCodec = {
  read: (value) => (typeof value === 'boolean' ? value : typeof value === 'number' ? value !== 0 : undefined),
  write: (value: boolean) => fromValue(value),
};

/** Words were spelt “Sample & Hold”, “Noise 1” before they were names of values. */
const plain = (word: string): string =>
  word
    .toLowerCase()
    .replace(/&/g, 'and')
    .replace(/[^a-z0-9]/g, '');

/** One of several words: saved as the word, in older files as its place among them. */
export function choice<T extends string>(words: readonly (readonly [ossia: string, tutti: T])[]): ControlCodec {
  return {
    read(value, _, place) {
      const found = typeof value === 'number' ? words[Math.round(value)] : words.find(([ossia]) => plain(ossia) === plain(String(value)));
      if (!found && value !== undefined) place.note(`the choice ${JSON.stringify(value)} is not known`);
      return found?.[1];
    },
    write: (value: T) => objectOf({ String: (words.find(([, tutti]) => tutti === value) ?? words[0]!)[0] }),
  };
}

/** A number kept in a port's `Value`, or under an older key of the process. */
export function portNumber(json: JsonObject | undefined, fallback: number): number {
  const value = toValue(at(json, 'Value'));
  return typeof value === 'number' ? value : fallback;
}

export const readParts = (parts: readonly Part[], json: JsonObject, place: Place): Fields =>
  Object.assign({}, ...parts.map((each) => each.read(json, place))) as Fields;

/** ids of items are not compared: they are names given on the way. */
export const isSameField = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a, withoutIds) === JSON.stringify(b, withoutIds);
const withoutIds = (key: string, value: unknown): unknown => (key === 'id' ? undefined : value === Infinity ? 'inf' : value);

export function writeParts(parts: readonly Part[], draft: Draft, fields: Fields, place: Place): void {
  for (const each of parts) {
    const now = each.read(draft, place);
    if (each.fields.some((field) => !isSameField(now[field], fields[field]))) each.write(draft, fields, place);
  }
}

/** The numbers of a list that holds nothing else worth keeping. */
export const numbersOf = (list: readonly Json[]): readonly number[] =>
  list.map(toNumber).filter((number): number is number => number !== undefined && Number.isFinite(number));
