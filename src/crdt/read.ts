import type * as Y from 'yjs';
import { compare } from '../base.ts';
import type { Issue } from '../base.ts';
import { isSame } from './difference.ts';
import { FOREIGN, GROUP, SYNC_TIMEOUT, TEMPO, TITLE, TRACK, VOLUME, parseFields } from './fields.ts';
import { rememberIndex } from './graph.ts';
import { changedSince, rawOf } from './raw.ts';
import type { Raw } from './raw.ts';
import { entriesOf, parseCables, parseDevices } from './read/besides.ts';
import { connect, cutCycles } from './read/connect.ts';
import { date } from './read/dates.ts';
import { nameProcesses, uniqueKeys } from './read/names.ts';
import { nest } from './read/nest.ts';
import { parsePolicies } from './read/parse.ts';
import { createRegisters } from './read/registers.ts';
import type { Registers } from './read/registers.ts';
import { issuesOf, rememberRepairs, repairsOf } from './read/repairs.ts';
import { revise } from './read/revise.ts';
import type { Table } from './read/table.ts';
import { ALL } from './score.ts';
import type { Group, GroupId, ObjectId, Policies, Score, Track } from './score.ts';

const scores = new WeakMap<Raw, Score>();
const latest = new WeakMap<Y.Doc, Reading>();

/** A score and what it was read from. */
export interface Reading {
  readonly raw: Raw;
  readonly score: Score;
}

/**
 * The valid score that a document stands for. Total: whatever the document holds, the outcome is a valid score and a list
 * of what was repaired; decided by ids alone, so the same on every peer whose document is the same [SC1, SC2].
 * Not to be called inside a transaction that wrote.
 */
export function read(doc: Y.Doc): Score {
  const raw = rawOf(doc);
  const last = latest.get(doc);
  if (last?.raw === raw) return last.score;
  const changed = last && changedSince(doc, last.raw);
  const score = last && changed ? follow(last, raw, changed) : interpret(raw);
  latest.set(doc, { raw, score });
  return score;
}

/** The score of what differs from what was read before in these objects, and in whatever else. */
export function follow(last: Reading, raw: Raw, changed: readonly ObjectId[]): Score {
  const score = scores.get(raw) ?? next(last, raw, changed) ?? interpret(raw);
  scores.set(raw, score);
  return score;
}

/** undefined: read all. */
function next({ raw: before, score: last }: Reading, raw: Raw, changed: readonly ObjectId[]): Score | undefined {
  const revision = changed.length > 0 ? revise(last, before, raw, changed) : undefined;
  if (changed.length > 0 && !revision) return undefined;
  const hasGroups = raw.groups !== before.groups;
  const groups = hasGroups ? parseGroups(raw) : last.groups;
  if (hasGroups && !isSame([...groups.keys()], [...last.groups.keys()])) return undefined;
  const registers = createRegisters(raw.registers);
  const foreign = FOREIGN.accept(raw.meta.get('foreign'));
  const repairs = repairsOf(last);
  const issues: Issue[] = [];
  const hasTracks = raw.tracks !== before.tracks || raw.registers !== before.registers;
  const objects = revision?.objects ?? last;
  const hasCables = raw.cables !== before.cables || (revision?.hasPorts === true && raw.cables.size > 0);
  const { foreign: _, ...rest } = last;
  const score: Score = {
    ...rest,
    ...revision?.objects,
    ...headOf(raw, registers),
    groups,
    tracks: hasTracks ? parseTracks(raw, groups, registers) : last.tracks,
    cables: hasCables ? parseCables(raw.cables, { processes: objects.processes, issues }) : last.cables,
    devices: raw.devices !== before.devices ? parseDevices(raw.devices) : last.devices,
    ...(foreign !== undefined && { foreign }),
    issues: hasCables ? issuesOf({ ...repairs, cables: issues }) : last.issues,
  };
  rememberIndex(score, last, revision?.index);
  return rememberRepairs(score, hasCables ? { ...repairs, cables: issues } : repairs);
}

const headOf = (raw: Raw, registers: Registers): Pick<Score, 'id' | 'title' | 'tempo' | 'syncTimeout'> => ({
  id: toText(raw.meta.get('id'), 64),
  title: TITLE.accept(raw.meta.get('title')) ?? TITLE.initial,
  tempo: registers.read('score', 'tempo', TEMPO),
  syncTimeout: SYNC_TIMEOUT.accept(raw.meta.get('syncTimeout')) ?? SYNC_TIMEOUT.initial,
});

export function interpret(raw: Raw): Score {
  const known = scores.get(raw);
  if (known) return known;
  const order = [...raw.objects.keys()].sort(compare);
  const table = nest(raw, order);
  connect(table, order);
  cutCycles(table, order);
  date(table);
  nameProcesses(table, order);
  const groups = parseGroups(raw);
  forgetGroups(table, groups);
  const registers = createRegisters(raw.registers);
  const foreign = FOREIGN.accept(raw.meta.get('foreign'));
  const cables: Issue[] = [];
  const whole: Omit<Score, 'issues'> = {
    ...headOf(raw, registers),
    intervals: sorted(table.intervals),
    syncs: sorted(table.syncs),
    events: sorted(table.events),
    states: sorted(table.states),
    processes: sorted(table.processes),
    comments: sorted(table.comments),
    cables: parseCables(raw.cables, { processes: table.processes, issues: cables }),
    devices: parseDevices(raw.devices),
    groups,
    tracks: parseTracks(raw, groups, registers),
    ...(foreign !== undefined && { foreign }),
  };
  const repairs = { objects: table.issues, cables, isCut: table.cut.size > 0 };
  const score = rememberRepairs({ ...whole, issues: issuesOf(repairs) }, repairs);
  scores.set(raw, score);
  return score;
}

const toText = (input: unknown, lengthMax: number): string => (typeof input === 'string' ? input.slice(0, lengthMax) : '');

function sorted<T>(map: ReadonlyMap<ObjectId, T>): ReadonlyMap<ObjectId, T> {
  return new Map([...map].sort(([a], [b]) => compare(a, b)));
}

function parseGroups(raw: Raw): ReadonlyMap<GroupId, Group> {
  const groups = entriesOf(raw.groups).filter(([id]) => id !== ALL);
  return new Map(groups.map(([id, entry]) => [id, { id, ...parseFields(GROUP, entry) }]));
}

function parseTracks(raw: Raw, groups: ReadonlyMap<GroupId, Group>, registers: Registers): ReadonlyMap<ObjectId, Track> {
  const tracks = entriesOf(raw.tracks).map(([id, entry]): Track => {
    const volume = registers.read(id, 'volume', VOLUME);
    return { id, policies: known(parsePolicies(entry), groups), ...parseFields(TRACK, entry), volume };
  });
  const keys = uniqueKeys(
    tracks.map(({ id, key }) => [id, key]),
    'track',
  );
  return new Map(tracks.map((track) => [track.id, { ...track, key: keys.get(track.id) ?? track.key }]));
}

/** A group that is gone leaves its objects to what they inherit. */
function known(policies: Policies, groups: ReadonlyMap<GroupId, Group>): Policies {
  const { group, ...others } = policies;
  return group === undefined || group === ALL || groups.has(group) ? policies : others;
}

function forgetGroups(table: Table, groups: ReadonlyMap<GroupId, Group>): void {
  for (const map of [table.intervals, table.syncs, table.events, table.processes] as Map<ObjectId, { readonly policies: Policies }>[]) {
    for (const [id, object] of map) {
      if (object.policies.group === undefined) continue;
      const policies = known(object.policies, groups);
      if (policies !== object.policies) map.set(id, { ...object, policies });
    }
  }
}
