import * as v from 'valibot';
import { compare } from '../base.ts';
import { changedKeys } from '../crdt/patched.ts';
import type { ObjectId } from '../crdt/score.ts';
import { EASINGS } from '../crdt/score.ts';
import { canonical, derived } from './structure-hash.ts';
import { objectsOf } from './structure-objects.ts';
import type { Structure, StructureObject } from './structure.ts';
import { BPM_MAX, BPM_MIN } from './tempo.ts';

/** What turns one structure into another, ordered by id; null: gone. */
export type Changes = readonly (readonly [ObjectId, unknown])[];

const ID = v.pipe(v.string(), v.maxLength(128));
const TEXT = v.pipe(v.string(), v.maxLength(65_536));
const LENGTH = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const QUANTISATION = v.pipe(v.number(), v.minValue(0), v.maxValue(64));
const BPM = v.pipe(v.number(), v.minValue(BPM_MIN), v.maxValue(BPM_MAX));
const ENTRIES_MAX = 10_000;
const SIGNATURE = v.tuple([
  LENGTH,
  v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(512)),
  v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(64)),
]);
const TEMPO_POINT = v.tuple([
  v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1e6)),
  BPM,
  v.union([v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1000)), v.picklist(EASINGS)]),
]);

const OBJECT: v.GenericSchema<unknown, StructureObject> = v.variant('kind', [
  v.object({
    kind: v.literal('interval'),
    start: ID,
    end: ID,
    min: LENGTH,
    max: v.nullable(LENGTH),
    nominal: LENGTH,
    speed: v.pipe(v.number(), v.finite()),
    isTransition: v.boolean(),
    scenario: v.nullable(ID),
    quantisation: v.exactOptional(QUANTISATION),
    signatures: v.exactOptional(v.pipe(v.array(SIGNATURE), v.maxLength(ENTRIES_MAX))),
    tempo: v.exactOptional(v.pipe(v.array(TEMPO_POINT), v.maxLength(ENTRIES_MAX))),
    bpm: v.exactOptional(BPM),
    group: v.exactOptional(ID),
  }),
  v.object({
    kind: v.literal('sync'),
    trigger: v.nullable(TEXT),
    isStart: v.boolean(),
    isRetriggering: v.boolean(),
    scenario: v.nullable(ID),
    quantisation: v.exactOptional(QUANTISATION),
    order: v.exactOptional(v.literal('sync')),
  }),
  v.object({ kind: v.literal('event'), sync: ID, condition: TEXT, offset: v.picklist(['true', 'false', 'evaluate']) }),
  v.object({
    kind: v.literal('scenario'),
    interval: ID,
    startSync: ID,
    isExclusive: v.boolean(),
    loopDuration: v.exactOptional(v.pipe(LENGTH, v.minValue(1))),
    startOffset: v.exactOptional(LENGTH),
    share: v.exactOptional(v.picklist(['free', 'mixed'])),
    group: v.exactOptional(ID),
  }),
]);

/** A structure from another peer, checked field by field; undefined if it is none. */
export function toStructure(input: unknown): Structure | undefined {
  const parsed = v.safeParse(v.object({ objects: v.record(ID, OBJECT) }), input);
  return parsed.success ? parsed.output : undefined;
}

/** What to tell someone who has `before` so that he has `after`. */
export function difference(before: Structure, after: Structure): Changes {
  const [old, now] = [objectsOf(before), objectsOf(after)];
  const ids = changedKeys(old, now) ?? [...new Set([...old.keys(), ...now.keys()])];
  const isSame = (a: StructureObject | undefined, b: StructureObject | undefined): boolean =>
    a === b || (a !== undefined && b !== undefined && canonical(a) === canonical(b));
  const changed = ids.filter((id) => !isSame(old.get(id), now.get(id))).sort(compare);
  return changed.map((id) => [id, now.get(id) ?? null]);
}

/** undefined when a change is not an object of a structure. */
export function apply(structure: Structure, changes: Changes): Structure | undefined {
  const objects = new Map<ObjectId, StructureObject | undefined>();
  for (const [id, change] of changes) {
    const parsed = v.safeParse(v.nullable(OBJECT), change);
    if (!parsed.success || typeof id !== 'string') return undefined;
    objects.set(id, parsed.output ?? undefined);
  }
  return derived(structure, objects);
}
