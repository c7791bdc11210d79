import { IMPULSE, type Value } from '../../crdt/value.ts';
import type { Parameter } from '../../engine/device.ts';
import { parse } from '../../engine/expression.ts';

/** The kinds of values that a person chooses between. */
export const VALUE_KINDS = ['number', 'truth', 'text', 'list', 'impulse'] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

export function kindOf(value: Value): ValueKind {
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'truth';
  if (typeof value === 'string') return 'text';
  return Array.isArray(value) ? 'list' : 'impulse';
}

/** The same value as another kind has it, as far as it can. */
export function asKind(value: Value, kind: ValueKind): Value {
  if (kind === kindOf(value)) return value;
  const first: Value | undefined = Array.isArray(value) ? (value as readonly Value[])[0] : value;
  switch (kind) {
    case 'number':
      return typeof first === 'number' || typeof first === 'boolean' || typeof first === 'string' ? finite(Number(first)) : 0;
    case 'truth':
      return first === true || (typeof first === 'number' && first !== 0) || first === 'true';
    case 'text':
      return typeof value === 'object' ? (Array.isArray(value) ? listText(value as readonly Value[]) : '') : String(value);
    case 'list':
      return typeof value === 'object' ? [] : [value];
    case 'impulse':
      return IMPULSE;
  }
}
const finite = (x: number): number => (Number.isFinite(x) ? x : 0);

/** `[1, 0.5, "a"]`, as expressions have it: what `toList` reads. */
export function listText(list: readonly Value[]): string {
  return `[${list.map((it) => (typeof it === 'string' ? JSON.stringify(it) : Array.isArray(it) ? listText(it as readonly Value[]) : typeof it === 'object' ? 'impulse' : String(it))).join(', ')}]`;
}

/** A list as a person types it, with brackets or without; undefined for what is none. */
export function toList(text: string): readonly Value[] | undefined {
  const trimmed = text.trim();
  const parsed = parse(trimmed.startsWith('[') ? trimmed : `[${trimmed}]`);
  if (!('expression' in parsed) || parsed.expression.type !== 'truth' || parsed.expression.operand.type !== 'value') return undefined;
  const { value } = parsed.expression.operand;
  return Array.isArray(value) ? (value as readonly Value[]) : undefined;
}

/** What a new message to this would say first: its value now, else its top, else what its type has. */
export function firstValue({ type, max, values }: Pick<Parameter, 'type' | 'max' | 'values'>, now: Value | undefined): Value {
  if (now !== undefined) return now;
  if (values?.[0] !== undefined) return values[0];
  if (type === 'boolean') return true;
  if (type === 'text' || type === 'char') return '';
  if (type === 'impulse') return IMPULSE;
  if (type === 'vec2' || type === 'vec3' || type === 'vec4') return Array.from({ length: Number(type[3]) }, () => 0);
  if (type === 'list') return [];
  return typeof max === 'number' ? max : 0;
}

/** Colours that a person sees as one: parts from 0 to 1. */
export const isColour = (value: Value, unit: string | undefined): value is readonly number[] =>
  (unit === 'color.rgb' || unit === 'color.rgba') &&
  Array.isArray(value) &&
  value.length >= 3 &&
  value.every((part) => typeof part === 'number');

const part = (x: number | undefined): string =>
  Math.round(Math.min(1, Math.max(0, x ?? 0)) * 255)
    .toString(16)
    .padStart(2, '0');

/** `#rrggbb` of parts from 0 to 1. */
export const hexOf = ([red, green, blue]: readonly number[]): string => `#${part(red)}${part(green)}${part(blue)}`;

/** Red, green, blue from 0 to 1 of `#rrggbb`. */
export const partsOf = (hex: string): readonly [number, number, number] => {
  const at = (i: number): number => Number((parseInt(hex.slice(i, i + 2), 16) / 255).toFixed(4));
  return [at(1), at(3), at(5)];
};
