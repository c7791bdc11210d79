import type { Parameter } from '../../engine/device.ts';
import { numberText, parseNumber, valueText } from '../format.ts';

const ACCESS = { get: 'read only', set: 'write only', both: '' } as const;

/** What there is to know of a parameter, in one line: `number, 0 to 1 (clip), gain.dB, read only`. */
export function parameterText({ type, access, min, max, values, clip, unit }: Parameter): string {
  const range = values?.length ? `one of ${values.map(valueText).join(' · ')}` : rangeText(min, max);
  const mode = clip === undefined || clip === 'free' || range === '' ? '' : ` (${clip})`;
  return [type, range + mode, unit ?? '', ACCESS[access]].filter(Boolean).join(', ');
}

type Bound = number | readonly number[] | undefined;

function rangeText(min: Bound, max: Bound): string {
  if (min === undefined && max === undefined) return '';
  if (max === undefined) return `from ${boundText(min)}`;
  return min === undefined ? `up to ${boundText(max)}` : `${boundText(min)} to ${boundText(max)}`;
}

/** `0.5`, or `0, 0, 1` where each place has its own. */
export const boundText = (bound: Bound): string =>
  bound === undefined ? '' : typeof bound === 'number' ? numberText(bound, 3) : bound.map((it) => numberText(it, 3)).join(', ');

/** What a person types for a bound; null for nothing, undefined for what is no number nor a list of them. */
export function boundOf(text: string): number | readonly number[] | null | undefined {
  if (text.trim() === '') return null;
  const numbers = text.split(/[,;]\s+|;/).map(parseNumber);
  if (!numbers.every((it) => it !== undefined && Number.isFinite(it))) return undefined;
  return numbers.length === 1 ? numbers[0] : (numbers as readonly number[]);
}
