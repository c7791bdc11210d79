import type { PeerId } from '../../base.ts';
import type { Studio } from '../studio.svelte.ts';

const keyOf = (id: string): string => id.split('.', 1)[0] ?? '';

/** Name of who owns the room, in whichever tab, here or away; undefined where nobody owns it. */
export function ownerName({ peer, people }: Pick<Studio, 'peer' | 'people'>): string | undefined {
  const { owner } = peer.rights;
  if (owner === undefined) return undefined;
  const known = [...people, ...peer.groups.absent()].find(({ id }) => keyOf(id) === owner);
  return known === undefined || known.name === '' ? 'the owner, who is away' : known.name;
}

export const isOwnedBy = (peer: PeerId, owner: string | undefined): boolean => owner !== undefined && keyOf(peer) === owner;

/** Why this person may not change the score; undefined where it may, or does so for itself alone. */
export function whyNotEdit(studio: Studio): string | undefined {
  // Whether anything is sent changes with the score.
  void [studio.rightsTurn, studio.score];
  const { peer } = studio;
  if (peer.rights.of(peer.self.id).edit || peer.score.sending === 'none') return undefined;
  return `You may not edit: ${ownerName(studio) ?? 'the owner'} gives rights in this room.`;
}

/** Why this person may not play, trigger, vote or put into pits, for others. */
export function whyNotControl(studio: Pick<Studio, 'peer' | 'people' | 'rightsTurn'>): string | undefined {
  void studio.rightsTurn;
  const { peer } = studio;
  if (peer.rights.of(peer.self.id).control) return undefined;
  return `You may not control: ${ownerName(studio) ?? 'the owner'} gives rights in this room.`;
}

/** Why this person may not say who is in which group, which takes editing or control. */
export function whyNotPlace(studio: Studio): string | undefined {
  void studio.rightsTurn;
  const { peer } = studio;
  const { edit, control } = peer.rights.of(peer.self.id);
  if (edit || control) return undefined;
  return `You may only look: ${ownerName(studio) ?? 'the owner'} gives rights in this room.`;
}
