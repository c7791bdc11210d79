import { isAddress } from '../crdt/addresses.ts';
import { toValue } from '../crdt/valid-value.ts';
import type { Value } from '../crdt/value.ts';
import { IMPULSE } from '../crdt/value.ts';
import { printDestination, readDestination } from './destination.ts';
import { parse } from './expression-parse.ts';
import { print } from './expression-tree.ts';
import type { Expression, Junction, Operand, Operator } from './expression-tree.ts';

/**
 * Expressions of old files: trees of JSON instead of text.
 *
 *   node     = { Children: [node], <one of> }
 *              Relation: {LHS: operand, Op: 0..6, RHS: operand} | Pulse: address | BinOp: 0..2 | UnOp: 0 | nothing (the root)
 *   operand  = { Value: {Type, Value} } | { Address: address } | { AddressAccessor: {Address, Accessors, Unit} }
 *   address  = { Device, Path: "a/b" } | "device:/a/b"
 */
const OPERATORS: readonly Operator[] = ['==', '!=', '>', '<', '>=', '<=', 'contains'];
const JUNCTIONS: readonly Junction[] = ['and', 'or', 'xor'];
const DEPTH_MAX = 64;

type Entries = Readonly<Record<string, unknown>>;

const entriesOf = (input: unknown): Entries | undefined =>
  typeof input === 'object' && input !== null && !Array.isArray(input) ? (input as Entries) : undefined;

/** Whatever an own key is called, in capitals or not. */
function pick(entries: Entries | undefined, ...names: readonly string[]): unknown {
  const key = Object.keys(entries ?? {}).find((it) => names.includes(it.toLowerCase()));
  return key === undefined ? undefined : entries![key];
}

/** One of a list, by its place in it or by its name. */
const named = <T extends string>(all: readonly T[], input: unknown): T | undefined =>
  typeof input === 'number' ? all[input] : typeof input === 'string' ? all.find((it) => it === input.toLowerCase()) : undefined;

/** The expression's text; empty for a tree that says nothing; undefined for what is no such tree. Never throws. */
export function fromTree(json: unknown): string | undefined {
  if (typeof json === 'string') return json;
  const root = entriesOf(json);
  if (!root) return undefined;
  const expression = readNode(root, 0);
  if (expression === 'nothing') return '';
  if (!expression) return undefined;
  const text = print(expression);
  return 'expression' in parse(text) ? text : undefined;
}

function readNode(node: Entries, depth: number): Expression | 'nothing' | undefined {
  if (depth > DEPTH_MAX) return undefined;
  const relation = entriesOf(pick(node, 'relation'));
  if (relation) return readRelation(relation);
  const pulse = pick(node, 'pulse');
  if (pulse !== undefined) return readPulse(pulse);
  const children = childrenOf(node);
  const [left, right] = children.map((child) => readNode(child, depth + 1));
  if (pick(node, 'unop', 'unaryoperator') !== undefined) return left && left !== 'nothing' ? { type: 'not', operand: left } : undefined;
  const junction = pick(node, 'binop', 'binaryoperator');
  if (junction === undefined) return children.length === 0 ? 'nothing' : children.length === 1 ? left : undefined;
  const type = named(JUNCTIONS, junction);
  return type && left && right && left !== 'nothing' && right !== 'nothing' ? { type, left, right } : undefined;
}

const childrenOf = (node: Entries): readonly Entries[] => {
  const children = pick(node, 'children');
  return Array.isArray(children)
    ? (children as readonly unknown[]).slice(0, 2).flatMap((child): Entries[] => {
        const entries = entriesOf(child);
        return entries ? [entries] : [];
      })
    : [];
};

function readRelation(relation: Entries): Expression | undefined {
  const [left, right] = [readOperand(pick(relation, 'lhs')), readOperand(pick(relation, 'rhs'))];
  const operator = named(OPERATORS, pick(relation, 'op'));
  return left && right && operator ? { type: 'relation', operator, left, right } : undefined;
}

function readPulse(pulse: unknown): Expression | undefined {
  const operand = addressOf(pick(entriesOf(pulse), 'address') ?? pulse);
  return operand?.type === 'address' ? { type: 'impulse', address: operand.address } : undefined;
}

function readOperand(input: unknown): Operand | undefined {
  const entries = entriesOf(input);
  const accessor = entriesOf(pick(entries, 'addressaccessor', 'accessor'));
  if (accessor) return addressOf(pick(accessor, 'address') ?? accessor, accessor);
  const address = pick(entries, 'address');
  if (address !== undefined) return addressOf(address);
  const value = readValue(pick(entries, 'value') ?? input, 0);
  return value === undefined ? undefined : { type: 'value', value };
}

function addressOf(input: unknown, accessor?: Entries): Operand | undefined {
  const entries = entriesOf(input);
  const path = pick(entries, 'path');
  const device = pick(entries, 'device');
  const text = typeof device === 'string' && typeof path === 'string' ? `${device}:/${path.replace(/^\//, '')}` : input;
  if (typeof text !== 'string') return undefined;
  const unit = pick(accessor, 'unit');
  const places = pick(accessor, 'accessors');
  const accessors = [
    ...(typeof unit === 'string' && unit !== '' && unit !== 'none' ? [unit] : []),
    ...(Array.isArray(places) ? places.filter((it): it is number => Number.isInteger(it)) : []),
  ];
  const read = readDestination(accessors.length > 0 ? printDestination({ address: text, accessors }) : text);
  return 'message' in read || !isAddress(read.address) ? undefined : { type: 'address', ...read };
}

/** `{Type, Value}`, as old files have it, or `{Float: 1}`, as new ones; or the bare value. */
function readValue(input: unknown, depth: number): Value | undefined {
  if (depth > DEPTH_MAX) return undefined;
  const entries = entriesOf(input);
  if (!entries) return Array.isArray(input) ? listOf(input, depth) : toValue(input);
  const type = pick(entries, 'type');
  const [name, inner] = typeof type === 'string' ? [type, pick(entries, 'value')] : (Object.entries(entries)[0] ?? ['', undefined]);
  switch (name.toLowerCase()) {
    case 'impulse':
      return IMPULSE;
    case 'bool':
      return typeof inner === 'boolean' ? inner : undefined;
    case 'char':
    case 'string':
      return typeof inner === 'string' ? toValue(inner) : undefined;
    case 'int':
    case 'float':
      return typeof inner === 'number' ? toValue(inner) : undefined;
    default:
      return Array.isArray(inner) ? listOf(inner, depth) : undefined;
  }
}

function listOf(items: readonly unknown[], depth: number): Value | undefined {
  const values = items.map((item) => readValue(item, depth + 1));
  return values.every((it) => it !== undefined) ? toValue(values) : undefined;
}
