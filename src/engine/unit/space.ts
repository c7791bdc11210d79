/** A way to write quantities of one space down; the space's neutral unit is what all of them convert through. */
export interface Unit {
  /** `color.hsv`; what a person reads and a file holds. */
  readonly name: string;
  readonly space: Space;
  /** One letter for each number of a value, as `hsv`; empty where a value is a plain number. */
  readonly components: string;
  /** Numbers of a value to numbers of the neutral unit, and back. */
  toNeutral(numbers: readonly number[]): readonly number[];
  fromNeutral(numbers: readonly number[]): readonly number[];
}

/** Neutral: linear gain, seconds, radians, metres, metres a second, argb (each 0 to 1), x y z, quaternion x y z w. */
export type Space = 'gain' | 'time' | 'angle' | 'distance' | 'speed' | 'color' | 'position' | 'orientation';

/** A unit under the names by which it is known, each also behind `<space>.`; the first is the one shown. */
export interface NamedUnit {
  readonly names: readonly string[];
  readonly components?: string;
  toNeutral(numbers: readonly number[]): readonly number[];
  fromNeutral(numbers: readonly number[]): readonly number[];
}

/** A unit of plain numbers. */
export const scalar = (names: readonly string[], to: (value: number) => number, from: (value: number) => number): NamedUnit => ({
  names,
  toNeutral: ([value = NaN]) => [to(value)],
  fromNeutral: ([value = NaN]) => [from(value)],
});

/** value × factor is neutral. */
export const linear = (names: readonly string[], factor: number): NamedUnit =>
  scalar(
    names,
    (value) => value * factor,
    (value) => value / factor,
  );

/** A unit of several numbers. */
export const vector = (
  names: readonly string[],
  components: string,
  to: (numbers: readonly number[]) => readonly number[],
  from: (numbers: readonly number[]) => readonly number[],
): NamedUnit => ({ names, components, toNeutral: to, fromNeutral: from });

export const same = (numbers: readonly number[]): readonly number[] => numbers;
export const degrees = (radians: number): number => (radians * 180) / Math.PI;
export const radians = (angle: number): number => (angle * Math.PI) / 180;
