import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { importScore } from '../../../../src/crdt/ossia/import.ts';
import type { Imported } from '../../../../src/crdt/ossia/import.ts';

const FOLDER = fileURLToPath(new URL('../../../fixtures/ossia/', import.meta.url));

/** The published lessons, by name. */
export const NAMES: readonly string[] = readdirSync(FOLDER).filter((name) => name.endsWith('.score'));
export const textOf = (name: string): string => readFileSync(FOLDER + name, 'utf8');

/** Fails where the file is refused. */
export function opened(text: string, title = ''): Imported {
  const result = importScore(text, { title });
  if ('issue' in result) throw new Error(result.issue.message);
  return result;
}
