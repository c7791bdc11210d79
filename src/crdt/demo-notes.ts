/** What the demo plays: four chords of a bar each (Dm9, B♭maj9, F/A, Cadd9) at 96 BPM. Times in ms. */
export interface FileNote {
  readonly start: number;
  readonly duration: number;
  readonly pitch: number;
  readonly velocity: number;
}

const BEAT = 625;
const BAR = 4 * BEAT;

/** Each voice moves by a step or stays. */
const CHORDS = [
  [53, 57, 60, 64],
  [53, 57, 60, 62],
  [53, 55, 60, 65],
  [52, 55, 60, 62],
] as const;
const ROOTS = [38, 34, 33, 36] as const;

export const chordNotes = (velocity: number): readonly FileNote[] =>
  CHORDS.flatMap((chord, bar) => chord.map((pitch) => ({ start: bar * BAR, duration: BAR - 60, pitch, velocity })));

/** Root, a push before the third beat, and a fifth or octave that leads on. */
export const bassLine = (): readonly FileNote[] =>
  ROOTS.flatMap((root, bar) => [
    { start: bar * BAR, duration: 0.9 * BEAT, pitch: root, velocity: 0.8 },
    { start: bar * BAR + 1.5 * BEAT, duration: 0.4 * BEAT, pitch: root, velocity: 0.6 },
    { start: bar * BAR + 2 * BEAT, duration: 0.8 * BEAT, pitch: root, velocity: 0.7 },
    { start: bar * BAR + 3.5 * BEAT, duration: 0.4 * BEAT, pitch: root + (bar % 2 ? 7 : 12), velocity: 0.55 },
  ]);

const [KICK, RIM, SNARE, CLOSED, OPEN, SHAKER] = [36, 37, 38, 42, 46, 70];

/** Two bars, restrained: the second snare comes only once. */
export function drumBars(): readonly FileNote[] {
  const at = (pitch: number, velocity: number, beats: readonly number[]): readonly FileNote[] =>
    beats.map((beat) => ({ start: beat * BEAT, duration: 100, pitch, velocity }));
  const eighths = Array.from({ length: 16 }, (_, i) => i / 2);
  return [
    ...at(KICK, 0.85, [0, 2.5, 4, 6.5]),
    ...at(KICK, 0.5, [1.75, 5.75]),
    ...at(RIM, 0.5, [1, 3, 5]),
    ...at(SNARE, 0.6, [7]),
    ...at(
      CLOSED,
      0.35,
      eighths.filter((beat) => beat % 1 === 0),
    ),
    ...at(
      CLOSED,
      0.55,
      eighths.filter((beat) => beat % 1 !== 0 && beat !== 7.5),
    ),
    ...at(OPEN, 0.4, [7.5]),
    ...at(SHAKER, 0.3, [0.25, 0.75, 1.75, 2.25, 2.75, 3.75, 4.25, 4.75, 5.75, 6.25, 6.75]),
  ];
}

/** [beat, pitch, beats held, velocity] */
const melody = (...notes: readonly (readonly [number, number, number, number])[]): readonly FileNote[] =>
  notes.map(([beat, pitch, held, velocity]) => ({ start: beat * BEAT, duration: held * BEAT, pitch, velocity }));

/** A question... */
export const PLUCK_A = melody(
  [0.5, 69, 1, 0.6],
  [1.5, 72, 1, 0.65],
  [2.5, 76, 2, 0.75],
  [5.5, 74, 1, 0.6],
  [6.5, 72, 1.5, 0.65],
  [8.5, 69, 1, 0.55],
  [9.5, 72, 1, 0.6],
  [10.5, 77, 2, 0.75],
  [13, 76, 1, 0.6],
  [14, 74, 1.5, 0.6],
);
/** ...and its answer, an octave lower towards the end. */
export const PLUCK_B = melody(
  [0, 81, 1.5, 0.65],
  [1.5, 79, 1, 0.6],
  [2.5, 77, 1.5, 0.65],
  [4.5, 74, 1, 0.6],
  [5.5, 77, 2, 0.65],
  [8, 72, 1, 0.6],
  [9, 69, 1, 0.55],
  [10, 65, 2, 0.6],
  [12.5, 67, 1, 0.55],
  [13.5, 64, 1, 0.5],
  [14.5, 62, 1.5, 0.6],
);

export const keysLine = (): readonly FileNote[] => [
  ...melody(
    [0, 74, 3, 0.5],
    [3, 76, 1, 0.4],
    [4, 77, 3, 0.5],
    [7, 76, 1, 0.4],
    [8, 72, 3, 0.5],
    [11, 69, 1, 0.4],
    [12, 67, 2, 0.45],
    [14, 64, 2, 0.4],
  ),
  ...melody([1, 65, 2, 0.3], [5, 65, 2, 0.3], [9, 60, 2, 0.3], [13, 60, 2, 0.3]),
];
