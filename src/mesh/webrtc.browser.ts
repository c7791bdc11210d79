import { createFastLane } from './fast.browser.ts';
import type { BrowserHost } from './host.browser.ts';
import { connectPair } from './pair.browser.ts';
import { openSocket } from './socket.browser.ts';
import type { Connection, ConnectionHandlers, Transport } from './transport.ts';

/** The page's own WebRTC and WebSocket; `fast` in a worker where channels can be transferred. */
export interface WebrtcOptions {
  /** ws: or wss: */
  readonly url: string;
  /** False keeps `fast` in the page. Default true. */
  readonly isWorkerWanted?: boolean;
}

export function createWebrtcTransport(host: BrowserHost, options: WebrtcOptions): Transport & { readonly isWorkerUsed: boolean } {
  const lane = createFastLane(host, options.isWorkerWanted ?? true);
  return {
    get isWorkerUsed() {
      return lane.isWorker;
    },
    openSocket: (handlers) => openSocket(() => new WebSocket(options.url), handlers),
    connect(connectOptions, handlers) {
      if (typeof RTCPeerConnection === 'undefined') return createDeadConnection(handlers);
      const rtc = { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate };
      return connectPair({ host, rtc, adoptFast: (channel, out) => lane.adopt(channel, out) }, connectOptions, handlers);
    },
  };
}

/** Stands in where the browser has no WebRTC, or it is forbidden. */
function createDeadConnection(handlers: ConnectionHandlers): Connection {
  queueMicrotask(() => handlers.closed('this browser has no WebRTC'));
  const nothing = (): void => undefined;
  return { signal: nothing, send: () => false, buffered: () => 0, setBeacon: nothing, close: nothing };
}
