import { createBucket } from '../mesh/bucket.ts';
import type { Host } from '../mesh/host.ts';

/**
 * What is large (documents, media) leaves through one bucket while a run is on, so that what sounds never waits long
 * behind it: browsers promise no order between channels [SY4].
 */
export interface Pace {
  /** Whether so many bytes may leave now; always, while no run is on. */
  take(bytes: number): boolean;
}

const RUNNING_BYTES_PER_S = 1_000_000;
const BURST_BYTES = 16_000;

export function createPace({ clock }: Pick<Host, 'clock'>, isRunning: () => boolean): Pace {
  const bucket = createBucket({ perSecond: RUNNING_BYTES_PER_S, burst: BURST_BYTES });
  return { take: (bytes) => !isRunning() || bucket.take(bytes, clock.now()) };
}
