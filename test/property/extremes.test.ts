import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toValue } from '../../src/crdt/valid-value.ts';
import { exportScore } from '../../src/crdt/ossia/export.ts';
import { importScore } from '../../src/crdt/ossia/import.ts';
import { parseFile, printFile, readFile } from '../../src/crdt/file.ts';
import { rehearse } from '../../src/engine/rehearsal.ts';
import { extremeFile, scoreOfFile } from './extremes.ts';
import { faults } from './score-faults.ts';
import { runs } from './runs.ts';

const RUN_MS = 700;
/** Twelve processes at most, of which each may tell 2000 notes and a value for each of 60 instants a second. */
const SENT_MAX = 500_000;

describe('a score of extremes', () => {
  it('[TR2] is performed without a throw, and what is sent are values at dates', () => {
    fc.assert(
      fc.property(extremeFile, (file) => {
        const score = scoreOfFile(file);
        expect(faults(score)).toEqual([]);
        const { sent, ms } = rehearse(score, { msMax: RUN_MS, pressesMax: 30 });
        expect(ms).toBeLessThanOrEqual(RUN_MS);
        expect(sent.length).toBeLessThan(SENT_MAX);
        const wrong = sent.find(({ at, value, untilMs }) => !Number.isFinite(at) || toValue(value) === undefined || Number.isNaN(untilMs));
        expect(wrong).toBeUndefined();
      }),
      runs(80),
    );
  });

  it('[FI1] [OS6] is written and read again as what it was', () => {
    fc.assert(
      fc.property(extremeFile, (file) => {
        const score = scoreOfFile(file);
        const own = parseFile(printFile(score));
        expect('file' in own && printFile(readFile(own.file))).toBe(printFile(score));
        const other = importScore(exportScore(score));
        expect('issue' in other).toBe(false);
      }),
      runs(40),
    );
  });
});
