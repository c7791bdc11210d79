import { at, listAt, toNumber } from './access.ts';
import { isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { toAddress, toValue } from './values.ts';
import type { Value } from '../value.ts';

/**
 * Expressions: a text since version 3, a tree before. Texts stay as they are, whatever they say: the engine's parser
 * knows more than one spelling and shows where it cannot follow.
 *
 *   tree    = { Children: [tree], ...node } | { Children: [tree], Expression: node }    the second from 2020-04 to 2021-05
 *   node    = { Relation: { LHS, Op, RHS } | Pulse: address | BinOp: 0 and, 1 or, 2 xor | UnOp: 0 not }
 *   side    = { Address | AddressAccessor: address } | { Value: value } | value
 */
const TEXT_MAX = 4096;
const DEPTH_MAX = 64;
const OPERATORS = ['==', '!=', '>', '<', '>=', '<=', 'contains'];
const JOINTS = ['and', 'or', 'xor'];

/** undefined where there is none. */
export function toExpression(json: Json | undefined): string | undefined {
  const text = typeof json === 'string' ? withEscapes(json.trim()) : isObject(json) ? printTree(json, 0) : '';
  return text.slice(0, TEXT_MAX);
}

/** Addresses, texts and letters of an expression of ossia, which knows no escapes: a text goes on to the next quotation mark. */
const PLAIN_TEXTS = /%[^%]*%|"[^"]*"|'[^']'/g;
/** Of one of Tutti, where a backslash says that what follows is meant itself. */
const ESCAPED_TEXTS = /%[^%]*%|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])'/g;

const withEscapes = (text: string): string =>
  text.replace(PLAIN_TEXTS, (part) => (part.startsWith('%') ? part : part.replace(/\\/g, '\\\\')));
/** What holds a quotation mark cannot be said in ossia, and stays. */
const withoutEscapes = (text: string): string =>
  text.replace(ESCAPED_TEXTS, (part) => {
    if (part.startsWith('%') || !part.includes('\\')) return part;
    const inner = part.slice(1, -1).replace(/\\([\s\S])/g, (_, sign: string) => ({ n: '\n', t: '\t', r: '\r' })[sign] ?? sign);
    return inner.includes(part.charAt(0)) ? part : `${part.charAt(0)}${inner}${part.charAt(0)}`;
  });

export const printTrigger = withoutEscapes;
export function printCondition(condition: string): string {
  const text = withoutEscapes(condition);
  return text.startsWith('{') ? ` ${text} ` : text;
}

function printTree(tree: JsonObject, depth: number): string {
  if (depth > DEPTH_MAX) return '';
  const children = listAt(tree, 'Children')
    .filter(isObject)
    .map((child) => printTree(child, depth + 1))
    .filter((child) => child !== '');
  const wrapped = at(tree, 'Expression');
  const node = isObject(wrapped) ? wrapped : tree;
  const relation = at(node, 'Relation');
  if (isObject(relation)) return printRelation(relation);
  const pulse = toAddress(at(node, 'Pulse'));
  if (pulse !== '') return `{ %${pulse}% impulse }`;
  const joint = toNumber(at(node, 'BinOp'));
  if (joint !== undefined && children.length > 0)
    return children.length < 2 ? children[0]! : `{ ${children.join(` ${JOINTS[joint] ?? 'and'} `)} }`;
  if (at(node, 'UnOp') !== undefined && children.length > 0) return `{ not ${children[0]} }`;
  return children.length < 2 ? (children[0] ?? '') : `{ ${children.join(' and ')} }`;
}

function printRelation(relation: JsonObject): string {
  const operator = at(relation, 'Op');
  const number = toNumber(operator);
  const sign = number === undefined ? (typeof operator === 'string' ? operator : '==') : (OPERATORS[number] ?? '==');
  return `{ ${printSide(at(relation, 'LHS'))} ${sign} ${printSide(at(relation, 'RHS'))} }`;
}

function printSide(side: Json | undefined): string {
  const address = toAddress(at(side, 'AddressAccessor') ?? at(side, 'Address') ?? (isAddressLike(side) ? side : undefined));
  if (address !== '') return `%${address}%`;
  return printValue(toValue(at(side, 'Value')) ?? toValue(side));
}
const isAddressLike = (side: Json | undefined): boolean => at(side, 'Device') !== undefined || at(side, 'address') !== undefined;

function printValue(value: Value | undefined): string {
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(printValue).join(', ')}]`;
  if (typeof value === 'string') return `"${value.replace(/["\\]/g, '\\$&')}"`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'true';
}

/** Whether addresses stand in it without the signs that ossia's own parser asks for. */
export const isBare = (expression: string): boolean =>
  /(?:^|[\s{])[A-Za-z0-9_.~() -]+:\/[^\s%}]*/.test(expression.replace(/%[^%]*%|"[^"]*"/g, ''));
