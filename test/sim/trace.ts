import type { Channel } from '../../src/mesh/transport.ts';

/** A fingerprint of everything that passed between machines, in order: equal for two runs only if they are one. */
export interface Trace {
  carried(date: number, ends: { readonly from: number; readonly to: number; readonly channel: Channel }, bytes: Uint8Array): void;
  hash(): string;
}

export function createTrace(): Trace {
  let hash = 0x811c9dc5;
  let count = 0;
  const date64 = new Float64Array(1);
  const dateWords = new Uint32Array(date64.buffer);
  const mix = (word: number): void => {
    hash = Math.imul(hash ^ word, 0x01000193);
    hash ^= hash >>> 15;
  };
  return {
    carried(date, { from, to, channel }, bytes) {
      count += 1;
      date64[0] = date;
      mix(dateWords[0]!);
      mix(dateWords[1]!);
      mix(from * 64 + to);
      mix(channel.charCodeAt(0));
      mix(bytes.length);
      // Pings say nothing but dates, which are mixed in already; of the rest, all bytes count.
      if (channel !== 'fast') for (const byte of bytes) mix(byte);
    },
    hash: () => `${count}-${(hash >>> 0).toString(16).padStart(8, '0')}`,
  };
}
