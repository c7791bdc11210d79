import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { compare } from '../base.ts';
import { patched } from '../crdt/patched.ts';
import type { ObjectId } from '../crdt/score.ts';
import { objectsOf, structureOf } from './structure-objects.ts';
import type { Objects } from './structure-objects.ts';
import type { Structure, StructureObject } from './structure.ts';
import { hashOf } from './trie.ts';

/**
 * The name of a structure. One hash over all of its text would be made anew with every edit; so objects lie in buckets
 * by their ids, the buckets in groups, and an edit costs the buckets it touches, their groups, and the top.
 *
 *   bucket = sha256(object's text LF object's text ...)       in order of id; 32 × 32 of them, by 10 bits of the id's FNV-1a
 *   group  = sha256((place:byte bucket){1..32})               empty ones are left out
 *   name   = sha256((place:byte group){0..32}), its first half
 *
 * Always three levels, so that no text of one can stand for one of another. Whoever crowds ids into one bucket gains
 * nothing but that hashing it takes as long as hashing all would.
 */
const WIDTH = 32;

interface Tree {
  readonly name: string;
  readonly groups: readonly (Group | undefined)[];
}
interface Group {
  readonly digest: Uint8Array;
  readonly buckets: readonly (Bucket | undefined)[];
}
interface Bucket {
  readonly digest: Uint8Array;
  /** In order. */
  readonly ids: readonly ObjectId[];
}

const trees = new WeakMap<Structure, Tree>();

/** Every field of every kind, in the one order in which the hash sees them. */
const FIELDS = [
  ...['kind', 'scenario', 'start', 'end', 'min', 'max', 'nominal', 'speed', 'isTransition'],
  ...['trigger', 'isStart', 'isRetriggering', 'sync', 'condition', 'offset', 'interval', 'startSync', 'isExclusive'],
  ...['quantisation', 'signatures', 'tempo', 'bpm', 'loopDuration', 'startOffset'],
  ...['share', 'group', 'order'],
];

/** Equal exactly when the objects are. */
export const canonical = (object: StructureObject): string => JSON.stringify(object, FIELDS);

/** 32 hex digits: equal exactly when the structures are equal, whatever the order of their objects [EX2]. */
export const hash = (structure: Structure): string => treeOf(structure).name;

function treeOf(structure: Structure): Tree {
  const known = trees.get(structure);
  if (known) return known;
  const objects = objectsOf(structure);
  const members: ObjectId[][][] = [];
  for (const id of objects.keys()) {
    const [group, bucket] = placeOf(id);
    ((members[group] ??= [])[bucket] ??= []).push(id);
  }
  const made = treeFrom(Array.from(members, (buckets) => groupFrom(Array.from(buckets ?? [], (ids) => bucketOf(objects, ids ?? [])))));
  trees.set(structure, made);
  return made;
}

/** The structure with these objects set; undefined takes one away. Its name is worked out at once where that of the one before is known. */
export function derived(before: Structure, changes: ReadonlyMap<ObjectId, StructureObject | undefined>): Structure {
  const [was, objects] = [objectsOf(before), patched(objectsOf(before), changes)];
  const structure = structureOf(objects);
  const known = trees.get(before);
  if (!known) return structure;
  const touched = new Map<number, Map<number, Set<ObjectId>>>();
  for (const [id, object] of changes) {
    if (object === was.get(id)) continue;
    const [group, bucket] = placeOf(id);
    const buckets = touched.get(group) ?? new Map<number, Set<ObjectId>>();
    touched.set(group, buckets.set(bucket, (buckets.get(bucket) ?? new Set()).add(id)));
  }
  const groups = [...known.groups];
  for (const [at, changed] of touched) {
    const buckets = [...(groups[at]?.buckets ?? [])];
    for (const [place, ids] of changed) {
      const all = new Set([...(buckets[place]?.ids ?? []), ...ids]);
      buckets[place] = bucketOf(objects, [...all].filter((id) => objects.has(id)).sort(compare));
    }
    groups[at] = groupFrom(buckets);
  }
  trees.set(structure, treeFrom(groups));
  return structure;
}

function placeOf(id: ObjectId): readonly [group: number, bucket: number] {
  const bits = hashOf(id);
  return [bits % WIDTH, Math.floor(bits / WIDTH) % WIDTH];
}

function bucketOf(objects: Objects, ids: readonly ObjectId[]): Bucket | undefined {
  if (ids.length === 0) return undefined;
  const text = ids.map((id) => `${JSON.stringify(id)}:${canonical(objects.get(id)!)}`).join('\n');
  return { digest: sha256(utf8ToBytes(text)), ids };
}

function groupFrom(buckets: readonly (Bucket | undefined)[]): Group | undefined {
  const digest = digestOf(buckets);
  return digest && { digest, buckets };
}

const treeFrom = (groups: readonly (Group | undefined)[]): Tree => ({
  name: bytesToHex(digestOf(groups) ?? sha256(new Uint8Array())).slice(0, 32),
  groups,
});

/** undefined when all are empty. */
function digestOf(parts: readonly ({ readonly digest: Uint8Array } | undefined)[]): Uint8Array | undefined {
  const full = Array.from(parts).flatMap((part, place) => (part ? [Uint8Array.of(place), part.digest] : []));
  return full.length === 0 ? undefined : sha256(concatBytes(...full));
}
