import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium, randomCode } from '../e2e/stage.ts';
import { median } from './measure.ts';
import { NAMING, prepareOurs, serveOurs, serveStock, watch, WEAK_VIEWPORT } from './mesh.ts';
import type { Kind } from './mesh.ts';
import { livelyScore } from './scores.ts';
import { bytes, ms } from './table.ts';
import type { Table } from './table.ts';

/**
 * Real pages in one Chromium: a score on its way to who comes late, ours and stock y-webrtc's; facts of a run while a
 * medium of 20 MB passes. `BENCH_ONLY=late:1000`, `BENCH_ONLY=load` does a part, where a machine is shared.
 */
export async function benchDocuments(): Promise<readonly Table[]> {
  const browser = await launchChromium();
  const [ours, stock] = [await serveOurs(), await serveStock()];
  const kinds: readonly Kind[] = [
    { name: 'ours', urlOf: (room) => `${ours.url}/?name=bench#${room}`, prepare: prepareOurs },
    { name: 'y-webrtc 10.3', urlOf: (room) => `${stock.url}/stock.html#${room}`, prepare: () => Promise.resolve() },
  ];
  const only = process.env['BENCH_ONLY'] ?? '';
  const tables: Table[] = [];
  try {
    if (only !== 'load') tables.push(await lateJoin(browser, kinds, only));
    if (!only.startsWith('late')) tables.push(await underLoad(browser, kinds[0]!));
    return tables;
  } finally {
    await browser.close();
    await Promise.all([ours.close(), stock.close()]);
  }
}

const OBJECTS = [50, 1000, 10_000, 20_000];
const PRESENT = [1, 3];
const NEVER_MS = 15_000;

async function openPage(browser: Browser, kind: Kind, room: string, others: number): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ viewport: WEAK_VIEWPORT });
  const page = await context.newPage();
  await page.addInitScript({ content: NAMING });
  await page.addInitScript(watch, others);
  await page.goto(kind.urlOf(room), { waitUntil: 'commit' });
  return { page, context };
}

const linked = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => window.counted?.wholeAt, undefined, { timeout: 30_000, polling: 50 });
const ready = async (kind: Kind, page: Page): Promise<void> => {
  await page.waitForFunction(() => window.probe ?? (window as Partial<Window>).tutti, undefined, { timeout: 30_000, polling: 50 });
  await kind.prepare(page);
};

/** ms from when the newcomer was linked with all, until it had the score; Infinity: never within 15 s. */
async function late(
  browser: Browser,
  kind: Kind,
  text: string,
  present: number,
): Promise<{ readonly took: number; readonly size: number }> {
  const room = randomCode();
  const first = await openPage(browser, kind, room, 0);
  await ready(kind, first.page);
  const size = await first.page.evaluate((score) => window.probe?.load(score) ?? 0, text);
  const opened = [first];
  for (let i = 1; i < present; i++) opened.push(await openPage(browser, kind, room, i));
  await Promise.all(opened.slice(1).map(({ page }) => linked(page)));
  await new Promise((done) => setTimeout(done, 4000));
  const newcomer = await openPage(browser, kind, room, present);
  await ready(kind, newcomer.page);
  await newcomer.page.evaluate(() => {
    window.probe?.onTitle((title) => {
      if (title === 'lively') window.counted.loadedAt ??= performance.now();
    });
    const { tutti } = window as Partial<Window>;
    if (tutti?.score.read().title === 'lively') window.counted.loadedAt ??= performance.now();
  });
  const took = await newcomer.page
    .waitForFunction(() => window.counted.wholeAt !== undefined && window.counted.loadedAt !== undefined, undefined, {
      timeout: NEVER_MS,
      polling: 50,
    })
    .then(() => newcomer.page.evaluate(() => Math.max(0, (window.counted.loadedAt ?? 0) - (window.counted.wholeAt ?? 0))))
    .catch(() => Infinity);
  for (const { context } of [...opened, newcomer]) await context.close();
  return { took, size };
}

async function lateJoin(browser: Browser, kinds: readonly Kind[], only: string): Promise<Table> {
  const [, wanted] = only.split(':');
  const rows: string[][] = [];
  for (const objects of OBJECTS.filter((each) => wanted === undefined || Number(wanted) === each)) {
    const text = JSON.stringify(livelyScore(objects));
    for (const present of PRESENT) {
      const results = new Map<string, { readonly took: number; readonly size: number }>();
      for (const kind of [...kinds].reverse()) results.set(kind.name, await late(browser, kind, text, present));
      const size = results.get('y-webrtc 10.3')?.size ?? 0;
      const shown = kinds.map(({ name }) => {
        const { took = Infinity } = results.get(name) ?? {};
        return Number.isFinite(took) ? ms(took) : `never (${NEVER_MS / 1000} s)`;
      });
      rows.push([`${objects} objects`, bytes(size), String(present), ...shown]);
      console.log(rows.at(-1)?.join(' | '));
    }
  }
  return {
    title: 'A score on its way to who comes late: from being linked with all until the score is there',
    columns: ['score', 'document', 'pages present', 'ours', 'y-webrtc 10.3'],
    rows,
  };
}

const FACTS = 150;
const EVERY_MS = 100;
const MEDIUM_BYTES = 20_000_000;

/** Facts of a run from page to page: dates are of the machine's one clock, which both pages share. */
async function underLoad(browser: Browser, kind: Kind): Promise<Table> {
  const room = randomCode();
  const a = await openPage(browser, kind, room, 1);
  const b = await openPage(browser, kind, room, 1);
  await Promise.all([a, b].map(({ page }) => linked(page)));
  await new Promise((done) => setTimeout(done, 3000));
  await a.page.evaluate(() => window.tutti.run.play());
  await b.page.waitForFunction(() => window.tutti.run.state === 'playing', undefined, { timeout: 20_000, polling: 50 });
  await b.page.evaluate(() => {
    const seen: number[] = [];
    let count = window.tutti.run.log().length;
    Object.assign(window, { seen });
    window.tutti.on('run', () => {
      const { length } = window.tutti.run.log();
      for (; count < length; count++) seen.push(performance.timeOrigin + performance.now());
    });
  });
  const facts = async (): Promise<readonly number[]> => {
    const before = await b.page.evaluate(() => (window as unknown as { seen: number[] }).seen.length);
    const said = await a.page.evaluate(
      ([count, every]) =>
        new Promise<number[]>((done) => {
          const dates: number[] = [];
          const timer = setInterval(() => {
            dates.push(performance.timeOrigin + performance.now());
            window.tutti.run.seek(1000 * (1 + (dates.length % 20)));
            if (dates.length < count!) return;
            clearInterval(timer);
            done(dates);
          }, every);
        }),
      [FACTS, EVERY_MS],
    );
    await new Promise((done) => setTimeout(done, 1000));
    const seen = await b.page.evaluate((from) => (window as unknown as { seen: number[] }).seen.slice(from), before);
    if (seen.length !== said.length) throw new Error(`${said.length} facts said, ${seen.length} heard`);
    return seen.map((date, i) => date - (said[i] ?? 0));
  };

  const idle = await facts();
  const id = await a.page.evaluate((size) => {
    const medium = new Uint8Array(size);
    for (let i = 0; i < size; i++) medium[i] = Math.imul(i + 1, 0x9e3779b1) >>> 20;
    return window.tutti.media.add(medium);
  }, MEDIUM_BYTES);
  const transfer = b.page.evaluate(
    (medium) =>
      new Promise<number>((done) => {
        const began = performance.now();
        window.tutti.media.fetch(medium!, (found) => done(found ? performance.now() - began : Number.NaN));
      }),
    id,
  );
  const busy = await facts();
  const took = await transfer;
  await a.context.close();
  await b.context.close();
  const at = (all: readonly number[], part: number): number =>
    all.toSorted((x, y) => x - y)[Math.floor((all.length - 1) * part)] ?? Number.NaN;
  const row = (name: string, all: readonly number[]): string[] => [
    name,
    String(all.length),
    ms(median(all)),
    ms(at(all, 0.99)),
    ms(Math.max(...all)),
  ];
  return {
    title: `Facts of a run from page to page; 20 MB came within ${ms(took)}`,
    columns: ['link', 'facts', 'p50', 'p99', 'slowest'],
    rows: [row('idle', idle), row('20 MB on media', busy)],
  };
}
