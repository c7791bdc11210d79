import * as Y from 'yjs';
import type { Struct } from './nesting.ts';

/**
 * What writes to a key of a map without knowing of what stands there makes Yjs walk through all that ever stood there. An
 * honest peer does so where several write a key for the first time at once; a few hundred bytes that do it 40,000 times
 * hold a page up for six seconds, and for hundreds of times that when they are more.
 */
export function stepsOf(doc: Y.Doc, structs: readonly Struct[]): number {
  const keys = new Map<string, number>();
  let steps = 0;
  for (const struct of structs) {
    if (!isUnknowing(struct) || struct.id.clock + struct.length <= Y.getState(doc.store, struct.id.client)) continue;
    const { parent, parentSub } = struct as unknown as { readonly parent: string | Y.ID; readonly parentSub: string };
    const key = typeof parent === 'string' ? `${parent}\n${parentSub}` : `${parent.client} ${parent.clock}\n${parentSub}`;
    const before = keys.get(key) ?? lengthOf(doc, parent, parentSub);
    keys.set(key, before + 1);
    steps += before;
  }
  return steps;
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
