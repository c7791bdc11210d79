import { Deflate } from 'fflate';
import type { PeerId } from '../../base.ts';
import type { Host } from '../../mesh/host.ts';
import { encodeDeflated, encodeSync } from './messages.ts';
import type { Message } from './messages.ts';

/**
 * Whole documents for who asks. Deflating a long one at once would hold up a page that performs for a tenth of a second
 * or more, so it is done slice by slice between other turns; one answer after the other.
 */
export interface Answers {
  /** False when too many wait already. */
  give(to: PeerId, message: Extract<Message, { readonly update: Uint8Array }>): boolean;
  left(peer: PeerId): void;
  close(): void;
}

const SLICE_BYTES = 48 * 1024;
const WAITING_MAX = 64;

interface Answer {
  readonly to: PeerId;
  readonly message: Extract<Message, { readonly update: Uint8Array }>;
}

export function createAnswers(timer: Host['timer'], send: (to: PeerId, bytes: Uint8Array) => void): Answers {
  let waiting: Answer[] = [];
  let cancel: (() => void) | undefined;

  const next = (): void => {
    cancel = undefined;
    const answer = waiting[0];
    if (!answer) return;
    const { to, message } = answer;
    const chunks: Uint8Array[] = [];
    const stream = new Deflate((chunk) => chunks.push(chunk));
    const step = (at: number): void => {
      cancel = undefined;
      const end = at + SLICE_BYTES;
      stream.push(message.update.subarray(at, end), end >= message.update.length);
      if (end < message.update.length) {
        cancel = timer.after(0, () => step(end));
        return;
      }
      // Who left meanwhile is not waited for.
      if (waiting[0] === answer) {
        waiting.shift();
        send(to, encodeDeflated(message, chunks));
      }
      cancel = timer.after(0, next);
    };
    step(0);
  };

  return {
    give(to, message) {
      if (message.update.length <= SLICE_BYTES) {
        send(to, encodeSync(message));
        return true;
      }
      if (waiting.length >= WAITING_MAX) return false;
      waiting.push({ to, message });
      cancel ??= timer.after(0, next);
      return true;
    },
    left(peer) {
      waiting = waiting.filter(({ to }) => to !== peer);
    },
    close() {
      cancel?.();
      waiting = [];
    },
  };
}
