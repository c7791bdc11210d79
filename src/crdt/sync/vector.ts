import * as Y from 'yjs';

/** How far each client's writing is known. */
export type Vector = ReadonlyMap<number, number>;

/** undefined on garbage: Yjs throws there. */
export function decodeVector(bytes: Uint8Array): Vector | undefined {
  try {
    return Y.decodeStateVector(bytes);
  } catch {
    return undefined;
  }
}

/** Everything in `b` is in `a`. */
export function covers(a: Vector, b: Vector): boolean {
  for (const [client, clock] of b) if ((a.get(client) ?? 0) < clock) return false;
  return true;
}

export const vectorOf = (doc: Y.Doc): Vector => Y.decodeStateVector(Y.encodeStateVector(doc));

/** What a transaction wrote, by number: up to which clock. */
export const grownIn = ({ beforeState, afterState }: Y.Transaction): Vector =>
  new Map([...afterState].filter(([client, clock]) => (beforeState.get(client) ?? 0) < clock));
