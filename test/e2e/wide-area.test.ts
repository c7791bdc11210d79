import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { livelyScore } from '../bench/scores.ts';
import { ahead, FAULTS, firedEverywhere, runs, sameScore, spreadOf, waits, watchPlayheads, writeChain } from './scenes.ts';
import type { Chain, Watch } from './scenes.ts';
import { closeAll, createStage, everywhere, NAMES, randomCode, until, whole } from './stage.ts';
import type { Stage } from './stage.ts';
import { createUdpRelay, CUT } from './udp-relay.ts';
import type { UdpRelay, Way } from './udp-relay.ts';

const [ADA, BELA, CLARA] = NAMES as [string, string, string];
/** A round trip of some 70 ms. */
const FAR: Way = { delay: 30, jitter: 5, loss: 0.01 };
const NEAR: Way = { delay: 1 };
/** Between processes: what their readings of one clock differ by. */
const READING_MS = 0.5;
const APART_MAX_MS = 5;
const JUMP_MAX_MS = 2;

let stage: Stage;
let relay: UdpRelay;
let pages: Page[] = [];
beforeAll(async () => {
  stage = await createStage();
}, 60_000);
beforeEach(() => {
  relay = createUdpRelay();
});
afterEach(async () => {
  await closeAll(pages);
  relay.close();
  pages = [];
});
afterAll(() => stage?.close());

/** One after the other, so that the first is the clock master. */
async function join(names: readonly string[]): Promise<void> {
  const code = randomCode();
  for (const [i, name] of names.entries()) {
    const context = await relay.context(stage.browser, name);
    pages.push(await stage.open({ name, code, fault: FAULTS[i] ?? '', context }));
    await whole(pages[i] as Page, i + 1);
  }
  await Promise.all(pages.map((page) => whole(page, names.length)));
  await Promise.all(pages.map((page) => until(page, () => window.tutti.clock.spread < 4, undefined, 20_000)));
}

/** Ada and Béla in one place, Clara far from both. */
async function enter(): Promise<readonly [Page, Page, Page]> {
  relay.shapeBoth(ADA, BELA, NEAR);
  for (const name of [ADA, BELA]) relay.shapeBoth(name, CLARA, FAR);
  await join([ADA, BELA, CLARA]);
  return pages as unknown as readonly [Page, Page, Page];
}

interface Reading {
  /** Of mesh time before the one true clock of this machine, ms. */
  readonly ahead: number;
  readonly bound: number;
  readonly isMaster: boolean;
}

const clocks = (): Promise<Reading[]> =>
  everywhere(pages, () => {
    const { clock } = window.tutti;
    for (;;) {
      const before = performance.now();
      const reading = { ahead: clock.now() - before - performance.timeOrigin, bound: clock.bound, isMaster: clock.isMaster };
      if (performance.now() - before < 0.5) return reading;
    }
  });

/** Errors of all clocks against their master's for 2 s, none larger than it claims; the largest of them, ms. */
async function errorsWithinBounds(): Promise<number> {
  const end = Date.now() + 2000;
  let worst = 0;
  while (Date.now() < end) {
    const readings = await clocks();
    const master = readings.find(({ isMaster }) => isMaster)?.ahead ?? Number.NaN;
    for (const { ahead, bound } of readings) {
      const error = Math.abs(ahead - master);
      expect(error).toBeLessThan(bound + READING_MS);
      worst = Math.max(worst, error);
    }
  }
  return worst;
}

/** A run that waits, half a second in, for a click. */
async function playToTrigger(): Promise<Chain> {
  const chain = await writeChain(pages[0] as Page, [500, 60_000]);
  await sameScore(pages);
  await pages[0]?.evaluate(() => window.tutti.run.play());
  await Promise.all(pages.map((page) => waits(page, chain.syncs[0] ?? '')));
  return chain;
}

const title = (page: Page, text: string): Promise<unknown> =>
  page.evaluate((wanted) => void window.tutti.score.edit({ type: 'setTitle', title: wanted }), text);
const isTitled = (text: string): Promise<unknown> =>
  Promise.all(pages.map((page) => until(page, (wanted) => window.tutti.score.read().title === wanted, text)));

const isLinked = (page: Page, name: string, wanted: boolean, timeout?: number): Promise<unknown> =>
  until(
    page,
    ([who, isWanted]) => window.tutti.room.peers.some((peer) => peer.name === who && peer.link === 'whole') === isWanted,
    [name, wanted] as const,
    timeout,
  );

/** All agree on what was fired and on where they are, and nobody's playhead jumped since `end` began to watch. */
async function isOnePerformance(end: () => Promise<readonly Watch[]>): Promise<void> {
  const logs = await firedEverywhere(pages);
  expect(logs[0]).not.toBe('');
  expect(new Set(logs).size).toBe(1);
  for (const { jump, readings } of await end()) {
    expect(readings).toBeGreaterThan(20);
    expect(jump).toBeLessThan(JUMP_MAX_MS);
  }
  expect(spreadOf(await ahead(pages))).toBeLessThan(APART_MAX_MS);
}

describe('over a link with a round trip of 70 ms, jitter and loss', () => {
  it('[CK2] a score is written, run and triggered as in one place, and no clock is off by more than it says', async () => {
    const [ada, , clara] = await enter();
    expect(await errorsWithinBounds()).toBeLessThan(APART_MAX_MS);
    const { intervals, syncs } = await playToTrigger();
    const end = await watchPlayheads(pages);
    await clara.evaluate((id) => void window.tutti.run.trigger(id), syncs[0] ?? '');
    await Promise.all(pages.map((page) => runs(page, intervals[1] ?? '')));
    await title(clara, 'from afar');
    await isTitled('from afar');
    await title(ada, 'from here');
    await isTitled('from here');
    await ada.waitForTimeout(500);
    await isOnePerformance(end);
    // The network was there: packets took this way, and some got lost on it.
    expect(relay.counts.lost).toBeGreaterThan(0);
    expect(
      await clara.evaluate(() => Math.min(...window.tutti.room.peers.flatMap(({ isSelf, rtt }) => (isSelf ? [] : [rtt ?? 0])))),
    ).toBeGreaterThan(2 * FAR.delay);
  });

  it('[CK2] that is slower one way than the other, the error is what no two-way method can see, and the bound says so', async () => {
    relay.shape(ADA, BELA, { delay: 40 });
    relay.shape(BELA, ADA, { delay: 10 });
    await join([ADA, BELA]);
    const worst = await errorsWithinBounds();
    expect(worst).toBeGreaterThan(10);
    expect(worst).toBeLessThan(20);
  });
});

const linkTo = (page: Page, name: string, wanted: string, timeout?: number): Promise<unknown> =>
  until(
    page,
    ([who, link]) => window.tutti.room.peers.some((peer) => peer.name === who && peer.link === link),
    [name, wanted] as const,
    timeout,
  );

describe('a run', () => {
  afterEach(() => stage.startServer().catch(() => undefined));

  it('[LK16] [LK18] goes on while nothing passes between two, over the third; linked again, also when one changed its network or no server is left', async () => {
    const [ada, bela, clara] = await enter();
    const { intervals, syncs } = await playToTrigger();
    const end = await watchPlayheads(pages);
    const bothLinks = (link: string, timeout?: number): Promise<unknown> =>
      Promise.all([linkTo(ada, CLARA, link, timeout), linkTo(clara, ADA, link, timeout)]);

    relay.shapeBoth(ADA, CLARA, CUT);
    await bothLinks('relayed');
    for (const name of ['Network', 'Health']) await ada.getByRole('tab', { name }).click();
    await ada.locator('[data-peer]', { hasText: CLARA }).getByText('via Béla').waitFor();
    await ada.getByText('Everyone is reached, Clara over another').waitFor();
    await clara.evaluate((id) => void window.tutti.run.trigger(id), syncs[0] ?? '');
    await title(ada, 'round about');
    await isTitled('round about');
    await Promise.all(pages.map((page) => runs(page, intervals[1] ?? '')));
    await whole(bela, 3);
    relay.shapeBoth(ADA, CLARA, FAR);
    await Promise.all(pages.map((page) => whole(page, 3)));

    relay.move(CLARA);
    await Promise.all([ada, bela].map((page) => isLinked(page, CLARA, false)));
    await Promise.all(pages.map((page) => whole(page, 3)));

    await stage.stopServer();
    await Promise.all(pages.map((page) => until(page, () => window.tutti.room.state === 'offline', undefined)));
    relay.shapeBoth(ADA, CLARA, CUT);
    await bothLinks('relayed');
    relay.shapeBoth(ADA, CLARA, FAR);
    const since = Date.now();
    await bothLinks('whole', 20_000);
    console.log(`linked again through a neighbour after ${Date.now() - since} ms`);
    await title(clara, 'without a server');
    await isTitled('without a server');
    await isOnePerformance(end);
  });
});

describe('a score of 10,000 objects', () => {
  it('[SY4, UI17] reaches who comes late over a round trip of 80 ms, and shows on both sides how far it is', async () => {
    relay.shapeBoth(ADA, CLARA, { delay: 40 });
    await join([ADA]);
    const [ada] = pages as [Page];
    const code = await ada.evaluate(() => window.tutti.room.code);
    await ada.evaluate(
      (text) => {
        const issue = window.tutti.score.open(text);
        if (issue) throw new Error(issue.message);
      },
      JSON.stringify(livelyScore(10_000)),
    );
    for (const name of ['Network', 'Health']) await ada.getByRole('tab', { name }).click();
    await ada.evaluate(watchGift);
    const context = await relay.context(stage.browser, CLARA);
    await context.addInitScript(watchArrival);
    const clara = await stage.open({ name: CLARA, code, context });
    pages.push(clara);
    await whole(clara, 2);
    await until(clara, () => window.tutti.score.read().title === 'lively', undefined, 20_000);
    await sameScore(pages);
    const { bars, took, title } = await clara.evaluate(() => window.arrival);
    console.log(
      `10,000 objects over 80 ms: ${Math.round(took)} ms from being linked, shown at ${bars.map((bar) => bar.toFixed(2)).join(', ')}`,
    );
    expect(title).toBe('The score is on its way from Ada');
    expect(new Set(bars).size).toBeGreaterThan(1);
    expect(bars).toEqual(bars.toSorted((a, b) => a - b));
    const given = await ada.evaluate(() => window.given);
    expect(new Set(given).size).toBeGreaterThan(1);
  });
});

declare global {
  interface Window {
    readonly arrival: { readonly bars: readonly number[]; readonly took: number; readonly title: string };
    readonly given: readonly number[];
  }
}

/** In the page of who comes: what its bar shows, and how long the score takes from being linked. */
function watchArrival(): void {
  const arrival = { bars: [] as number[], took: Number.NaN, title: '' };
  Object.assign(window, { arrival });
  let linkedAt = Number.NaN;
  let isListening = false;
  const look = setInterval(() => {
    const { tutti } = window as Partial<Window>;
    const bar = document.querySelector<HTMLProgressElement>('progress[aria-labelledby=arrival]');
    if (bar) {
      arrival.bars.push(bar.value / bar.max);
      arrival.title = document.querySelector('#arrival')?.textContent ?? '';
    }
    if (!tutti) return;
    if (Number.isNaN(linkedAt) && tutti.room.peers.some(({ link }) => link === 'whole')) linkedAt = performance.now();
    if (isListening) return;
    isListening = true;
    tutti.on('score', () => {
      if (!Number.isNaN(arrival.took) || tutti.score.read().title !== 'lively') return;
      arrival.took = performance.now() - linkedAt;
      clearInterval(look);
    });
  }, 20);
}

/** In the page of who gives: the part that Health says has left. */
function watchGift(): void {
  const given: number[] = [];
  Object.assign(window, { given });
  setInterval(() => {
    const bar = document.querySelector<HTMLProgressElement>('[data-peer] progress');
    if (bar) given.push(bar.value);
  }, 20);
}
