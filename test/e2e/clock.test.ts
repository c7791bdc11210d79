import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { until, useStage, whole, NAMES } from './stage.ts';

/**
 * All pages of this machine share one true clock, which their `?fault=` falsifies for them alone. So mesh time, read
 * together with the true clock in each page, tells by how much any two pages disagree.
 */
const stage = useStage('test');
let pages: readonly Page[] = [];

const FAULTS = ['3600000,300', '-1800000,-300', '12345,800'];

interface Reading {
  /** True time of this machine, and mesh time minus it, ms. */
  readonly at: number;
  readonly ahead: number;
  readonly bound: number;
}

/** Reads mesh time for a while, the main thread blocked `busy` of every 33 ms. */
const readings = (page: Page, ms: number, busy: number): Promise<Reading[]> =>
  page.evaluate(
    ([length, block]) =>
      new Promise<Reading[]>((done) => {
        const seen: Reading[] = [];
        const start = performance.now();
        const turn = (): void => {
          const before = performance.now();
          const mesh = window.tutti.clock.now();
          const after = performance.now();
          const at = performance.timeOrigin + (before + after) / 2;
          // A reading that the machine interrupted says nothing.
          if (after - before < 0.3) seen.push({ at, ahead: mesh - at, bound: window.tutti.clock.bound });
          while (performance.now() - before < block) Math.sqrt(before);
          if (performance.now() - start < length) setTimeout(turn, 33 - block);
          else done(seen);
        };
        turn();
      }),
    [ms, busy] as const,
  );

/** ms by which two pages disagree, at each reading of the first. */
function disagreement(first: readonly Reading[], second: readonly Reading[]): { error: number; bound: number }[] {
  let next = 0;
  return first.flatMap(({ at, ahead, bound }) => {
    while (next + 1 < second.length && Math.abs(second[next + 1]!.at - at) <= Math.abs(second[next]!.at - at)) next++;
    const other = second[next];
    return other && Math.abs(other.at - at) < 50 ? [{ error: Math.abs(ahead - other.ahead), bound: bound + other.bound }] : [];
  });
}

const quantile = (figures: readonly number[], share: number): number =>
  [...figures].sort((a, b) => a - b)[Math.min(figures.length - 1, Math.floor(share * figures.length))] ?? Number.NaN;

async function errorsWhile(ms: number, busy: number): Promise<{ p50: number; p95: number; count: number; beyond: number }> {
  const [first = [], second = []] = await Promise.all(pages.slice(0, 2).map((page) => readings(page, ms, busy)));
  const seen = disagreement(first, second);
  const errors = seen.map(({ error }) => error);
  const beyond = Math.max(...seen.map(({ error, bound }) => error - bound));
  return { p50: quantile(errors, 0.5), p95: quantile(errors, 0.95), count: errors.length, beyond };
}

describe('clocks in real pages', () => {
  it('[CK2] disagree no more while both main threads are blocked 20 of every 33 ms than while idle', async () => {
    pages = (await stage.room(2, FAULTS)).pages;
    await pages[0]?.waitForTimeout(2500);
    const idle = await errorsWhile(3000, 0);
    const busy = await errorsWhile(4500, 20);
    expect(Math.min(idle.count, busy.count)).toBeGreaterThan(30);
    expect(Math.max(idle.beyond, busy.beyond)).toBeLessThan(0.2);
    expect(idle.p95).toBeLessThan(1);
    expect(busy.p95).toBeLessThan(Math.max(1, 3 * idle.p95));
  });

  it('[CK9] a frozen tab has the time again within 2 s of waking, and nobody else was disturbed', async () => {
    const room = await stage.room(2, FAULTS);
    const late = await stage.open({ name: NAMES[2] ?? '', code: room.code, fault: FAULTS[2] ?? '' });
    pages = [...room.pages, late];
    const [first, second] = room.pages as [Page, Page];
    await Promise.all(pages.map((page) => whole(page, 3)));
    const frozen = await rendererOf(late);
    await first.waitForTimeout(2000);

    const others = Promise.all([readings(first, 8000, 0), readings(second, 8000, 0)]);
    process.kill(frozen, 'SIGSTOP');
    try {
      await until(
        first,
        () => window.tutti.room.peers.filter(({ link, isFrozen }) => link === 'whole' && !isFrozen).length === 1,
        undefined,
      );
      await first.waitForTimeout(2500);
    } finally {
      process.kill(frozen, 'SIGCONT');
    }
    const woke = performance.now();
    await Promise.all(pages.map((page) => whole(page, 3)));
    const tookMs = performance.now() - woke;
    const [mine, theirs] = await Promise.all([readings(late, 500, 0), readings(first, 500, 0)]);
    const after = disagreement(mine, theirs);
    const [a, b] = await others;
    expect(after.length).toBeGreaterThan(3);
    expect(Math.max(...after.map(({ error }) => error))).toBeLessThan(3);
    expect(Math.max(...after.map(({ error, bound }) => error - bound))).toBeLessThan(0.2);
    expect(tookMs).toBeLessThan(2000);
    // Of one page's mesh time against the true clock, from reading to reading: no step, and hardly a slew.
    const jumps = a.slice(1).map(({ ahead }, index) => Math.abs(ahead - a[index]!.ahead));
    expect(Math.max(...jumps)).toBeLessThan(1);
    expect(
      quantile(
        disagreement(a, b).map(({ error }) => error),
        0.95,
      ),
    ).toBeLessThan(1);
  });
});

/** Process id of a page's renderer: the one that works while the page spins. Chromium keeps spare ones that are nobody's yet. */
async function rendererOf(page: Page): Promise<number> {
  const before = await renderers();
  await page.evaluate(() => {
    const until = performance.now() + 400;
    while (performance.now() < until);
  });
  const worked = [...(await renderers())].map(([id, seconds]) => ({ id, seconds: seconds - (before.get(id) ?? seconds) }));
  const most = worked.reduce((a, b) => (b.seconds > a.seconds ? b : a), { id: 0, seconds: 0 });
  if (most.seconds < 0.2) throw new Error(`no renderer worked: ${JSON.stringify(worked)}`);
  return most.id;
}

/** Seconds of processor of each renderer, by process id. */
async function renderers(): Promise<ReadonlyMap<number, number>> {
  const session = await stage.browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return new Map(processInfo.flatMap(({ type, id, cpuTime }) => (type === 'renderer' ? [[id, cpuTime] as const] : [])));
}
