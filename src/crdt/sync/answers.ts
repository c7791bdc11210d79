import { Deflate } from 'fflate';
import type { PeerId } from '../../base.ts';
import type { Host } from '../../mesh/host.ts';
import { encodeHead, encodeSync } from './messages.ts';
import type { Message } from './messages.ts';
import type { Sender } from './sender.ts';

/**
 * Whole documents for who asks. Deflating a long one at once would hold up a page that performs for a tenth of a second
 * or more, so it is done slice by slice between other turns, and each slice leaves at once; one answer after the other.
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

export function createAnswers(timer: Host['timer'], sender: Pick<Sender, 'send' | 'open'>): Answers {
  let waiting: Answer[] = [];
  let cancel: (() => void) | undefined;

  const next = (): void => {
    cancel = undefined;
    const answer = waiting[0];
    if (!answer) return;
    const { to, message } = answer;
    const { update } = message;
    const outlet = sender.open(to);
    outlet?.write(encodeHead(message), 0);
    const stream = new Deflate((chunk, isLast) => {
      outlet?.write(chunk, Math.min(1, at / update.length));
      if (isLast) outlet?.end();
    });
    let at = 0;
    const step = (): void => {
      cancel = undefined;
      // Who left meanwhile is not waited for.
      const isWanted = waiting[0] === answer && outlet !== undefined;
      if (isWanted) {
        const start = at;
        at += SLICE_BYTES;
        stream.push(update.subarray(start, at), at >= update.length);
      }
      if (isWanted && at < update.length) {
        cancel = timer.after(0, step);
        return;
      }
      if (waiting[0] === answer) waiting.shift();
      cancel = timer.after(0, next);
    };
    step();
  };

  return {
    give(to, message) {
      if (message.update.length <= SLICE_BYTES) {
        sender.send(to, encodeSync(message));
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
