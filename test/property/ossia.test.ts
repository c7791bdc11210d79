import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFile } from '../../src/crdt/file.ts';
import { exportScore } from '../../src/crdt/ossia/export.ts';
import { importScore } from '../../src/crdt/ossia/import.ts';
import type { Score } from '../../src/crdt/score.ts';
import { arbitraryScore } from './arbitraries.ts';

/** Ids of points, notes and messages are given anew, in order. */
const LISTS = new Set(['points', 'stops', 'notes', 'messages']);
const withoutItemIds = (score: Score): unknown =>
  JSON.parse(
    JSON.stringify({ ...toFile(score), id: '' }, (key, value: unknown) =>
      LISTS.has(key) && Array.isArray(value) ? (value as readonly object[]).map((item) => ({ ...item, id: '' })) : value,
    ),
  );

describe('scores of ossia', () => {
  it('[OS6] import ∘ export is identity, whatever a score holds', () => {
    fc.assert(
      fc.property(arbitraryScore(25), (score) => {
        const back = importScore(exportScore(score));
        if ('issue' in back) throw new Error(back.issue.message);
        expect(withoutItemIds(back.score)).toEqual(withoutItemIds(score));
      }),
      { numRuns: 40 },
    );
  });
});
