import type { ObjectId, Score } from '../crdt/score.ts';
import { difference } from './structure-change.ts';
import { createCompiler } from './structure-compile.ts';

/**
 * What of one's own score a run leaves aside: all follow the dates of the shared one, so whoever changes alone when
 * something happens, or whose time it is, sees that and does not hear it. All else plays for who changed it [EX53].
 * By id: intervals, syncs, events and scenarios, in order of id; the root interval stands for the score's tempo, too.
 */
export function createUnplayed(): (shared: Score, own: Score) => readonly ObjectId[] {
  const [ofAll, ofOwn] = [createCompiler(), createCompiler()];
  let known: { readonly shared: Score; readonly own: Score; readonly ids: readonly ObjectId[] } | undefined;
  return (shared, own) => {
    if (shared === own) return [];
    if (known?.shared !== shared || known.own !== own)
      known = { shared, own, ids: difference(ofAll(shared), ofOwn(own)).map(([id]) => id) };
    return known.ids;
  };
}
