import type { Flicks, Issue } from '../../base.ts';
import { createId } from '../../mesh/host.ts';
import type { Random } from '../../mesh/host.ts';
import type { Collection } from '../doc.ts';
import type { Draft } from '../draft.ts';
import { toEntry } from '../entries.ts';
import { msToFlicks } from '../fields.ts';
import { FIXED_IDS } from '../ids.ts';
import { has } from '../read/table.ts';
import type { Event, Interval, ObjectId, Score, ScoreObject, State, Sync } from '../score.ts';

/** What a command works with. */
export interface Edit {
  readonly draft: Draft;
  readonly random: Random;
  /** clientID of the document: whose nudges these are. */
  readonly client: number;
  readonly created: ObjectId[];
}
/** Why nothing is changed; undefined when the command is done. */
export type Refusal = Issue | undefined;

export const refuse = (message: string, where?: ObjectId): Issue => ({ message, ...(where !== undefined && { where }) });
export const missing = (what: string, where: ObjectId): Issue => refuse(`There is no ${what} with this id.`, where);

export const toFlicks = (ms: number): Flicks => msToFlicks(ms) as Flicks;

export function objectOf(score: Score, id: ObjectId): ScoreObject | undefined {
  return (
    score.intervals.get(id) ??
    score.syncs.get(id) ??
    score.events.get(id) ??
    score.states.get(id) ??
    score.processes.get(id) ??
    score.comments.get(id)
  );
}

export function isUsed({ draft }: Edit, id: ObjectId): boolean {
  const raw = draft.raw();
  const score = draft.score();
  return (
    has(score, id) ||
    raw.objects.has(id) ||
    raw.tracks.has(id) ||
    raw.groups.has(id) ||
    raw.cables.has(id) ||
    raw.devices.has(id) ||
    FIXED_IDS.has(id) ||
    id === 'score' ||
    id === 'all'
  );
}

/** The id asked for, or a new one; undefined when it is taken. */
export function claimId(edit: Edit, wanted: ObjectId | undefined): ObjectId | undefined {
  if (wanted === undefined) return createId(edit.random);
  return isUsed(edit, wanted) ? undefined : wanted;
}
export const taken = (id: ObjectId | undefined): Issue => refuse('This id is taken.', id);

/** New object, last among what was created. */
export function create(edit: Edit, object: ScoreObject): ObjectId {
  edit.draft.create('objects', object.id, toEntry(object));
  edit.created.push(object.id);
  return object.id;
}

/**
 * Objects that `read` made up to repair an illegal merge are written down before someone changes them, with what they
 * need to exist and with the interval that uses them.
 */
export function settle(edit: Edit, id: ObjectId): void {
  const score = edit.draft.score();
  const object = objectOf(score, id);
  if (!object || FIXED_IDS.has(id)) return;
  if (object.kind === 'event') settle(edit, object.sync);
  if (object.kind === 'state') settle(edit, object.event);
  if (edit.draft.raw().objects.get(id)?.get('kind') === object.kind) return;
  edit.draft.create('objects', id, toEntry(object));
  if (object.kind !== 'state') return;
  for (const interval of score.intervals.values()) {
    if (interval.start === id) edit.draft.set('objects', interval.id, 'start', id);
    if (interval.end === id) edit.draft.set('objects', interval.id, 'end', id);
  }
}

export function set(edit: Edit, id: ObjectId, fields: Readonly<Record<string, unknown>>, collection: Collection = 'objects'): void {
  for (const [field, value] of Object.entries(fields)) edit.draft.set(collection, id, field, value);
}

/** Writes what is there already, too: who makes a field absent at the same time does not win. */
export function insist(edit: Edit, id: ObjectId, fields: Readonly<Record<string, unknown>>): void {
  for (const [field, value] of Object.entries(fields)) edit.draft.insist('objects', id, field, value);
}

interface Place {
  readonly scenario: ObjectId | null;
  readonly lane: number;
}

export function createSync(edit: Edit, { scenario }: Place, date: Flicks): ObjectId {
  const sync: Sync = {
    kind: 'sync',
    id: createId(edit.random),
    policies: {},
    scenario,
    name: '',
    isStart: false,
    isRetriggering: false,
    quantisation: -1,
    date,
  };
  return create(edit, sync);
}
export function createEventOn(edit: Edit, { scenario }: Place, sync: ObjectId, id = createId(edit.random), condition = ''): ObjectId {
  const event: Event = { kind: 'event', id, policies: {}, scenario, sync, condition, offset: 'true' };
  return create(edit, event);
}
export function createStateOn(edit: Edit, { scenario, lane }: Place, event: ObjectId, id = createId(edit.random)): ObjectId {
  const state: State = { kind: 'state', id, scenario, event, name: '', lane, messages: [] };
  return create(edit, state);
}
/** A new instant: sync, event and state; the state's id. */
export const createInstant = (edit: Edit, place: Place, date: Flicks): ObjectId =>
  createStateOn(edit, place, createEventOn(edit, place, createSync(edit, place, date)));

/** Rigid, nameless, empty: keeps what follows at its date. */
export function createGap(edit: Edit, place: Place, start: ObjectId, end: ObjectId, nominal: Flicks): ObjectId {
  return create(edit, { ...newInterval(createId(edit.random), place, start, end, nominal) });
}

export function newInterval(id: ObjectId, { scenario, lane }: Place, start: ObjectId, end: ObjectId, nominal: Flicks): Interval {
  return {
    kind: 'interval',
    id,
    policies: {},
    scenario,
    name: '',
    start,
    end,
    nominal,
    min: Math.round(nominal * 0.8) as Flicks,
    max: Math.round(nominal * 1.2) as Flicks,
    isRigid: true,
    isMinNull: false,
    isMaxInfinite: false,
    speed: 1,
    isTransition: false,
    isMuted: false,
    signatures: [],
    quantisation: -1,
    lane,
    date: 0 as Flicks,
  };
}
