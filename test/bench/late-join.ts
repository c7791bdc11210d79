import type { Browser, Page } from 'playwright-core';
import { randomCode } from '../e2e/stage.ts';
import { blankPage, enter, isLinked, until } from './real-pages.ts';
import type { Kind, OpenedPage } from './real-pages.ts';
import { livelyScore } from './scores.ts';
import { bytes, ms } from './table.ts';
import type { Table } from './table.ts';

/** A score on its way to who comes late: rooms that grow, and in which some newcomers are timed. */
const OBJECTS = [50, 1000, 10_000, 20_000];
const PRESENT = [1, 3, 7];
const NEVER_MS = 10_000;
/** What was said while others came is over. */
const QUIET_MS = 2500;

interface Late {
  readonly size: number;
  /** By how many were present: ms from the first link until the score is there; Infinity: not within 10 s. */
  readonly took: ReadonlyMap<number, number>;
}

/** deadline: by `Date.now()`; what would begin later is not measured. `BENCH_ONLY=late:1000` measures one size. */
export async function benchLateJoin(browser: Browser, kinds: readonly Kind[], deadline: number): Promise<Table> {
  const rows: string[][] = [];
  const [, wanted] = (process.env['BENCH_ONLY'] ?? '').split(':');
  for (const objects of OBJECTS.filter((each) => wanted === undefined || each === Number(wanted))) {
    const text = JSON.stringify(livelyScore(objects));
    const results: Late[] = [];
    for (const kind of kinds) results.push(await growRoom(browser, kind, text, deadline));
    for (const present of PRESENT) {
      const shown = results.map(({ took }) => {
        const figure = took.get(present);
        return figure === undefined ? '–' : Number.isFinite(figure) ? ms(figure) : `not within ${NEVER_MS / 1000} s`;
      });
      rows.push([`${objects} objects`, bytes(Math.max(...results.map(({ size }) => size))), String(present), ...shown]);
      console.log(rows.at(-1)?.join(' | '));
    }
  }
  return {
    title: 'A score on its way to who comes late: from its first link until the score is there',
    columns: ['score', 'document', 'pages present', ...kinds.map(({ name }) => name)],
    rows,
  };
}

const hasScore = (): boolean => window.counted.loadedAt !== undefined;

/** The room grows to the largest number wanted; who does not get the score ends it, for the next would not either. */
async function growRoom(browser: Browser, kind: Kind, text: string, deadline: number): Promise<Late> {
  const room = randomCode();
  const opened: OpenedPage[] = [];
  const took = new Map<number, number>();
  /** undefined: the machine is too busy for it. */
  const come = async (others: number): Promise<Page | undefined> => {
    const blank = await blankPage(browser, others);
    opened.push(blank);
    const { page } = blank;
    await enter(blank, kind, room);
    if (!(await until(page, () => window.probe !== undefined || (window as Partial<Window>).tutti !== undefined, 30_000))) return undefined;
    await kind.prepare(page);
    return page;
  };
  let size = 0;
  try {
    const first = await come(0);
    if (!first) return { size, took };
    size = await first.evaluate((score) => window.probe?.load(score) ?? 0, text);
    for (let present = 1; present <= Math.max(...PRESENT); present++) {
      if (Date.now() > deadline) break;
      const isTimed = PRESENT.includes(present);
      if (isTimed) await first.waitForTimeout(QUIET_MS);
      const newcomer = await come(present);
      if (!newcomer) break;
      await newcomer.evaluate(awaitScore);
      const isThere = await until(newcomer, hasScore, NEVER_MS);
      await until(newcomer, isLinked, NEVER_MS);
      const figure = await newcomer.evaluate(() => (window.counted.loadedAt ?? Infinity) - (window.counted.linkedAt ?? Infinity));
      if (isTimed) took.set(present, isThere ? Math.max(0, figure) : Infinity);
      if (!isThere) break;
    }
  } finally {
    await Promise.all(opened.map(({ context }) => context.close()));
  }
  return { size, took };
}

/** In the page. */
function awaitScore(): void {
  const note = (title: string | undefined): void => {
    if (title === 'lively') window.counted.loadedAt ??= performance.now();
  };
  window.probe?.onTitle(note);
  note((window as Partial<Window>).tutti?.score.read().title);
}
