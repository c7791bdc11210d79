import { generateKeyBetween } from 'fractional-indexing';
import type { Content } from '../content.ts';
import { contentOf, INPUTS, KNOTS, NOTES, POINTS, STOPS } from '../content.ts';
import { isSame } from '../difference.ts';
import type { Nested } from '../doc.ts';
import { DURATION_MAX, NOTE, POINT, isRank } from '../fields.ts';
import type { ObjectId, Process } from '../score.ts';
import { toValue } from '../valid-value.ts';
import { claimId, missing, refuse, settle, toFlicks } from './context.ts';
import type { Edit, Refusal } from './context.ts';
import type { CommandOf } from './schema.ts';

/** Points, notes, inputs, messages: what is inside an object, each item an entry of a nested map [ED9]. */
const MESSAGES_MAX = 500;

/** A process that has this list, and the list. */
function listOf<T>(edit: Edit, id: ObjectId, content: Content<T>): { readonly process: Process; readonly items: readonly T[] } | undefined {
  const process = edit.draft.score().processes.get(id);
  if (!process || contentOf(process.type) !== (content as Content)) return undefined;
  return { process, items: (process as unknown as Readonly<Record<string, readonly T[]>>)[content.field]! };
}

/** The id of the item: an old one, or a new one where there is room. */
function claimItem(
  edit: Edit,
  items: readonly { readonly id: ObjectId }[],
  wanted: ObjectId | undefined,
  most: number,
): ObjectId | undefined {
  const isOld = wanted !== undefined && items.some((item) => item.id === wanted);
  if (isOld) return wanted;
  if (items.length >= most) return undefined;
  const id = wanted ?? claimId(edit, undefined)!;
  edit.created.push(id);
  return id;
}

const full = (most: number, where: ObjectId): Refusal => refuse(`There is room for ${most} of these.`, where);

/** Writes one item with an id; what is not given stays as it is. */
function setItem<T extends { readonly id: ObjectId }>(
  edit: Edit,
  where: { readonly process: ObjectId; readonly id?: ObjectId | undefined },
  content: Content<T>,
  toTuple: (old: T | undefined) => readonly unknown[],
): Refusal {
  const list = listOf(edit, where.process, content);
  if (!list) return missing(`process with ${content.field}`, where.process);
  const id = claimItem(edit, list.items, where.id, content.most);
  if (id === undefined) return full(content.most, where.process);
  edit.draft.setNested(where.process, content.nested, id, toTuple(list.items.find((item) => item.id === id)));
  return undefined;
}

export const setPoint = (edit: Edit, command: CommandOf<'setPoint'>): Refusal =>
  setItem(edit, command, POINTS, (old) => [command.x, command.y, command.curve ?? old?.curve ?? POINT.curve.initial]);

export const setNote = (edit: Edit, command: CommandOf<'setNote'>): Refusal =>
  setItem(edit, command, NOTES, (old) => [
    toFlicks(command.start),
    Math.min(DURATION_MAX, toFlicks(command.duration)),
    command.pitch,
    command.velocity ?? old?.velocity ?? NOTE.velocity.initial,
  ]);

export const setStop = (edit: Edit, command: CommandOf<'setStop'>): Refusal =>
  setItem(edit, command, STOPS, () => [command.x, ...command.color]);

/** A new one comes after `after`, else at the end of the way. */
export function setKnot(edit: Edit, command: CommandOf<'setKnot'>): Refusal {
  const stored: unknown = edit.draft.raw().objects.get(command.process)?.get(KNOTS.nested);
  const ranks = new Map<ObjectId, unknown>();
  if (stored instanceof Map)
    for (const [id, tuple] of stored as ReadonlyMap<string, unknown>) if (Array.isArray(tuple)) ranks.set(id, (tuple as unknown[])[0]);
  return setItem(edit, command, KNOTS, (old) => [
    old ? (ranks.get(old.id) ?? nextRank([])) : rankAfter(ranks, command.after),
    command.x,
    command.y,
  ]);
}

function rankAfter(ranks: ReadonlyMap<ObjectId, unknown>, after: ObjectId | undefined): string {
  const before = after === undefined ? undefined : ranks.get(after);
  const sorted = [...ranks.values()].filter(isRank).sort();
  const next = isRank(before) ? sorted.find((rank) => rank > before) : undefined;
  return isRank(before) && next !== undefined ? generateKeyBetween(before, next) : nextRank(sorted);
}

export function setInput(edit: Edit, { process: where, name, value, min, max }: CommandOf<'setInput'>): Refusal {
  const list = listOf(edit, where, INPUTS);
  if (!list) return missing('shader', where);
  const old = list.items.find((input) => input.name === name);
  if (!old && list.items.length >= INPUTS.most) return full(INPUTS.most, where);
  if (!old) edit.created.push(name);
  edit.draft.setNested(where, 'inputs', name, [value, min ?? old?.min ?? 0, max ?? old?.max ?? 1]);
  return undefined;
}

/** A whole list: only what differs is written, so that two people may change two items at once. */
export function setList(edit: Edit, process: ObjectId, content: Content, list: readonly unknown[]): void {
  const stored: unknown = edit.draft.raw().objects.get(process)?.get(content.nested);
  const old = stored instanceof Map ? (stored as ReadonlyMap<string, unknown>) : new Map<string, unknown>();
  const tuples = content.toTuples(list);
  for (const key of old.keys()) if (!tuples.has(key)) edit.draft.setNested(process, content.nested, key, undefined);
  for (const [key, tuple] of tuples) if (!isSame(old.get(key), tuple)) edit.draft.setNested(process, content.nested, key, tuple);
}

export function setMessage(edit: Edit, command: CommandOf<'setMessage'>): Refusal {
  const state = edit.draft.score().states.get(command.state);
  if (!state) return missing('state', command.state);
  const id = claimItem(edit, state.messages, command.id, MESSAGES_MAX);
  if (id === undefined) return full(MESSAGES_MAX, state.id);
  settle(edit, state.id);
  const stored = edit.draft.raw().objects.get(state.id)?.get('messages');
  const tuples = stored instanceof Map ? (stored as ReadonlyMap<string, unknown>) : new Map<string, unknown>();
  const ranks = [...tuples.values()].map((tuple) => (Array.isArray(tuple) ? (tuple as unknown[])[0] : undefined));
  const old = tuples.get(id);
  const rank: unknown = Array.isArray(old) ? (old as unknown[])[0] : nextRank(ranks);
  edit.draft.setNested(state.id, 'messages', id, [rank, command.address, toValue(command.value)]);
  return undefined;
}

/** After the last of these. */
export function nextRank(ranks: readonly unknown[]): string {
  const last = ranks.filter(isRank).sort().at(-1);
  return last === undefined || last.length > 100 ? generateKeyBetween(null, null) : generateKeyBetween(last, null);
}

function deleteItem(edit: Edit, object: ObjectId, nested: Nested, key: string): Refusal {
  const items = edit.draft.raw().objects.get(object)?.get(nested);
  if (!(items instanceof Map) || !items.has(key)) return missing('such item', key);
  edit.draft.setNested(object, nested, key, undefined);
  return undefined;
}

export const deletePoint = (edit: Edit, { process, id }: CommandOf<'deletePoint'>): Refusal => deleteItem(edit, process, 'points', id);
export const deleteNote = (edit: Edit, { process, id }: CommandOf<'deleteNote'>): Refusal => deleteItem(edit, process, 'notes', id);
export const deleteStop = (edit: Edit, { process, id }: CommandOf<'deleteStop'>): Refusal => deleteItem(edit, process, 'stops', id);
export const deleteKnot = (edit: Edit, { process, id }: CommandOf<'deleteKnot'>): Refusal => deleteItem(edit, process, 'knots', id);
export const deleteInput = (edit: Edit, { process, name }: CommandOf<'deleteInput'>): Refusal => deleteItem(edit, process, 'inputs', name);
export const deleteMessage = (edit: Edit, { state, id }: CommandOf<'deleteMessage'>): Refusal => deleteItem(edit, state, 'messages', id);
