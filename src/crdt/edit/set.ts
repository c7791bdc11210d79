import { createId } from '../../mesh/host.ts';
import { acceptList, contentOf } from '../content.ts';
import { fieldsOf } from '../entries.ts';
import { CABLE, DEVICE, GROUP, POLICY_NAMES, TEMPO, TRACK, VOLUME, policyField } from '../fields.ts';
import type { Field, Fields } from '../fields.ts';
import { absentTrigger } from '../read/nest.ts';
import { deltaKey, createRegisters, registerKey } from '../read/registers.ts';
import { ALL } from '../score.ts';
import type { ObjectId, Score } from '../score.ts';
import type { Collection } from '../doc.ts';
import { setList } from './content.ts';
import { missing, objectOf, refuse, settle } from './context.ts';
import type { Edit, Refusal } from './context.ts';
import type { CommandOf } from './schema.ts';

interface Target {
  readonly collection: Collection;
  readonly fields: Fields;
}

function targetOf(score: Score, id: ObjectId): Target | undefined {
  const object = objectOf(score, id);
  if (object) return { collection: 'objects', fields: fieldsOf(object) };
  if (score.tracks.has(id)) return { collection: 'tracks', fields: TRACK };
  if (score.cables.has(id)) return { collection: 'cables', fields: CABLE };
  if (score.devices.has(id)) return { collection: 'devices', fields: DEVICE };
  return score.groups.has(id) ? { collection: 'groups', fields: GROUP } : undefined;
}

/** Plain fields, checked by the table of their kind [ED4]. */
export function setFields(edit: Edit, { id, fields }: CommandOf<'set'>): Refusal {
  const score = edit.draft.score();
  const target = targetOf(score, id);
  if (!target) return missing('object', id);
  if (target.collection === 'objects') settle(edit, id);
  for (const [name, value] of Object.entries(coupled(score, id, fields))) {
    const refusal = setField(edit, target, id, name, value);
    if (refusal) return refusal;
  }
  return undefined;
}

/** Who gives a bound wants it to hold. */
function coupled(score: Score, id: ObjectId, fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!score.intervals.has(id)) return fields;
  const isBound = fields['min'] !== undefined || fields['max'] !== undefined;
  return {
    ...(isBound && { isRigid: false }),
    ...(fields['min'] !== undefined && { isMinNull: false }),
    ...(fields['max'] !== undefined && { isMaxInfinite: false }),
    ...fields,
  };
}

function setField(edit: Edit, { collection, fields }: Target, id: ObjectId, name: string, value: unknown): Refusal {
  if (collection === 'tracks' && name === 'volume') {
    const volume = VOLUME.accept(value);
    return volume === undefined ? wrong(id, name) : setRegister(edit, id, 'volume', volume);
  }
  const content = contentOf(edit.draft.score().processes.get(id)?.type ?? '');
  if (content?.field === name) {
    const list = acceptList(content, value, () => createId(edit.random));
    return list ? (setList(edit, id, content, list) as undefined) : wrong(id, name);
  }
  const field = Object.hasOwn(fields, name) ? fields[name]! : undefined;
  if (!field || field.isFixed) return refuse(`"${name}" is not a field that can be set.`, id);
  if (value === null && field.isOptional)
    return edit.draft.set(collection, id, name, name === 'trigger' ? absentTrigger(id) : undefined) as undefined;
  const accepted = field.accept(value);
  if (accepted === undefined) return wrong(id, name);
  if (name === 'key' && !isKeyFree(edit.draft.score(), id, String(accepted))) return refuse(`The key "${String(accepted)}" is taken.`, id);
  if (collection === 'devices' && name === 'name' && !isKeyFree(edit.draft.score(), id, String(accepted), 'device'))
    return refuse(`The name "${String(accepted)}" is taken.`, id);
  edit.draft.set(collection, id, name, accepted);
  return undefined;
}

export const wrong = (id: ObjectId, name: string): Refusal => refuse(`This is not a value for "${name}".`, id);

/** Shaders, pits, tracks and devices have keys of their own kind. */
export function isKeyFree(score: Score, id: ObjectId, key: string, type = kindOf(score, id)): boolean {
  return !keysOf(score, type).some(([other, used]) => other !== id && used === key);
}

const kindOf = (score: Score, id: ObjectId): string => score.processes.get(id)?.type ?? 'track';

function keysOf(score: Score, type: string): readonly (readonly [ObjectId, string])[] {
  if (type === 'track') return [...score.tracks.values()].map(({ id, key }) => [id, key]);
  if (type === 'device') return [...score.devices.values()].map(({ id, name }) => [id, name]);
  return [...score.processes.values()].flatMap((process) =>
    process.type === type && 'key' in process ? [[process.id, process.key] as const] : [],
  );
}

export function freeKey(score: Score, type: string, wanted: string): string {
  const used = new Set(keysOf(score, type).map(([, key]) => key));
  const stem =
    wanted
      .toLowerCase()
      .replace(/[^a-z0-9_-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 56) || type;
  let key = stem;
  for (let count = 2; used.has(key); count++) key = `${stem}-${count}`;
  return key;
}

/** A new epoch: nudges of the one before do not count any more. */
export function setRegister(edit: Edit, id: ObjectId, field: string, base: number): undefined {
  edit.draft.setRegister(registerKey(id, field), { epoch: createId(edit.random), base });
}

export function nudge(edit: Edit, { id, field, by }: CommandOf<'nudge'>): Refusal {
  const score = edit.draft.score();
  const isTempo = id === 'score' && field === 'tempo';
  if (!isTempo && !(field === 'volume' && score.tracks.has(id))) return refuse(`There is nothing to nudge: ${field}.`, id);
  const range: Field<number> = isTempo ? TEMPO : VOLUME;
  const now = isTempo ? score.tempo : score.tracks.get(id)!.volume;
  const { registers } = edit.draft.raw();
  const key = deltaKey(id, field, createRegisters(registers).epoch(id, field), edit.client);
  const own = registers.get(key);
  const step = (range.repair?.(now + by) ?? now) - now;
  if (step !== 0) edit.draft.setRegister(key, (typeof own === 'number' ? own : 0) + step);
  return undefined;
}

export function setTempo(edit: Edit, { tempo }: CommandOf<'setTempo'>): Refusal {
  return setRegister(edit, 'score', 'tempo', tempo);
}

export const setSyncTimeout = ({ draft }: Edit, { ms }: CommandOf<'setSyncTimeout'>): Refusal =>
  draft.setMeta('syncTimeout', ms) as undefined;

export function setTitle(edit: Edit, { title }: CommandOf<'setTitle'>): Refusal {
  return edit.draft.setMeta('title', title) as undefined;
}

export function setPolicies(edit: Edit, { id, policies }: CommandOf<'setPolicies'>): Refusal {
  const score = edit.draft.score();
  const object = objectOf(score, id);
  const collection = object ? 'objects' : 'tracks';
  if ((object && !('policies' in object)) || (!object && !score.tracks.has(id))) return refuse('This has no policies of its own.', id);
  const { group } = policies;
  if (typeof group === 'string' && group !== ALL && !score.groups.has(group)) return missing('group', group);
  if (object) settle(edit, id);
  for (const name of POLICY_NAMES) {
    const value = policies[name];
    if (value !== undefined) edit.draft.set(collection, id, policyField(name), value ?? undefined);
  }
  return undefined;
}
