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

/** Clients under whose number the two hold different things, as far as both know it. */
export function disputed(a: Y.Doc, b: Y.Doc): readonly number[] {
  return [...a.store.clients.keys()].filter((client) => {
    const end = Math.min(Y.getState(a.store, client), Y.getState(b.store, client));
    const [one, two] = [unitsOf(a, client), unitsOf(b, client)];
    return isDifferent(one, two, end) || isDifferent(two, one, end);
  });
}

function isDifferent(one: ReadonlyMap<number, string>, two: ReadonlyMap<number, string>, end: number): boolean {
  for (const [clock, each] of one) if (clock < end && two.get(clock) !== each) return true;
  return false;
}
