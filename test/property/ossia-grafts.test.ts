import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportScore } from '../../src/crdt/ossia/export.ts';
import { importScore } from '../../src/crdt/ossia/import.ts';
import { rehearse } from '../../src/engine/rehearsal.ts';
import { NAMES, textOf } from '../unit/crdt/ossia/fixtures.ts';
import { runs } from './runs.ts';
import { faults } from './score-faults.ts';

/**
 * Files whose parts are right and stand in the wrong place: branches of the tree are put where others were, doubled, taken
 * away, hung into themselves, or given another's number, kind or key.
 */
type Branch = Record<string, unknown> | unknown[];

const FILES = ['17-', 'p3-', '32-'].flatMap((start) => NAMES.filter((name) => name.startsWith(start)).slice(0, 1)).map(textOf);
const KEYS = ['__proto__', 'constructor', 'toString', 'id', 'Processes', 'Constraints', 'Value', 'uuid', 'Inlets', ''];
const NUMBERS = [0, 1, -1, 2 ** 31, 2 ** 62, 1e-300, Number.MAX_VALUE];
const TEXTS = ['', '__proto__', '\ud800', 'a:/b', '{ %a:/b% > 1 }', 'x'.repeat(2000), '\u202e\u0000', 'inf', '9'.repeat(400)];
const COPIES = 20;
/** Places of a tree that is still changed: branches in branches grow fast. */
const PLACES_MAX = 6000;

const isBranch = (value: unknown): value is Branch => typeof value === 'object' && value !== null;
const slots = (root: Branch): (readonly [Branch, string])[] => {
  const found: (readonly [Branch, string])[] = [];
  const open = [root];
  for (let at = open.pop(); at; at = open.pop())
    for (const [key, value] of Object.entries(at)) {
      found.push([at, key]);
      if (isBranch(value)) open.push(value);
    }
  return found;
};
const copy = (value: unknown): unknown => structuredClone(value);
const put = (branch: Branch, key: string, value: unknown): void =>
  void Object.defineProperty(branch, key, { value, enumerable: true, configurable: true, writable: true });

interface Cut {
  readonly kind: number;
  readonly at: number;
  readonly from: number;
}

/** Changes one place of the tree. */
function cut(root: Branch, { kind, at, from }: Cut): void {
  const all = slots(root);
  if (all.length > PLACES_MAX) return;
  const branches = all.filter(([branch, key]) => isBranch((branch as Record<string, unknown>)[key]));
  const pick = <T>(list: readonly T[], by: number): T => list[by % list.length]!;
  const [branch, key] = pick(kind < 5 ? branches : all, at);
  const [other, otherKey] = pick(kind < 5 ? branches : all, from);
  const value = (branch as Record<string, unknown>)[key];
  const donor = (other as Record<string, unknown>)[otherKey];
  if (kind === 0) put(branch, key, copy(donor));
  else if (kind === 1 && Array.isArray(value)) value.push(...Array.from({ length: COPIES }, () => copy(pick(value, from))));
  else if (kind === 2 && isBranch(value)) put(value, pick(KEYS, from), copy(value));
  else if (kind === 3 && !Array.isArray(branch)) delete branch[key];
  else if (kind === 4 && isBranch(value)) put(branch, key, Array.isArray(value) ? { ...value } : Object.values(value));
  else if (kind === 5) put(branch, key, pick(NUMBERS, from));
  else if (kind === 6) put(branch, key, pick(TEXTS, from));
  else if (kind === 7) put(branch, pick(KEYS, from), copy(donor));
  else put(branch, key, copy(donor));
}

const cuts = fc.array(fc.record({ kind: fc.nat(8), at: fc.nat(), from: fc.nat() }), { minLength: 1, maxLength: 8 });

describe('a file whose branches stand where others belong', () => {
  it('[OS1] opens as a valid score that runs and can be written, or is refused in words', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FILES), cuts, (file, all) => {
        const root = JSON.parse(file) as Branch;
        for (const each of all) cut(root, each);
        const result = importScore(JSON.stringify(root));
        if ('issue' in result) {
          expect(result.issue.message).toMatch(/\w.*[.]$/);
          return;
        }
        expect(faults(result.score)).toEqual([]);
        const again = importScore(exportScore(result.score));
        expect('issue' in again).toBe(false);
        const { stopped } = rehearse(result.score, { msMax: 300, pressesMax: 20 });
        expect(stopped).toMatch(/\w/);
      }),
      runs(80),
    );
  });
});
