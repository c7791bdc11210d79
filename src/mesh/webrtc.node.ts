import { WebSocket as NodeSocket } from 'ws';
import { createFastEnd, type FastEnd, type FastOutput } from './fast-end.browser.ts';
import type { Host } from './host.ts';
import { connectPair } from './pair.browser.ts';
import { NODE_RTC } from './rtc.node.ts';
import { SIGNAL_BYTES_MAX } from './signal.ts';
import { openSocket } from './socket.browser.ts';
import type { Transport } from './transport.ts';

const TURN_MS = 200;
/** ms for a server to answer at all. */
const HANDSHAKE_MS = 10_000;

/** url: ws: or wss:. `fast` lives on the main thread: nothing is drawn here that could delay a stamp. */
export function createNodeTransport(host: Host, url: string): Transport {
  const ends = new Set<FastEnd>();
  let endTurns: (() => void) | undefined;

  function adoptFast(channel: RTCDataChannel, out: FastOutput): FastEnd {
    const end = createFastEnd(host, channel, out);
    const tracked: FastEnd = {
      ...end,
      close() {
        ends.delete(tracked);
        if (ends.size === 0) endTurns = void endTurns?.();
        end.close();
      },
    };
    ends.add(tracked);
    endTurns ??= host.timer.every(TURN_MS, () => ends.forEach((each) => each.turn()));
    return tracked;
  }

  const options = { perMessageDeflate: false, handshakeTimeout: HANDSHAKE_MS, maxPayload: 4 * SIGNAL_BYTES_MAX } as const;
  return {
    openSocket: (handlers) => openSocket(() => new NodeSocket(url, options) as unknown as WebSocket, handlers),
    connect: (connectOptions, handlers) => connectPair({ host, rtc: NODE_RTC, adoptFast }, connectOptions, handlers),
  };
}
