import fc from 'fast-check';
import { describe, it } from 'vitest';
import { opened } from '../unit/crdt/ossia/fixtures.ts';
import { exportScore } from '../../src/crdt/ossia/export.ts';
import { faithful, holdsWords, reopens } from './ossia-checks.ts';
import { writeDocument } from './ossia-writer.ts';
import { runs } from './runs.ts';

describe('documents as ossia writes them', () => {
  it('[OS2] [OS5] [OS7] say the same here, and go out as they came', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const written = writeDocument(g, 12);
        const { score, report } = opened(written.text);
        holdsWords(written, score, report);
        reopens(score);
        if (written.era === 'now') faithful(written.text, exportScore(score));
      }),
      runs(60),
    );
  });
});
