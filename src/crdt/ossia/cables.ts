import { derived, isId } from '../ids.ts';
import type { Cable, ObjectId, Process } from '../score.ts';
import { at, numberAt, objectOf, objectsAt, textAt } from './access.ts';
import { printJson } from './json.ts';
import type { JsonObject } from './json.ts';
import { keyOf, ownWord } from './plan.ts';
import type { Plan } from './plan.ts';
import type { Reporter } from './report.ts';

/** Cables: `Type` 0 what there is, 1 only while both run, 2 and 3 the same of the tick before. */
const CABLE_KEYS = new Set(['ObjectName', 'id', 'Type', 'Source', 'Sink', 'Data', 'Tutti']);

export function readCables(
  document: JsonObject,
  { ports, places }: Plan,
  processes: ReadonlyMap<ObjectId, Process>,
  reporter: Reporter,
): ReadonlyMap<ObjectId, Cable> {
  const cables = new Map<ObjectId, Cable>();
  const suffixes = new Map<ObjectId, number>();
  for (const json of objectsAt(document, 'Cables')) {
    const inner = at(json, 'Source') === undefined ? at(json, 'Data') : json;
    const [source, sink] = ['Source', 'Sink'].map((key) => keyOf(at(inner, key)) ?? '');
    const [from, to] = [ports.get(source!), ports.get(sink!)];
    const type = numberAt(inner, 'Type', 0);
    if (!from || !to || !processes.has(from.process) || !processes.has(to.process)) {
      const isKnown = [source!, sink!].every((key) => places.has(key.replace(/[<>].*$/, '')));
      reporter.say(
        isKnown ? 'kept' : 'mended',
        isKnown ? 'a cable to a port that plays no part here' : 'a cable that leads nowhere is left out',
      );
      continue;
    }
    const rest = [...json].filter(([key]) => !CABLE_KEYS.has(key));
    const own = textAt(ownWord(json), 'id');
    let id = isId(own) ? own : `cable${Math.round(numberAt(json, 'id', cables.size + 1))}`;
    if (cables.has(id)) {
      const wanted = id;
      let i = suffixes.get(wanted) ?? 2;
      do id = derived(wanted, `~${i++}`);
      while (cables.has(id));
      suffixes.set(wanted, i);
    }
    cables.set(id, {
      ...{ id, from, to, timing: type >= 2 ? 'delayed' : 'immediate', isStrict: type === 1 || type === 3 },
      ...(rest.length > 0 && { foreign: printJson(objectOf(Object.fromEntries(rest))) }),
    });
  }
  return cables;
}

/** Cables of the file that no score of Tutti can hold, to be written again as they are. */
export function otherCables(document: JsonObject, { ports }: Plan): readonly JsonObject[] {
  return objectsAt(document, 'Cables').filter((json) => !['Source', 'Sink'].every((key) => ports.has(keyOf(at(json, key)) ?? '')));
}
