import * as Y from 'yjs';
import type { Struct } from './nesting.ts';

/**
 * What writes to a key of a map without knowing of what stands there makes Yjs walk through all that ever stood there. An
 * honest peer does so where several write a key for the first time at once; a few hundred bytes that do it 40,000 times
 * hold a page up for six seconds, and for hundreds of times that when they are more.
 *
 * What each struct of an update makes it walk, asked in their order; `take`: the last one asked about is going to be written.
 */
export function createSteps(doc: Y.Doc): { of(struct: Struct): number; take(): void } {
  const crowds = new Map<string | number, Map<number, Crowd>>();
  let crowd: Crowd | undefined;
  let key = '';
  let steps = 0;
  let isTakable = false;
  const crowdOf = (parent: string | Y.ID): Crowd => {
    const [first, second] = typeof parent === 'string' ? [parent, 0] : [parent.client, parent.clock];
    const parents = crowds.get(first) ?? new Map<number, Crowd>();
    crowds.set(first, parents);
    const known = parents.get(second);
    if (known) return known;
    const map = (typeof parent === 'string' ? doc.share.get(parent) : nestedIn(doc, parent)) as Crowd['map'];
    const made = { parent, map, lengths: new Map<string, number>() };
    parents.set(second, made);
    return made;
  };

  return {
    of(struct) {
      isTakable = false;
      if (!isUnknowing(struct) || struct.id.clock + struct.length <= Y.getState(doc.store, struct.id.client)) return 0;
      const { parent, parentSub } = struct as unknown as { readonly parent: string | Y.ID; readonly parentSub: string };
      if (!crowd || !isSame(crowd.parent, parent)) crowd = crowdOf(parent);
      key = parentSub;
      isTakable = true;
      steps = crowd.lengths.get(parentSub) ?? lengthOf(crowd.map, parentSub);
      return steps;
    },
    take() {
      if (isTakable) crowd?.lengths.set(key, steps + 1);
      isTakable = false;
    },
  };
}

/** What stands under the keys of a map. */
interface Crowd {
  readonly parent: string | Y.ID;
  /** undefined: it is not in the document. */
  readonly map: Y.AbstractType<unknown> | undefined;
  readonly lengths: Map<string, number>;
}

const isSame = (a: string | Y.ID, b: string | Y.ID): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && a.client === b.client && a.clock === b.clock);

const isUnknowing = (struct: Struct): struct is Y.Item =>
  struct instanceof Y.Item && struct.origin === null && struct.rightOrigin === null && struct.parentSub !== null;

/** Of all that stood under a key of a map. */
function lengthOf(map: Y.AbstractType<unknown> | undefined, key: string): number {
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
