import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readFile } from '../../src/crdt/file.ts';
import { exportScore } from '../../src/crdt/ossia/export.ts';
import { importScore } from '../../src/crdt/ossia/import.ts';
import { parse } from '../../src/engine/expression.ts';
import { medians } from './measure.ts';
import { livelyScore } from './scores.ts';
import { bytes, digits, ms, times } from './table.ts';
import type { Table } from './table.ts';

/** What opening a score of ossia costs, beside JSON.parse of the same text, which forgets what export needs and checks nothing. */
export async function benchImport(): Promise<readonly Table[]> {
  const rows: (readonly string[])[] = [];
  const lessons = published();
  const began = performance.now();
  for (const text of lessons) open(text);
  const cold = performance.now() - began;
  const size = lengthOf(lessons);
  rows.push(['published lessons, the first time', bytes(size), ms(cold), rate(size, cold), '', '', '']);
  rows.push(await row('published lessons', lessons));
  let before: { readonly size: number; readonly took: number } | undefined;
  for (const objects of SIZES) {
    const text = exportScore(readFile(livelyScore(objects)));
    const [imported = 0, parsed = 0] = await measured([text]);
    rows.push([
      `${objects} objects`,
      bytes(text.length),
      ms(imported),
      rate(text.length, imported),
      before === undefined ? '' : times(imported / before.took / (text.length / before.size)),
      ms(parsed),
      times(imported / parsed),
    ]);
    before = { size: text.length, took: imported };
  }
  return [
    {
      title: 'Opening scores of ossia',
      columns: ['file', 'size', 'import', 'MB/s', 'time for each byte, beside the row above', 'JSON.parse', 'import : JSON.parse'],
      rows,
    },
  ];
}

const SIZES = [250, 1000, 4000, 8000];
const FOLDER = fileURLToPath(new URL('../fixtures/ossia/', import.meta.url));

const published = (): readonly string[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.score'))
    .map((name) => readFileSync(FOLDER + name, 'utf8'));

/** As the app does: expressions are looked at, too. */
function open(text: string): void {
  const result = importScore(text, {
    explain(expression) {
      const outcome = parse(expression);
      return 'issue' in outcome ? outcome.issue : undefined;
    },
  });
  if ('issue' in result) throw new Error(result.issue.message);
}

const lengthOf = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + text.length, 0);
const rate = (size: number, duration: number): string => digits(size / 1e3 / duration);

const measured = (texts: readonly string[]): Promise<readonly number[]> =>
  medians([
    { name: 'import', run: () => texts.forEach(open) },
    { name: 'JSON.parse', run: () => texts.forEach((text) => void JSON.parse(text)) },
  ]);

async function row(name: string, texts: readonly string[]): Promise<readonly string[]> {
  const [imported = 0, parsed = 0] = await measured(texts);
  const size = lengthOf(texts);
  return [name, bytes(size), ms(imported), rate(size, imported), '', ms(parsed), times(imported / parsed)];
}
