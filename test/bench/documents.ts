import type { Browser, Page } from 'playwright-core';
import { randomCode } from '../e2e/stage.ts';
import { quantile } from './measure.ts';
import { blankPage, enter, isLinked, until, withPages } from './real-pages.ts';
import type { Kind } from './real-pages.ts';
import { ms } from './table.ts';
import type { Table } from './table.ts';

/**
 * Facts of a run from page to page: idle, while a medium passes, while large edits of the score pass. The three take turns,
 * so that what the machine does meanwhile meets all alike.
 */
export const benchDocuments = async (): Promise<readonly Table[]> =>
  (await withPages(async (browser, [ours]) => [await underLoad(browser, ours)])) ?? [];

const TURNS = 8;
const FACTS = 50;
const EVERY_MS = 50;
/** Eight of these are 20 MB. */
const MEDIUM_BYTES = 2_500_000;
const TEXT_CHARACTERS = 50_000;
const TEXT_EVERY_MS = 100;

declare global {
  interface Window {
    /** ms of the machine's clock at which each fact came. */
    readonly seen: readonly number[];
  }
}

/** What goes on beside the facts; ends when the returned function is called. */
type Load = () => Promise<() => Promise<unknown>>;

async function underLoad(browser: Browser, kind: Kind): Promise<Table> {
  const room = randomCode();
  const opened = [await blankPage(browser, 1), await blankPage(browser, 1)];
  await Promise.all(opened.map((each) => enter(each, kind, room)));
  const [a, b] = opened.map(({ page }) => page) as [Page, Page];
  for (const page of [a, b]) if (!(await until(page, isLinked, 30_000))) throw new Error('the two pages do not meet');
  await a.waitForTimeout(3000);
  await a.evaluate(() => {
    const { score, run } = window.tutti;
    for (const result of [
      score.edit({ type: 'createInterval', at: 0, duration: 600_000, id: 'long' }),
      score.edit({ type: 'createProcess', interval: 'long', id: 'note', process: { type: 'text' } }),
      score.edit({ type: 'set', id: 'note', fields: { text: 'x'.repeat(50_000) } }),
    ])
      if ('issue' in result) throw new Error(result.issue.message);
    run.play();
  });
  await until(b, () => window.tutti.run.state === 'playing', 20_000);
  await b.evaluate(() => {
    const seen: number[] = [];
    let { length } = window.tutti.run.log();
    Object.assign(window, { seen });
    window.tutti.on('run', () => {
      for (const now = window.tutti.run.log().length; length < now; length++) seen.push(performance.timeOrigin + performance.now());
    });
  });

  const took: number[] = [];
  const medium: Load = async () => {
    const id = await a.evaluate((size) => {
      const bytes = new Uint8Array(size);
      for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
      return new Promise<string>((done) => window.tutti.media.add(bytes, (added) => done(added ?? '')));
    }, MEDIUM_BYTES);
    const arrival = b.evaluate(
      (wanted) =>
        new Promise<number>((done) => {
          const began = performance.now();
          window.tutti.media.fetch(wanted, (found) => done(found ? performance.now() - began : Number.NaN));
        }),
      id,
    );
    return async () => took.push(await arrival);
  };
  const edits: Load = async () => {
    await a.evaluate(
      ([length, every]) => {
        const timer = setInterval(() => {
          const text = Array.from({ length: length / 10 }, () => Math.random().toString(36).slice(2, 12).padEnd(10)).join('');
          window.tutti.score.edit({ type: 'set', id: 'note', fields: { text } });
        }, every);
        Object.assign(window, { endEdits: () => clearInterval(timer) });
      },
      [TEXT_CHARACTERS, TEXT_EVERY_MS] as const,
    );
    return async () => {
      await a.evaluate(() => (window as unknown as { endEdits(): void }).endEdits());
      await a.waitForTimeout(1000);
    };
  };

  const kinds: readonly (readonly [string, Load])[] = [
    ['idle', () => Promise.resolve(() => Promise.resolve())],
    ['20 MB on media', medium],
    ['an edit of 50 kB ten times a second', edits],
  ];
  const figures = new Map<string, number[]>(kinds.map(([name]) => [name, []]));
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [name, load] of kinds) {
      const end = await load();
      figures.get(name)?.push(...(await facts(a, b)));
      await end();
    }
  }
  await Promise.all(opened.map(({ context }) => context.close()));
  const idle = quantile(figures.get('idle') ?? [], 0.99);
  return {
    title: `Facts of a run from page to page; each ${MEDIUM_BYTES / 1e6} MB came within ${ms(Math.max(...took))}`,
    columns: ['beside them', 'facts', 'p50', 'p90', 'p99', 'slowest', 'p99 above idle'],
    rows: [...figures].map(([name, all]) => [
      name,
      String(all.length),
      ...[0.5, 0.9, 0.99, 1].map((share) => ms(quantile(all, share))),
      name === 'idle' ? '' : ms(Math.max(0, quantile(all, 0.99) - idle)),
    ]),
  };
}

/** ms from saying to hearing; dates are of the machine's one clock, which both pages share. */
async function facts(a: Page, b: Page): Promise<readonly number[]> {
  const before = await b.evaluate(() => window.seen.length);
  const said = await a.evaluate(
    ([count, every]) =>
      new Promise<number[]>((done) => {
        const dates: number[] = [];
        const timer = setInterval(() => {
          dates.push(performance.timeOrigin + performance.now());
          window.tutti.run.seek(1000 * (1 + (dates.length % 20)));
          if (dates.length < count) return;
          clearInterval(timer);
          done(dates);
        }, every);
      }),
    [FACTS, EVERY_MS] as const,
  );
  await b.waitForTimeout(700);
  const seen = await b.evaluate((from) => window.seen.slice(from), before);
  if (seen.length !== said.length) throw new Error(`${said.length} facts said, ${seen.length} heard`);
  return seen.map((date, i) => date - (said[i] ?? 0));
}
