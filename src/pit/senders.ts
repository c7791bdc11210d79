import type { PeerId } from '../base.ts';
import { videoWord } from '../engine/devices/shader-source.ts';
import type { Score } from '../crdt/score.ts';
import type { CallView } from './calls-api.ts';

/** Whose pictures a shader has under a word [PT35]: those that reach this peer through the video pits of that word, in order of id. */
export function sendersOf(word: string, score: Pick<Score, 'processes'>, list: readonly CallView[], self: PeerId): readonly PeerId[] {
  const isMeant = ({ pit: id, kind, to, state }: CallView): boolean => {
    const pit = kind === 'video' && to === self && state === 'live' ? score.processes.get(id) : undefined;
    return pit?.type === 'videoPit' && videoWord(pit.key) === word;
  };
  return [...new Set(list.filter(isMeant).map(({ from }) => from))].sort();
}
