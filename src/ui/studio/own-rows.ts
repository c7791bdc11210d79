import type { OwnObject } from '../../crdt/fork.ts';
import { CATALOGUE } from '../../crdt/catalogue.ts';
import { ROOT, type ObjectId, type ProcessType, type Score } from '../../crdt/score.ts';

/** What only this person has, as it is called before them. */
export interface OwnRow {
  readonly id: ObjectId;
  readonly name: string;
  readonly state: OwnObject['state'];
  /** It says when something happens, and so plays only once it is published. */
  readonly isUnplayed: boolean;
}

const KINDS: Readonly<Record<string, string>> = {
  interval: 'Gap',
  sync: 'Time sync',
  event: 'Condition',
  state: 'State',
  comment: 'Comment',
  track: 'Track',
  group: 'Group',
  cable: 'Cable',
  device: 'Device',
  score: 'Title and tempo',
};

const WORDS: Readonly<Record<OwnObject['state'], string>> = { made: 'new', changed: 'changed', gone: 'deleted here', orphaned: 'orphaned' };

/** How a row differs from what the others have, and that it does not play so yet. */
export function ownText({ state, isUnplayed }: Pick<OwnRow, 'state' | 'isUnplayed'>): string {
  if (!isUnplayed) return WORDS[state];
  return `${WORDS[state]}, ${state === 'gone' ? 'plays until published' : 'plays when published'}`;
}

/** Ends and gaps that came or went with something else are no rows of their own: they go along with it. */
const isTold = ({ kind, name, state }: OwnObject): boolean =>
  state === 'changed' || (kind === 'interval' ? name !== '' : !['sync', 'event', 'state'].includes(kind));

const nameOf = ({ id, kind, name }: OwnObject, score: Score): string => {
  if (name !== '') return name;
  if (id === ROOT.interval) return 'The whole score';
  const track = kind === 'track' ? score.tracks.get(id)?.name : undefined;
  return track || KINDS[kind] || (Object.hasOwn(CATALOGUE, kind) ? CATALOGUE[kind as ProcessType].label : kind);
};

/** By name. */
export const ownRows = (own: readonly OwnObject[], score: Score, unplayed: readonly ObjectId[] = []): readonly OwnRow[] =>
  own
    .filter(isTold)
    .map((each) => ({
      id: each.id,
      state: each.state,
      name: nameOf(each, score),
      isUnplayed: unplayed.includes(each.id === 'score' ? ROOT.interval : each.id),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
