import { POLICY_NAMES } from '../fields.ts';
import { FIXED_IDS } from '../ids.ts';
import type { Raw } from '../raw.ts';
import type { ObjectId, Process, Score } from '../score.ts';
import { parseObject } from './parse.ts';

/**
 * The score after an edit that touched only what processes contain: points, notes, inputs, addresses. Nothing else of a
 * score depends on these, and they are what a hand drags, sixty times a second, in a score that may be long.
 * undefined when anything else changed: then all is interpreted anew.
 */
export function revise(score: Score, before: Raw, raw: Raw): Score | undefined {
  const isAside =
    raw.meta === before.meta &&
    raw.groups === before.groups &&
    raw.tracks === before.tracks &&
    raw.cables === before.cables &&
    raw.devices === before.devices &&
    raw.registers === before.registers;
  const changed = isAside ? changedIds(before, raw) : undefined;
  if (!changed) return undefined;
  const processes = new Map(score.processes);
  for (const id of changed) {
    const process = revised(id, before, raw, score);
    if (!process) return undefined;
    const shown = processes.get(id);
    // A process whose interval is gone stays left out.
    if (shown) processes.set(id, { ...process, policies: shown.policies, ...('key' in shown && { key: shown.key }) } as Process);
  }
  return { ...score, processes };
}

/** undefined when objects came or went. */
function changedIds(before: Raw, raw: Raw): readonly ObjectId[] | undefined {
  if (raw.objects.size !== before.objects.size) return undefined;
  const changed: ObjectId[] = [];
  for (const [id, entry] of raw.objects) {
    const known = before.objects.get(id);
    if (!known) return undefined;
    if (known !== entry) changed.push(id);
  }
  return changed;
}

/** undefined unless it was and is the same process in all that others look at. */
function revised(id: ObjectId, before: Raw, raw: Raw, score: Score): Process | undefined {
  const [old, now] = [before, raw].map(({ objects }) => (FIXED_IDS.has(id) ? undefined : parseObject(id, objects.get(id)!)));
  if (old?.kind !== 'process' || now?.kind !== 'process' || now.type === 'scenario') return undefined;
  const hasPorts = score.cables.size > 0 && (now.type === 'shader' || now.type === 'opaque');
  const isSame = !hasPorts && old.type === now.type && old.interval === now.interval && keyOf(old) === keyOf(now);
  return isSame && POLICY_NAMES.every((name) => old.policies[name] === now.policies[name]) ? now : undefined;
}

const keyOf = (process: Process): string | undefined => ('key' in process ? process.key : undefined);
