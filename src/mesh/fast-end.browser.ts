import type { Host } from './host.ts';
import { createPinger, type Pinger } from './pinger.ts';
import type { Sample } from './time.ts';
import type { Beat } from './transport.ts';

/** One end of a `fast` channel, in the worker or, where channels cannot be transferred, in the page. */
export interface FastEnd {
  send(bytes: Uint8Array): void;
  setBeacon(bytes: Uint8Array): void;
  /** The page's main thread lives. */
  turn(): void;
  close(): void;
}

export interface FastOutput {
  open(): void;
  closed(): void;
  message(bytes: Uint8Array): void;
  sample(sample: Sample): void;
  heard(beat: Beat): void;
}

/** What is never retransmitted is worth nothing late: beyond this it is dropped. */
const BUFFERED_MAX = 64 * 1024;

export function createFastEnd(host: Host, channel: RTCDataChannel, out: FastOutput): FastEnd {
  let pinger: Pinger | undefined;
  let beacon: Uint8Array | undefined;
  channel.binaryType = 'arraybuffer';

  function opened(): void {
    if (pinger !== undefined) return;
    pinger = createPinger(host, post, { sample: out.sample, heard: out.heard, message: out.message });
    if (beacon !== undefined) pinger.setBeacon(beacon);
    out.open();
  }

  function post(bytes: Uint8Array): void {
    if (channel.readyState === 'open' && channel.bufferedAmount < BUFFERED_MAX) channel.send(bytes as Uint8Array<ArrayBuffer>);
  }

  channel.onopen = opened;
  channel.onmessage = (event: MessageEvent<unknown>) => {
    const at = host.clock.now();
    // Both ends open in the same instant; a frame may overtake the event.
    opened();
    if (event.data instanceof ArrayBuffer) pinger?.receive(new Uint8Array(event.data), at);
  };
  channel.onclose = () => {
    pinger?.close();
    out.closed();
  };
  if (channel.readyState === 'open') queueMicrotask(opened);

  return {
    send: (bytes) => pinger?.post(bytes),
    setBeacon(bytes) {
      beacon = bytes;
      pinger?.setBeacon(bytes);
    },
    turn: () => pinger?.turn(),
    close() {
      channel.onmessage = null;
      channel.onclose = null;
      pinger?.close();
      channel.close();
    },
  };
}
