import * as Y from 'yjs';
import { compare } from '../base.ts';
import type { PeerId, Unsubscribe } from '../base.ts';
import { SIGNATURE_BYTES } from '../mesh/identity.ts';
import type { CompanionCredentials } from './companion.ts';
import { isSame } from './difference.ts';
import { rootMap } from './doc.ts';
import { isId } from './ids.ts';
import type { GroupId } from './score.ts';
import { toValue } from './valid-value.ts';
import type { Address, Value } from './value.ts';

/**
 * What a room knows beside its score; it lives with the room.
 *
 *   people        Y.Map<peer, {name, hue}>
 *   memberships   Y.Map<'<peer>/<group>', true>     one entry each, so that two people may change one peer's groups
 *   facts         Y.Map<id, {...fact, proof}>       the run log, `groups/statement.ts`, of the last runs
 *   vouchers      Y.Map<'<peer>/<key>', {ids, proof}> what of somebody's facts is older than the loss of its rights
 *   values        Y.Map<address, value>             last values of live devices
 *   customs       Y.Map { takeOver: rule, 'newcomer/<group>': true, 'placed/<peer>': true }
 *   standIns      Y.Map<'<peer>/<group>', peer it stands in for>
 *   companion     Y.Map { door: {isOpen, mayControl, room, password, by: peer, seq, proof: byte{64}, host?: peer} }
 *
 * Read tolerantly: an entry that makes no sense is not there [SY7].
 */
export interface RoomDocument {
  readonly doc: Y.Doc;
  /** Everyone who was ever in this session, by id. */
  members(): ReadonlyMap<PeerId, RoomMember>;
  introduce(peer: PeerId, name: string, hue: number): void;
  setMember(peer: PeerId, group: GroupId, isMember: boolean): void;
  /** Groups that who comes for the first time is put into. */
  newcomers(): readonly GroupId[];
  /** Who is known already is no newcomer, whatever is set from now on. */
  setNewcomer(group: GroupId, isIn: boolean): void;
  isPlaced(peer: PeerId): boolean;
  place(peer: PeerId): void;
  takeOver(): TakeOver;
  setTakeOver(rule: TakeOver): void;
  /** By peer and group. */
  standIns(): readonly StandIn[];
  /** of: who is away; undefined: steps back. */
  setStandIn(peer: PeerId, group: GroupId, of: PeerId | undefined): void;
  /** The log, unchecked, in no order; the caller bounds it. */
  facts(): readonly unknown[];
  /** What came into the log since this was last asked. */
  freshFacts(): readonly LogEntry[];
  /** The whole log once more is fresh. */
  refreshFacts(): void;
  /** id: the same for the same fact, whoever writes it. isThere: what lies under the id is as good as this. */
  addFact(id: string, fact: object, isThere?: (known: unknown) => boolean): void;
  /** Takes out of the log what is told by the caller. */
  removeFacts(isToGo: (id: string, fact: unknown) => boolean): void;
  /** Unchecked, in no order: `groups/vouchers.ts`. */
  vouchers(): Iterable<readonly [key: string, entry: unknown]>;
  setVoucher(key: string, entry: object): void;
  value(address: Address): Value | undefined;
  setValue(address: Address, value: Value): void;
  companion(): RoomCompanion | undefined;
  setCompanion(companion: RoomCompanion): void;
  onChange(f: () => void): Unsubscribe;
  close(): void;
}

/** Something in the log, unchecked. */
export interface LogEntry {
  readonly id: string;
  /** Yjs's client number of who wrote it there, whoever stated it. */
  readonly writer: number;
  readonly fact: unknown;
}

export interface RoomMember {
  readonly name: string;
  readonly hue: number;
  readonly groups: readonly GroupId[];
}

export const TAKE_OVERS = ['nobody', 'one', 'everyone'] as const;
/** Who takes over a group of which nobody is here any more: nobody by itself, one of those present, or all of them. */
export type TakeOver = (typeof TAKE_OVERS)[number];

/** A peer in a group as long as one who belongs to it is away. */
export interface StandIn {
  readonly peer: PeerId;
  readonly group: GroupId;
  readonly of: PeerId;
}

export interface RoomCompanion extends CompanionCredentials {
  readonly isOpen: boolean;
  readonly mayControl: boolean;
  /** Who opened or closed it, and signed that; unchecked. */
  readonly by: PeerId;
  /** Greater each time. */
  readonly seq: number;
  /** 64 bytes */
  readonly proof: Uint8Array;
  /** Whose page it leads to, signed by nobody; undefined while nobody can. */
  readonly host: PeerId | undefined;
}

const NAME_MAX = 64;
const MEMBERS_MAX = 1000;
const PEER = /^[A-Za-z0-9_-]{1,64}(\.\d{1,4})?$/;
const ROOTS = ['people', 'memberships', 'facts', 'values', 'companion', 'customs', 'standIns', 'vouchers'] as const;
const NEWCOMER = 'newcomer/';

const isRecord = (input: unknown): input is Readonly<Record<string, unknown>> =>
  typeof input === 'object' && input !== null && !Array.isArray(input) && !(input instanceof Y.AbstractType);

/** mayWrite: whether what is written here is taken by others; else nothing is written. */
export function createRoomDocument(doc: Y.Doc, mayWrite: () => boolean = () => true): RoomDocument {
  const root = (name: (typeof ROOTS)[number]): Y.Map<unknown> | undefined => rootMap(doc, name);
  for (const name of ROOTS) root(name);
  const listeners = new Set<() => void>();
  // A log of thousands of facts grows by single ones: only what changed is looked at.
  const log = new Map<string, unknown>();
  let fresh: LogEntry[] = [];
  const look = (id: string): void => {
    const before = log.get(id);
    const fact = root('facts')?.get(id);
    if (fact === before) return;
    if (!isRecord(fact)) return void log.delete(id);
    log.set(id, fact);
    fresh.push({ id, writer: root('facts')?._map.get(id)?.id.client ?? -1, fact });
  };
  for (const id of root('facts')?.keys() ?? []) look(id);
  let members: ReadonlyMap<PeerId, RoomMember> | undefined;
  const listen = (transaction: Y.Transaction): void => {
    if (transaction.changed.size === 0) return;
    const touched = (name: (typeof ROOTS)[number]): ReadonlySet<string | null> | undefined => {
      const map: unknown = root(name);
      return [...transaction.changed].find(([type]) => type === map)?.[1];
    };
    for (const id of touched('facts') ?? []) if (id !== null) look(id);
    if (touched('people') || touched('memberships')) members = undefined;
    for (const f of listeners) f();
  };
  doc.on('afterTransaction', listen);

  const write = (name: (typeof ROOTS)[number], key: string, value: unknown): void => {
    const map = root(name);
    if (!mayWrite()) return;
    if (value === undefined) map?.delete(key);
    else map?.set(key, value);
  };

  return {
    doc,
    members: () => (members ??= readMembers(root('people'), root('memberships'))),
    introduce(peer, name, hue) {
      write('people', peer, { name: name.slice(0, NAME_MAX), hue });
    },
    setMember(peer, group, isMember) {
      if (root('memberships')?.has(`${peer}/${group}`) !== isMember) write('memberships', `${peer}/${group}`, isMember || undefined);
    },
    newcomers: () =>
      [...(root('customs') ?? [])]
        .flatMap(([key, value]) => (key.startsWith(NEWCOMER) && value === true ? [key.slice(NEWCOMER.length)] : []))
        .filter(isId)
        .sort(compare),
    setNewcomer(group, isIn) {
      doc.transact(() => {
        if (isIn) for (const peer of this.members().keys()) this.place(peer);
        if ((root('customs')?.get(NEWCOMER + group) === true) !== isIn) write('customs', NEWCOMER + group, isIn || undefined);
      });
    },
    isPlaced: (peer) => root('customs')?.get(`placed/${peer}`) === true,
    place(peer) {
      if (!this.isPlaced(peer)) write('customs', `placed/${peer}`, true);
    },
    takeOver: () => TAKE_OVERS.find((rule) => rule === root('customs')?.get('takeOver')) ?? 'nobody',
    setTakeOver: (rule) => write('customs', 'takeOver', rule),
    standIns: () => readStandIns(root('standIns')),
    setStandIn(peer, group, of) {
      if (root('standIns')?.get(`${peer}/${group}`) !== of) write('standIns', `${peer}/${group}`, of);
    },
    facts: () => [...log.values()],
    refreshFacts() {
      fresh = [];
      for (const id of [...log.keys()]) {
        log.delete(id);
        look(id);
      }
    },
    freshFacts() {
      const found = fresh;
      fresh = [];
      return found;
    },
    addFact(id, fact, isThere = (known) => isSame(known, fact)) {
      const map = root('facts');
      // Under this id may lie something else, by someone who means harm.
      if (map && mayWrite() && !isThere(map.get(id))) map.set(id, fact);
    },
    removeFacts(isToGo) {
      if (!mayWrite()) return;
      const gone = [...log].filter(([id, fact]) => isToGo(id, fact));
      if (gone.length > 0) doc.transact(() => gone.forEach(([id]) => root('facts')?.delete(id)));
    },
    vouchers: () => root('vouchers')?.entries() ?? [],
    setVoucher: (key, entry) => write('vouchers', key, entry),
    value: (address) => toValue(root('values')?.get(address)),
    setValue: (address, value) => write('values', address, value),
    companion: () => toCompanion(root('companion')?.get('door')),
    setCompanion({ host, ...said }) {
      write('companion', 'door', { ...said, ...(host !== undefined && { host }) });
    },
    onChange(f) {
      listeners.add(f);
      return () => listeners.delete(f);
    },
    close() {
      doc.off('afterTransaction', listen);
      listeners.clear();
      doc.destroy();
    },
  };
}

function readMembers(people: Y.Map<unknown> | undefined, memberships: Y.Map<unknown> | undefined): ReadonlyMap<PeerId, RoomMember> {
  const groups = new Map<string, GroupId[]>();
  for (const key of memberships ? [...memberships.keys()].sort(compare) : []) {
    const [peer = '', group = '', ...others] = key.split('/');
    if (others.length > 0 || !isId(group) || memberships?.get(key) !== true) continue;
    groups.set(peer, [...(groups.get(peer) ?? []), group]);
  }
  const ids = [...new Set([...(people?.keys() ?? []), ...groups.keys()])].filter((id) => PEER.test(id)).sort(compare);
  const members = ids.slice(0, MEMBERS_MAX).map((id): readonly [PeerId, RoomMember] => {
    const entry = people?.get(id);
    const { name, hue } = isRecord(entry) ? entry : {};
    const isHue = typeof hue === 'number' && Number.isInteger(hue) && hue >= 0 && hue <= 11;
    return [
      id as PeerId,
      { name: typeof name === 'string' ? name.slice(0, NAME_MAX) : '', hue: isHue ? hue : 0, groups: groups.get(id) ?? [] },
    ];
  });
  return new Map(members);
}

function readStandIns(entries: Y.Map<unknown> | undefined): readonly StandIn[] {
  const found = [...(entries ?? [])].flatMap(([key, of]): readonly StandIn[] => {
    const [peer = '', group = '', ...others] = key.split('/');
    const isOne = others.length === 0 && PEER.test(peer) && isId(group) && typeof of === 'string' && PEER.test(of);
    return isOne ? [{ peer: peer as PeerId, group, of: of as PeerId }] : [];
  });
  return found.sort((a, b) => compare(a.peer, b.peer) || compare(a.group, b.group)).slice(0, MEMBERS_MAX);
}

function toCompanion(input: unknown): RoomCompanion | undefined {
  if (!isRecord(input)) return undefined;
  const { isOpen, mayControl, room, password, by, seq, proof, host } = input;
  if (typeof isOpen !== 'boolean' || typeof mayControl !== 'boolean') return undefined;
  if (typeof room !== 'string' || typeof password !== 'string' || room.length > 128 || password.length > 128) return undefined;
  if (typeof by !== 'string' || !PEER.test(by) || typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1) return undefined;
  if (!(proof instanceof Uint8Array) || proof.length !== SIGNATURE_BYTES) return undefined;
  const isHost = typeof host === 'string' && PEER.test(host);
  return { isOpen, mayControl, room, password, by: by as PeerId, seq, proof, host: isHost ? (host as PeerId) : undefined };
}
