import type { ParameterDeclaration } from '../crdt/score.ts';
import type { Impulse, Value } from '../crdt/value.ts';

/** Which values a parameter takes. A bound of a vector or a list is one for all places, or one for each. */
export interface Domain {
  readonly min?: number | readonly number[];
  readonly max?: number | readonly number[];
  /** If there are any, no others exist. */
  readonly values?: readonly Value[];
}
export type ClipMode = ParameterDeclaration['clip'];
type Type = ParameterDeclaration['type'];

/**
 * A value brought into its domain, number by number where it is a list; undefined where it is none of those that exist.
 * `free` leaves all as it is; `low` and `high` keep one bound; `wrap` goes on at the other end, `fold` turns back [DM2].
 */
export function clip(value: Value, domain: Domain, mode: ClipMode): Value | undefined {
  if (mode === 'free') return value;
  if (domain.values && domain.values.length > 0) return domain.values.find((it) => isSame(it, value));
  const [min, max] = [mode === 'high' ? undefined : domain.min, mode === 'low' ? undefined : domain.max];
  const inRange = (it: number, place: number): number =>
    clipNumber(it, [boundAt(min, place) ?? -Infinity, boundAt(max, place) ?? Infinity], mode);
  if (typeof value === 'number') return inRange(value, 0);
  if (!Array.isArray(value)) return value;
  return (value as readonly Value[]).map((it, place) => (typeof it === 'number' ? inRange(it, place) : it));
}

const boundAt = (bound: Domain['min'], place: number): number | undefined => (typeof bound === 'object' ? bound[place] : bound);

function clipNumber(value: number, [min, max]: readonly [number, number], mode: ClipMode): number {
  if ((value >= min && value <= max) || min > max) return value;
  const length = max - min;
  const isRound = (mode === 'wrap' || mode === 'fold') && Number.isFinite(length) && length > 0;
  if (!isRound) return Math.min(max, Math.max(min, value));
  const period = mode === 'wrap' ? length : 2 * length;
  const turned = (((value - min) % period) + period) % period;
  return Math.min(max, min + (turned > length ? period - turned : turned));
}

/** Deeply. */
export function isSame(a: Value, b: Value): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && (a as readonly Value[]).every((it, i) => isSame(it, (b as readonly Value[])[i]!));
  return a === b || (isImpulse(a) && isImpulse(b));
}

export const isImpulse = (value: Value): value is Impulse => typeof value === 'object' && 'impulse' in value;

const SIZES: Readonly<Partial<Record<Type, number>>> = { vec2: 2, vec3: 3, vec4: 4 };

/**
 * A value as a parameter of that type has it: numbers are cut to whole ones, one number fills a vector, a list of one
 * gives its item; undefined where there is no such thing. An impulse is one everywhere [DM4].
 */
export function coerce(value: Value, type: Type): Value | undefined {
  if (type === 'impulse' || isImpulse(value)) return { impulse: true };
  switch (type) {
    case 'number':
      return numberOf(value);
    case 'integer': {
      const number = numberOf(value);
      return number === undefined ? undefined : Math.trunc(number) + 0;
    }
    case 'boolean':
      return typeof value === 'string' ? value === 'true' : Array.isArray(value) ? undefined : Number(value) !== 0;
    case 'text':
      return Array.isArray(value) ? undefined : String(value as string | number | boolean);
    case 'char':
      return typeof value === 'string' ? [...value][0] : undefined;
    case 'list':
      return Array.isArray(value) ? value : [value];
    default:
      return vectorOf(value, SIZES[type] ?? 0);
  }
}

function numberOf(value: Value): number | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value);
  if (typeof value === 'string') return /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value) ? Number(value) : undefined;
  return Array.isArray(value) && value.length === 1 ? numberOf(value[0] as Value) : undefined;
}

/** Places that are missing are 0, those too many are left out. */
function vectorOf(value: Value, size: number): readonly number[] | undefined {
  const numbers = Array.isArray(value) ? (value as readonly Value[]).map(numberOf) : Array.from({ length: size }, () => numberOf(value));
  return numbers.every((it) => it !== undefined) ? Array.from({ length: size }, (_, i) => numbers[i] ?? 0) : undefined;
}
