import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const THIS = join('test', 'unit', 'spec.test.ts');

const filesOf = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => /\.(ts|svelte|css)$/.test(path) && path !== THIS);

/** Ids in brackets: [CK3], [ED1, ED2], [SY1..SY3]. A range counts for its ends. */
function quotedIn(folder: string): ReadonlyMap<string, string> {
  const quoted = new Map<string, string>();
  for (const path of filesOf(folder))
    for (const [, inside = ''] of readFileSync(join(ROOT, path), 'utf8').matchAll(/\[((?:[A-Z]{2}\d+(?:, |\.\.)?)+)\]/g))
      for (const [id] of inside.matchAll(/[A-Z]{2}\d+/g)) quoted.set(id, path);
  return quoted;
}

const spec = readFileSync(join(ROOT, 'SPEC.md'), 'utf8');
const rules = [...spec.matchAll(/^- \*\*([A-Z]{2}\d+)\*\* (.*)$/gm)].map(([, id = '', text = '']) => ({
  id,
  text,
  isByEye: text.endsWith('_(by eye)_'),
}));
const ids = new Set(rules.map(({ id }) => id));
const tests = quotedIn('test');

describe('SPEC.md', () => {
  it('numbers each rule once, under the heading that bears its letters', () => {
    expect(ids.size).toBe(rules.length);
    const sections = spec.split(/^## /m).slice(1);
    const strangers = sections.flatMap((section) => {
      const letters = /\[([A-Z]{2})\.\.\]/.exec(section)?.[1] ?? 'no letters';
      return [...section.matchAll(/^- \*\*([A-Z]{2})\d+\*\*/gm)].map((match) => match[1]).filter((found) => found !== letters);
    });
    expect(strangers).toEqual([]);
  });

  it('has every rule that a test or a comment quotes', () => {
    const unknown = [...tests, ...quotedIn('src'), ...quotedIn('signalling')].filter(([id]) => !ids.has(id));
    expect(unknown).toEqual([]);
    expect(tests.size).toBeGreaterThan(100);
  });

  it('is quoted by a test, rule by rule, but for what eyes must judge', () => {
    expect(rules.filter(({ id, isByEye }) => !tests.has(id) && !isByEye).map(({ id }) => id)).toEqual([]);
    expect(rules.filter(({ id, isByEye }) => tests.has(id) && isByEye).map(({ id }) => id)).toEqual([]);
  });
});
