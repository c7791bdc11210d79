import type { Foreign, ObjectId } from './object.ts';
import type { Value } from './value.ts';

/** A device that the score expects, present or not: what it says to these addresses is known and can be shown. */
export interface DeviceDeclaration extends Foreign {
  readonly id: ObjectId;
  /** First part of its addresses; unique in the score. */
  readonly name: string;
  /** What it speaks, as text: `osc`, `midi`; of an imported file, its protocol's UUID. */
  readonly protocol: string;
  /** By path, as `/lead/volume`, in order of path. */
  readonly parameters: ReadonlyMap<string, ParameterDeclaration>;
}

export const PARAMETER_TYPES = [
  ...(['number', 'integer', 'boolean', 'text', 'char', 'list', 'impulse'] as const),
  ...(['vec2', 'vec3', 'vec4'] as const),
] as const;
export const ACCESSES = ['get', 'set', 'both'] as const;
export const CLIPS = ['free', 'clip', 'wrap', 'fold', 'low', 'high'] as const;

export interface ParameterDeclaration {
  readonly type: (typeof PARAMETER_TYPES)[number];
  readonly access: (typeof ACCESSES)[number];
  /** Of vectors and lists: of every part, or part by part. */
  readonly min?: number | readonly number[];
  readonly max?: number | readonly number[];
  /** The only values allowed. */
  readonly values?: readonly Value[];
  /** What becomes of values out of range. */
  readonly clip: (typeof CLIPS)[number];
  /** A value like the one before is not sent again. */
  readonly isFiltering: boolean;
  /** Dotted, as `gain.dB`; empty: none. */
  readonly unit: string;
  /** Before anything was sent. */
  readonly value?: Value;
  readonly description: string;
  readonly tags: readonly string[];
}
