import { FLICKS_PER_MS } from '../../base.ts';
import type { Filter, Generator, Lfo, Limiter, Mapping, Metronome, Micromap, Process, Smooth } from '../../crdt/score.ts';
import { IMPULSE } from '../../crdt/value.ts';
import type { Value } from '../../crdt/value.ts';
import { localTime, valueAt } from '../process.ts';
import type { Place } from '../process.ts';
import { curveAt } from './curve.ts';
import { formulaOf, isFormula } from './formula.ts';
import type { Quantity } from './formula-tree.ts';
import { lfoWith, turnsAt } from './lfo.ts';
import { beatsIn, gridIn } from './metre.ts';
import type { Metre } from './metre.ts';
import { noise } from './noise.ts';
import { lastAt } from './notes.ts';
import { patternAt } from './sequence.ts';
import { smooth, smoothed } from './smooth.ts';
import type { SmoothState } from './smooth.ts';

/**
 * What a process says at one instant, given what flows into it and what it remembers of the instant before. All memory
 * is a plain value that the caller keeps: whoever steps through the same instants has the same.
 */
export interface NodeTurn {
  /** With the parameters that hold now. */
  readonly process: Process;
  /** undefined: nothing comes in. */
  readonly input: Value | undefined;
  readonly place: Place;
  readonly metre: () => Metre;
  /** Number of the instant, for chance. */
  readonly tick: number;
  /** Parameters change while it runs. */
  readonly isModulated: boolean;
}

export type Memory =
  | { readonly type: 'lfo'; readonly turns: number; readonly position: number }
  | { readonly type: 'formula'; readonly bound: Readonly<Record<string, Quantity>>; readonly local: number }
  | { readonly type: 'smooth'; readonly parts: readonly SmoothState[]; readonly input: Value }
  | { readonly type: 'limiter'; readonly passed: number; readonly position: number }
  | { readonly type: 'metronome'; readonly position: number };

export interface NodeSaying {
  readonly value: Value | undefined;
  readonly memory: Memory | undefined;
}

const LETTERS = ['a', 'b', 'c'] as const;
const VECTOR_MAX = 1024;
const SILENT: NodeSaying = { value: undefined, memory: undefined };

/** Whether it says something else according to what was before. */
export function isRemembering(process: Process): boolean {
  switch (process.type) {
    case 'smooth':
    case 'limiter':
      return true;
    case 'micromap':
    case 'generator':
    case 'filter': {
      const formula = formulaOf(process.expression);
      return isFormula(formula) && formula.isRemembering;
    }
    default:
      return false;
  }
}

/** memory: of the instant before in the same occurrence. */
export function say(turn: NodeTurn, memory: Memory | undefined): NodeSaying {
  const { process, input, place } = turn;
  switch (process.type) {
    case 'mapping':
      return { value: input === undefined ? undefined : mapped(process, input), memory: undefined };
    case 'micromap':
    case 'generator':
    case 'filter':
      return computed(process, turn, memory?.type === 'formula' ? memory : undefined);
    case 'smooth':
      return softened(process, input, memory?.type === 'smooth' ? memory : undefined);
    case 'limiter':
      return limited(process, turn, memory?.type === 'limiter' ? memory : undefined);
    case 'metronome':
      return beaten(process, turn, memory?.type === 'metronome' ? memory : undefined);
    case 'lfo':
      return turn.isModulated
        ? turned(process, place, turn.metre, memory?.type === 'lfo' ? memory : undefined)
        : { ...SILENT, value: valueAt(process, { ...place, metre: turn.metre }) };
    case 'display':
      return { value: input, memory: undefined };
    // As a value a note is its pitch, from its beginning until the next.
    case 'notes':
      return { ...SILENT, value: lastAt(process, place.position)?.pitch };
    case 'pattern':
      return { ...SILENT, value: patternAt(process, turn.metre(), place.position) };
    default:
      return { value: valueAt(process, place), memory: undefined };
  }
}

/** Truths count as 0 and 1; undefined for texts and impulses. */
function numberOf(value: Value | undefined): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'boolean' ? Number(value) : undefined;
}

/** Element by element; undefined where there is nothing to count. */
function spread(value: Value, f: (x: number, place: number) => number | undefined): Value | undefined {
  if (!Array.isArray(value)) {
    const x = numberOf(value);
    return x === undefined ? undefined : f(x, 0);
  }
  const all = (value as readonly Value[]).slice(0, VECTOR_MAX).map((item, i) => f(numberOf(item) ?? 0, i));
  return all.every((x) => x !== undefined) ? all : undefined;
}

const mapped = ({ points, sourceMin, sourceMax, min, max }: Mapping, input: Value): Value | undefined =>
  spread(input, (x) => {
    const share = sourceMax === sourceMin ? 0 : (x - sourceMin) / (sourceMax - sourceMin);
    const y = points.length === 0 ? Math.min(1, Math.max(0, share)) : curveAt(points, Math.min(1, Math.max(0, share)));
    return y === undefined ? undefined : min + y * (max - min);
  });

/** Phase goes on smoothly when the frequency changes. */
function turned(process: Lfo, { position }: Place, metre: () => Metre, memory: Extract<Memory, { type: 'lfo' }> | undefined): NodeSaying {
  const now = turnsAt(process, position, metre);
  const more = memory && position >= memory.position ? now - turnsAt(process, memory.position, metre) : -1;
  // Back in time, and where bars are counted anew, it begins anew, too.
  const turns = memory && more >= 0 ? memory.turns + more : now;
  return { value: lfoWith(process, turns, position), memory: { type: 'lfo', turns, position } };
}

/** A continuous one goes on towards its last input when nothing comes in any more. */
function softened(process: Smooth, comes: Value | undefined, memory: Extract<Memory, { type: 'smooth' }> | undefined): NodeSaying {
  const input = comes ?? (process.isContinuous ? memory?.input : undefined);
  if (input === undefined) return { value: undefined, memory };
  const parts: SmoothState[] = [];
  const value = spread(input, (x, i) => smoothed((parts[i] = smooth(process, memory?.parts[i], x)), process.mode));
  return value === undefined ? { value: input, memory } : { value, memory: { type: 'smooth', parts, input } };
}

function limited(
  process: Limiter,
  { input, place, metre }: NodeTurn,
  memory: Extract<Memory, { type: 'limiter' }> | undefined,
): NodeSaying {
  const { position } = place;
  const before = memory ?? { type: 'limiter', passed: -Infinity, position: position - 1 };
  const rate = process.rate > 0 ? process.rate : 0;
  const isDue =
    process.isQuantised && rate > 0
      ? gridIn(metre(), rate, [before.position + 1, position + 1]).length > 0
      : position >= before.passed + process.period * FLICKS_PER_MS;
  if (input === undefined || !isDue) return { value: undefined, memory: { ...before, position } };
  return { value: input, memory: { type: 'limiter', passed: position, position } };
}

function beaten(
  _: Metronome,
  { place: { position }, metre }: NodeTurn,
  memory: Extract<Memory, { type: 'metronome' }> | undefined,
): NodeSaying {
  const from = memory ? memory.position + 1 : 0;
  // Who enters in the middle hears the next beat, not those of before.
  const isBeat = beatsIn(metre(), [Math.max(from, position - FLICKS_PER_MS * 1000), position + 1]).length > 0;
  return {
    value: isBeat && (memory !== undefined || position < FLICKS_PER_MS * 20) ? IMPULSE : undefined,
    memory: { type: 'metronome', position },
  };
}

/** Without an input micromaps and filters say nothing. `t` and `dt` are flicks of own time, `fs` flicks per second, `pos` a share. */
function computed(
  process: Micromap | Generator | Filter,
  { input, place, tick }: NodeTurn,
  memory: Extract<Memory, { type: 'formula' }> | undefined,
): NodeSaying {
  const formula = formulaOf(process.expression);
  if (!isFormula(formula) || (process.type !== 'generator' && input === undefined)) return { value: undefined, memory };
  const local = localTime(process, place.position);
  const entered = input === undefined ? {} : entering(input);
  if (!entered) return { value: undefined, memory };
  const letters = process.type === 'micromap' ? {} : Object.fromEntries(LETTERS.map((name) => [name, process[name]]));
  const before = memory?.bound ?? {};
  let draws = 0;
  const bound: Record<string, Quantity> = {
    ...before,
    ...{ ...letters, ...entered, t: local, dt: memory ? local - memory.local : 0, fs: FLICKS_PER_MS * 1000 },
    pos: place.nominal > 0 ? local / place.nominal : 0,
  };
  const { value, m1, m2, m3 } = formula.run(bound, () => (noise(`${process.id}.${tick}`, draws++) + 1) / 2, place.steps);
  const next: Record<string, Quantity> = { m1, m2, m3, px: bound['x'] ?? 0, pxv: bound['xv'] ?? 0 };
  for (const [name, letter] of Object.entries(letters)) next[`p${name}`] = letter;
  if (typeof value === 'number') Object.assign(next, { po: value, pov: before['pov'] ?? 0 });
  else Object.assign(next, { po: before['po'] ?? 0, pov: value ?? before['pov'] ?? 0 });
  return { value, memory: { type: 'formula', bound: next, local } };
}

/** A number is also a vector of one, a vector's first counts as the number; undefined of texts and impulses. */
function entering(input: Value): Readonly<Record<string, Quantity>> | undefined {
  if (Array.isArray(input)) {
    const xv = (input as readonly Value[]).slice(0, VECTOR_MAX).map((item) => numberOf(item) ?? 0);
    return { x: xv[0] ?? 0, xv };
  }
  const x = numberOf(input) ?? (typeof input === 'string' && input !== '' && Number.isFinite(Number(input)) ? Number(input) : undefined);
  return x === undefined ? undefined : { x, xv: [x] };
}
