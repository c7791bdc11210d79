import * as Y from 'yjs';

/**
 * How deep types lie within types. Ours lie five deep at most; what comes from outside may be nested without end, and
 * then Yjs spends the square of its depth on telling observers, and whoever reads it runs out of stack.
 */
export const DEPTH_MAX = 32;

export type Struct = ReturnType<typeof Y.decodeUpdateV2>['structs'][number];

type Table = ReadonlyMap<number, readonly Struct[]>;

interface Waiting {
  readonly count: number;
  readonly table: Table;
}

const NOTHING: Waiting = { count: 0, table: new Map() };
/** Yjs makes a new update when what waits changes, so each is decoded once. */
const decoded = new WeakMap<Uint8Array, Waiting>();

/** What waits in a document for something before it. */
function waitingIn(doc: Y.Doc): Waiting {
  const update = doc.store.pendingStructs?.update;
  if (!update) return NOTHING;
  const known = decoded.get(update);
  if (known) return known;
  const { structs } = Y.decodeUpdateV2(update);
  const waiting = { count: structs.length, table: byClient(structs) };
  decoded.set(update, waiting);
  return waiting;
}

export const countWaiting = (doc: Y.Doc): number => waitingIn(doc).count;

/** Whether, with these structs in it (and those that wait in it already), a document would be nested too deep. */
export function isTooDeep(doc: Y.Doc, structs: readonly Struct[]): boolean {
  const tables = [waitingIn(doc).table, byClient(structs)];
  const depths = new Map<Y.Item, number>();
  const known = (id: Y.ID | null): Y.Item | undefined => {
    if (id === null) return undefined;
    for (const table of tables) {
      const found = find(table.get(id.client), id.clock);
      if (found) return found;
    }
    return stored(doc, id);
  };

  /** What an item's depth follows from: its parent's, or that of what it stands beside. */
  const above = (item: Y.Item): { readonly from: Y.Item | undefined; readonly step: number } => {
    const { parent } = item as { readonly parent: unknown };
    if (parent instanceof Y.ID) return { from: known(parent), step: 1 };
    if (parent instanceof Y.AbstractType) return { from: parent._item ?? undefined, step: 1 };
    return { from: typeof parent === 'string' ? undefined : (known(item.origin) ?? known(item.rightOrigin)), step: 0 };
  };
  /** Without recursion, for it may be as long as the update; a circle counts as endless. */
  const depthOf = (start: Y.Item): number => {
    const { from: over, step: down } = above(start);
    const near = over === undefined ? 0 : depths.get(over);
    if (near !== undefined) {
      depths.set(start, near + down);
      return near + down;
    }
    const way: { readonly item: Y.Item; readonly step: number }[] = [];
    const seen = new Set<Y.Item>();
    let at: Y.Item | undefined = start;
    let depth = 0;
    while (at) {
      const found = depths.get(at);
      if (found !== undefined) {
        depth = found;
        break;
      }
      if (seen.has(at)) return Infinity;
      seen.add(at);
      const { from, step } = above(at);
      way.push({ item: at, step });
      at = from;
    }
    for (const { item, step } of way.reverse()) depths.set(item, (depth += step));
    return depth;
  };
  for (const table of tables) {
    for (const list of table.values()) for (const item of list) if (isType(item) && depthOf(item) >= DEPTH_MAX) return true;
  }
  return false;
}

const isType = (struct: Struct): struct is Y.Item => struct instanceof Y.Item && struct.content instanceof Y.ContentType;

function byClient(structs: readonly Struct[]): Table {
  const lists = new Map<number, Struct[]>();
  let last: Struct[] = [];
  for (const struct of structs) {
    if (last[0]?.id.client !== struct.id.client) {
      last = lists.get(struct.id.client) ?? [];
      lists.set(struct.id.client, last);
    }
    last.push(struct);
  }
  for (const list of lists.values()) list.sort((a, b) => a.id.clock - b.id.clock);
  return lists;
}

/** The item that covers a clock, if it is one. */
function find(list: readonly Struct[] | undefined, clock: number): Y.Item | undefined {
  if (!list) return undefined;
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.id.clock ?? 0) <= clock) low = middle + 1;
    else high = middle;
  }
  const struct = list[low - 1];
  return struct instanceof Y.Item && clock < struct.id.clock + struct.length ? struct : undefined;
}

const stored = (doc: Y.Doc, { client, clock }: Y.ID): Y.Item | undefined => find(doc.store.clients.get(client), clock);
