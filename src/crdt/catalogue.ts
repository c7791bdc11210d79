import { contentOf } from './content.ts';
import { PROCESS_TYPES } from './fields.ts';
import type { Field, Fields } from './fields.ts';
import type { Process, ProcessType } from './score.ts';

/**
 * What kinds of processes there are, as a person meets them: the library offers them and the inspector shows them from
 * this table. Ranges, choices and initial values are those of fields.ts.
 */
export interface ProcessKind {
  readonly label: string;
  /** A few words: what it is for. */
  readonly meaning: string;
  readonly category: Category;
  /** In the order in which they are shown; besides the list of content.ts, which has an editor of its own. */
  readonly parameters: readonly ProcessParameter[];
  /** Values can come in here by cable, besides at every automatable parameter. */
  readonly inlets: readonly string[];
  readonly outlets: readonly string[];
  /** Its time may wrap inside its interval. */
  readonly mayLoop: boolean;
}

export const CATEGORIES = ['time', 'values', 'sound', 'picture', 'people', 'words', 'foreign'] as const;
export type Category = (typeof CATEGORIES)[number];

export interface ProcessParameter {
  readonly name: string;
  readonly label: string;
  /** duration: in flicks; address: a place to write to; input: a place to read from. */
  readonly kind: 'number' | 'integer' | 'boolean' | 'choice' | 'rate' | 'text' | 'expression' | 'address' | 'input' | 'duration' | 'source';
  readonly unit: string;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly (string | number)[];
  readonly initial: unknown;
  /** States, cables and automations may write it: `process:/<id>/<name>`. */
  readonly isAutomatable: boolean;
  /** Shown on demand. */
  readonly isRare: boolean;
}

type Kind = ProcessParameter['kind'];
interface Extra {
  readonly unit?: string;
  readonly isRare?: true;
  /** Fixed while it runs. */
  readonly isStill?: true;
}
type Line = readonly [name: string, label: string, kind: Kind, extra?: Extra];

const NUMERIC: ReadonlySet<Kind> = new Set(['number', 'integer', 'boolean', 'choice', 'rate', 'duration', 'expression']);

function toParameter(type: ProcessType, [name, label, kind, extra = {}]: Line): ProcessParameter {
  const field = (PROCESS_TYPES[type] as Fields)[name] as Field<unknown>;
  return {
    name,
    label,
    kind,
    unit: extra.unit ?? '',
    initial: field.initial,
    isAutomatable: NUMERIC.has(kind) && extra.isStill === undefined,
    isRare: extra.isRare ?? false,
    ...(field.min !== undefined && kind !== 'duration' && { min: field.min }),
    ...(field.max !== undefined && kind !== 'duration' && { max: field.max }),
    ...(field.choices && { choices: field.choices as readonly (string | number)[] }),
  };
}

interface Words {
  readonly label: string;
  readonly meaning: string;
  readonly category: Category;
  readonly lines?: readonly Line[];
  readonly inlets?: readonly string[];
  readonly outlets?: readonly string[];
  readonly mayLoop?: true;
}

const DRIVES: Line = ['address', 'Drives', 'address'];
const PLAYS: Line = ['address', 'Plays', 'address'];
const CHANNEL: Line = ['channel', 'Channel', 'integer', { isRare: true }];
const READS: Line = ['input', 'Reads', 'input'];
const RANGE: readonly Line[] = [
  ['min', 'Lowest', 'number'],
  ['max', 'Highest', 'number'],
];
const LETTERS: readonly Line[] = ['a', 'b', 'c'].map((name): Line => [name, `Number ${name}`, 'number']);
const IN = { inlets: ['in'] } as const;
const OUT = { outlets: ['out'] } as const;

const WORDS: Readonly<Record<ProcessType, Words>> = {
  scenario: {
    label: 'Scenario',
    meaning: 'a score inside',
    category: 'time',
    lines: [['isExclusive', 'One at a time', 'boolean', { isStill: true }]],
    mayLoop: true,
  },
  tempo: { label: 'Tempo', meaning: 'its own speed, in BPM', category: 'time', lines: [DRIVES], ...OUT },
  metronome: { label: 'Metronome', meaning: 'a tick on each beat', category: 'time', lines: [DRIVES], ...OUT },
  automation: {
    ...{ label: 'Automation', meaning: 'a drawn curve', category: 'values', ...OUT, mayLoop: true },
    lines: [DRIVES, ...RANGE, ['isTween', 'From where it is', 'boolean', { isStill: true }]],
  },
  lfo: {
    ...{ label: 'LFO', meaning: 'a repeating wave', category: 'values', ...OUT },
    lines: [
      DRIVES,
      ['waveform', 'Wave', 'choice'],
      ['frequency', 'Frequency', 'number', { unit: 'Hz' }],
      ['amplitude', 'Amplitude', 'number'],
      ['offset', 'Offset', 'number'],
      ['phase', 'Phase', 'number', { unit: 'turns' }],
      ['jitter', 'Jitter', 'number', { isRare: true }],
      ['quantisation', 'Each', 'rate', { isRare: true }],
    ],
  },
  steps: {
    ...{ label: 'Steps', meaning: 'values one after another', category: 'values', ...OUT, mayLoop: true },
    lines: [DRIVES, ['duration', 'Each step', 'duration'], ...RANGE],
  },
  gradient: { label: 'Gradient', meaning: 'a way through colours', category: 'values', lines: [DRIVES], ...OUT, mayLoop: true },
  spline: { label: 'Spline', meaning: 'a way through the plane', category: 'values', lines: [DRIVES], ...OUT, mayLoop: true },
  mapping: {
    ...{ label: 'Mapping', meaning: 'a value through a curve', category: 'values', ...IN, ...OUT },
    lines: [READS, ['sourceMin', 'From lowest', 'number'], ['sourceMax', 'From highest', 'number'], DRIVES, ...RANGE],
  },
  micromap: {
    ...{ label: 'Micromap', meaning: 'a value through a formula', category: 'values', ...IN, ...OUT },
    lines: [READS, ['expression', 'Formula', 'expression'], DRIVES],
  },
  generator: {
    ...{ label: 'Generator', meaning: 'a formula of time', category: 'values', ...OUT },
    lines: [['expression', 'Formula', 'expression'], ...LETTERS, DRIVES],
  },
  filter: {
    ...{ label: 'Filter', meaning: 'a formula of value and time', category: 'values', ...IN, ...OUT },
    lines: [READS, ['expression', 'Formula', 'expression'], ...LETTERS, DRIVES],
  },
  smooth: {
    ...{ label: 'Smooth', meaning: 'a calmer value', category: 'values', ...IN, ...OUT },
    lines: [
      READS,
      DRIVES,
      ['mode', 'By', 'choice'],
      ['amount', 'Amount', 'number'],
      ['frequency', 'Frequency', 'number', { unit: 'Hz', isRare: true }],
      ['cutoff', 'Cutoff', 'number', { unit: 'Hz', isRare: true }],
      ['beta', 'Beta', 'number', { isRare: true }],
      ['isContinuous', 'Goes on', 'boolean', { isRare: true }],
    ],
  },
  limiter: {
    ...{ label: 'Limiter', meaning: 'a value less often', category: 'values', ...IN, ...OUT },
    lines: [
      READS,
      DRIVES,
      ['period', 'At most every', 'number', { unit: 'ms' }],
      ['isQuantised', 'On the grid', 'boolean'],
      ['rate', 'Grid', 'rate'],
    ],
  },
  display: { label: 'Display', meaning: 'shows a value', category: 'values', lines: [READS], ...IN },
  notes: {
    ...{ label: 'Notes', meaning: 'played by a track', category: 'sound', ...OUT, mayLoop: true },
    lines: [PLAYS, CHANNEL],
  },
  pattern: {
    ...{ label: 'Pattern', meaning: 'a drum grid', category: 'sound', ...OUT },
    lines: [PLAYS, ['current', 'Plays table', 'integer'], CHANNEL],
  },
  sound: {
    ...{ label: 'Sound file', meaning: 'a recording', category: 'sound', ...OUT, mayLoop: true },
    lines: [
      ['file', 'File', 'text', { isStill: true }],
      PLAYS,
      ['start', 'Begins at', 'duration', { isStill: true }],
      ['gain', 'Gain', 'number'],
      ['mode', 'In another tempo', 'choice', { isStill: true, isRare: true }],
    ],
  },
  shader: { label: 'Shader', meaning: 'a layer of the picture', category: 'picture', lines: [['source', 'Source', 'source']] },
  pit: {
    ...{ label: 'Pit', meaning: 'one value from everybody', category: 'people', ...IN, ...OUT },
    lines: [
      ['combination', 'Combines by', 'choice', { isStill: true }],
      ['isAligned', 'Same time for all', 'boolean', { isStill: true }],
      ['isContinuous', 'Repeats', 'boolean', { isStill: true, isRare: true }],
      ['min', 'From', 'number'],
      ['max', 'To', 'number'],
      ['input', 'My input', 'input'],
      ['output', 'Drives', 'address'],
      ['isAlways', 'Outside a run', 'boolean', { isStill: true }],
    ],
  },
  midiPit: {
    ...{ label: 'MIDI pit', meaning: 'everybody plays one instrument', category: 'people', ...OUT },
    lines: [
      ['output', 'Plays', 'address'],
      ['input', 'My keys', 'input'],
      ['channels', 'Channels', 'choice', { isStill: true }],
      ['channel', 'Channel', 'integer', { isStill: true, isRare: true }],
      ['isCompensated', 'Same time for all', 'boolean', { isStill: true }],
      ['isAlways', 'Outside a run', 'boolean', { isStill: true }],
    ],
  },
  audioPit: {
    ...{ label: 'Audio pit', meaning: 'live sound of those who play', category: 'people' },
    lines: [
      ['output', 'Heard on', 'address'],
      ['gain', 'Gain', 'number', { isStill: true }],
      ['isStereo', 'Stereo', 'boolean', { isStill: true, isRare: true }],
      ['bitrate', 'At most', 'integer', { unit: 'kbit/s', isStill: true, isRare: true }],
      ['isAlways', 'Outside a run', 'boolean', { isStill: true }],
    ],
  },
  videoPit: {
    ...{ label: 'Video pit', meaning: 'live pictures of those who play', category: 'people' },
    lines: [
      ['height', 'Height', 'integer', { unit: 'px', isStill: true, isRare: true }],
      ['rate', 'Pictures', 'integer', { unit: '/s', isStill: true, isRare: true }],
      ['bitrate', 'At most', 'integer', { unit: 'kbit/s', isStill: true, isRare: true }],
      ['isAlways', 'Outside a run', 'boolean', { isStill: true }],
    ],
  },
  text: { label: 'Text', meaning: 'words on the score', category: 'words', lines: [['text', 'Text', 'text']] },
  opaque: { label: 'Unknown', meaning: 'kept as it came', category: 'foreign', lines: [['address', 'Played by', 'address']] },
};

const toKind = (type: ProcessType, { lines = [], inlets = [], outlets = [], mayLoop, ...words }: Words): ProcessKind => ({
  ...words,
  inlets,
  outlets,
  mayLoop: mayLoop ?? false,
  parameters: lines.map((line) => toParameter(type, line)),
});

export const CATALOGUE = Object.fromEntries(
  Object.entries(WORDS).map(([type, words]) => [type, toKind(type as ProcessType, words)]),
) as Readonly<Record<ProcessType, ProcessKind>>;

export const PROCESS_TYPE_NAMES = Object.keys(CATALOGUE) as readonly ProcessType[];

/** Names of the ports where cables may end; a shader's are its inputs, an opaque process's the ids of its ports. */
export function inletsOf(process: Process): readonly string[] {
  if (process.type === 'opaque') return process.ports.filter(({ direction }) => direction === 'in').map(({ id }) => String(id));
  const { inlets, parameters } = CATALOGUE[process.type];
  const inputs = process.type === 'shader' ? process.inputs.map(({ name }) => name) : [];
  return [...inlets, ...parameters.filter(({ isAutomatable }) => isAutomatable).map(({ name }) => name), ...inputs];
}

export function outletsOf(process: Process): readonly string[] {
  if (process.type === 'opaque') return process.ports.filter(({ direction }) => direction === 'out').map(({ id }) => String(id));
  return CATALOGUE[process.type].outlets;
}

/** Fields of a type that no parameter shows: set by editors of their own, or never by hand. */
export const hiddenFields = (type: ProcessType): readonly string[] => {
  const shown = new Set(CATALOGUE[type].parameters.map(({ name }) => name));
  const list = contentOf(type)?.field;
  return Object.keys(PROCESS_TYPES[type]).filter((name) => !shown.has(name) && name !== list);
};
