import { compare } from '../base.ts';
import type { Issue } from '../base.ts';
import { SYNC_TIMEOUT } from './fields.ts';
import { fromFileEntry, toFileCable, toFileDevice, toFileEntry, toFileTrack } from './file-entries.ts';
import type { FileEntry, ScoreFile } from './file-entries.ts';
import { limitForeign } from './foreign.ts';
import { FIXED_IDS, isId } from './ids.ts';
import type { Raw, RawEntry } from './raw.ts';
import { interpret } from './read.ts';
import { registerKey } from './read/registers.ts';
import { FILE_LENGTH_MAX } from './score.ts';
import type { Group, ObjectId, Score, ScoreObject } from './score.ts';

export type { FileEntry, ScoreFile };

export const FILE_VERSION = 2;

const EMPTY: Raw = {
  ...{ meta: new Map(), objects: new Map(), groups: new Map(), tracks: new Map() },
  ...{ cables: new Map(), devices: new Map(), registers: new Map() },
};

/** Everything that is an object, by kind. */
export const objectMaps = (score: Score): readonly ReadonlyMap<ObjectId, ScoreObject>[] => [
  ...[score.intervals, score.syncs, score.events, score.states, score.processes, score.comments],
];

/** Nothing of the score is lost but the list of issues [FI1]. */
export function toFile(score: Score): ScoreFile {
  const objects: (readonly [ObjectId, FileEntry])[] = [];
  for (const map of objectMaps(score)) {
    for (const [id, object] of map) if (!isUntouched(object)) objects.push([id, toFileEntry(object, FIXED_IDS.has(id))]);
  }
  objects.sort(([a], [b]) => compare(a, b));
  return {
    tutti: FILE_VERSION,
    id: score.id,
    title: score.title,
    tempo: score.tempo,
    ...(score.syncTimeout !== SYNC_TIMEOUT.initial && { syncTimeout: score.syncTimeout }),
    groups: Object.fromEntries([...score.groups].map(([id, { name, hue, rank }]: [string, Group]) => [id, { name, hue, rank }])),
    tracks: Object.fromEntries([...score.tracks].map(([id, track]) => [id, toFileTrack(track)])),
    objects: Object.fromEntries(objects),
    cables: Object.fromEntries([...score.cables].map(([id, cable]) => [id, toFileCable(cable)])),
    devices: Object.fromEntries([...score.devices].map(([id, device]) => [id, toFileDevice(device)])),
    ...(score.foreign !== undefined && { foreign: score.foreign }),
  };
}

/** A fixed object as every empty score has it. */
export function isUntouched(object: ScoreObject): boolean {
  if (!FIXED_IDS.has(object.id)) return false;
  return JSON.stringify(toFileEntry(object, true)) === initialEntries().get(object.id);
}

let initial: ReadonlyMap<ObjectId, string> | undefined;
/** What an empty score has, as it is written: found once, for a score has eleven of them. */
const initialEntries = (): ReadonlyMap<ObjectId, string> =>
  (initial ??= new Map(
    objectMaps(interpret(EMPTY)).flatMap((map) => [...map].map(([id, object]) => [id, JSON.stringify(toFileEntry(object, true))] as const)),
  ));

export const printFile = (score: Score): string => `${JSON.stringify(toFile(score), undefined, 2)}\n`;

/** What is wrong is said; fields that make no sense are repaired when the file is read as a score [FI2]. */
export function parseFile(text: string): { readonly file: ScoreFile } | { readonly issue: Issue } {
  if (text.length > FILE_LENGTH_MAX) return { issue: { message: 'This file is too large for a score: at most 64 MB.' } };
  const input = parseJson(text);
  return input === undefined ? { issue: { message: 'This file is not a Tutti score.' } } : checkFile(input);
}

/** JSON.parse reports by throwing; undefined instead. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function checkFile(input: unknown): { readonly file: ScoreFile } | { readonly issue: Issue } {
  if (!isRecord(input) || typeof input['tutti'] !== 'number') return { issue: { message: 'This file is not a Tutti score.' } };
  if (input['tutti'] > FILE_VERSION) return { issue: { message: 'This score was saved by a newer version of Tutti. Update to open it.' } };
  if (input['tutti'] !== 1 && input['tutti'] !== FILE_VERSION) return { issue: { message: 'This file is not a Tutti score.' } };
  const { id, title, tempo, syncTimeout, groups = {}, tracks = {}, objects = {}, cables = {}, devices = {}, foreign } = input;
  for (const [name, part] of Object.entries({ groups, tracks, objects, cables, devices })) {
    if (!isRecord(part)) return { issue: { message: `In this file "${name}" is not a list of entries.`, where: name } };
    const wrong = Object.entries(part).find(([, entry]) => !isRecord(entry));
    if (wrong) return { issue: { message: 'This entry of the file is not an object.', where: `${name}.${wrong[0]}` } };
  }
  const file = {
    tutti: FILE_VERSION,
    id: toText(id),
    title: toText(title),
    tempo: typeof tempo === 'number' ? tempo : 120,
    ...(typeof syncTimeout === 'number' && { syncTimeout }),
    groups,
    tracks,
    objects,
    cables,
    devices,
    ...(typeof foreign === 'string' && { foreign }),
  };
  return { file: limitForeign(file as ScoreFile).file };
}

const isRecord = (input: unknown): input is Readonly<Record<string, unknown>> =>
  typeof input === 'object' && input !== null && !Array.isArray(input);
const toText = (input: unknown): string => (typeof input === 'string' ? input : '');

/** A file as a document would hold it; `epoch` names the registers' first epoch. */
export function rawOfFile(file: ScoreFile, epoch: string): Raw {
  const registers = new Map<string, unknown>([[registerKey('score', 'tempo'), { epoch, base: file.tempo }]]);
  for (const [id, track] of Object.entries(file.tracks)) {
    if (typeof track['volume'] === 'number') registers.set(registerKey(id, 'volume'), { epoch, base: track['volume'] });
  }
  return {
    meta: new Map<string, unknown>([
      ['id', file.id],
      ['title', file.title],
      ['syncTimeout', file.syncTimeout],
      ['foreign', file.foreign],
    ]),
    objects: entriesOf(file.objects),
    groups: entriesOf(file.groups),
    tracks: entriesOf(file.tracks),
    cables: entriesOf(file.cables),
    devices: entriesOf(file.devices),
    registers,
  };
}

const entriesOf = (entries: Readonly<Record<string, FileEntry>>): ReadonlyMap<string, RawEntry> =>
  new Map(
    Object.entries(entries)
      .filter(([id]) => isId(id))
      .map(([id, entry]) => [id, fromFileEntry(entry)]),
  );

/** The score that a file holds, without a document. */
export const readFile = (file: ScoreFile): Score => interpret(rawOfFile(file, 'file'));
