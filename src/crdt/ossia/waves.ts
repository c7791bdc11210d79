import type { WAVES } from './segments.ts';

type Pair = readonly [x: number, y: number];
type WaveName = (typeof WAVES)[number];
interface Wave {
  readonly wave: WaveName;
  /** From end to end. */
  readonly turns: number;
  /** Of half the way up and down, as a share of the way from end to end. */
  readonly height: number;
}

const TURNS_MAX = 500;
/** Lines in a turn of a sine. */
const FINE = 32;
const TURN = 2 * Math.PI;
/** ossia's triangle is the arc of a sine, its saw that of a tangent. */
const STEEP = Math.PI / 2;

/**
 * Points of a wave from where it begins to its end: middle + (to - from) × height × wave; exact but for a sine.
 * Source: score-plugin-curve before version 3, Segment/Sin.
 */
export function waveBetween(from: Pair, to: Pair, { wave, turns: wanted, height }: Wave): readonly Pair[] {
  const turns = Math.min(TURNS_MAX, Math.max(0, wanted));
  const middle = (from[1] + to[1]) / 2;
  const swing = (to[1] - from[1]) * height;
  const points: Pair[] = [];
  const add = (turn: number, level: number): unknown =>
    points.push([from[0] + ((to[0] - from[0]) * turn) / (turns || 1), middle + swing * level]);
  let i = 0;
  for (; i === 0 || turnOf(wave, i) < turns - CLOSE; i++) for (const level of levelsAt(wave, i)) add(turnOf(wave, i), level);
  add(turns, levelBefore(wave, i - 1, turns));
  return [...points.slice(0, -1), [to[0], points.at(-1)![1]]];
}
const CLOSE = 1e-9;

/** Where its i-th corner stands, in turns. */
function turnOf(wave: WaveName, i: number): number {
  if (wave === 'sine') return i / FINE;
  if (wave === 'square') return i / 2;
  return i === 0 ? 0 : (2 * i - 1) / 4;
}

/** Its level there; two where it jumps. */
function levelsAt(wave: WaveName, i: number): readonly number[] {
  const sign = i % 2 === 0 ? -1 : 1;
  if (wave === 'sine') return [Math.sin((TURN * i) / FINE)];
  if (wave === 'square') return i === 0 ? [1] : [sign, -sign];
  if (i === 0) return [0];
  return wave === 'saw' ? [STEEP, -STEEP] : [sign * STEEP];
}

/** Level just before a turn, on the line that leaves corner i. */
function levelBefore(wave: WaveName, i: number, turn: number): number {
  if (wave === 'sine') return Math.sin(TURN * turn);
  const level = levelsAt(wave, i).at(-1)!;
  if (wave === 'square') return level;
  return level + (wave === 'triangle' && i % 2 === 1 ? -TURN : TURN) * (turn - turnOf(wave, i));
}
