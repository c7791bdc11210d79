import type { PeerId } from '../../base.ts';
import { ALL, type GroupId } from '../../crdt/score.ts';
import type { Groups, PeerView, RoomRights } from '../../peer-api.ts';

/** Someone who runs what is in a group, or would. */
export interface Player {
  readonly id: PeerId;
  readonly name: string;
  readonly hue: number;
  readonly isSelf: boolean;
  /** Name of whom it stands in for. */
  readonly standsInFor: string | undefined;
  /** It may not control: it neither fires, votes nor puts into pits for the others. */
  readonly isWatching: boolean;
}

export interface Cast {
  /** Who runs it now, self first. */
  readonly players: readonly Player[];
  /** Names of who belongs to the group and is away. */
  readonly away: readonly string[];
  readonly isMine: boolean;
}

const named = (name: string): string => (name === '' ? 'someone' : name);

/** Who runs what is in a group now. */
export function castOf(
  { groups, rights }: { readonly groups: Pick<Groups, 'members' | 'standIns' | 'absent' | 'of'>; readonly rights: Pick<RoomRights, 'of'> },
  people: readonly PeerView[],
  group: GroupId,
): Cast {
  const members = new Set(groups.members(group));
  const standIns = groups.standIns().filter((each) => each.group === group);
  const absent = groups.absent();
  const nameOf = (id: PeerId): string => named([...absent, ...people].find((each) => each.id === id)?.name ?? '');
  const players = people
    .filter(({ id }) => members.has(id))
    .map(({ id, name, hue, isSelf }) => {
      const of = standIns.find((each) => each.peer === id)?.of;
      const isWatching = !rights.of(id).control;
      return { id, name: named(name), hue, isSelf, isWatching, standsInFor: of === undefined ? undefined : nameOf(of) };
    })
    .sort((a, b) => Number(b.isSelf) - Number(a.isSelf));
  const away = group === ALL ? [] : absent.filter(({ id }) => groups.of(id).includes(group)).map(({ name }) => named(name));
  return { players, away, isMine: players.some(({ isSelf }) => isSelf) };
}

const NAMED_MAX = 4;

/** `you and Béla (for Clara)`; `nobody here; Clara is away`. */
export function castText({ players, away }: Cast, namedMax = NAMED_MAX): string {
  if (players.length === 0)
    return away.length === 0 ? 'nobody here' : `nobody here; ${listText(away, namedMax)} ${away.length === 1 ? 'is' : 'are'} away`;
  return listText(
    players.map(({ name, isSelf, ...more }) => (isSelf ? 'you' : name) + asideOf(more)),
    namedMax,
  );
}

/** ` (for Clara, without control)` */
function asideOf({ standsInFor, isWatching }: Pick<Player, 'standsInFor' | 'isWatching'>): string {
  const said = [...(standsInFor === undefined ? [] : [`for ${standsInFor}`]), ...(isWatching ? [WATCHING] : [])];
  return said.length === 0 ? '' : ` (${said.join(', ')})`;
}
export const WATCHING = 'without control';
export const WATCHING_TITLE = 'May not control: plays it on its own machine, but fires, votes and plays nothing for the others';

/** `Ann, Ben and 3 others`; max: how many words it has at most. */
export function listText(names: readonly string[], max: number): string {
  const told = names.slice(0, names.length > max ? max - 1 : max);
  const rest = names.length - told.length;
  const all = rest > 0 ? [...told, `${rest} others`] : told;
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
