import type { Browser, Page } from 'playwright-core';
import { randomCode } from '../e2e/stage.ts';
import { benchLateJoin } from './late-join.ts';
import { median } from './measure.ts';
import { blankPage, enter, isLinked, until, withPages } from './real-pages.ts';
import type { Kind } from './real-pages.ts';
import type { Counted } from './pages/probe.ts';
import { bytes, digits, ms, times } from './table.ts';
import type { Table } from './table.ts';

/**
 * Real pages, ours and stock y-webrtc's, in one Chromium, one after the other; ends within six minutes.
 * `BENCH_ONLY=edits`, `BENCH_ONLY=late` or `late:1000` does a part, where a machine is shared.
 */
export const benchMesh = async (): Promise<readonly Table[]> =>
  (await withPages(async (browser, kinds) => {
    const deadline = Date.now() + BUDGET_MS;
    const only = process.env['BENCH_ONLY'];
    if (only?.startsWith('late') === true) return [await benchLateJoin(browser, kinds, deadline)];
    const sizes = new Map<number, readonly Result[]>();
    for (const size of SIZES) {
      const results: Result[] = [];
      for (const kind of kinds) results.push(await measure(browser, kind, size));
      sizes.set(size, results);
    }
    const tables = [fanOut(sizes), joins(sizes)];
    return only === 'edits' ? tables : [...tables, await benchLateJoin(browser, kinds, deadline)];
  })) ?? [];

const BUDGET_MS = 330_000;
const SIZES = [2, 4, 8];
const JOINS = 3;
const EDITS = 16;
const EDIT_EVERY_MS = 200;
/** Confirmations and repairs come after an edit; all that is counted, and an equally long idle time is taken off. */
const WINDOW_MS = EDITS * EDIT_EVERY_MS + 2500;
const WHOLE_MAX_MS = 25_000;

interface Result {
  readonly kind: string;
  /** Per edit, in the whole room, idle traffic taken off. */
  readonly sends: number;
  readonly ownSends: number;
  readonly bytes: number;
  readonly idleSends: number;
  /** ms, median, until the last page has an edit. */
  readonly latency: number;
  /** ms from opening until the last page is linked with all; one figure for each round, Infinity when never. */
  readonly joins: readonly number[];
}

/** Fresh pages, each of a browser context of its own, all opened at once. */
async function open(
  browser: Browser,
  kind: Kind,
  size: number,
): Promise<{ readonly pages: readonly Page[]; readonly wholeMs: number; close(): Promise<void> }> {
  const room = randomCode();
  const opened = await Promise.all(Array.from({ length: size }, () => blankPage(browser, size - 1)));
  await Promise.all(opened.map((each) => enter(each, kind, room)));
  const pages = opened.map(({ page }) => page);
  const found = await Promise.all(
    pages.map(async (page) =>
      (await until(page, isLinked, WHOLE_MAX_MS)) ? page.evaluate(() => window.counted.wholeAt ?? Infinity) : Infinity,
    ),
  );
  return {
    pages,
    wholeMs: Math.max(...found),
    close: async () => void (await Promise.all(opened.map(({ context }) => context.close()))),
  };
}

async function measure(browser: Browser, kind: Kind, size: number): Promise<Result> {
  const figures: number[] = [];
  for (let round = 1; round < JOINS; round++) {
    const { wholeMs, close } = await open(browser, kind, size);
    figures.push(wholeMs);
    await close();
  }
  const { pages, wholeMs, close } = await open(browser, kind, size);
  figures.push(wholeMs);
  const isWhole = Number.isFinite(wholeMs);
  if (isWhole) await Promise.all(pages.map((page) => kind.prepare(page)));
  const edited = isWhole ? await edits(pages) : UNMEASURED;
  await close();
  console.log(`${size} pages of ${kind.name}: whole after ${figures.map(ms).join(', ')}; one edit everywhere after ${ms(edited.latency)}`);
  return { kind: kind.name, joins: figures, ...edited };
}

/** A room that never became whole has no figures. */
const UNMEASURED = { sends: Number.NaN, ownSends: Number.NaN, bytes: Number.NaN, idleSends: Number.NaN, latency: Number.NaN };

const counts = (pages: readonly Page[]): Promise<Counted[]> =>
  Promise.all(pages.map((page) => page.evaluate(() => ({ ...window.counted }))));
const pause = (duration: number): Promise<void> => new Promise((done) => setTimeout(done, duration));

async function edits(pages: readonly Page[]): Promise<Omit<Result, 'kind' | 'joins'>> {
  const [editor] = pages;
  if (!editor) throw new Error('no page');
  await editor.evaluate(() => window.probe?.begin());
  await Promise.all(
    pages.map((page) =>
      page.evaluate(() =>
        window.probe?.onTitle((title) => void (window.counted.seen[title] ??= performance.timeOrigin + performance.now())),
      ),
    ),
  );
  // Newcomers still confirm what they received.
  await pause(2500);
  const start = await counts(pages);
  await pause(WINDOW_MS);
  const idle = await counts(pages);
  const begun = Date.now();
  const dates: number[] = [];
  for (let i = 0; i < EDITS; i++) {
    dates.push(
      await editor.evaluate((title) => {
        const at = performance.timeOrigin + performance.now();
        window.probe?.edit(title);
        return at;
      }, `title ${i}`),
    );
    await pause(EDIT_EVERY_MS - 20);
  }
  await pause(Math.max(0, begun + WINDOW_MS - Date.now()));
  const busy = await counts(pages);
  const sum = (all: readonly Counted[], of: 'sends' | 'bytes'): number => all.reduce((total, each) => total + each[of], 0);
  const grown = (of: 'sends' | 'bytes', pick: (all: readonly Counted[]) => readonly Counted[]): number =>
    (sum(pick(busy), of) - 2 * sum(pick(idle), of) + sum(pick(start), of)) / EDITS;
  const everyone = (all: readonly Counted[]): readonly Counted[] => all;
  const latencies = dates.map((date, i) => Math.max(...busy.map(({ seen }) => (seen[`title ${i}`] ?? Infinity) - date)));
  return {
    sends: grown('sends', everyone),
    ownSends: grown('sends', (all) => all.slice(0, 1)),
    bytes: grown('bytes', everyone),
    idleSends: ((sum(idle, 'sends') - sum(start, 'sends')) / WINDOW_MS) * 1000,
    latency: median(latencies),
  };
}

function fanOut(sizes: ReadonlyMap<number, readonly Result[]>): Table {
  const rows = [...sizes].flatMap(([size, results]) =>
    results.map(({ kind, sends, ownSends, bytes: weight, idleSends, latency }, i) => [
      i === 0 ? String(size) : '',
      kind,
      ...[digits(ownSends), digits(sends), bytes(weight), ms(latency), digits(idleSends)],
      i === 0 ? '' : times(sends / (results[0]?.sends ?? 1)),
      i === 0 ? '' : times(weight / (results[0]?.bytes ?? 1)),
    ]),
  );
  return {
    title: 'One edit in real pages',
    columns: [
      'pages',
      'kind',
      'sends by the editor',
      'sends in the room',
      'bytes in the room',
      'everywhere after',
      'idle sends/s',
      'sends to ours',
      'bytes to ours',
    ],
    rows,
  };
}

function joins(sizes: ReadonlyMap<number, readonly Result[]>): Table {
  const rows = [...sizes].flatMap(([size, results]) =>
    results.map(({ kind, joins: figures }, i) => {
      const done = figures.filter(Number.isFinite);
      return [i === 0 ? String(size) : '', kind, `${done.length} of ${figures.length}`, ms(median(done)), ms(Math.max(...done))];
    }),
  );
  return {
    title: 'All pages opened at once, until everyone is linked with everyone',
    columns: ['pages', 'kind', 'rounds whole', 'median', 'slowest'],
    rows,
  };
}
