import type { LocalTime } from '../base.ts';
import { createFastEnd, type FastEnd } from './fast-end.browser.ts';
import type { FromFast, ToFast } from './fast-port.ts';
import { falsify, NO_FAULT } from './fault.ts';
import type { Host } from './host.ts';

/** Owns the `fast` channels of all connections of a page, where no drawing delays a stamp. */
const ends = new Map<number, FastEnd>();
let fault = NO_FAULT;
let shift = 0;

const host: Host = {
  clock: { now: () => falsify(performance.now() + shift, fault) as LocalTime },
  timer: {
    after(delayMs, f) {
      const id = setTimeout(f, delayMs);
      return () => clearTimeout(id);
    },
    every(periodMs, f) {
      const id = setInterval(f, periodMs);
      return () => clearInterval(id);
    },
  },
  random: {
    bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    next: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
  },
};

const tell = (message: FromFast): void => self.postMessage(message);

function adopt(key: number, channel: unknown): void {
  const end = createFastEnd(host, channel as RTCDataChannel, {
    open: () => tell({ type: 'open', key }),
    closed: () => {
      ends.delete(key);
      tell({ type: 'closed', key });
    },
    message: (bytes) => tell({ type: 'message', key, bytes }),
    sample: (sample) => tell({ type: 'sample', key, sample }),
    heard: (beat) => tell({ type: 'heard', key, beat }),
  });
  ends.set(key, end);
}

function close(key: number): void {
  ends.get(key)?.close();
  ends.delete(key);
}

self.onmessage = (event: MessageEvent<ToFast>) => {
  const told = event.data;
  switch (told.type) {
    case 'start':
      fault = told.fault;
      shift = performance.timeOrigin - told.origin;
      return;
    case 'clock':
      shift = told.shift;
      return;
    case 'ask':
      return tell({ type: 'told', sent: told.sent, worker: performance.now(), origin: performance.timeOrigin });
    case 'adopt':
      return adopt(told.key, told.channel);
    case 'send':
      return ends.get(told.key)?.send(told.bytes);
    case 'beacon':
      return ends.get(told.key)?.setBeacon(told.bytes);
    case 'close':
      return close(told.key);
    case 'turn':
      ends.forEach((end) => end.turn());
  }
};
