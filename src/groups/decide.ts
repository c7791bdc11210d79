import type { PeerId } from '../base.ts';
import type { EffectivePolicies } from './placement.ts';

/** A peer's word on whether a waiting trigger's expression holds; a later one (higher seq) replaces it. */
export interface Vote {
  readonly holds: boolean;
  readonly seq: number;
}

/** The axes that say how a trigger is decided, and what of the structure counts besides. */
export interface Axes extends Pick<EffectivePolicies, 'share' | 'date' | 'consensus' | 'order'> {
  /** Something leads to it, and so ends first. */
  readonly hasBefore: boolean;
}

/** What one peer who runs up to the trigger knows of it. */
export interface Knowledge {
  /** It is in the trigger's group. */
  readonly isMember: boolean;
  readonly isMaster: boolean;
  /** It sees the expression true, or a hand presses here. */
  readonly holds: boolean;
  /** Members of the trigger's group who are present. */
  readonly electorate: readonly PeerId[];
  readonly votes: ReadonlyMap<PeerId, Vote>;
}

export interface Decision {
  /** ending: what stands before ends; what follows begins when that has been seen everywhere. */
  readonly type: 'fired' | 'ending';
  readonly scope: 'own' | 'all';
  /** cause: when the expression became true; met: when all can be there. */
  readonly dated: 'cause' | 'now' | 'met';
}

/** What this peer states of a trigger that waits; undefined: nothing. The table of [GR9], in this order. */
export function decide({ share, consensus, date, order, hasBefore }: Axes, knowledge: Knowledge): Decision | undefined {
  const { isMember, isMaster, holds } = knowledge;
  if (share === 'free') return holds ? { type: 'fired', scope: 'own', dated: 'cause' } : undefined;
  // Who tallies need not be there in a mixed scenario, and the least of many equal facts holds.
  const isTeller = consensus === 'first' ? isMember && holds : share === 'mixed' ? isMember : isMaster;
  if (!isTeller || (consensus !== 'first' && !isCarried(consensus, knowledge))) return undefined;
  const type = order === 'sync' && hasBefore ? 'ending' : 'fired';
  return { type, scope: 'all', dated: date === 'compensated' ? 'met' : consensus === 'first' ? 'cause' : 'now' };
}

/** Whether this peer says to others what it sees: only who tallies needs it. */
export const votes = ({ share, consensus }: Pick<Axes, 'share' | 'consensus'>): boolean => share !== 'free' && consensus !== 'first';

/** An empty electorate never fires; votes of others never count [GR4]. */
export function isCarried(
  consensus: EffectivePolicies['consensus'],
  { electorate, votes: said }: Pick<Knowledge, 'electorate' | 'votes'>,
): boolean {
  const yes = electorate.filter((peer) => said.get(peer)?.holds === true).length;
  return electorate.length > 0 && yes >= neededOf(consensus, electorate.length);
}

/** How many of an electorate must see it true. */
export function neededOf(consensus: EffectivePolicies['consensus'], electorate: number): number {
  switch (consensus) {
    case 'first':
      return 1;
    case 'majority':
      return Math.floor(electorate / 2) + 1;
    case 'all':
      return electorate;
  }
}
