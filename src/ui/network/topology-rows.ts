import type { PeerId } from '../../base.ts';
import { ALL, type GroupId } from '../../crdt/score.ts';
import type { Groups, PeerView, Rights, RoomRights } from '../../peer-api.ts';
import { isOwnedBy } from '../axes/may.ts';

/** A line of the matrix: a person, here or away, with their groups and rights. */
export interface TopologyRow {
  readonly id: PeerId;
  readonly name: string;
  readonly hue: number;
  readonly isSelf: boolean;
  readonly isAway: boolean;
  /** Where it belongs, without those that it only stands in for. */
  readonly groups: ReadonlySet<GroupId>;
  /** Whom it stands in for, by group. */
  readonly doubles: ReadonlyMap<GroupId, string>;
  /** Undefined where another line says the rights of the same device: they go by device, not by tab. */
  readonly rights: Rights | undefined;
  readonly isOwner: boolean;
  /** It is away, and self could stand in where it does not yet. */
  readonly isToTake: boolean;
}

const deviceOf = (id: string): string => id.split('.', 1)[0] ?? '';

/** Who is here, self first, then who is known and away. */
export function topologyRows(
  groups: Pick<Groups, 'of' | 'standIns' | 'absent'>,
  people: readonly PeerView[],
  rights: Pick<RoomRights, 'of' | 'owner'>,
): readonly TopologyRow[] {
  const absent = groups.absent();
  const names = new Map<string, string>([...absent, ...people].map(({ id, name }) => [id, name === '' ? 'someone' : name]));
  const known = [
    ...people.map(({ id, hue, isSelf }) => ({ id, hue, isSelf, isAway: false })),
    ...absent.map(({ id, hue }) => ({ id, hue, isSelf: false, isAway: true })),
  ];
  const standIns = groups.standIns();
  const devices = new Set<string>();
  const rows = known.map((person) => {
    const { id } = person;
    const doubles = new Map(standIns.flatMap(({ peer, group, of }) => (peer === id ? [[group, names.get(of) ?? 'someone'] as const] : [])));
    const isFirst = !devices.has(deviceOf(id));
    devices.add(deviceOf(id));
    return {
      ...{ ...person, name: names.get(id) ?? 'someone', doubles },
      groups: new Set(groups.of(id).filter((group) => !doubles.has(group))),
      rights: isFirst ? rights.of(id) : undefined,
      isOwner: isOwnedBy(id, rights.owner),
    };
  });
  const mine = rows.find(({ isSelf }) => isSelf);
  const isMissing = (group: GroupId): boolean => group !== ALL && mine?.groups.has(group) !== true && mine?.doubles.has(group) !== true;
  return rows.map((row) => ({ ...row, isToTake: row.isAway && [...row.groups].some(isMissing) }));
}

/** Who edits or controls sees, too; who may not see may nothing. */
export function withRight(before: Rights, right: keyof Rights, isGiven: boolean): Rights {
  if (right === 'view' && !isGiven) return { view: false, edit: false, control: false };
  return { ...before, view: true, [right]: isGiven };
}
