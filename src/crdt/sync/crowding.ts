import * as Y from 'yjs';
import type { Struct } from './nesting.ts';

/**
 * What writes to a key of a map without knowing of what stands there makes Yjs walk through all that ever stood there. An
 * honest peer does so where several write a key for the first time at once; a few hundred bytes that do it 40,000 times
 * hold a page up for six seconds, and for hundreds of times that when they are more.
 *
 * What each struct of an update makes it walk, asked in their order; `take`: it is going to be written.
 */
export function createSteps(doc: Y.Doc): (struct: Struct) => { readonly steps: number; take(): void } {
  const lengths = new Map<string | number, Map<number, Map<string, number>>>();
  let last: { readonly parent: string | Y.ID; readonly keys: Map<string, number> } | undefined;
  const keysOf = (parent: string | Y.ID): Map<string, number> => {
    if (last && isSame(last.parent, parent)) return last.keys;
    const [first, second] = typeof parent === 'string' ? [parent, 0] : [parent.client, parent.clock];
    const parents = getOr(lengths, first, () => new Map<number, Map<string, number>>());
    last = { parent, keys: getOr(parents, second, () => new Map<string, number>()) };
    return last.keys;
  };

  return (struct) => {
    if (!isUnknowing(struct) || struct.id.clock + struct.length <= Y.getState(doc.store, struct.id.client)) return FREE;
    const { parent, parentSub } = struct as unknown as { readonly parent: string | Y.ID; readonly parentSub: string };
    const keys = keysOf(parent);
    const steps = keys.get(parentSub) ?? lengthOf(doc, parent, parentSub);
    return { steps, take: () => void keys.set(parentSub, steps + 1) };
  };
}

const FREE = { steps: 0, take: (): void => undefined };

const isSame = (a: string | Y.ID, b: string | Y.ID): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && a.client === b.client && a.clock === b.clock);

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

const isUnknowing = (struct: Struct): struct is Y.Item =>
  struct instanceof Y.Item && struct.origin === null && struct.rightOrigin === null && struct.parentSub !== null;

/** Of all that stood under a key of a map. */
function lengthOf(doc: Y.Doc, parent: string | Y.ID, key: string): number {
  const map = typeof parent === 'string' ? doc.share.get(parent) : nestedIn(doc, parent);
  let length = 0;
  for (let item: Y.Item | null | undefined = map?._map.get(key); item; item = item.left) length += 1;
  return length;
}

function nestedIn(doc: Y.Doc, { client, clock }: Y.ID): Y.AbstractType<unknown> | undefined {
  if (Y.getState(doc.store, client) <= clock) return undefined;
  const structs = doc.store.clients.get(client)!;
  const item = structs[Y.findIndexSS(structs, clock)];
  return item instanceof Y.Item && item.content instanceof Y.ContentType ? item.content.type : undefined;
}
