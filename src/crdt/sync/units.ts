import * as Y from 'yjs';

/**
 * What stands at each clock of a client: two documents that claim the same state may hold different things there, when
 * someone wrote under a number twice. Items are split and joined differently everywhere, so it is compared clock by clock;
 * what is deleted is left out, for a few bytes can stand for any length of it.
 */
export function unitsOf(doc: Y.Doc, client: number): ReadonlyMap<number, string> {
  const units = new Map<number, string>();
  for (const struct of doc.store.clients.get(client) ?? []) {
    if (!(struct instanceof Y.Item) || struct.deleted) continue;
    for (const [i, content] of struct.content.getContent().entries()) units.set(struct.id.clock + i, unit(struct, content));
  }
  return units;
}

const unit = (item: Y.Item, content: unknown): string =>
  `${item.parentSub ?? ''}\n${content instanceof Y.AbstractType ? content.constructor.name : (JSON.stringify(content) ?? '')}`;

/** A place under a client's number. */
export interface Place {
  readonly client: number;
  readonly clock: number;
}

/** Of each client under whose number the two hold different things, as far as both know it, the first such place. */
export function disputed(a: Y.Doc, b: Y.Doc): readonly Place[] {
  return [...a.store.clients.keys()].flatMap((client) => {
    const end = Math.min(Y.getState(a.store, client), Y.getState(b.store, client));
    const clock = firstDifference(unitsOf(a, client), unitsOf(b, client), end);
    return clock === undefined ? [] : [{ client, clock }];
  });
}

/** What only one of them has deleted is no difference: deletions have no giver. */
function firstDifference(one: ReadonlyMap<number, string>, two: ReadonlyMap<number, string>, end: number): number | undefined {
  for (const [clock, each] of one) if (clock < end && two.has(clock) && two.get(clock) !== each) return clock;
  return undefined;
}
