import type { PeerId } from '../base.ts';
import { ALL } from '../crdt/score.ts';
import type { AudioPit, GroupId, ObjectId, Score, VideoPit } from '../crdt/score.ts';

/**
 * Who sends live sound or pictures to whom. Everybody finds the same from the score, the groups and the rights: who is in
 * the senders' group of a pit sends, who runs the pit, where it is on, and may look on hears, wherever the sender stands;
 * nobody hears itself.
 */
export interface PlannedCall {
  readonly pit: ObjectId;
  readonly kind: LiveKind;
  readonly from: PeerId;
  readonly to: PeerId;
}

export type LiveKind = 'audio' | 'video';
export type LivePit = AudioPit | VideoPit;

export interface CallCircumstances {
  /** Its interval runs where this peer stands, or it is always on. */
  isOn(pit: LivePit, hearer: PeerId): boolean;
  /** In order; self included. */
  readonly present: readonly PeerId[];
  isMember(peer: PeerId, group: GroupId): boolean;
  /** Who is in it runs the pit. */
  groupOf(pit: ObjectId): GroupId;
  mayControl(peer: PeerId): boolean;
  mayView(peer: PeerId): boolean;
}

export const kindOf = ({ type }: LivePit): LiveKind => (type === 'audioPit' ? 'audio' : 'video');

export const livePits = (score: Score): readonly LivePit[] =>
  [...score.processes.values()].filter((it) => it.type === 'audioPit' || it.type === 'videoPit');

/** In the order of pits, then senders, then hearers. */
export function planCalls(score: Score, around: CallCircumstances): readonly PlannedCall[] {
  return livePits(score).flatMap((pit) => {
    const group = around.groupOf(pit.id);
    const hearers = around.present.filter((peer) => around.isMember(peer, group) && around.mayView(peer) && around.isOn(pit, peer));
    return sendersOf(pit, score, around).flatMap((from) =>
      hearers.filter((to) => to !== from).map((to): PlannedCall => ({ pit: pit.id, kind: kindOf(pit), from, to })),
    );
  });
}

/** Who would send, had all an input: members of a group that is there, of these those named, and who may control. */
function sendersOf({ senders, peers }: LivePit, score: Score, { present, isMember, mayControl }: CallCircumstances): readonly PeerId[] {
  if (senders !== ALL && !score.groups.has(senders)) return [];
  return present.filter((peer) => isMember(peer, senders) && (peers.length === 0 || peers.includes(peer)) && mayControl(peer));
}
