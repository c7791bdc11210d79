import type { PeerId } from '../base.ts';
import { compare } from '../base.ts';
import { ALL } from '../crdt/score.ts';
import type { GroupId } from '../crdt/score.ts';

/**
 * Whose eyes a run is seen with. What all share is the same from everywhere; a free scenario runs for its members only,
 * each at its own facts, and in a mixed one a trigger sets going only those whose intervals come next.
 */
export interface Viewpoint {
  readonly self: PeerId | '';
  /** Equal for peers who are in the same groups. */
  readonly key: string;
  isIn(group: GroupId): boolean;
}

/** Of somebody who is in every group. */
export const EVERYWHERE: Viewpoint = { self: '', key: '*', isIn: () => true };

export function viewpointOf(self: PeerId, groups: readonly GroupId[]): Viewpoint {
  const own = new Set(groups);
  return { self, key: ['in', ...[...own].sort(compare)].join(' '), isIn: (group) => group === ALL || own.has(group) };
}
