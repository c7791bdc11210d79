import { compare } from './base.ts';
import type { LocalTime, PeerId, Unsubscribe } from './base.ts';
import { toRequest } from './crdt/companion.ts';
import type { CompanionHost, CompanionRequest, OpenCompanion, Projection } from './crdt/companion.ts';
import type { RoomCompanion, RoomDocument } from './crdt/room.ts';
import type { Host } from './mesh/host.ts';
import { createId } from './mesh/host.ts';
import type { CompanionDoor, Peer } from './peer-api.ts';

/**
 * The door for stock y-webrtc clients. Whether it is open, and who hosts it, is the room's business and stands in the room
 * document. Not everyone can host: a headless peer has no y-webrtc, a page over plain http no crypto.subtle. So who can
 * takes over, when nobody present does, the clock master first, the others one after the other; of two at once the
 * document keeps one.
 */
export interface DoorDeps {
  readonly host: Host;
  readonly self: PeerId;
  /** Absent: this peer cannot host. */
  readonly port: CompanionHost | undefined;
  document(): RoomDocument;
  /** Who is here and awake, self included. */
  present(): readonly PeerId[];
  isMaster(): boolean;
  /** The owner of the room lets companions control. */
  mayControl(): boolean;
  peer(): Peer;
}

const LOOK_MS = 500;
/** The next in line takes over so much later. */
const TURN_MS = 1000;
const NOT_ALLOWED = 'This companion may look only: the room has not given it control.';

export function createCompanionDoor(deps: DoorDeps): CompanionDoor & { end(): void } {
  let hosted: { readonly open: OpenCompanion; readonly room: string } | undefined;
  let fresh = { room: `tutti-${createId(deps.host.random)}`, password: createId(deps.host.random) + createId(deps.host.random) };

  const stated = () => deps.document().companion();
  const credentials = (): { readonly room: string; readonly password: string } => {
    const known = stated();
    return known ? { room: known.room, password: known.password } : fresh;
  };

  const obey = (input: unknown): string | undefined => {
    const request = toRequest(input);
    if (!request) return 'This is no request that Tutti knows.';
    if (stated()?.mayControl !== true || !deps.mayControl()) return NOT_ALLOWED;
    return perform(deps.peer(), request);
  };

  const hostOf = (door: RoomCompanion | undefined): PeerId | undefined =>
    door?.host !== undefined && deps.present().includes(door.host) ? door.host : undefined;
  const able = (): PeerId | undefined => (deps.port ? deps.self : undefined);

  let orphanedAt: LocalTime | undefined;
  /** Takes the door over, in turn, when nobody who is here has it. */
  const succeed = (door: RoomCompanion): void => {
    const isOrphaned = door.isOpen && deps.port !== undefined && hostOf(door) === undefined;
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
    const isWanted = wanted?.isOpen === true && wanted.host === deps.self && deps.port !== undefined;
    if (hosted && (!isWanted || hosted.room !== wanted.room)) {
      hosted.open.close();
      hosted = undefined;
    }
    if (isWanted && !hosted && deps.port) hosted = { room: wanted.room, open: deps.port.open(credentials(), obey) };
    hosted?.open.show(project(deps.peer(), wanted?.mayControl === true && deps.mayControl()));
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
      deps.document().setCompanion({ isOpen: true, mayControl, ...credentials(), host: hostOf(stated()) ?? able() });
      look();
    },
    /** Whoever comes through an old door must not find the new one: the next has other credentials. */
    close() {
      fresh = { room: `tutti-${createId(deps.host.random)}`, password: createId(deps.host.random) + createId(deps.host.random) };
      if (stated()) deps.document().setCompanion({ isOpen: false, mayControl: false, ...fresh, host: undefined });
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
