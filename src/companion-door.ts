import { compare } from './base.ts';
import type { LocalTime, PeerId, Unsubscribe } from './base.ts';
import { toRequest } from './crdt/companion.ts';
import type { CompanionHost, CompanionRequest, OpenCompanion, Projection } from './crdt/companion.ts';
import type { RoomCompanion, RoomDocument } from './crdt/room.ts';
import { isSame } from './mesh/bytes.ts';
import type { Host } from './mesh/host.ts';
import { createId } from './mesh/host.ts';
import type { Rights } from './mesh/rights.ts';
import type { CompanionDoor, Notice, Peer } from './peer-api.ts';

/**
 * The door for stock y-webrtc clients. Whether it is open, and who hosts it, is the room's business and stands in the room
 * document. Whoever may edit can write there; so only what somebody signed who may control is believed, and nothing older
 * than what was seen here, or a door that was shut would open again. Not everyone can host: a headless peer has no
 * y-webrtc, a page over plain http no crypto.subtle, and what one says who may not control counts for nobody. So who can
 * takes over, when nobody present does, the clock master first, the others one after the other; of two at once the
 * document keeps one.
 *
 *   signed = "tutti door" LF tag LF json [isOpen, mayControl, room, password, seq]
 */
export interface DoorDeps {
  readonly host: Host;
  readonly self: PeerId;
  readonly tag: string;
  /** Absent: this peer cannot host. */
  readonly port: CompanionHost | undefined;
  document(): RoomDocument;
  /** Who is here and awake, self included. */
  present(): readonly PeerId[];
  isMaster(): boolean;
  /** What the owner of the room lets companions do. */
  rights(): Rights;
  /** The owner lets them control; nothing happens where it is somebody else's to say. */
  letControl(): void;
  mayControl(peer: PeerId): boolean;
  /** False, and said, when this person may not control. */
  mayAct(): boolean;
  sign(text: string): Uint8Array;
  verify(by: PeerId, text: string, proof: Uint8Array): boolean;
  notify(notice: Notice): void;
  peer(): Peer;
}

const LOOK_MS = 500;
/** The next in line takes over so much later. */
const TURN_MS = 1000;
const NOT_ALLOWED = 'This companion may look only: the room has not given it control.';
const NOT_GIVEN = 'Companions may look only: the owner of the room gives them control, in the network panel.';

type Said = Pick<RoomCompanion, 'isOpen' | 'mayControl' | 'room' | 'password' | 'seq'>;

export function createCompanionDoor(deps: DoorDeps): CompanionDoor & { end(): void } {
  const create = () => ({ room: `tutti-${createId(deps.host.random)}`, password: createId(deps.host.random) + createId(deps.host.random) });
  let hosted: { readonly open: OpenCompanion; readonly room: string } | undefined;
  let fresh = create();
  /** The last that was looked at, and the greatest number that was proven. */
  let judged: { readonly text: string; readonly proof: Uint8Array; readonly isProven: boolean } | undefined;
  let newest = 0;

  const textOf = ({ isOpen, mayControl, room, password, seq }: Said): string =>
    ['tutti door', deps.tag, JSON.stringify([isOpen, mayControl, room, password, seq])].join('\n');

  const isProven = (door: RoomCompanion): boolean => {
    const text = `${door.by}\n${textOf(door)}`;
    if (judged?.text !== text || !isSame(judged.proof, door.proof))
      judged = { text, proof: door.proof, isProven: deps.verify(door.by, textOf(door), door.proof) };
    return judged.isProven;
  };
  /** What holds. */
  const stated = (): RoomCompanion | undefined => {
    const door = deps.document().companion();
    if (!door || door.seq < newest || !deps.mayControl(door.by) || !isProven(door)) return undefined;
    newest = door.seq;
    return door;
  };
  const state = (said: Omit<Said, 'seq'>, host: PeerId | undefined): void => {
    const next = { ...said, seq: newest + 1 };
    deps.document().setCompanion({ ...next, by: deps.self, proof: deps.sign(textOf(next)), host });
  };
  const credentials = (): { readonly room: string; readonly password: string } => {
    const known = stated();
    return known ? { room: known.room, password: known.password } : fresh;
  };

  const obey = (input: unknown): string | undefined => {
    const request = toRequest(input);
    if (!request) return 'This is no request that Tutti knows.';
    if (stated()?.mayControl !== true || !deps.rights().control) return NOT_ALLOWED;
    return perform(deps.peer(), request);
  };

  const hostOf = (door: RoomCompanion | undefined): PeerId | undefined =>
    door?.host !== undefined && deps.present().includes(door.host) && deps.mayControl(door.host) ? door.host : undefined;
  const isAble = (): boolean => deps.port !== undefined && deps.mayControl(deps.self);

  let orphanedAt: LocalTime | undefined;
  /** Takes the door over, in turn, when nobody who is here has it. */
  const succeed = (door: RoomCompanion): void => {
    const isOrphaned = door.isOpen && isAble() && hostOf(door) === undefined;
    const now = deps.host.clock.now();
    orphanedAt = isOrphaned ? (orphanedAt ?? now) : undefined;
    if (orphanedAt === undefined) return;
    const turn = deps.isMaster() ? 0 : 1 + [...deps.present()].sort(compare).indexOf(deps.self);
    if (now - orphanedAt >= turn * TURN_MS) deps.document().setCompanion({ ...door, host: deps.self });
  };

  /** Opens or leaves the door as the room document says. */
  const look = (): void => {
    const before = stated();
    if (before) succeed(before);
    const wanted = stated();
    const isWanted = wanted?.isOpen === true && wanted.host === deps.self && isAble() && deps.rights().view;
    if (hosted && (!isWanted || hosted.room !== wanted.room)) {
      hosted.open.close();
      hosted = undefined;
    }
    if (isWanted && !hosted && deps.port) hosted = { room: wanted.room, open: deps.port.open(credentials(), obey) };
    hosted?.open.show(project(deps.peer(), wanted?.mayControl === true && deps.rights().control));
  };
  const stop: Unsubscribe = deps.host.timer.every(LOOK_MS, look);

  return {
    get isOpen() {
      return stated()?.isOpen === true;
    },
    get mayControl() {
      return stated()?.mayControl === true;
    },
    get host() {
      const door = stated();
      return door?.isOpen === true ? hostOf(door) : undefined;
    },
    credentials,
    open({ mayControl }) {
      if (!deps.mayAct()) return;
      if (mayControl && !deps.rights().control) deps.letControl();
      if (mayControl && !deps.rights().control) deps.notify({ level: 'hint', message: NOT_GIVEN });
      state({ isOpen: true, mayControl, ...credentials() }, hostOf(stated()) ?? (isAble() ? deps.self : undefined));
      look();
    },
    /** Whoever comes through an old door must not find the new one: the next has other credentials. */
    close() {
      if (!deps.mayAct()) return;
      fresh = create();
      if (stated()) state({ isOpen: false, mayControl: false, ...fresh }, undefined);
      look();
    },
    end() {
      stop();
      hosted?.open.close();
      hosted = undefined;
    },
  };
}

function perform(peer: Peer, request: CompanionRequest): string | undefined {
  switch (request.type) {
    case 'play':
      peer.run.play(request.from === undefined ? {} : { from: request.from });
      return undefined;
    case 'stop':
      peer.run.stop();
      return undefined;
    case 'trigger':
      return peer.run.trigger(request.sync)?.message;
    case 'put':
      peer.pits.put(request.pit, request.value);
      return undefined;
  }
}

const project = (peer: Peer, mayControl: boolean): Projection => {
  const score = peer.score.read();
  const pits = [...score.processes.values()].flatMap((process) => {
    const value = process.type === 'pit' ? peer.pits.read(process.id) : undefined;
    return process.type === 'pit' && value !== undefined ? [[process.key, value] as const] : [];
  });
  return {
    roster: Object.fromEntries(
      peer.room.peers().map(({ id, name, hue, isMaster }) => [id, { name, hue, isMaster, groups: peer.groups.of(id) }]),
    ),
    transport: { state: peer.run.view().state, position: peer.run.position() ?? null, title: score.title, mayControl },
    pits: Object.fromEntries(pits),
  };
};
