import { compare } from '../../base.ts';
import type { Studio } from '../studio.svelte.ts';

/** Somebody as a pit names it. */
export interface Player {
  readonly id: string;
  readonly name: string;
  readonly hue: number;
  readonly isHere: boolean;
}

/** Everybody known in the room in order of id, by which channels are given, and those whom something else names. */
export function playersOf({ people, peer, groupsTurn }: Studio, others: readonly string[] = []): readonly Player[] {
  void groupsTurn;
  const here = people.map(({ id, name, hue }) => ({ id: String(id), name, hue, isHere: true }));
  const away = peer.groups.absent().map(({ id, name, hue }) => ({ id: String(id), name, hue, isHere: false }));
  const known = new Map([...away, ...here].map((player) => [player.id, player]));
  const strangers = others.filter((id) => !known.has(id)).map((id) => ({ id, name: 'Somebody gone', hue: 0, isHere: false }));
  return [...known.values(), ...strangers].sort((a, b) => compare(a.id, b.id));
}

/** The channel, 1 to 16, of a player that was given none: by order among those known. */
export const channelByOrder = (players: readonly Player[], id: string): number =>
  (Math.max(
    0,
    players.findIndex((player) => player.id === id),
  ) %
    16) +
  1;
