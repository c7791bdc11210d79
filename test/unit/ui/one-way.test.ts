import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const UI = fileURLToPath(new URL('../../../src/ui', import.meta.url));
const files = readdirSync(UI, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(ts|svelte)$/.test(path));

it('[UI1] takes from the documents only types, names of choices and kinds, addresses, what a grey block was written with, and what differs between two scores: nothing that could write them', () => {
  const taken = files.flatMap((path) =>
    [...readFileSync(join(UI, path), 'utf8').matchAll(/^\s*import (?!type )[^;]*?from '([^']*crdt\/[^']*|yjs[^']*)'/gm)].map(
      ([, from = '']) => from.replace(/^(\.\.\/)+/, ''),
    ),
  );
  expect([...new Set(taken)].sort()).toEqual([
    'crdt/catalogue.ts',
    'crdt/ossia/kept-text.ts',
    'crdt/patched.ts',
    'crdt/score.ts',
    'crdt/value.ts',
  ]);
});
