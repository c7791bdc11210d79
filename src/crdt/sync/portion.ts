import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { createSteps } from './crowding.ts';
import type { Struct } from './nesting.ts';

/**
 * As much of an update as may be taken at once. What is too dear is never refused: whether something holds must not follow
 * from who gives it, how it is bundled and what is there already, or honest peers whom a vandal wrote to in parallel would
 * never be the same again. So each number's structs are taken up to the first that is too dear, and the rest is asked for
 * again: it comes as fast as the allowance grows [TR7].
 */
export interface Portion {
  readonly update: Uint8Array;
  readonly structs: readonly Struct[];
  /** What it costs: client numbers that the document did not have, and entries to walk through. */
  readonly numbers: number;
  readonly steps: number;
  /** It is not all. */
  readonly isPart: boolean;
}

export interface Allowance {
  readonly numbers: number;
  readonly steps: number;
}

/** structs: of the update, in its order. */
export function portionOf(doc: Y.Doc, update: Uint8Array, structs: readonly Struct[], allowed: Allowance): Portion {
  const crowding = createSteps(doc);
  const numbers = newNumbers(doc, structs);
  const left = new Set(numbers.slice(allowed.numbers));
  const taken: Struct[] = [];
  let steps = 0;
  for (const struct of structs) {
    const { client } = struct.id;
    if (left.has(client)) continue;
    const cost = crowding.of(struct);
    if (cost > 0 && steps + cost > allowed.steps) {
      left.add(client);
      continue;
    }
    crowding.take();
    steps += cost;
    taken.push(struct);
  }
  const isPart = taken.length < structs.length;
  return {
    update: isPart ? encodePart(update, taken) : update,
    structs: taken,
    numbers: Math.min(numbers.length, allowed.numbers),
    steps,
    isPart,
  };
}

/** Client numbers that a document does not have; those under which much was written first: that is somebody's work. */
function newNumbers(doc: Y.Doc, structs: readonly Struct[]): readonly number[] {
  const counts = new Map<number, number>();
  let start = 0;
  for (const [i, { id }] of structs.entries()) {
    if (id.client === structs[i + 1]?.id.client) continue;
    counts.set(id.client, (counts.get(id.client) ?? 0) + i + 1 - start);
    start = i + 1;
  }
  return [...counts]
    .filter(([client]) => !doc.store.clients.has(client))
    .sort(([, a], [, b]) => b - a)
    .map(([client]) => client);
}

/** An update of these structs and all deletions of the other, in the second encoding of Yjs. */
function encodePart(update: Uint8Array, structs: readonly Struct[]): Uint8Array {
  const encoder = new Y.UpdateEncoderV2();
  const lists = new Map<number, Struct[]>();
  for (const struct of structs) {
    const list = lists.get(struct.id.client);
    if (list) list.push(struct);
    else lists.set(struct.id.client, [struct]);
  }
  encoding.writeVarUint(encoder.restEncoder, lists.size);
  for (const [client, list] of lists) {
    encoding.writeVarUint(encoder.restEncoder, list.length);
    encoder.writeClient(client);
    encoding.writeVarUint(encoder.restEncoder, list[0]!.id.clock);
    for (const struct of list) struct.write(encoder, 0);
  }
  const { clients } = Y.decodeUpdateV2(update).ds;
  encoding.writeVarUint(encoder.restEncoder, clients.size);
  for (const [client, deletions] of clients) {
    encoder.resetDsCurVal();
    encoding.writeVarUint(encoder.restEncoder, client);
    encoding.writeVarUint(encoder.restEncoder, deletions.length);
    for (const { clock, len } of deletions) {
      encoder.writeDsClock(clock);
      encoder.writeDsLen(len);
    }
  }
  return encoder.toUint8Array();
}
