import type { Flicks } from '../base.ts';
import type { ObjectId, Quantisation } from './object.ts';
import type { AudioPit, MidiPit, Pit, VideoPit } from './pits.ts';
import type { ProcessBase } from './process-base.ts';

export * from './pits.ts';

export interface Scenario extends ProcessBase {
  readonly type: 'scenario';
  readonly isExclusive: boolean;
  readonly startSync: ObjectId;
}

/** Shapes of a segment that are no power: ossia's thirty-one. */
export const EASINGS = [
  ...(['backIn', 'backOut', 'backInOut', 'bounceIn', 'bounceOut', 'bounceInOut'] as const),
  ...(['quadraticIn', 'quadraticOut', 'quadraticInOut', 'cubicIn', 'cubicOut', 'cubicInOut'] as const),
  ...(['quarticIn', 'quarticOut', 'quarticInOut', 'quinticIn', 'quinticOut', 'quinticInOut'] as const),
  ...(['sineIn', 'sineOut', 'sineInOut', 'circularIn', 'circularOut', 'circularInOut'] as const),
  ...(['exponentialIn', 'exponentialOut', 'exponentialInOut', 'elasticIn', 'elasticOut', 'elasticInOut'] as const),
  'perlinInOut',
] as const;
export type Easing = (typeof EASINGS)[number];

/**
 * x: share of the interval's nominal length, ≥ 0, may pass 1 (of a mapping: share of its source range); y: 0 to 1, mapped
 * onto min..max; curve: of the segment that begins here, a power's exponent (1 is a line) or an easing.
 */
export interface CurvePoint {
  readonly id: ObjectId;
  readonly x: number;
  readonly y: number;
  readonly curve: number | Easing;
}

export interface Automation extends ProcessBase {
  readonly type: 'automation';
  readonly address: string;
  readonly min: number;
  readonly max: number;
  /** Begins at the value that its address has when it starts, whatever the first point says. */
  readonly isTween: boolean;
  /** Ordered by x, then id. */
  readonly points: readonly CurvePoint[];
}

/** Input from sourceMin to sourceMax, through the curve, onto min to max. */
export interface Mapping extends ProcessBase {
  readonly type: 'mapping';
  readonly input: string;
  readonly address: string;
  readonly sourceMin: number;
  readonly sourceMax: number;
  readonly min: number;
  readonly max: number;
  readonly points: readonly CurvePoint[];
}

/** BPM of its interval: y 0 to 1 is 20 to 500. */
export interface Tempo extends ProcessBase {
  readonly type: 'tempo';
  readonly address: string;
  readonly points: readonly CurvePoint[];
}

/** x as of a curve; red, green, blue, alpha 0 to 1. */
export interface ColourStop {
  readonly id: ObjectId;
  readonly x: number;
  readonly color: readonly [number, number, number, number];
}

export interface Gradient extends ProcessBase {
  readonly type: 'gradient';
  readonly address: string;
  /** Ordered by x, then id. */
  readonly stops: readonly ColourStop[];
}

export interface SplinePoint {
  readonly id: ObjectId;
  readonly x: number;
  readonly y: number;
}

/** A way through the plane, from its first point to its last in the interval's nominal length. */
export interface Spline extends ProcessBase {
  readonly type: 'spline';
  readonly address: string;
  /** In order of the way. */
  readonly points: readonly SplinePoint[];
}

export const WAVEFORMS = [
  ...(['sine', 'triangle', 'saw', 'square', 'random'] as const),
  ...(['sampleAndHold', 'noise1', 'noise2', 'noise3'] as const),
] as const;
export interface Lfo extends ProcessBase {
  readonly type: 'lfo';
  readonly address: string;
  /** 'random' draws once a turn, 'sampleAndHold' at each half. */
  readonly waveform: (typeof WAVEFORMS)[number];
  /** Hz, 0.01 to 100 */
  readonly frequency: number;
  /** value = offset + amplitude × wave, wave in −1..1 */
  readonly amplitude: number;
  readonly offset: number;
  /** Turns, 0 to 1 */
  readonly phase: number;
  /** 0 to 1 */
  readonly jitter: number;
  readonly quantisation: Quantisation;
}

/** start and duration in the process's own time; pitch: MIDI 0 to 127, may be fractional; velocity 0 to 1. */
export interface Note {
  readonly id: ObjectId;
  readonly start: Flicks;
  readonly duration: Flicks;
  readonly pitch: number;
  readonly velocity: number;
}

export interface Notes extends ProcessBase {
  readonly type: 'notes';
  /** The instrument, as `sound:/lead`. */
  readonly address: string;
  /** 1 to 16, of a MIDI port that the address names without one. */
  readonly channel: number;
  /** Ordered by start, pitch, id. */
  readonly notes: readonly Note[];
}

/** `steps` one after the other, 0 to 1 onto min..max, each for `duration`, and again. */
export interface Steps extends ProcessBase {
  readonly type: 'steps';
  readonly address: string;
  readonly steps: readonly number[];
  readonly duration: Flicks;
  readonly min: number;
  readonly max: number;
}

/** hits: one character a step: '-' nothing, '1' a hit, '2' goes on with the step before. */
export interface PatternLane {
  readonly note: number;
  readonly hits: string;
}

/** length: steps; division: of the whole note (16: sixteenths). */
export interface PatternTable {
  readonly length: number;
  readonly division: number;
  readonly lanes: readonly PatternLane[];
}

export interface Pattern extends ProcessBase {
  readonly type: 'pattern';
  /** The instrument. */
  readonly address: string;
  readonly channel: number;
  /** Index of the table that plays. */
  readonly current: number;
  readonly patterns: readonly PatternTable[];
}

/** An impulse on each beat. */
export interface Metronome extends ProcessBase {
  readonly type: 'metronome';
  readonly address: string;
}

export const SOUND_MODES = ['none', 'stretch', 'repitch'] as const;
export interface Sound extends ProcessBase {
  readonly type: 'sound';
  /** The track. */
  readonly address: string;
  /** Hash of the medium; empty: only its name is known. */
  readonly media: string;
  readonly file: string;
  /** Where in the medium it begins. */
  readonly start: Flicks;
  /** Factor, 0 to 4 */
  readonly gain: number;
  /** What happens when the tempo is not the medium's. */
  readonly mode: (typeof SOUND_MODES)[number];
}

/** An expression of its input x. */
export interface Micromap extends ProcessBase {
  readonly type: 'micromap';
  readonly input: string;
  readonly address: string;
  readonly expression: string;
}

/** The free numbers of an expression. */
interface ExpressionParameters {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** An expression of time. */
export interface Generator extends ProcessBase, ExpressionParameters {
  readonly type: 'generator';
  readonly address: string;
  readonly expression: string;
}

/** An expression of its input and of time. */
export interface Filter extends ProcessBase, ExpressionParameters {
  readonly type: 'filter';
  readonly input: string;
  readonly address: string;
  readonly expression: string;
}

export const SMOOTHINGS = ['oneEuro', 'lowPass', 'average', 'median'] as const;
export interface Smooth extends ProcessBase {
  readonly type: 'smooth';
  readonly input: string;
  readonly address: string;
  readonly mode: (typeof SMOOTHINGS)[number];
  /** 0 to 1: how much is smoothed by lowPass; window of average and median. */
  readonly amount: number;
  /** Hz: how often a value comes. */
  readonly frequency: number;
  /** Hz, of oneEuro. */
  readonly cutoff: number;
  readonly beta: number;
  /** Goes on towards the last value while none comes. */
  readonly isContinuous: boolean;
}

export interface Limiter extends ProcessBase {
  readonly type: 'limiter';
  readonly input: string;
  readonly address: string;
  /** ms between two values. */
  readonly period: number;
  /** Values come on the grid of `rate` instead. */
  readonly isQuantised: boolean;
  readonly rate: Quantisation;
}

/** Shows its input. */
export interface Display extends ProcessBase {
  readonly type: 'display';
  readonly input: string;
}

export interface TextBox extends ProcessBase {
  readonly type: 'text';
  readonly text: string;
}

export interface ShaderInput {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
}

/** A layer of the visual device; `visual:/<key>/<input>` are its parameters. */
export interface Shader extends ProcessBase {
  readonly type: 'shader';
  /** Unique in the score; part of the address, so it does not follow the name. */
  readonly key: string;
  /** GLSL: body of `vec4 render(vec2 uv)`, with `time`, `resolution` and the inputs in scope. */
  readonly source: string;
  /** Ordered by name. */
  readonly inputs: readonly ShaderInput[];
}

export const PORT_TYPES = ['value', 'audio', 'midi', 'texture', 'geometry'] as const;
export interface OpaquePort {
  readonly id: number;
  readonly name: string;
  readonly direction: 'in' | 'out';
  readonly type: (typeof PORT_TYPES)[number];
}

/** A process of an imported file that Tutti does not know: a grey block that keeps its ports and cables. */
export interface Opaque extends ProcessBase {
  readonly type: 'opaque';
  readonly uuid: string;
  readonly label: string;
  /** The instrument that plays, in its place, the notes that cables bring. */
  readonly address: string;
  /** Ordered by direction, then as in the file. */
  readonly ports: readonly OpaquePort[];
}

export type Process =
  | Scenario
  | Automation
  | Mapping
  | Gradient
  | Spline
  | Lfo
  | Notes
  | Steps
  | Pattern
  | Metronome
  | Tempo
  | Sound
  | Micromap
  | Generator
  | Filter
  | Smooth
  | Limiter
  | Display
  | TextBox
  | Shader
  | Pit
  | MidiPit
  | AudioPit
  | VideoPit
  | Opaque;
export type ProcessType = Process['type'];
