import type { PeerId } from '../base.ts';
import type { Host } from './host.ts';
import { linksOf } from './net.ts';
import type { SignedRecord } from './record.ts';
import { encodeFrame, encodeMessage, TOPIC } from './wire.ts';

/**
 * Carries records to neighbours, several in one message. Where many come at once they gather for a moment, a little by chance:
 * so what two neighbours would tell each other crosses their link once, and a room of 200 is told of in a few messages.
 *
 *   records (topic 6) = frame, as in `wire.ts`, of records as in `record.ts`
 */
export interface Courier {
  /** What is new here, once to each neighbour that may lack it. isHurried: without gathering. */
  handOn(from: PeerId, signed: SignedRecord, isHurried: boolean): void;
  /** One more who has it already. */
  has(author: PeerId, who: PeerId): void;
  give(to: PeerId, records: readonly SignedRecord[]): void;
}

/** ms for which records gather, and half as much more by chance. */
const GATHER_MS = 10;
const MESSAGE_BYTES = 12_000;

/** links: of those that are whole. post: on `event`, to one of them. */
export function createCourier(
  host: Host,
  links: () => readonly { readonly peer: PeerId }[],
  post: (to: PeerId, message: Uint8Array) => void,
): Courier {
  let waiting = new Map<PeerId, { readonly signed: SignedRecord; readonly has: Set<PeerId> }>();

  function go(): void {
    const all = [...waiting.values()];
    waiting = new Map();
    for (const { peer } of links()) {
      const lacking = all.filter(({ signed: { record }, has }) => !has.has(peer) && peer !== record.id && !linksOf(record).has(peer));
      give(
        peer,
        lacking.map(({ signed }) => signed),
      );
    }
  }

  function give(to: PeerId, records: readonly SignedRecord[]): void {
    let together: Uint8Array[] = [];
    let size = 0;
    const leave = (): void => {
      if (together.length > 0) post(to, encodeMessage(TOPIC.record, encodeFrame(together)));
      [together, size] = [[], 0];
    };
    for (const { bytes } of records) {
      if (size + bytes.length > MESSAGE_BYTES) leave();
      together.push(bytes);
      size += bytes.length;
    }
    leave();
  }

  return {
    handOn(from, signed, isHurried) {
      if (waiting.size === 0 && !isHurried) host.timer.after(GATHER_MS * (1 + host.random.next() / 2), go);
      waiting.set(signed.record.id, { signed, has: new Set([from]) });
      if (isHurried) go();
    },
    has: (author, who) => void waiting.get(author)?.has.add(who),
    give,
  };
}
