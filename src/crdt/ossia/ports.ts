import { compare } from '../../base.ts';
import type { OpaquePort } from '../score.ts';
import { at, draftOf, idAt, numberAt, objectOf, textAt } from './access.ts';
import type { Draft } from './access.ts';
import { isList, isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';

/** Ports of a process: under keys of their own (`Outlet`, `BangOutlet`) or in the lists `Inlets` and `Outlets`. */
export const PORT = {
  audioIn: 'a1574bb0-cbd4-4c7d-9417-0c25cfd1187b',
  audioOut: 'a1d97535-18ac-444a-8417-0cbc1692d897',
  midiIn: 'c18adc77-e0e0-4ddf-a46c-43cb0719a890',
  midiOut: 'd8a3ed3d-b9c2-46f2-bdb3-d282a48481c6',
  valueIn: '769dd38a-bfb3-4dc6-b52a-b6abb7afe2a3',
  valueOut: 'cff96158-cc72-46d7-99dc-b6038171375b',
  rangeOut: '047e4cc2-4d99-4e8b-bf98-206018d02274',
  control: 'af2b4fc3-aecb-4c15-a5aa-1c573a239925',
  audioControl: '9a13fb32-269a-47bf-99a9-930188c1f19c',
  logSlider: '5554eb67-bcc8-45ab-8ec2-37a3f191aa64',
  floatSlider: 'af2b4fc3-aecb-4c15-a5aa-1c573a239925',
  knob: '82427d27-084a-4ab6-9c4e-db83929a1200',
  intSlider: '348b80a4-45dc-4f70-8f5f-6546c85089a2',
  intSpin: '238399a0-7e81-47e3-896f-08e8856e2973',
  textureIn: '5ac86198-2d03-4830-9e41-a6d529922d29',
  textureOut: 'f1c71046-b754-49a5-8e66-d01374773dfc',
  enumeration: '8b1d76c4-3838-4ac0-9b9c-c12bc5db8e8a',
  combo: '485680cc-b8b9-4a01-acc7-3e8334bdc016',
  line: '9ae797ea-d94c-4792-acec-9ec1932bae5d',
  toggle: 'fb27e4cb-ea7f-41e2-ad92-2354498c1b6b',
} as const;

const KINDS: ReadonlyMap<string, OpaquePort['type']> = new Map([
  [PORT.audioIn, 'audio'],
  [PORT.audioOut, 'audio'],
  [PORT.midiIn, 'midi'],
  [PORT.midiOut, 'midi'],
  [PORT.textureIn, 'texture'],
  [PORT.textureOut, 'texture'],
  ['f2ab26ea-415d-45a2-bfbc-2968c7c92a33', 'geometry'],
  ['848061c5-e8a0-4a13-9985-e8df30ce6d4f', 'geometry'],
]);
/** Before version 3 all ports were of one kind, and a number told what passes. */
const NUMBERED: readonly OpaquePort['type'][] = ['value', 'audio', 'midi'];
const kindOf = (port: JsonObject): OpaquePort['type'] =>
  KINDS.get(textAt(port, 'uuid').toLowerCase()) ?? NUMBERED[numberAt(port, 'Type', 0)] ?? 'value';

/** Where a port of a process is: its key, and for a list the place in it; `custom` is the name that ossia gives it. */
export interface PortPlace {
  readonly key: string;
  readonly index?: number;
  readonly custom?: string;
}

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** By name where it has the right one, else by place: the set of parameters is positional, names came later. */
function indexIn(list: readonly Json[], { index = 0, custom }: PortPlace): number {
  if (custom === undefined || isNamed(list[index], custom)) return index;
  const named = list.findIndex((port) => isNamed(port, custom));
  return named < 0 ? index : named;
}
const isNamed = (port: Json | undefined, custom: string): boolean => plain(textAt(port, 'Custom')) === plain(custom);

export function portAt(json: JsonObject, place: PortPlace): JsonObject | undefined {
  const found = at(json, place.key);
  const port = isList(found) ? found[indexIn(found, place)] : found;
  return isObject(port) ? port : undefined;
}

/** Changes a port that is there. */
export function patchPort(draft: Draft, place: PortPlace, change: (port: Draft) => void): void {
  const found = draft.get(place.key);
  const index = isList(found) ? indexIn(found, place) : 0;
  const port = isList(found) ? found[index] : found;
  const changed = draftOf(isObject(port) ? port : objectOf({}));
  change(changed);
  draft.set(place.key, isList(found) ? found.map((other, i) => (i === index ? changed : other)) : changed);
}

/** One port and the ports inside of it (minimum, gain), as paths name them: `>0`, `>0<1`. */
export interface FoundPort {
  readonly path: string;
  readonly key: string;
  readonly json: JsonObject;
  readonly isNested: boolean;
}

/** All ports of a process: those of lists as they come, then those with keys of their own by their numbers. */
export function portsIn(json: JsonObject): readonly FoundPort[] {
  const found: FoundPort[] = [];
  const order = ([, inner]: readonly [string, Json]): number => (isList(inner) ? -1 : (idAt(inner, 'id') ?? 0));
  for (const [key, inner] of [...json].sort((a, b) => order(a) - order(b) || compare(a[0], b[0]))) {
    for (const port of isList(inner) ? inner : [inner]) if (isObject(port)) collect(port, key, '', found);
  }
  return found;
}

function collect(json: JsonObject, key: string, before: string, found: FoundPort[]): void {
  const sign = signOf(json, key);
  const id = idAt(json, 'id');
  if (sign === undefined || id === undefined) return;
  const path = `${before}${sign}${id}`;
  found.push({ path, key, json, isNested: before !== '' });
  if (before === '') for (const [innerKey, inner] of json) if (isObject(inner)) collect(inner, innerKey, path, found);
}

function signOf(json: JsonObject, key: string): '<' | '>' | undefined {
  const name = textAt(json, 'ObjectName');
  if (name === 'Inlet' || name === 'Outlet') return name === 'Inlet' ? '<' : '>';
  if (!json.has('uuid') || !/(?:In|Out)lets?$/.test(key)) return undefined;
  return /Inlets?$/.test(key) ? '<' : '>';
}

/** Ports of a process that nobody knows, inlets first. */
export function opaquePorts(json: JsonObject): readonly OpaquePort[] {
  const ports = portsIn(json)
    .filter(({ isNested }) => !isNested)
    .map(({ path, json: port }): OpaquePort => ({
      id: idAt(port, 'id') ?? 0,
      name: (textAt(port, 'Custom') || textAt(port, 'Exposed')).slice(0, 200),
      direction: path.startsWith('<') ? 'in' : 'out',
      type: kindOf(port),
    }));
  return [...ports.filter(({ direction }) => direction === 'in'), ...ports.filter(({ direction }) => direction === 'out')];
}

type Extra = Readonly<Record<string, Json>>;

export function newPort(uuid: string, direction: 'Inlet' | 'Outlet', id: number, custom: string, extra: Extra = {}): JsonObject {
  return objectOf({
    uuid,
    ObjectName: direction,
    id,
    Hidden: false,
    Custom: custom,
    Exposed: custom.toLowerCase(),
    ...extra,
  });
}

/** A control: `value` is what it stands at. */
export const newControl = (uuid: string, id: number, custom: string, value: JsonObject, domain: JsonObject): JsonObject =>
  draftOf(newPort(uuid, 'Inlet', id, custom), objectOf({ Hidden: true, Value: value, Init: value, Domain: domain }));

const shown = (id: number, custom: string, domain: JsonObject): JsonObject =>
  draftOf(newControl(PORT.audioControl, id, custom, objectOf({}), domain), objectOf({ Hidden: false }));

export const newAudioOut = (id: number): JsonObject =>
  newPort(PORT.audioOut, 'Outlet', id, 'Audio out', {
    GainInlet: shown(10_000, 'Gain', objectOf({ Float: objectOf({ Min: { literal: '0.0' }, Max: { literal: '1.0' } }) })),
    PanInlet: shown(10_001, 'Pan', objectOf({})),
    Gain: { literal: '1.0' },
    Pan: [{ literal: '1.0' }, { literal: '1.0' }],
    Propagate: true,
  });
