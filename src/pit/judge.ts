import { fingerprintsIn } from './sdp.ts';

/**
 * What the other side of a call is taken for. Descriptions come by a server that is believed nothing and may send several, of
 * any kind: the true one first, then one with its own certificate. So a call takes one path only: offer, answer, done; it
 * is judged when that stands, and whatever else is said, then or later, ends it.
 * Source: W3C WebRTC 1.0, section 4.3.1 (RTCSignalingState).
 */
export type Judge = (state: string, remote: Described | null) => void;

export type Role = 'caller' | 'callee';

export interface Described {
  /** offer, pranswer, answer or rollback */
  readonly type: string;
  readonly sdp: string;
}

/** To be asked at each change of the signalling state. described: with no fingerprint where something else was said. */
export function createJudge(role: Role, described: (fingerprints: readonly string[]) => void): Judge {
  let isSettled = false;
  const isDue = (state: string, remote: Described | null): boolean =>
    role === 'caller'
      ? (state === 'have-local-offer' && !remote) || (state === 'stable' && remote?.type === 'answer')
      : (state === 'have-remote-offer' || state === 'stable') && remote?.type === 'offer';
  return (state, remote) => {
    if (state === 'closed') return;
    if (isSettled || !isDue(state, remote)) return described([]);
    if (state !== 'stable' || !remote) return;
    isSettled = true;
    described(fingerprintsIn(remote.sdp));
  };
}
