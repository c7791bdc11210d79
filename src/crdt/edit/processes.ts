import { acceptList, contentOf } from '../content.ts';
import type { Content } from '../content.ts';
import { PROCESS, PROCESS_TYPES, SCENARIOS_DEEP_MAX, TRACK, VOLUME, POLICIES, POLICY_NAMES, parseFields } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { groupEntry, trackEntry } from '../entries.ts';
import { graphOf } from '../graph.ts';
import { startOf } from '../ids.ts';
import { ALL } from '../score.ts';
import type { Interval, ObjectId, Policies, Process, Score, Track } from '../score.ts';
import { createId } from '../../mesh/host.ts';
import { claimId, create, createEventOn, createStateOn, missing, refuse, taken } from './context.ts';
import type { Edit, Refusal } from './context.ts';
import { nextRank } from './content.ts';
import type { CommandOf } from './schema.ts';
import { freeKey, isKeyFree, setRegister, wrong } from './set.ts';

/** [ED10] Its type, and what differs from the defaults of that type. */
export function createProcess(edit: Edit, command: CommandOf<'createProcess'>): Refusal {
  const score = edit.draft.score();
  const interval = score.intervals.get(command.interval);
  if (!interval) return missing('interval', command.interval);
  if (interval.isTransition) return refuse('A transition has no content.', interval.id);
  const { type } = command.process as { readonly type: string };
  if (!Object.hasOwn(PROCESS_TYPES, type)) return refuse(`There is no process of type "${type}".`);
  if (type === 'scenario' && scenariosAround(score, interval) >= SCENARIOS_DEEP_MAX)
    return refuse(`Scenarios lie at most ${SCENARIOS_DEEP_MAX} deep in one another.`, interval.id);
  const id = claimId(edit, command.id);
  if (id === undefined) return taken(command.id);
  const given = command.process as Readonly<Record<string, unknown>>;
  const read = readGiven(edit, score, given, { ...PROCESS, ...PROCESS_TYPES[type as Process['type']] }, contentOf(type));
  if ('message' in read) return read as Refusal;
  if ('key' in PROCESS_TYPES[type as Process['type']]) {
    if (given['key'] !== undefined && !isKeyFree(score, id, String(given['key']), type))
      return refuse(`The key "${String(given['key'])}" is taken.`);
    read['key'] = given['key'] ?? freeKey(score, type, String(read['name']));
  }
  const ranks = graphOf(score)
    .processesOf(interval.id)
    .map((process) => score.processes.get(process)!.rank);
  const process = { ...read, kind: 'process', id, type, interval: interval.id, rank: given['rank'] ?? nextRank(ranks), startSync: '' };
  create(edit, process as unknown as Process);
  if (type === 'scenario') createStart(edit, id);
  return undefined;
}

/** How many scenarios an interval lies in. */
function scenariosAround(score: Score, interval: Interval): number {
  let depth = 0;
  for (let at: Interval | undefined = interval; at && at.scenario !== null; depth++)
    at = score.intervals.get(score.processes.get(at.scenario)?.interval ?? '');
  return depth;
}

function createStart(edit: Edit, scenario: ObjectId): void {
  const ids = startOf(scenario);
  const place = { scenario, lane: 0 };
  create(edit, {
    kind: 'sync',
    id: ids.sync,
    policies: {},
    scenario,
    name: '',
    isStart: true,
    isRetriggering: false,
    quantisation: -1,
    date: 0 as never,
  });
  createEventOn(edit, place, ids.sync, ids.event);
  createStateOn(edit, place, ids.event, ids.state);
}

type Read = Record<string, unknown> | { readonly message: string; readonly where?: string };

/** Every field given is right or the whole is refused; what is not given is initial. */
function readGiven(edit: Edit, score: Score, given: Readonly<Record<string, unknown>>, fields: Fields, content: Content | undefined): Read {
  const read: Record<string, unknown> = { ...parseFields(fields, new Map()), policies: {} };
  for (const [name, value] of Object.entries(given)) {
    if (name === 'type' || value === undefined) continue;
    const accepted = acceptOne(edit, score, fields, content, name, value);
    if (accepted === undefined) return wrong(name, name)!;
    read[name] = accepted;
  }
  if (content) read[content.field] ??= [];
  return read;
}

function acceptOne(edit: Edit, score: Score, fields: Fields, content: Content | undefined, name: string, value: unknown): unknown {
  if (name === 'policies') return acceptPolicies(score, value);
  if (content && name === content.field) return acceptList(content, value, () => createId(edit.random));
  const field = Object.hasOwn(fields, name) ? fields[name]! : undefined;
  return field && name !== 'interval' ? field.accept(value) : undefined;
}

function acceptPolicies(score: Score, input: unknown): Policies | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const given = input as Readonly<Record<string, unknown>>;
  const isRight = Object.entries(given).every(([name, value]) =>
    POLICY_NAMES.some((policy) => policy === name && POLICIES[policy].accept(value) !== undefined),
  );
  const group = given['group'];
  return isRight && (group === undefined || group === ALL || score.groups.has(String(group))) ? given : undefined;
}

export function createGroup(edit: Edit, { id: wanted, name, hue }: CommandOf<'createGroup'>): Refusal {
  const { groups } = edit.draft.score();
  const id = claimId(edit, wanted);
  if (id === undefined) return taken(wanted);
  const used = [...groups.values()];
  const rank = nextRank(used.map((group) => group.rank));
  edit.draft.create('groups', id, groupEntry({ id, name, hue: hue ?? freeHue(used), rank }));
  edit.created.push(id);
  return undefined;
}

/** The one used least, lowest first. */
function freeHue(used: readonly { readonly hue: number }[]): number {
  const count = (hue: number): number => used.filter((each) => each.hue === hue).length;
  return [...Array(12).keys()].sort((a, b) => count(a) - count(b) || a - b)[0]!;
}

export function createTrack(edit: Edit, { id: wanted, track }: CommandOf<'createTrack'>): Refusal {
  const score = edit.draft.score();
  const id = claimId(edit, wanted);
  if (id === undefined) return taken(wanted);
  const { volume, ...given } = track;
  const read = readGiven(edit, score, given, TRACK, undefined);
  if ('message' in read) return read as Refusal;
  const level = volume === undefined ? VOLUME.initial : VOLUME.accept(volume);
  if (level === undefined) return wrong(id, 'volume');
  const tracks = [...score.tracks.values()];
  if (given['key'] !== undefined && !isKeyFree(score, id, String(given['key']), 'track'))
    return refuse(`The key "${String(given['key'])}" is taken.`);
  const own = {
    key: given['key'] ?? freeKey(score, 'track', String(read['name'])),
    hue: given['hue'] ?? freeHue(tracks),
    rank: given['rank'] ?? nextRank(tracks.map(({ rank }) => rank)),
  };
  edit.draft.create('tracks', id, trackEntry({ ...read, ...own, id, volume: level } as unknown as Track));
  edit.created.push(id);
  if (volume !== undefined) setRegister(edit, id, 'volume', level);
  return undefined;
}
