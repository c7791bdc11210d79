import type { Unsubscribe } from './base.ts';
import { toRequest } from './crdt/companion.ts';
import type { CompanionHost, CompanionRequest, OpenCompanion, Projection } from './crdt/companion.ts';
import type { RoomDocument } from './crdt/room.ts';
import type { Host } from './mesh/host.ts';
import { createId } from './mesh/host.ts';
import type { CompanionDoor, Peer } from './peer-api.ts';

/**
 * The door for stock y-webrtc clients. Whether it is open is the room's business and stands in the room document; the
 * clock master hosts it, so that a new master takes it over with the clock.
 */
export interface DoorDeps {
  readonly host: Host;
  readonly port: CompanionHost | undefined;
  document(): RoomDocument;
  isElected(): boolean;
  peer(): Peer;
}

const LOOK_MS = 500;
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
    if (stated()?.mayControl !== true) return NOT_ALLOWED;
    return perform(deps.peer(), request);
  };

  /** Opens or leaves the door as the room document and the election say. */
  const look = (): void => {
    const wanted = stated();
    const isWanted = wanted?.isOpen === true && deps.isElected() && deps.port !== undefined;
    if (hosted && (!isWanted || hosted.room !== wanted.room)) {
      hosted.open.close();
      hosted = undefined;
    }
    if (isWanted && !hosted && deps.port) hosted = { room: wanted.room, open: deps.port.open(credentials(), obey) };
    hosted?.open.show(project(deps.peer(), wanted?.mayControl === true));
  };
  const stop: Unsubscribe = deps.host.timer.every(LOOK_MS, look);

  return {
    get isOpen() {
      return stated()?.isOpen === true;
    },
    get mayControl() {
      return stated()?.mayControl === true;
    },
    credentials,
    open({ mayControl }) {
      deps.document().setCompanion({ isOpen: true, mayControl, ...credentials() });
      look();
    },
    /** Whoever comes through an old door must not find the new one: the next has other credentials. */
    close() {
      fresh = { room: `tutti-${createId(deps.host.random)}`, password: createId(deps.host.random) + createId(deps.host.random) };
      if (stated()) deps.document().setCompanion({ isOpen: false, mayControl: false, ...fresh });
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
