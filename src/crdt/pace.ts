import type { PeerId } from '../base.ts';
import { createBucket } from '../mesh/bucket.ts';
import type { Bucket } from '../mesh/bucket.ts';
import type { Host } from '../mesh/host.ts';

/**
 * What is large (documents, media) leaves through one bucket while a run is on, so that what sounds never waits long
 * behind it: browsers promise no order between channels. And at any time a peer is sent less than what it would take for
 * a flood [SY4].
 */
export interface Pace {
  /** Whether one more message of so many bytes may leave towards a peer now. */
  take(to: PeerId, bytes: number): boolean;
  left(peer: PeerId): void;
}

const RUNNING = { perSecond: 1_000_000, burst: 16_000 };
/** A link takes 3000 messages a second beyond a burst of 9000 [LK9]; the rest is for what is small. */
const MESSAGES = { perSecond: 2500, burst: 6000 };

export function createPace({ clock }: Pick<Host, 'clock'>, isRunning: () => boolean): Pace {
  const bucket = createBucket(RUNNING);
  const links = new Map<PeerId, Bucket>();
  return {
    take(to, bytes) {
      const now = clock.now();
      if (isRunning() && !bucket.take(bytes, now)) return false;
      const link = links.get(to) ?? createBucket(MESSAGES);
      links.set(to, link);
      return link.take(1, now);
    },
    left: (peer) => void links.delete(peer),
  };
}
