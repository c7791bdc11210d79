import { COLLECTIONS, SCHEMA } from '../doc.ts';
import { cableEntry, deviceEntry, groupEntry, toEntry, trackEntry } from '../entries.ts';
import { checkFile, isUntouched, objectMaps, readFile } from '../file.ts';
import { SYNC_TIMEOUT } from '../fields.ts';
import type { Edit, Refusal } from './context.ts';
import type { CommandOf } from './schema.ts';
import { setRegister } from './set.ts';

/**
 * Everything goes, the file comes; the document keeps its lineage, so the others follow [ED12]. What is written is the
 * valid score that the file stands for, never the file's own data.
 */
export function replace(edit: Edit, command: CommandOf<'replace'>): Refusal {
  const checked = checkFile(command.file);
  if ('issue' in checked) return checked.issue;
  const { draft } = edit;
  const old = draft.raw();
  for (const part of COLLECTIONS) for (const id of old[part].keys()) draft.remove(part, id);
  for (const key of old.registers.keys()) draft.setRegister(key, undefined);
  const score = readFile(checked.file);
  for (const map of objectMaps(score)) {
    for (const object of map.values()) if (!isUntouched(object)) draft.create('objects', object.id, toEntry(object));
  }
  for (const cable of score.cables.values()) draft.create('cables', cable.id, cableEntry(cable));
  for (const device of score.devices.values()) draft.create('devices', device.id, deviceEntry(device));
  for (const group of score.groups.values()) draft.create('groups', group.id, groupEntry(group));
  for (const track of score.tracks.values()) {
    draft.create('tracks', track.id, trackEntry(track));
    setRegister(edit, track.id, 'volume', track.volume);
  }
  setRegister(edit, 'score', 'tempo', score.tempo);
  draft.setMeta('title', score.title);
  draft.setMeta('syncTimeout', score.syncTimeout === SYNC_TIMEOUT.initial ? undefined : score.syncTimeout);
  draft.setMeta('foreign', score.foreign);
  draft.setMeta('schema', SCHEMA);
  return undefined;
}

/** From now on the document counts as one of this version; what of it is not understood stays where nobody writes [SC14]. */
export const editAnyway = ({ draft }: Edit): Refusal => draft.setMeta('schema', SCHEMA) as undefined;
