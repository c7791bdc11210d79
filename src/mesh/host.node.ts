import type { LocalTime } from '../base.ts';
import { falsify, NO_FAULT, type ClockFault } from './fault.ts';
import type { Host, Timer } from './host.ts';

/** A Node process as a host. fault: only in tests. */
export const createNodeHost = (fault: ClockFault = NO_FAULT): Host => ({
  clock: { now: () => falsify(performance.now(), fault) as LocalTime },
  timer: { after, every },
  random: {
    bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    next() {
      const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
      return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
    },
  },
});

const after: Timer['after'] = (delayMs, f) => {
  const waiting = setTimeout(f, delayMs);
  return () => clearTimeout(waiting);
};

/** Turns that a stopped process missed are not made up for. */
const every: Timer['every'] = (periodMs, f) => {
  const waiting = setInterval(f, periodMs);
  return () => clearInterval(waiting);
};
