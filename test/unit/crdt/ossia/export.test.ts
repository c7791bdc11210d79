import { describe, expect, it } from 'vitest';
import { exportScore } from '../../../../src/crdt/ossia/export.ts';
import { isList, isObject, isSame, parseJson } from '../../../../src/crdt/ossia/json.ts';
import type { Json } from '../../../../src/crdt/ossia/json.ts';
import type { Score } from '../../../../src/crdt/score.ts';
import { NAMES, opened, textOf } from './fixtures.ts';

const json = (text: string): Json => {
  const parsed = parseJson(text);
  if ('issue' in parsed) throw new Error(parsed.issue.message);
  return parsed.json;
};

/** What one has and the other lacks or says otherwise, to the character; objects of a list go by their number. */
function lost(before: Json | undefined, after: Json | undefined, path = ''): readonly string[] {
  if (isSame(before, after)) return [];
  if (isObject(before) && isObject(after)) return [...before].flatMap(([key, value]) => lost(value, after.get(key), `${path}/${key}`));
  if (!isList(before) || !isList(after) || before.length !== after.length) return [path];
  const number = (item: Json): Json | undefined => (isObject(item) ? item.get('id') : undefined);
  const isNumbered = before.every((item) => number(item) !== undefined);
  const isSetOfNumbers = before.every((item) => typeof item === 'number');
  if (isSetOfNumbers && /(?:States|Events)$/.test(path)) return new Set([...before, ...after]).size === before.length ? [] : [path];
  return before.flatMap((item, i) =>
    lost(item, isNumbered ? after.find((other) => number(other) === number(item)) : after[i], `${path}/${i}`),
  );
}

describe('export', () => {
  it.each(NAMES)('[OS5] %s comes out as it came, to the character', (name) => {
    const text = textOf(name);
    const known = /\/StartStateId$/;
    // Two lessons name a start state that they do not have.
    expect(lost(json(text), json(exportScore(opened(text).score))).filter((path) => !known.test(path))).toEqual([]);
  });

  it.each(NAMES)('[OS6] %s opens again as the same score', (name) => {
    const { file, score } = opened(textOf(name), name);
    expect(opened(exportScore(score)).file).toEqual(file);
  });

  it('[OS5] writes what was changed, and leaves the rest of the object as it was', () => {
    const { score } = opened(textOf('p3-mapping-bench__p3-bench.score'));
    const lfo = score.processes.get('root.p1')!;
    const changed: Score = { ...score, processes: new Map([...score.processes, [lfo.id, { ...lfo, frequency: 2.5 } as typeof lfo]]) };
    const [before, after] = [score, changed].map((each) => json(exportScore(each)));
    expect(lost(before, after)).toEqual(['/Document/BaseScenario/Constraint/Processes/6/Inlets/0/Value/Float']);
    expect(opened(exportScore(changed)).score.processes.get('root.p1')).toMatchObject({ frequency: 2.5, amplitude: 0.5 });
  });
});
