import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFile, toFile } from '../../src/crdt/file.ts';
import type { ScoreFile } from '../../src/crdt/file.ts';
import { exportScore } from '../../src/crdt/ossia/export.ts';
import type { Score } from '../../src/crdt/score.ts';
import { rehearse } from '../../src/engine/rehearsal.ts';
import { printRehearsal } from '../../src/rehearsal-print.ts';
import { NAMES, opened, textOf } from '../unit/crdt/ossia/fixtures.ts';
import { faithful, holdsWords, reopens } from './ossia-checks.ts';
import { writeDocument } from './ossia-writer.ts';
import { runs } from './runs.ts';

/** As a hand would change it: names, speeds, conditions, lengths of what hangs on nothing else. */
function edited(score: Score, numbers: readonly number[]): Score {
  const file = toFile(score);
  const objects = Object.fromEntries(
    Object.entries(file.objects).map(([id, entry], i) => {
      const number = numbers[i % numbers.length]!;
      if (number % 3 > 0) return [id, entry];
      const kind = entry['kind'];
      if (kind === 'interval') return [id, { ...entry, name: `edited ${number}`, speed: number }];
      if (kind === 'event') return [id, { ...entry, condition: `{ %a:/b% > ${number} }` }];
      if (kind === 'process') return [id, { ...entry, name: `edited ${number}`, isLooping: true, loopDuration: 1 + number }];
      return [id, kind === 'state' ? { ...entry, lane: number } : entry];
    }),
  );
  return readFile({ ...file, objects });
}

/** Flags of intervals, and whether syncs wait. */
function flagged(score: Score, numbers: readonly number[]): Score {
  const file = toFile(score);
  const objects = Object.fromEntries(
    Object.entries(file.objects).map(([id, entry], i) => {
      const bits = numbers[i % numbers.length]!;
      const flags = { isRigid: (bits & 1) > 0, isMinNull: (bits & 2) > 0, isMaxInfinite: (bits & 4) > 0 };
      return [id, entry['kind'] === 'interval' && entry['isTransition'] !== true ? { ...entry, ...flags } : entry];
    }),
  );
  return readFile({ ...file, objects });
}

/** The file as whoever reads it who does not know Tutti. */
const withoutWords = (text: string): string =>
  JSON.stringify(JSON.parse(text, (key, item: unknown) => (key === 'Tutti' ? undefined : item)));

/** What ossia has words for, by object. */
const PLAIN_WORDS = [
  ...['nominal', 'min', 'max', 'isRigid', 'isMinNull', 'isMaxInfinite', 'speed', 'condition', 'offset', 'trigger', 'isStart'],
  ...['isRetriggering', 'isLooping', 'loopDuration', 'startOffset'],
];
const plainWords = (score: Score): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    [...score.intervals.values(), ...score.syncs.values(), ...score.events.values(), ...score.processes.values()].map((object) => [
      object.id,
      Object.fromEntries(Object.entries(object).filter(([key]) => PLAIN_WORDS.includes(key))),
    ]),
  );

/** A whole document does not shrink in any time; its seed says enough. */
const tries = (all: number): ReturnType<typeof runs> & { readonly endOnFailure: true } => ({ ...runs(all), endOnFailure: true });

/** Keys of a process that mean nothing here. */
const unknown = (file: ScoreFile, id: string): unknown => {
  // The outermost scenario is not written where nothing about it is said.
  const foreign = file.objects[id]?.['foreign'];
  const kept = JSON.parse(typeof foreign === 'string' ? foreign : '{}') as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(kept).filter(([key]) => ['Script', 'Anything', 'Inlets', 'uuid', 'Duration'].includes(key)));
};

describe('documents as ossia writes them', () => {
  it('[OS2] [OS5] [OS7] say the same here, and go out as they came', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const written = writeDocument(g, 16);
        const { score, report } = opened(written.text);
        holdsWords(written, score, report);
        reopens(score);
        if (written.era === 'now') faithful(written.text, exportScore(score));
      }),
      tries(120),
    );
  });

  it('[OS5] [OS6] come back after edits, with what nobody touched as it was', () => {
    const numbers = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(fc.gen(), numbers, (g, changes) => {
        const { score } = opened(writeDocument(g, 12).text);
        const changed = edited(score, changes);
        const before = toFile(changed);
        const after = toFile(opened(exportScore(changed)).score);
        // What is kept of an object that was edited says the edit, too.
        const plain = (file: ScoreFile): unknown =>
          JSON.parse(JSON.stringify(file.objects, (key, item: unknown) => (key === 'foreign' ? undefined : item)));
        expect(plain(after)).toEqual(plain(before));
        for (const id of score.processes.keys()) expect(unknown(after, id)).toEqual(unknown(before, id));
      }),
      tries(40),
    );
  });

  it('[OS6] say in words of ossia what ossia has words for, also after edits', () => {
    const numbers = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(fc.gen(), numbers, (g, changes) => {
        const { score } = opened(writeDocument(g, 12).text);
        const changed = flagged(edited(score, changes), changes);
        const again = opened(withoutWords(exportScore(changed))).score;
        expect(plainWords(again)).toMatchObject(plainWords(changed));
      }),
      tries(30),
    );
  });

  it('[OS9] are performed until a sentence says why no further', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const { score } = opened(writeDocument(g, 10).text);
        const rehearsal = rehearse(score, { msMax: 10_000 });
        expect(printRehearsal(rehearsal, score)).toMatch(
          /\n(?:Ended|Stopped, [^\n]*,) after \d\d:\d\d[.]\d{3}: \d+ values, \d+ triggers pressed(?:, \d+ fired by what they ask for)?[.]$/,
        );
        for (const { at, value } of rehearsal.sent) {
          expect(at >= 0 && at <= 10_000 + 25).toBe(true);
          if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
        }
      }),
      tries(24),
    );
  });

  it.each(NAMES)('[OS5] %s goes out as it came', (name) => {
    const text = textOf(name);
    faithful(text, exportScore(opened(text).score));
  });
});
