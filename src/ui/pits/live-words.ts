import type { AudioPit, Score, VideoPit } from '../../crdt/score.ts';
import { ALL } from '../../crdt/score.ts';
import type { Calls, CallState, CallView } from '../../peer-api.ts';

/** Live sound and pictures in words. */
export type LivePit = AudioPit | VideoPit;

export const kindOf = ({ type }: LivePit): 'audio' | 'video' => (type === 'audioPit' ? 'audio' : 'video');

/** Of a call, a word or two. */
export const STATE_TEXT: Readonly<Record<CallState, string>> = {
  absent: 'cannot',
  noInput: 'sends nothing',
  waiting: 'waits',
  connecting: 'connects',
  live: 'live',
  refused: 'refused',
};

/** One letter's room, told apart by shape. */
export const STATE_SIGN: Readonly<Record<CallState, string>> = {
  absent: '∅',
  noInput: '–',
  waiting: '○',
  connecting: '◐',
  live: '●',
  refused: '✕',
};

const STATE_MEANING: Readonly<Record<CallState, string>> = {
  absent: 'one of the two has no calls in its browser',
  noInput: 'no input is chosen there',
  waiting: 'it waits for the server that introduces callers, or for the other',
  connecting: 'it connects',
  live: 'live',
  refused: 'refused: the certificate was another than told over the link',
};

/** `Béla hears Ada: live, 34 ms, muted`. */
export function callText({ state, latencyMs, isMuted, isVerified }: CallView, [from, to]: readonly [string, string], verb: string): string {
  const more = [
    ...(state === 'live' && latencyMs !== undefined ? [`${Math.round(latencyMs)} ms`] : []),
    ...(isMuted ? ['muted there'] : []),
    ...(state === 'live' && isVerified ? ['certificates compared'] : []),
  ];
  return `${to} ${verb} ${from}: ${[STATE_MEANING[state], ...more].join(', ')}`;
}

export interface Situation {
  readonly level: 'fine' | 'waits' | 'wrong';
  readonly text: string;
}

export interface Facts {
  readonly calls: Pick<Calls, 'state'>;
  /** Of this pit. */
  readonly list: readonly CallView[];
  readonly self: string;
  /** Something was chosen to be sent. */
  readonly hasInput: boolean;
  nameOf(id: string): string;
}

/** `Clara gets`, `Both get`, `All 3 get`. */
const getText = (ids: readonly string[], nameOf: Facts['nameOf']): string =>
  ids.length === 1 ? `${nameOf(ids[0]!)} gets` : ids.length === 2 ? 'Both get' : `All ${ids.length} get`;

/** `nobody reaches you`, `Clara reaches you`, `3 reach you`. */
function reachText(ids: readonly string[], nameOf: Facts['nameOf']): string {
  if (ids.length === 0) return 'nobody reaches you';
  if (ids.length > 2) return `${ids.length} reach you`;
  return `${ids.map(nameOf).join(' and ')} ${ids.length === 1 ? 'reaches' : 'reach'} you`;
}

/** How it stands, in a sentence: what is wrong first, then what is to be done, then what goes on. */
export function situationOf(pit: LivePit, score: Score, { calls, list, self, hasInput, nameOf }: Facts): Situation {
  const thing = pit.type === 'audioPit' ? 'sound' : 'pictures';
  const group = score.groups.get(pit.senders);
  if (calls.state === 'absent') return { level: 'wrong', text: `This browser neither sends nor gets live ${thing}.` };
  if (pit.senders !== ALL && !group) return { level: 'wrong', text: 'Nobody sends: the group of its senders is gone.' };
  if (list.some(({ state }) => state === 'refused'))
    return { level: 'wrong', text: 'A call was refused: its certificate was another than told.' };
  if (list.length === 0)
    return { level: 'waits', text: pit.isAlways ? 'Nobody sends to anybody.' : 'It is off until its interval runs, or nobody sends.' };
  const mine = list.filter(({ from }) => from === self);
  const reached = reachText(
    list.flatMap(({ from, to, state }) => (to === self && state === 'live' ? [String(from)] : [])),
    nameOf,
  );
  const others = mine.filter(({ state }) => state === 'live').length;
  if (mine.length > 0 && !hasInput)
    return { level: 'waits', text: `You send nothing: choose ${thing === 'sound' ? 'an input' : 'a camera'}.` };
  if (calls.state === 'away') return { level: 'waits', text: 'The server is away: calls that stand go on, others wait.' };
  if (mine.length > 0 && others < mine.length)
    return { level: 'waits', text: `${others === 0 ? 'You reach nobody yet' : `You reach ${others} of ${mine.length}`}; ${reached}.` };
  if (mine.length > 0)
    return {
      level: 'fine',
      text: `${getText(
        mine.map(({ to }) => String(to)),
        nameOf,
      )} your ${thing}; ${reached}.`,
    };
  return { level: 'fine', text: `${reached.charAt(0).toUpperCase()}${reached.slice(1)}; ${group?.name ?? 'others'} may send.` };
}
