import fc from 'fast-check';
import type { GeneratorValue } from 'fast-check';

/** Values, addresses, messages, conditions and devices in the words of each year of ossia's writer. */
export type Era = '2017' | '2019' | '2020' | 'now';
export type Part = Readonly<Record<string, unknown>>;
/** A condition: the tree that older years save, and the text that it is. */
export interface Text {
  readonly tree: Part;
  readonly text: string;
}
type Plain = number | boolean | string | null | readonly Plain[];

const isMs = (era: Era): boolean => era === '2017' || era === '2019';
const IMPULSE = { impulse: true };

const TYPES = ['Float', 'Int', 'Bool', 'String', 'Impulse', 'Vec2f', 'Vec3f', 'Vec4f', 'Tuple'] as const;
type Type = (typeof TYPES)[number];
const half = (g: GeneratorValue): number => g(fc.integer, { min: -20, max: 20 }) / 2;

function plainOf(g: GeneratorValue, type: Type): Plain {
  switch (type) {
    case 'Float':
      return half(g);
    case 'Int':
      return g(fc.integer, { min: -1000, max: 1000 });
    case 'Bool':
      return g(fc.boolean);
    case 'String':
      return g(fc.string, { maxLength: 8 });
    case 'Impulse':
      return null;
    case 'Tuple':
      return [half(g), g(fc.boolean)];
    default:
      return Array.from({ length: Number(type[3]) }, () => half(g));
  }
}
/** In a list each item has its type again. */
const contentOf = (type: Type, plain: Plain, era: Era): unknown =>
  type === 'Tuple' ? (plain as readonly Plain[]).map((item) => typed(typeof item === 'boolean' ? 'Bool' : 'Float', item, era)) : plain;
const typed = (type: Type, plain: Plain, era: Era): Part =>
  isMs(era) ? { Type: type, Value: contentOf(type, plain, era) } : { [type]: contentOf(type, plain, era) };
export const value = (number: number, era: Era): Part => typed('Float', number, era);
const meaning = (plain: Plain): unknown => plain ?? IMPULSE;

const NODES = ['a', 'b', 'lamp.1', 'x-y'] as const;
export function address(g: GeneratorValue): string {
  const path = g(fc.array<string>, fc.constantFrom(...NODES), { minLength: 1, maxLength: 3 });
  return `${g(fc.constantFrom<string[]>, 'osc', 'desk')}:/${path.join('/')}`;
}

interface Node {
  readonly Name: string;
  readonly children: readonly Node[];
  readonly own: { readonly type: Type; readonly plain: Plain; readonly behind: string } | undefined;
}
function node(g: GeneratorValue, Name: string, depth: number): Node {
  const type = g(fc.constantFrom<Type[]>, ...TYPES);
  const isSaid = depth > 0 && g(fc.boolean);
  const behind = type === 'Float' ? g(fc.constantFrom<string[]>, '', '', '@[1]', '@[0][2]', '@[gain.dB]') : '';
  const names = depth >= 3 ? [] : g(fc.subarray<string>, [...NODES], { maxLength: depth === 0 ? 1 : 2 });
  return {
    Name,
    children: names.map((name) => node(g, name, depth + 1)),
    own: isSaid ? { type, plain: plainOf(g, type), behind } : undefined,
  };
}

/** A state's messages, in the order of the tree. */
export function messages(g: GeneratorValue, era: Era): { readonly tree: Part; readonly list: readonly Part[] } {
  const devices = g(fc.subarray<string>, ['osc', 'desk']);
  const list: Part[] = [];
  const write = ({ Name, children, own }: Node, path: string | undefined, device: string): Part => {
    if (own) list.push({ address: `${device}:${path ?? '/'}${own.behind}`, value: meaning(own.plain) });
    const behind = [...(own?.behind ?? '').matchAll(/\[([^\]]*)\]/g)].map(([, text]) => text!);
    const inner = children.map((child) => write(child, `${path ?? ''}/${child.Name}`, device));
    return {
      Name,
      Accessors: behind.filter((text) => /^\d/.test(text)).map(Number),
      Unit: behind.find((text) => !/^\d/.test(text)) ?? 'none',
      ...{ Previous: [], Following: [] },
      ...(own ? { User: typed(own.type, own.plain, era) } : isMs(era) ? {} : { User: null }),
      Priorities: [1, 2, 0],
      ...((inner.length > 0 || isMs(era)) && { Children: inner }),
    };
  };
  const Children = devices.map((name) => write(node(g, name, 0), undefined, name));
  const root = { Name: '', Accessors: [], Unit: 'none', Previous: [], Following: [], Priorities: [1, 2, 0] };
  return { tree: { ...root, ...(Children.length > 0 && { Children }) }, list };
}

const SIGNS = ['==', '!=', '>', '<', '>=', '<='] as const;
const JOINTS = ['and', 'or', 'xor'] as const;

/** Around each node of a tree `Expression` in 2020; the root has nothing but children. */
export function condition(g: GeneratorValue, era: Era): Text {
  const { tree, text } = inner(g, era, 2);
  const root = era === '2020' ? { Expression: { RootNode: null } } : { RootNode: {} };
  return { tree: { ...root, Children: [tree] }, text };
}
function inner(g: GeneratorValue, era: Era, depth: number): Text {
  const wrap = (own: Part, Children: readonly Part[] = []): Part => ({ ...(era === '2020' ? { Expression: own } : own), Children });
  const kind = g(fc.integer, { min: 0, max: depth > 0 ? 3 : 1 });
  const named = address(g);
  const [Device, Path] = named.split(':/');
  const accessor = era === '2020' ? named : { address: { Device, Path }, Accessors: [], Unit: 'none' };
  if (kind === 0) {
    const Op = g(fc.integer, { min: 0, max: SIGNS.length - 1 });
    const number = half(g);
    const relation = { LHS: { AddressAccessor: accessor }, Op, RHS: { Value: value(number, era) } };
    return { tree: wrap({ Relation: relation }), text: `{ %${named}% ${SIGNS[Op]} ${number} }` };
  }
  if (kind === 1) {
    const pulse = era === '2020' ? named : { address: { Device, Path } };
    return { tree: wrap({ Pulse: pulse }), text: `{ %${named}% impulse }` };
  }
  const first = inner(g, era, depth - 1);
  if (kind === 2) return { tree: wrap({ UnOp: 0 }, [first.tree]), text: `{ not ${first.text} }` };
  const second = inner(g, era, depth - 1);
  const BinOp = g(fc.integer, { min: 0, max: 2 });
  return { tree: wrap({ BinOp }, [first.tree, second.tree]), text: `{ ${first.text} ${JOINTS[BinOp]} ${second.text} }` };
}

const MEANT: Readonly<Record<Type, string>> = {
  ...{ Float: 'number', Int: 'integer', Bool: 'boolean', String: 'text', Impulse: 'impulse', Tuple: 'list' },
  ...{ Vec2f: 'vec2', Vec3f: 'vec3', Vec4f: 'vec4' },
};
const ACCESS = { '<-': 'get', '->': 'set', '<->': 'both' } as const;
const CLIPS = ['Free', 'Clip', 'Fold', 'Wrap', 'Low', 'High'] as const;

/** One device with a tree of parameters, and what each must say. */
export function device(g: GeneratorValue, era: Era): { readonly plugin: Part; readonly parameters: ReadonlyMap<string, Part> } {
  const parameters = new Map<string, Part>();
  const parameter = (Name: string, path: string, depth: number): Part => {
    const type = g(fc.constantFrom<Type[]>, ...TYPES);
    const plain = plainOf(g, type);
    const ioType = g(fc.constantFrom<(keyof typeof ACCESS)[]>, '<-', '->', '<->');
    const ClipMode = g(fc.constantFrom<(typeof CLIPS)[number][]>, ...CLIPS);
    const RepetitionFilter = g(fc.boolean);
    const isRanged = type === 'Float' || type === 'Int';
    const Unit = type === 'Float' ? g(fc.constantFrom<string[]>, 'none', 'gain.dB', 'time.ms') : 'none';
    const domain = isRanged ? { [type]: { Min: -20, Max: 20 } } : type === 'Bool' || type === 'Impulse' ? { [type]: null } : {};
    const names = depth >= 2 ? [] : g(fc.subarray<string>, [...NODES], { maxLength: 2 });
    const isNode = names.length > 0 && g(fc.boolean);
    if (!isNode)
      parameters.set(path, {
        ...{
          type: MEANT[type],
          value: meaning(plain),
          access: ACCESS[ioType],
          clip: ClipMode.toLowerCase(),
          isFiltering: RepetitionFilter,
        },
        ...{ unit: Unit === 'none' ? '' : Unit, ...(isRanged && { min: -20, max: 20 }) },
      });
    const held = isNode
      ? isMs(era)
        ? { Type: 'None', Value: null }
        : { Value: {} }
      : isMs(era)
        ? typed(type, plain, era)
        : { Value: typed(type, plain, era) };
    const Children = names.map((name) => parameter(name, `${path}/${name}`, depth + 1));
    const unit = isMs(era) || (Unit !== 'none' && !isNode) ? { Unit: isNode ? 'none' : Unit } : {};
    const Address = { ...(!isNode && { ioType }), ClipMode, ...unit, RepetitionFilter, ...held, Domain: isNode ? {} : domain, Name };
    return { Address: isMs(era) ? { ...Address, Extended: {} } : Address, ...((Children.length > 0 || isMs(era)) && { Children }) };
  };
  const names = g(fc.subarray<string>, [...NODES]);
  const Children = names.map((name) => parameter(name, `/${name}`, 0));
  const own = { Device: { Name: 'osc', Protocol: '9a42de4b-f6eb-4bca-9564-01b975f601b9', OutputPort: 9996, Host: '127.0.0.1' } };
  const node = { ...own, ...((Children.length > 0 || isMs(era)) && { Children }) };
  return { plugin: { uuid: '6e610e1f-9de2-4c36-90dd-0ef570002a21', RootNode: {}, Children: [node] }, parameters };
}
