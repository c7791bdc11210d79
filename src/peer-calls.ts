import type { PeerId } from './base.ts';
import { compare } from './base.ts';
import type { ObjectId, Score } from './crdt/score.ts';
import type { PeerGroups } from './peer-groups.ts';
import { isMember } from './groups/placement.ts';
import type { Host } from './mesh/host.ts';
import type { Mesh } from './mesh/mesh.ts';
import { TOPIC } from './mesh/wire.ts';
import type { Notice } from './peer-api.ts';
import type { CallPort } from './pit/call-port.ts';
import { createCalls, type CallDesk } from './pit/calls.ts';

/** All that belongs to live sound and pictures in a peer. */
export interface PeerCalls extends CallDesk {
  /** The pit processes that run now. */
  runs(pits: readonly ObjectId[]): void;
}

export interface PeerCallsDeps {
  readonly host: Host;
  readonly self: PeerId;
  readonly mesh: Mesh;
  readonly hear: Mesh['receive'];
  readonly port: CallPort | undefined;
  readonly groups: Pick<PeerGroups, 'view' | 'memberships'>;
  /** As all share it: whom one calls is no private matter. */
  score(): Score;
  /** In the room, others. */
  others(): Iterable<PeerId>;
  nameOf(peer: PeerId): string;
  mayControl(peer: PeerId): boolean;
  mayView(peer: PeerId): boolean;
  changed(): void;
  notify(notice: Notice): void;
}

export function createPeerCalls(deps: PeerCallsDeps): PeerCalls {
  const { self, mesh, groups } = deps;
  let running: ReadonlySet<ObjectId> = new Set();
  const calls = createCalls({
    ...deps,
    here: () => [self, ...deps.others()].sort(compare),
    isOn: ({ id, isAlways }) => isAlways || running.has(id),
    isMember: (peer, group) => isMember(groups.memberships(), peer, group),
    groupOf: (pit) => groups.view.groupOf(pit),
    delay: () => mesh.delay(),
    broadcast: (payload) => mesh.broadcast('event', TOPIC.call, payload),
  });
  deps.hear(TOPIC.call, (from, payload) => calls.receive(from, payload));
  return Object.assign(Object.create(calls) as CallDesk, {
    runs(pits: readonly ObjectId[]) {
      running = new Set(pits);
      calls.refresh();
    },
  });
}
