import type { Issue } from '../../base.ts';
import { readFile, toFile } from '../file.ts';
import type { ScoreFile } from '../file.ts';
import { limitForeign } from '../foreign.ts';
import type { Score } from '../score.ts';
import { at, objectAt, objectOf, textAt, toNumber } from './access.ts';
import { isList, isObject, isSame, parseJson, printJson } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { build } from './build.ts';
import { otherCables } from './cables.ts';
import { DEVICES } from './devices.ts';
import { NETWORK, NETWORK_KINDS } from './network.ts';
import { plan } from './plan.ts';
import { createReporter } from './report.ts';
import type { Report, Reporter } from './report.ts';
import { toPlain, uuidOf } from './shape.ts';
import { unrollLoops } from './loops.ts';
import { isOlder, rootOf, upgradeFile } from './upgrade.ts';

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
  const current = unrollLoops(isOld ? upgradeFile(parsed.json as JsonObject) : parsed.json) as JsonObject;
  const version = toNumber(at(current, 'Version'));
  if (version !== undefined && version > NEWEST)
    reporter.say('approximated', `the file is of a newer version (${version}) than is known here`);
  if (isOld) reporter.say('approximated', 'the file is of before version 3: lengths were milliseconds, and it was drawn otherwise');
  const found = plan(objectAt(objectAt(current, 'Document'), 'BaseScenario'), reporter);
  if (!found) return { issue: { message: 'This score is too large: at most 100,000 objects and 64 scenarios inside of one another.' } };
  const built = build(current, found, { reporter, isOld, options });
  const foreign = kept(current, otherCables(objectAt(current, 'Document'), found));
  const file = withOwn(toFile({ ...built, ...(foreign !== undefined && { foreign }) }), current);
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

/** Groups, tracks and cables that Tutti wrote beside what ossia has words for. */
function withOwn(file: ScoreFile, current: JsonObject): ScoreFile {
  const own = (key: 'groups' | 'tracks' | 'cables'): ScoreFile['groups'] | undefined => {
    const part = at(objectAt(current, 'Tutti'), key);
    return isObject(part) && [...part.values()].every(isObject) ? (toPlain(part) as ScoreFile['groups']) : undefined;
  };
  return {
    ...file,
    groups: own('groups') ?? file.groups,
    tracks: own('tracks') ?? file.tracks,
    cables: { ...file.cables, ...own('cables') },
  };
}

/** Why it is no score of ossia. */
function problemOf(json: Json): string | undefined {
  if (!isObject(json)) return 'This file is not an ossia score.';
  if (at(json, 'tutti') !== undefined) return 'This is a score of Tutti: open it as it is.';
  if (rootOf(json).size === 0) return 'This file is not an ossia score: it has no root interval.';
  return undefined;
}

/** Of the document itself: what is neither objects nor devices nor cables that led somewhere; undefined when nothing. */
function kept(current: JsonObject, cables: readonly JsonObject[]): string | undefined {
  const listed = at(current, 'Plugins');
  const plugins = isList(listed) ? listed.filter(isObject).map(withoutObjects) : [];
  const rest = (json: JsonObject, own: JsonObject, skip: readonly string[] = []): JsonObject =>
    new Map([...json].filter(([key, value]) => !skip.includes(key) && !isSame(value, own.get(key)) && !(isObject(value) && own === BASE)));
  const document = rest(objectAt(current, 'Document'), DOCUMENT, ['BaseScenario', 'Cables', 'Speed']);
  const parts: readonly (readonly [string, Json])[] = [
    ['Document', cables.length === 0 ? document : new Map<string, Json>([...document, ['Cables', cables]])],
    ['BaseScenario', rest(objectAt(objectAt(current, 'Document'), 'BaseScenario'), BASE)],
    ['Plugins', unusual(plugins)],
    ['Commit', textAt(current, 'Commit')],
    ['Tag', textAt(current, 'Tag')],
  ];
  const own = parts.filter(([, part]) => part !== '' && !(isList(part) && part.length === 0) && !(isObject(part) && part.size === 0));
  return own.length === 0 ? undefined : printJson(new Map(own));
}
const DOCUMENT = objectOf({ ObjectName: 'Scenario::ScenarioDocumentModel', id: 1, BusIntervals: [] });
const BASE = objectOf({ ObjectName: 'Scenario::BaseScenario', id: 0 });

/** Without those at the end that every export has anyway. */
function unusual(plugins: readonly JsonObject[]): readonly JsonObject[] {
  const isUsual = (plugin: JsonObject): boolean => plugin.size === 1 && [DEVICES, NETWORK].includes(uuidOf(plugin));
  return plugins.slice(0, plugins.findLastIndex((plugin) => !isUsual(plugin)) + 1);
}

/** Devices, groups and who runs what are part of the score. */
function withoutObjects(plugin: JsonObject): JsonObject {
  const gone = uuidOf(plugin) === DEVICES ? ['RootNode', 'Children'] : uuidOf(plugin) === NETWORK ? ['Groups', ...NETWORK_KINDS] : [];
  return new Map([...plugin].filter(([key]) => !gone.includes(key)));
}

/** What a score may carry along without understanding it; the largest go first. */
function limit(file: ScoreFile, reporter: Reporter): ScoreFile {
  const { file: limited, dropped } = limitForeign(file);
  for (const id of dropped) reporter.say('approximated', 'too much to keep without understanding it: export will lack it', id);
  return limited;
}
