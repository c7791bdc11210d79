import type * as Y from 'yjs';
import type { PeerId } from '../../base.ts';
import type { Struct } from './apply.ts';

/**
 * Who gave us what stands under a client number, clock by clock: where two versions are found, blame falls on who brought
 * the part that does not hold, not on who wrote on under the same number [SY9]. The first giver stays, as in Yjs the
 * first content does. What is offered may wait for something before it, so that it is settled only once it is in the document.
 */
export interface Givers {
  /** About to be applied, in this order. */
  offered(from: PeerId, structs: readonly Struct[]): void;
  /** What was offered, or waited, is in the document. */
  settled(transaction: Pick<Y.Transaction, 'beforeState' | 'afterState'>, sources: ReadonlySet<PeerId>, isAnyWaiting: boolean): void;
  /** undefined: ourselves, or unknown. */
  of(client: number, clock: number): PeerId | undefined;
}

/** Clocks from `start` on, before `end`. */
interface Part {
  readonly from: PeerId;
  readonly start: number;
  end: number;
}

const CLIENTS_MAX = 20_000;
/** Of one number; whoever makes more of them with a second identity is forgotten, not blamed. */
const PARTS_MAX = 256;

export function createGivers(): Givers {
  const parts = new Map<number, Part[]>();
  const offers = new Map<number, Part[]>();

  return {
    offered(from, structs) {
      for (const { id, length } of structs) {
        const list = offers.get(id.client) ?? [];
        offers.set(id.client, list);
        const last = list.at(-1);
        if (last?.from === from && last.end === id.clock) last.end += length;
        else if (list.length < PARTS_MAX) list.push({ from, start: id.clock, end: id.clock + length });
      }
    },
    settled({ beforeState, afterState }, sources, isAnyWaiting) {
      for (const [client, end] of afterState) {
        const start = beforeState.get(client) ?? 0;
        const offered = start < end ? offers.get(client) : undefined;
        if (offered === undefined) continue;
        const list = parts.get(client) ?? [];
        parts.set(client, list);
        for (const part of shared(offered, { start, end, sources })) extend(list, part);
        const oldest = parts.keys().next();
        if (parts.size > CLIENTS_MAX && !oldest.done) parts.delete(oldest.value);
      }
      if (!isAnyWaiting || offers.size > CLIENTS_MAX) offers.clear();
    },
    of: (client, clock) => parts.get(client)?.find(({ start, end }) => start <= clock && clock < end)?.from,
  };
}

function extend(list: Part[], part: Part): void {
  const last = list.at(-1);
  if (last?.from === part.from && last.end === part.start) last.end = part.end;
  else if (list.length < PARTS_MAX) list.push(part);
}

/** Whose offers make up the clocks: of those just applied before those that waited, of several the one that begins first,
 *  as Yjs merges them. */
function shared(
  offers: readonly Part[],
  span: { readonly start: number; readonly end: number; readonly sources: ReadonlySet<PeerId> },
): Part[] {
  const order = offers
    .map((offer, index) => ({ offer, index, isNew: span.sources.has(offer.from) }))
    .sort((a, b) => Number(b.isNew) - Number(a.isNew) || a.offer.start - b.offer.start || a.index - b.index);
  const bounds = [...new Set([span.start, span.end, ...offers.flatMap(({ start, end }) => [start, end])])]
    .filter((clock) => clock >= span.start && clock <= span.end)
    .sort((a, b) => a - b);
  return bounds.slice(0, -1).flatMap((start, i) => {
    const found = order.find(({ offer }) => offer.start <= start && start < offer.end);
    return found === undefined ? [] : [{ from: found.offer.from, start, end: bounds[i + 1]! }];
  });
}
