import { compare } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import type { Structure, StructureObject } from './structure.ts';

/**
 * A structure's objects as a map that can be another map but for a few entries: after an edit of a long score nobody
 * walks through all of it. The record that others are sent is made of it when it is asked for.
 */
export type Objects = ReadonlyMap<ObjectId, StructureObject>;

const maps = new WeakMap<Structure, Objects>();

/** In order of id. */
export function objectsOf(structure: Structure): Objects {
  const known = maps.get(structure);
  if (known) return known;
  const made = new Map(Object.entries(structure.objects).sort(([a], [b]) => compare(a, b)));
  maps.set(structure, made);
  return made;
}

/** objects: in order of id. */
export function structureOf(objects: Objects): Structure {
  let record: Structure['objects'] | undefined;
  const structure: Structure = {
    get objects() {
      return (record ??= Object.fromEntries(objects));
    },
  };
  maps.set(structure, objects);
  return structure;
}
