import { ALL, type ObjectId, type ProcessType, type Score } from '../../crdt/score.ts';
import { millisText } from '../format.ts';
import type { Axis, AxisView } from './axes.ts';
import { kindsOf, titleOf, type Kind } from './kinds.ts';

/** Every axis in words: ossia's own, and what they mean. GR9's table, for people. */
export const NAMES: Readonly<Record<Axis, string>> = {
  ...{ group: 'Group', share: 'Share', order: 'Order', date: 'Date', consensus: 'Consensus' },
};

type Choice = readonly [value: string, word: string];
const CHOICES: Readonly<Record<Exclude<Axis, 'group'>, readonly Choice[]>> = {
  share: [
    ['shared', 'shared, one time'],
    ['mixed', 'mixed, by groups'],
    ['free', 'free, each its own'],
  ],
  order: [
    ['async', 'async, at once'],
    ['sync', 'sync, when all ended'],
  ],
  date: [
    ['immediate', 'immediate, at once'],
    ['compensated', 'compensated, together'],
  ],
  consensus: [
    ['first', 'first, who is first'],
    ['majority', 'majority, over half'],
    ['all', 'all, everyone here'],
  ],
};

export const choicesOf = (score: Score, axis: Axis): readonly Choice[] =>
  axis === 'group' ? [[ALL, 'everyone'], ...[...score.groups.values()].map(({ id, name }): Choice => [id, name])] : CHOICES[axis];

/** One value of an axis as the fields show it. */
export const choiceText = (score: Score, axis: Axis, value: string): string =>
  choicesOf(score, axis).find(([each]) => each === value)?.[1] ?? 'a group that is gone';

/** `from scenario in “Verse”`; without anybody who says it, the default. */
export function sourceText(score: Score, { from }: Pick<AxisView, 'from'>): string {
  if (from === undefined) return 'from several places';
  return from === null ? 'by default' : `from ${titleOf(score, from)}`;
}

const GROUP: Readonly<Record<Kind, string>> = {
  interval: 'play what lies in it',
  scenario: 'play what lies in it',
  process: 'compute it and send what it says',
  trigger: 'may fire it',
  sync: 'decide the conditions of its events and send what its states say',
  event: 'decide its condition and send what its states say',
  state: 'send its messages; a state goes with its event',
  track: 'make its sound',
  comment: 'read it',
};

/** Of pits, whose group does not send but gets. */
const PITS: Partial<Readonly<Record<ProcessType, readonly [does: string, verb: string]>>> = {
  pit: ['combine what everybody puts in, and send it', 'Combined by'],
  midiPit: ['sound what everybody plays into it', 'Sounded by'],
  audioPit: ['hear it', 'Heard by'],
  videoPit: ['see it', 'Seen by'],
};

/** Where all are pits of one type: what its group does, in two forms. */
function pitOf(score: Score, ids: readonly ObjectId[]): readonly [does: string, verb: string] | undefined {
  const [type, ...others] = new Set(ids.map((id) => score.processes.get(id)?.type));
  return type !== undefined && others.length === 0 ? PITS[type] : undefined;
}

/** An axis by name; the group of live sound and pictures is of those who get them, beside that of their senders. */
export function axisName(score: Score, { axis, targets }: Pick<AxisView, 'axis' | 'targets'>): string {
  const verb = axis === 'group' ? pitOf(score, targets)?.[1] : undefined;
  return verb === 'Heard by' || verb === 'Seen by' ? verb : NAMES[axis];
}

const MEANINGS: Readonly<Record<Exclude<Axis, 'group'>, Readonly<Record<string, string>>>> = {
  share: {
    shared: 'One time for all: what fires, fires for everyone.',
    mixed: 'Firing takes along the groups of what comes next; the others stay in what stood before.',
    free: 'Each who plays it has a time of its own: triggers and speeds stay with who did them.',
  },
  order: {
    async: 'What follows begins as soon as it fires.',
    sync: 'What follows begins once all who play what leads here have seen it end, and after {wait} in any case.',
  },
  date: {
    immediate: 'It fires at once; who hears of it late enters what follows in the middle.',
    compensated: 'It fires a moment later, at one date that everyone can meet.',
  },
  consensus: {
    first: 'The first member who presses, or sees its expression true, fires it.',
    majority: 'It fires when more than half of the members who are here hold it true.',
    all: 'It fires when every member who is here holds it true.',
  },
};

const VERBS: Partial<Readonly<Record<Kind, string>>> = {
  ...{ trigger: 'Fired by', event: 'Decided by', state: 'Sent by', track: 'Sounded by', interval: 'Played by', scenario: 'Played by' },
};
/** `Run by`, `Fired by`: what those do whose group it is. */
export const verbOf = (score: Score, ids: readonly ObjectId[]): string => {
  const [kind, ...others] = kindsOf(score, ids);
  return pitOf(score, ids)?.[1] ?? (others.length === 0 && kind !== undefined ? VERBS[kind] : undefined) ?? 'Run by';
};

/** What the axis says of what is selected, in a sentence. */
export function meaningOf(score: Score, view: AxisView): string {
  const { axis, value, kinds, isIdle } = view;
  if (isIdle) return axis === 'share' ? 'Says nothing here: a scenario says whose time it has.' : 'Says nothing here.';
  if (value === undefined) return 'They differ. A choice makes them alike.';
  if (axis === 'group') {
    const who = value === ALL ? 'All' : `Those of ${score.groups.get(value)?.name ?? 'the group'}`;
    const [kind, ...others] = kinds;
    return `${who} ${pitOf(score, view.targets)?.[0] ?? (kind !== undefined && others.length === 0 ? GROUP[kind] : 'run them')}.`;
  }
  const meaning = (MEANINGS[axis][value] ?? '').replace('{wait}', millisText(score.syncTimeout));
  const isDefault = kinds.every((kind) => kind === 'interval' || kind === 'scenario');
  return isDefault && axis !== 'share' ? `For triggers in it: ${meaning.charAt(0).toLowerCase()}${meaning.slice(1)}` : meaning;
}
