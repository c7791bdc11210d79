import { describe, expect, it } from 'vitest';
import { FILE_LENGTH_MAX } from '../../../src/crdt/score.ts';
import { openFile } from '../../../src/ui/studio/file.ts';
import type { Reading } from '../../../src/reader.ts';
import type { Studio } from '../../../src/ui/studio.svelte.ts';

/** A studio that only listens. */
function fakeStudio(): { readonly studio: Studio; readonly opened: string[]; readonly told: string[] } {
  const opened: string[] = [];
  const told: string[] = [];
  const score = {
    open: (text: string) => void opened.push(text),
    edit: () => ({ ids: [] }),
  };
  const room = {
    readForeign({ text }: Reading) {
      opened.push(text);
      return Promise.resolve({ file: {}, report: { lines: [] } });
    },
  };
  const studio = { room, peer: { score }, selection: { clear: () => undefined }, tell: (text: string) => told.push(text) };
  return { studio: studio as unknown as Studio, opened, told };
}

const fileOf = (name: string, size: number, text: () => Promise<string> = () => Promise.resolve('text')): File =>
  ({ name, size, text }) as unknown as File;

describe('opening a file', () => {
  it.each(['a.tutti', 'a.score'])('[OS1] %s of 64 MB is read, of more not', async (name) => {
    const { studio, opened, told } = fakeStudio();
    await openFile(studio, fileOf(name, FILE_LENGTH_MAX));
    expect(opened).toEqual(['text']);
    await openFile(studio, fileOf(name, FILE_LENGTH_MAX + 1));
    expect(opened).toEqual(['text']);
    expect(told.at(-1)).toMatch(/too large/);
  });

  it('[OS1] a file that is gone is refused in words', async () => {
    const { studio, told } = fakeStudio();
    await openFile(
      studio,
      fileOf('a.score', 10, () => Promise.reject(new Error('NotFoundError'))),
    );
    expect(told).toEqual(['a.score was not opened: it cannot be read any more. Nothing was changed.']);
  });
});
