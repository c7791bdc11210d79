import { expect } from 'vitest';
import { toFile } from '../../src/crdt/file.ts';
import { exportScore } from '../../src/crdt/ossia/export.ts';
import { isList, isObject, isSame, parseJson } from '../../src/crdt/ossia/json.ts';
import type { Json } from '../../src/crdt/ossia/json.ts';
import type { Report } from '../../src/crdt/ossia/report.ts';
import type { Score } from '../../src/crdt/score.ts';
import { opened } from '../unit/crdt/ossia/fixtures.ts';
import { faults } from './score-faults.ts';
import type { Written } from './ossia-writer.ts';

/** Each object is there, says what was written, and nothing had to be mended. */
export function holdsWords({ expected, parameters }: Written, score: Score, report: Report): void {
  expect(faults(score)).toEqual([]);
  expect(score.issues).toEqual([]);
  expect(report.lines.filter(({ level }) => level === 'mended')).toEqual([]);
  const said: Record<string, unknown> = {};
  const wanted: Record<string, unknown> = {};
  for (const [id, words] of expected) {
    const object = (score.intervals.get(id) ??
      score.syncs.get(id) ??
      score.events.get(id) ??
      score.states.get(id) ??
      score.processes.get(id)) as Readonly<Record<string, unknown>> | undefined;
    wanted[id] = words;
    said[id] =
      object &&
      Object.fromEntries(Object.keys(words).map((name) => [name, name === 'messages' ? plainMessages(object[name]) : object[name]]));
  }
  expect(said).toEqual(wanted);
  const found = score.devices.get('device1')!.parameters;
  expect([...found.keys()].sort()).toEqual([...parameters.keys()].sort());
  for (const [path, words] of parameters) expect(found.get(path)).toMatchObject(words);
}

const plainMessages = (messages: unknown): unknown =>
  (messages as Score['states'] extends ReadonlyMap<string, infer State extends { messages: unknown }> ? State['messages'] : never).map(
    ({ address, value }) => ({ address, value }),
  );

/** Goes out and comes in again as the same score. */
export function reopens(score: Score): void {
  expect(toFile(opened(exportScore(score)).score)).toEqual(toFile(score));
}

/** Whatever a file says, its export says to the character; beyond it there is only our own word, and what every file has. */
export function faithful(before: string, after: string): void {
  const [old, now] = [before, after].map((text) => {
    const parsed = parseJson(text);
    if ('issue' in parsed) throw new Error(parsed.issue.message);
    return parsed.json;
  });
  // ossia keeps on naming the state a scenario began with when that is gone; here the one that it begins with is meant.
  expect(lost(old!, now!, '').filter((line) => !/[/]StartStateId: 0 /.test(line))).toEqual([]);
}

/** Places where the first says something that the second does not. */
function lost(old: Json, now: Json | undefined, at: string): readonly string[] {
  if (isSame(old, now)) return [];
  if (isObject(old) && isObject(now)) return [...old].flatMap(([key, value]) => lost(value, now.get(key), `${at}/${key}`));
  if (isList(old) && isList(now) && now.length >= old.length) return old.flatMap((item, i) => lost(item, now[i], `${at}/${i}`));
  return [`${at}: ${JSON.stringify(old)} → ${JSON.stringify(now)}`];
}
