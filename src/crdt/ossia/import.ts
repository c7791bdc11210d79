import type { Issue } from '../../base.ts';
import { FOREIGN_MAX, FOREIGN_TOTAL_MAX } from '../fields.ts';
import { readFile, toFile } from '../file.ts';
import type { ScoreFile } from '../file.ts';
import type { Score } from '../score.ts';
import { at, numberAt, objectAt, objectOf, textAt, toNumber } from './access.ts';
import { isObject, parseJson, printJson } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { build } from './build.ts';
import { otherCables } from './cables.ts';
import { plan } from './plan.ts';
import { createReporter } from './report.ts';
import type { Report, Reporter } from './report.ts';
import { isOlder, unrollLoops, upgrade } from './upgrade.ts';

/**
 * Scores of ossia (`.score`, `.scorejson`; versions 2 to 4) become scores of Tutti. Whatever the file holds, the outcome is
 * a valid score and a report of what became of it, or one sentence why there is none [OS1].
 *
 *   text → JSON without loss → words of version 4 → plan (what there is, and its ids) → objects → file → `read` repairs
 *
 * Structure is what counts: dates and lists that say the same twice are checked against it and then forgotten. What has
 * no meaning here is kept with the object it came with, so that export can give it back.
 */
export interface Imported {
  readonly file: ScoreFile;
  /** What that file holds, valid. */
  readonly score: Score;
  readonly report: Report;
}
export interface ImportOptions {
  /** Title where the file has none: its own name. */
  readonly title?: string;
  /** What is wrong with an expression; undefined when nothing is. */
  readonly explain?: (expression: string) => Issue | undefined;
}

const NEWEST = 4;

export function importScore(text: string, options: ImportOptions = {}): Imported | { readonly issue: Issue } {
  const parsed = parseJson(text);
  if ('issue' in parsed) return parsed;
  const problem = problemOf(parsed.json);
  if (problem !== undefined) return { issue: { message: problem } };
  const reporter = createReporter();
  const isOld = isOlder(parsed.json as JsonObject);
  const current = unrollLoops(isOld ? upgrade(parsed.json) : parsed.json) as JsonObject;
  const version = toNumber(at(current, 'Version'));
  if (version !== undefined && version > NEWEST)
    reporter.say('approximated', `the file is of a newer version (${version}) than is known here`);
  if (isOld) reporter.say('approximated', 'the file is of before version 3: lengths were milliseconds, and it was drawn otherwise');
  const found = plan(objectAt(objectAt(current, 'Document'), 'BaseScenario'), reporter);
  if (!found) return { issue: { message: 'This score is too large: at most 100,000 objects and 64 scenarios inside of one another.' } };
  const built = build(current, found, { reporter, isOld, options });
  const file = toFile({ ...built, foreign: kept(current, otherCables(objectAt(current, 'Document'), found)) });
  const limited = limit(file, reporter);
  const score = readFile(limited);
  for (const { message, where } of score.issues)
    reporter.say('mended', message, where === undefined ? undefined : (nameIn(built, where) ?? where));
  return { file: limited, score, report: reporter.report() };
}

const nameIn = (score: Score, id: string): string | undefined => {
  const object = score.intervals.get(id) ?? score.syncs.get(id) ?? score.states.get(id) ?? score.processes.get(id);
  return object && object.name !== '' ? object.name : undefined;
};

/** Why it is no score of ossia. */
function problemOf(json: Json): string | undefined {
  if (!isObject(json)) return 'This file is not an ossia score.';
  if (at(json, 'tutti') !== undefined) return 'This is a score of Tutti: open it as it is.';
  const root = objectAt(objectAt(objectAt(json, 'Document'), 'BaseScenario'), 'Constraint');
  if (root.size === 0) return 'This file is not an ossia score: it has no root interval.';
  return undefined;
}

/** Of the document itself: what is neither objects nor devices nor cables that led somewhere. */
function kept(current: JsonObject, cables: readonly JsonObject[]): string {
  const document = [...objectAt(current, 'Document')].filter(([key]) => !['BaseScenario', 'Cables', 'Speed'].includes(key));
  const base = [...objectAt(objectAt(current, 'Document'), 'BaseScenario')].filter(([, value]) => !isObject(value));
  const plugins = at(current, 'Plugins');
  return printJson(
    objectOf({
      Document: new Map<string, Json>([...document, ...(cables.length > 0 ? ([['Cables', cables]] as const) : [])]),
      BaseScenario: new Map(base),
      Plugins: Array.isArray(plugins) ? (plugins as readonly Json[]).map(withoutTrees) : [],
      ...Object.fromEntries(['Commit', 'Tag'].map((key) => [key, textAt(current, key)])),
      Version: numberAt(current, 'Version', NEWEST),
    }),
  );
}

/** Trees of devices are kept with the devices. */
const withoutTrees = (plugin: Json): Json => (isObject(plugin) && plugin.has('Children') ? new Map([...plugin, ['Children', []]]) : plugin);

/** What a score may carry along without understanding it; the largest go first. */
function limit(file: ScoreFile, reporter: Reporter): ScoreFile {
  const parts = [file.objects, file.cables, file.devices];
  const sizes = parts.flatMap((part) =>
    Object.entries(part).map(([id, { foreign }]) => ({ part, id, size: typeof foreign === 'string' ? foreign.length : 0 })),
  );
  let total = sizes.reduce((sum, { size }) => sum + size, file.foreign?.length ?? 0);
  const dropped = new Set<string>();
  for (const { id, size } of sizes.sort((a, b) => b.size - a.size)) {
    if (size <= FOREIGN_MAX && total <= FOREIGN_TOTAL_MAX) break;
    dropped.add(id);
    total -= size;
    reporter.say('approximated', 'too much to keep without understanding it: export will lack it', id);
  }
  const isTooLong = (file.foreign?.length ?? 0) > FOREIGN_MAX;
  if (dropped.size === 0 && !isTooLong) return file;
  const [objects, cables, devices] = parts.map((part) =>
    Object.fromEntries(
      Object.entries(part).map(([id, entry]) => [
        id,
        dropped.has(id) ? Object.fromEntries(Object.entries(entry).filter(([key]) => key !== 'foreign')) : entry,
      ]),
    ),
  );
  const { foreign, ...rest } = file;
  return { ...rest, objects: objects!, cables: cables!, devices: devices!, ...(foreign !== undefined && !isTooLong && { foreign }) };
}
