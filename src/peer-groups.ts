import type { PeerId } from './base.ts';
import type { RoomDocument, StandIn } from './crdt/room.ts';
import { ALL } from './crdt/score.ts';
import type { GroupId, ObjectId, Score } from './crdt/score.ts';
import type { Moment } from './engine/moment.ts';
import { groupOf, isMember, membersOf, type Memberships } from './groups/placement.ts';
import { awayOf, recast, withStandIns } from './groups/stand-ins.ts';
import { unheld } from './groups/unheld.ts';
import type { Host } from './mesh/host.ts';
import type { Groups, PeerView } from './peer-api.ts';
import { absentOf } from './peer-view.ts';

/** All that belongs to groups in a peer: who is in which, who stands in, what newcomers are put into. */
export interface PeerGroups {
  readonly view: Groups;
  /** Stand-ins included. */
  memberships(): Memberships;
  isMine(object: ObjectId): boolean;
  /** The room document changed. */
  read(): void;
  close(): void;
}

export interface PeerGroupsDeps {
  readonly self: PeerId;
  readonly host: Host;
  room(): RoomDocument;
  /** As this peer sees it, and as all share it. */
  score(): Score;
  sharedScore(): Score;
  /** Present and not frozen, self included. */
  present(): readonly PeerId[];
  /** Everyone in the room, however they are linked. */
  here(): readonly PeerView[];
  /** It writes what follows from a rule. */
  isMaster(): boolean;
  /** There is a session, and that peer may write its document. */
  mayWrite(peer: PeerId): boolean;
  mayControl(peer: PeerId): boolean;
  moment(): Pick<Moment, 'running' | 'waiting' | 'pending'>;
}

/** A reload takes less. */
const DESERTED_MS = 5000;
const TURN_MS = 1000;

export function createPeerGroups(deps: PeerGroupsDeps): PeerGroups {
  const { self, host, room, present } = deps;
  let own: Memberships = new Map();
  let memberships: Memberships = new Map();
  /** Since when a group has had nobody, by the local clock. */
  const desertedAt = new Map<GroupId, number>();
  let isNew = false;

  /** Who is here for the first time finds where newcomers go; a turn later, so that all of the document has come. */
  const placeSelf = (): void => {
    const groups = room().newcomers();
    const isUnplaced = groups.length > 0 && !room().isPlaced(self);
    if (isUnplaced && isNew) {
      if ((own.get(self) ?? []).length === 0)
        for (const group of groups) if (deps.sharedScore().groups.has(group)) room().setMember(self, group, true);
      room().place(self);
    }
    isNew = isUnplaced;
  };
  /** Who may not write the document is named and placed by who writes what follows from a rule. */
  const placeMute = (): void => {
    const groups = room()
      .newcomers()
      .filter((group) => deps.sharedScore().groups.has(group));
    const mute = deps.here().filter(({ id, isSelf }) => !isSelf && !deps.mayWrite(id) && present().includes(id));
    for (const { id, name, hue } of mute) {
      const known = room().members().get(id);
      // A turn later, as all the others.
      if (known && groups.length > 0 && !room().isPlaced(id)) {
        if (known.groups.length === 0) for (const group of groups) room().setMember(id, group, true);
        room().place(id);
      }
      if (name !== '' && (known?.name !== name || known.hue !== hue)) room().introduce(id, name, hue);
    }
  };
  const isDeserted = (group: GroupId): boolean => host.clock.now() - (desertedAt.get(group) ?? Infinity) >= DESERTED_MS;
  const turn = (): void => {
    if (!deps.mayWrite(self)) return;
    placeSelf();
    const groups = [...deps.sharedScore().groups.keys()];
    for (const group of groups) {
      if (membersOf(own, present(), group).length > 0) desertedAt.delete(group);
      else if (!desertedAt.has(group)) desertedAt.set(group, host.clock.now());
    }
    if (!deps.isMaster()) return;
    placeMute();
    const standIns = room().standIns();
    const who = { memberships: own, present: present(), mayControl: deps.mayControl };
    const { back, over } = recast({ groups, ...who, standIns, rule: room().takeOver(), isDeserted });
    for (const { peer, group } of back) room().setStandIn(peer, group, undefined);
    for (const { peer, group, of } of over) room().setStandIn(peer, group, of);
  };
  const stop = host.timer.every(TURN_MS, turn);

  const view: Groups = {
    of: (id) => [ALL, ...(memberships.get(id) ?? []).filter((group) => group !== ALL)],
    members: (group) => membersOf(memberships, present(), group),
    setMember(id, group, isIn) {
      room().setStandIn(id, group, undefined);
      room().setMember(id, group, isIn);
    },
    groupOf: (object) => groupOf(deps.score(), object),
    isMine: (object) => isMember(memberships, self, groupOf(deps.score(), object)),
    absent: () => absentOf(room().members(), deps.here()),
    standIns: (): readonly StandIn[] => room().standIns(),
    takeOver(of) {
      const groups = (own.get(of) ?? []).filter(
        (group) => awayOf(own, present(), group).includes(of) && !isMember(memberships, self, group),
      );
      for (const group of groups) room().setStandIn(self, group, of);
      return groups;
    },
    stepBack: (group) => room().setStandIn(self, group, undefined),
    get rule() {
      return room().takeOver();
    },
    setRule: (rule) => room().setTakeOver(rule),
    newcomers: () => room().newcomers(),
    setNewcomer: (group, isIn) => room().setNewcomer(group, isIn),
    unheld() {
      const { running, waiting, pending } = deps.moment();
      const stand = {
        mayControl: deps.mayControl,
        running: running.map(({ interval }) => interval),
        waiting: waiting.map(({ sync }) => sync),
        pending: pending.flatMap(({ event, isOwn }) => (isOwn === true ? [] : [event])),
      };
      return unheld(deps.sharedScore(), stand, memberships, present());
    },
  };
  return {
    view,
    memberships: () => memberships,
    isMine: view.isMine,
    read() {
      own = new Map([...room().members()].map(([id, { groups }]) => [id, groups]));
      memberships = withStandIns(own, room().standIns());
    },
    close: stop,
  };
}
