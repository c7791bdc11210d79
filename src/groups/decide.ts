import type { PeerId } from '../base.ts';
import type { EffectivePolicies } from './placement.ts';

/** A peer's word on whether a waiting trigger's expression holds; a later one (higher seq) replaces it. */
export interface Vote {
  readonly holds: boolean;
  readonly seq: number;
}

/**
 * Whether a trigger fires, given who may vote (members of its group present now) and what they said.
 * An empty electorate never fires; votes of others never count [GR4].
 */
export function decide(
  consensus: EffectivePolicies['consensus'],
  electorate: readonly PeerId[],
  votes: ReadonlyMap<PeerId, Vote>,
): boolean {
  const yes = electorate.filter((peer) => votes.get(peer)?.holds === true).length;
  switch (consensus) {
    case 'first':
      return yes >= 1;
    case 'majority':
      return yes * 2 > electorate.length;
    case 'all':
      return electorate.length > 0 && yes === electorate.length;
  }
}
