import type { Quantisation } from '../score.ts';
import { at, float, objectOf } from './access.ts';
import type { Draft } from './access.ts';
import type { Json, JsonObject } from './json.ts';
import type { FormPort } from './form.ts';
import { ranged } from './part.ts';
import type { ControlCodec } from './part.ts';
import { PORT, newControl, newPort, patchPort } from './ports.ts';
import type { PortPlace } from './ports.ts';
import { toRate } from './rates.ts';
import { fromValue, isSameValue, toValue } from './values.ts';

/** Ports and controls as processes of values have them: they stand in the order of their declaration. */
export const inlet = (index: number, custom?: string): PortPlace => ({ key: 'Inlets', index, ...(custom !== undefined && { custom }) });
export const OUT: PortPlace = { key: 'Outlets', index: 0 };
export const IN = inlet(0);
export const output: FormPort = { place: OUT, name: 'out' };
export const input: FormPort = { place: IN, name: 'in' };
export const outlets: Json = [newPort(PORT.valueOut, 'Outlet', 0, 'Out')];
export const valueIn = newPort(PORT.valueIn, 'Inlet', 0, 'in');

const domain = (min: number, max: number): JsonObject => objectOf({ Float: objectOf({ Min: float(min), Max: float(max) }) });
export const slider = (uuid: string, id: number, custom: string, value: number, [min, max]: readonly [number, number]): JsonObject =>
  newControl(uuid, id, custom, fromValue(value), domain(min, max));
export const line = (id: number, custom: string, text: string): JsonObject =>
  newControl(PORT.line, id, custom, fromValue(text), objectOf({ String: objectOf({}) }));
export const words = (uuid: string, id: number, custom: string, values: readonly string[]): JsonObject =>
  new Map([
    ...newControl(uuid, id, custom, fromValue(values[0]), objectOf({ String: objectOf({ Values: values }) })),
    ['Values', values],
    ['Pixmaps', []],
  ]);

const NOTE_VALUES: readonly (readonly [string, number])[] = [
  ['None', 0],
  ['Whole', 1],
  ['Half', 0.5],
  ['4th', 0.25],
  ['8th', 0.125],
  ['16th', 0.0625],
  ['32th', 0.03125],
  ['64th', 0.015625],
  ['Dotted Half', 0.75],
  ['Dotted 4th', 0.375],
  ['Dotted 8th', 0.1875],
  ['Dotted 16th', 0.09375],
  ['Dotted 32th', 0.046875],
];
export const lengths = (id: number, custom: string, value: number): JsonObject =>
  new Map([
    ...newControl(
      PORT.combo,
      id,
      custom,
      objectOf({ Float: float(value) }),
      objectOf({ Float: objectOf({ Values: NOTE_VALUES.map(([, length]) => float(length)) }) }),
    ),
    ['Values', NOTE_VALUES.map(([name, length]): Json => [name, objectOf({ Float: float(length) })])],
  ]);

/** Half a turn in bars there, turns in a bar here. */
export const rateControl: ControlCodec = {
  read: (value, _, place) => (typeof value === 'number' ? toRate(value > 0 ? 1 / (2 * value) : 0, place) : undefined),
  write: (rate: Quantisation) => objectOf({ Float: float(rate > 0 ? 1 / (2 * rate) : 0) }),
};

export const anyNumber = ranged(-1e12, 1e12);

/** Writes a control that stands at something else. */
export const setControl = (draft: Draft, place: PortPlace, value: JsonObject): void =>
  patchPort(draft, place, (port) => {
    if (!isSameValue(toValue(at(port, 'Value')), toValue(value))) port.set('Value', value);
  });
