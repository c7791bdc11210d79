import type { DeviceDeclaration, ObjectId, ParameterDeclaration } from '../score.ts';
import { toValue as toValid } from '../valid-value.ts';
import type { Value } from '../value.ts';
import { at, draftOf, listAt, objectAt, objectOf, objectsAt, textAt, toNumber, truthAt } from './access.ts';
import type { Draft } from './access.ts';
import { FOREIGN_MAX } from '../fields.ts';
import { isId } from '../ids.ts';
import { nameHere, namesInTurn, originalName } from './device-names.ts';
import { isList, isObject, isSame, printJson } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { isSameField } from './part.ts';
import type { Reporter } from './report.ts';
import { ownDeclaration } from './own.ts';
import { fromPlain } from './shape.ts';
import { fromValue, toValue } from './values.ts';

/**
 * Devices of a document and their trees of parameters.
 *
 *   plugin  = { uuid, RootNode, Children: [{ Device: { Name, Protocol, Config, … }, Children: [node] }] }
 *   node    = { Address: { Name, ioType, ClipMode, RepetitionFilter, Value, Domain, Unit, Extended }, Children?: [node] }
 */
export const DEVICES = '6e610e1f-9de2-4c36-90dd-0ef570002a21';
const PARAMETERS_MAX = 20_000;

/** Where the tree of devices is, in a list of plugins or under the name of its class. */
export function deviceNodes(plugins: Json | undefined): readonly JsonObject[] {
  return objectsAt(devicePlugin(plugins), 'Children').filter((node) => isObject(at(node, 'Device')));
}
export function devicePlugin(plugins: Json | undefined): JsonObject | undefined {
  const list: readonly Json[] = isObject(plugins) ? [...plugins.values()] : isList(plugins) ? plugins : [];
  const objects = list.filter(isObject).flatMap((plugin) => [plugin, ...[...plugin.values()].filter(isObject)]);
  return objects.find((plugin) => objectsAt(plugin, 'Children').some((node) => isObject(at(node, 'Device'))));
}

/** Accepts a name as the device's; another where it is none. */
export type Naming = (name: string) => string;

/** ids: where they are not those that import gives. */
export function readDevices(
  plugins: Json | undefined,
  naming: Naming,
  reporter: Reporter,
  ids: readonly Json[] = [],
): ReadonlyMap<ObjectId, DeviceDeclaration> {
  const devices = new Map<ObjectId, DeviceDeclaration>();
  const nameOf = namesInTurn(naming);
  deviceNodes(plugins).forEach((node, i) => {
    const settings = objectAt(node, 'Device');
    const name = nameOf(textAt(settings, 'Name'));
    const parameters = new Map<string, ParameterDeclaration>();
    for (const child of objectsAt(node, 'Children')) collect(child, '', parameters, reporter);
    const given = ids[i];
    const id = isId(given) && !devices.has(given) ? given : `device${i + 1}`;
    const device: DeviceDeclaration = { id, name, protocol: textAt(settings, 'Protocol').slice(0, 200), parameters: sorted(parameters) };
    const isOurs = isSame(newDevice(device, undefined), node);
    const foreign = printJson(node);
    devices.set(id, isOurs || foreign.length > FOREIGN_MAX ? device : { ...device, foreign });
  });
  return devices;
}

const sorted = (parameters: ReadonlyMap<string, ParameterDeclaration>): ReadonlyMap<string, ParameterDeclaration> =>
  new Map([...parameters].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

function collect(node: JsonObject, before: string, parameters: Map<string, ParameterDeclaration>, reporter: Reporter): void {
  const address = objectAt(node, 'Address');
  const path = `${before}/${textAt(address, 'Name')}`;
  const declaration = toDeclaration(address);
  if (/[\s%]/.test(path)) reporter.say('approximated', 'an address with blanks cannot be named here', path);
  else if (declaration && parameters.size < PARAMETERS_MAX) parameters.set(path, declaration);
  for (const child of objectsAt(node, 'Children')) collect(child, path, parameters, reporter);
}

const TYPES: Readonly<Record<string, ParameterDeclaration['type']>> = {
  Float: 'number',
  Double: 'number',
  Int: 'integer',
  Bool: 'boolean',
  String: 'text',
  Char: 'char',
  Tuple: 'list',
  List: 'list',
  Map: 'list',
  Impulse: 'impulse',
  Vec2f: 'vec2',
  Vec3f: 'vec3',
  Vec4f: 'vec4',
};
const ACCESSES: Readonly<Record<string, ParameterDeclaration['access']>> = {
  '<-': 'get',
  '->': 'set',
  '<->': 'both',
  In: 'get',
  Out: 'set',
  InOut: 'both',
};
const CLIPS = { Free: 'free', Clip: 'clip', Wrap: 'wrap', Fold: 'fold', Low: 'low', High: 'high' } as const;

const typeNameOf = (json: Json | undefined): string | undefined =>
  isObject(json) ? (typeof at(json, 'Type') === 'string' ? textAt(json, 'Type') : json.keys().next().value) : undefined;

/** undefined for a node that only holds others. */
function toDeclaration(address: JsonObject): ParameterDeclaration | undefined {
  const own = at(address, 'Tutti');
  if (isObject(own)) return ownDeclaration(own);
  const typeName = typeNameOf(at(address, 'Value')) ?? typeNameOf(at(address, 'Domain'));
  if (typeName === undefined) return undefined;
  const domain = domainOf(at(address, 'Domain'));
  const value = toValid(toValue(at(address, 'Value')));
  const extended = objectAt(address, 'Extended');
  const unit = textAt(address, 'Unit');
  const min = boundOf(at(domain, 'Min'));
  const max = boundOf(at(domain, 'Max'));
  const values = listAt(domain, 'Values')
    .map((each) => toValid(plainValue(each)))
    .filter((each) => each !== undefined);
  return {
    type: TYPES[typeName] ?? 'number',
    access: ACCESSES[textAt(address, 'ioType')] ?? 'both',
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(values.length > 0 && values.length <= 1000 && { values }),
    clip: Object.entries(CLIPS).find(([word]) => word === textAt(address, 'ClipMode'))?.[1] ?? 'free',
    isFiltering: truthAt(address, 'RepetitionFilter'),
    unit: unit === 'none' ? '' : unit.slice(0, 64),
    ...(value !== undefined && { value }),
    description: describe(at(extended, 'description')).slice(0, 4096),
    tags: tagsOf(at(extended, 'tags')),
  };
}

/** `{Float: {Min, Max}}`, or bare in older files. */
const domainOf = (json: Json | undefined): JsonObject => {
  if (!isObject(json)) return objectOf({});
  const inner = json.values().next().value;
  return isObject(inner) && !json.has('Min') && !json.has('Max') ? inner : json;
};
function boundOf(json: Json | undefined): number | readonly number[] | undefined {
  if (isList(json)) {
    const numbers = json.map((item) => toNumber(item) ?? toNumber(isObject(item) ? item.values().next().value : undefined));
    return numbers.every((number): number is number => number !== undefined && Number.isFinite(number)) && numbers.length > 0
      ? numbers
      : undefined;
  }
  const number = toNumber(json) ?? (isObject(json) ? toNumber(json.values().next().value) : undefined);
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}
const plainValue = (json: Json): Value | undefined =>
  typeof json === 'string' || typeof json === 'boolean' ? json : (toNumber(json) ?? toValue(json));
const describe = (json: Json | undefined): string => (typeof json === 'string' ? json : String(toValue(json) ?? ''));
const tagsOf = (json: Json | undefined): readonly string[] => {
  const list = isList(json) ? json : [];
  return list
    .map(describe)
    .filter((tag) => tag !== '')
    .slice(0, 64);
};

/** The node as it came where the declaration still says the same; else a new one. */
export function writeDevice(device: DeviceDeclaration, kept: JsonObject | undefined, naming: Naming): JsonObject {
  const now =
    kept && readDevices([objectOf({ Children: [kept] })], naming, { say: () => undefined, report: () => ({ lines: [] }) }).get('device1');
  const isKept =
    now !== undefined && now.name === device.name && now.protocol === device.protocol && isSameTree(now.parameters, device.parameters);
  if (isKept && kept) return kept;
  return newDevice(device, kept);
}

function newDevice(device: DeviceDeclaration, kept: JsonObject | undefined): JsonObject {
  const head: Draft = draftOf(objectAt(kept, 'Device'));
  const original = originalName(kept);
  head.set('Name', original !== undefined && nameHere(original) === device.name ? original : device.name);
  head.set('Protocol', device.protocol);
  const children = nodesOf([...device.parameters].map(([path, declaration]) => [path.split('/').slice(1), declaration] as const));
  return objectOf({ Device: head, Children: children });
}

const isSameTree = (a: DeviceDeclaration['parameters'], b: DeviceDeclaration['parameters']): boolean =>
  JSON.stringify([...a]) === JSON.stringify([...b]);

type Leaf = readonly [path: readonly string[], declaration: ParameterDeclaration];

function nodesOf(leaves: readonly Leaf[]): readonly JsonObject[] {
  const groups = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const name = leaf[0][0] ?? '';
    const group = groups.get(name);
    if (group) group.push(leaf);
    else groups.set(name, [leaf]);
  }
  return [...groups].map(([name, group]) => {
    const own = group.find(([path]) => path.length === 1)?.[1];
    const inner = nodesOf(group.filter(([path]) => path.length > 1).map(([path, declaration]) => [path.slice(1), declaration]));
    return objectOf({ Address: addressNode(name, own), ...(inner.length > 0 && { Children: inner }) });
  });
}

const wordOf = (table: Readonly<Record<string, string>>, meaning: string): string =>
  Object.entries(table).find(([, each]) => each === meaning)?.[0] ?? '';

function addressNode(name: string, own: ParameterDeclaration | undefined): JsonObject {
  if (!own) return objectOf({ ClipMode: 'Free', RepetitionFilter: false, Value: objectOf({}), Domain: objectOf({}), Name: name });
  const type = wordOf(TYPES, own.type);
  const bound = (number: number | readonly number[] | undefined): Json | undefined => (typeof number === 'object' ? [...number] : number);
  const domain = objectOf({
    Min: bound(own.min),
    Max: bound(own.max),
    Values: own.values?.map((value) =>
      typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? value : fromValue(value),
    ),
  });
  const node = objectOf({
    ioType: wordOf(ACCESSES, own.access),
    ClipMode: wordOf(CLIPS, own.clip),
    Unit: own.unit === '' ? undefined : own.unit,
    RepetitionFilter: own.isFiltering,
    Value: valueNode(type, own.value),
    Domain: objectOf({ [type]: domain }),
    Extended: own.description === '' && own.tags.length === 0 ? undefined : objectOf({ description: own.description, tags: [...own.tags] }),
    Name: name,
  });
  return isSameField(toDeclaration(node), own) ? node : new Map([...node, ['Tutti', fromPlain(own)]]);
}

/** Under the name of the parameter's own type where the value is of that type. */
function valueNode(type: string, value: Value | undefined): JsonObject {
  const plain = fromValue(value);
  const content = plain.values().next().value;
  if (value === undefined) return objectOf({});
  if (type === 'Int' && Number.isInteger(value)) return objectOf({ Int: value as number });
  return isSame(content, null) ? plain : toValueOf(type, content) ? objectOf({ [type]: content }) : plain;
}
const toValueOf = (type: string, content: Json | undefined): boolean =>
  content !== undefined && toValue(objectOf({ [type]: content })) !== undefined;
