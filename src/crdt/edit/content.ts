import { generateKeyBetween } from 'fractional-indexing';
import type { Flicks } from '../../base.ts';
import { DURATION_MAX, NOTE, POINT } from '../fields.ts';
import { isRank } from '../fields.ts';
import type { ObjectId, Process, ProcessType } from '../score.ts';
import { claimId, missing, refuse, settle, toFlicks } from './context.ts';
import type { Edit, Refusal } from './context.ts';
import { toValue } from '../valid-value.ts';
import type { CommandOf } from './schema.ts';
import type { Nested } from '../doc.ts';

/** Points, notes, inputs, messages: what is inside an object, each item an entry of a nested map [ED9]. */
export const ITEMS_MAX = { points: 10_000, notes: 20_000, inputs: 64, messages: 500 } as const;

function processOf<T extends ProcessType>(edit: Edit, id: ObjectId, type: T): Extract<Process, { type: T }> | undefined {
  const process = edit.draft.score().processes.get(id);
  return process?.type === type ? (process as Extract<Process, { type: T }>) : undefined;
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

export function setPoint(edit: Edit, command: CommandOf<'setPoint'>): Refusal {
  const automation = processOf(edit, command.process, 'automation');
  if (!automation) return missing('automation', command.process);
  const id = claimItem(edit, automation.points, command.id, ITEMS_MAX.points);
  if (id === undefined) return full(ITEMS_MAX.points, automation.id);
  const curve = command.curve ?? automation.points.find((point) => point.id === id)?.curve ?? POINT.curve.initial;
  edit.draft.setNested(automation.id, 'points', id, [command.x, command.y, curve]);
  return undefined;
}

export function setNote(edit: Edit, command: CommandOf<'setNote'>): Refusal {
  const process = processOf(edit, command.process, 'notes');
  if (!process) return missing('process with notes', command.process);
  const id = claimItem(edit, process.notes, command.id, ITEMS_MAX.notes);
  if (id === undefined) return full(ITEMS_MAX.notes, process.id);
  const velocity = command.velocity ?? process.notes.find((note) => note.id === id)?.velocity ?? NOTE.velocity.initial;
  const duration = Math.min(DURATION_MAX, toFlicks(command.duration)) as Flicks;
  edit.draft.setNested(process.id, 'notes', id, [toFlicks(command.start), duration, command.pitch, velocity]);
  return undefined;
}

export function setInput(edit: Edit, { process: where, name, value, min, max }: CommandOf<'setInput'>): Refusal {
  const shader = processOf(edit, where, 'shader');
  if (!shader) return missing('shader', where);
  const old = shader.inputs.find((input) => input.name === name);
  if (!old && shader.inputs.length >= ITEMS_MAX.inputs) return full(ITEMS_MAX.inputs, where);
  if (!old) edit.created.push(name);
  edit.draft.setNested(where, 'inputs', name, [value, min ?? old?.min ?? 0, max ?? old?.max ?? 1]);
  return undefined;
}

export function setMessage(edit: Edit, command: CommandOf<'setMessage'>): Refusal {
  const state = edit.draft.score().states.get(command.state);
  if (!state) return missing('state', command.state);
  const id = claimItem(edit, state.messages, command.id, ITEMS_MAX.messages);
  if (id === undefined) return full(ITEMS_MAX.messages, state.id);
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
export const deleteInput = (edit: Edit, { process, name }: CommandOf<'deleteInput'>): Refusal => deleteItem(edit, process, 'inputs', name);
export const deleteMessage = (edit: Edit, { state, id }: CommandOf<'deleteMessage'>): Refusal => deleteItem(edit, state, 'messages', id);
