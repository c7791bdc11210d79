import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS, sameScore } from './scenes.ts';
import { createStage, everywhere, NAMES, randomCode, until, whole } from './stage.ts';
import type { Stage } from './stage.ts';

let stage: Stage;
let pages: readonly Page[];
let code: string;
beforeAll(async () => {
  stage = await createStage();
  ({ code, pages } = await stage.room(3, FAULTS));
}, 60_000);
afterAll(() => stage?.close());

/** The page's row about a person, in the tab Health. */
const rowOf = (page: Page, name: string): Locator => page.locator('[data-peer]', { hasText: name });

async function openHealth(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Network' }).click();
  await page.getByRole('tab', { name: 'Health' }).click();
  await rowOf(page, NAMES[1] ?? '').waitFor();
}

/** The text of a row's cell, by the name of its column. */
const figure = async (page: Page, name: string, column: string): Promise<string> => {
  const heads = await page.getByRole('table', { name: 'Health of each link' }).getByRole('columnheader').allTextContents();
  const cells = await rowOf(page, name).locator('[role="cell"], [role="rowheader"]').allTextContents();
  return (cells[heads.indexOf(column)] ?? '').trim();
};

const badge = (page: Page): Promise<string | null> => page.getByRole('button', { name: /^Clock/ }).getAttribute('aria-label');

/** An edit every 50 ms until the returned function is called. */
async function editOften(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => {
    let count = 0;
    const timer = setInterval(() => window.tutti.score.edit({ type: 'setTitle', title: `${count++}` }), 50);
    Object.assign(window, { endEdits: () => clearInterval(timer) });
  });
  return () => page.evaluate(() => (window as unknown as { endEdits(): void }).endEdits());
}

/** Keeps a page's main thread; its worker lives. */
const hang = (page: Page, ms: number): Promise<void> =>
  page.evaluate((duration) => {
    const end = performance.now() + duration;
    while (performance.now() < end);
  }, ms);

/** What is shown changes with the figures, and under load a little later. */
const soon = <T>(f: () => T) => expect.poll(f, { timeout: 5000 });

describe('the room’s health', () => {
  it('[UI15] shows of each link what the mesh measures, and the figures move', async () => {
    const [first] = pages as [Page];
    await openHealth(first);
    expect(await figure(first, 'Béla', 'Link')).toBe('linked');
    await soon(() => figure(first, 'Béla', 'Score')).toMatch(/same$/);
    expect(await figure(first, 'Béla', 'Trip')).toMatch(/^\d+(\.\d)? ms$/);
    expect(await figure(first, 'Béla', 'Clock')).toMatch(/^±\d+(\.\d)? ms$/);
    expect(await figure(first, 'Béla', 'Lost')).toMatch(/^\d+(\.\d)? %$/);
    const rate = async (column: string): Promise<number> => Number(/\d+/.exec(await figure(first, 'Béla', column))?.[0]);
    const endEdits = await editOften(first);
    // Each edit is a message there, averaged over 5 s.
    await soon(() => rate('Out')).toBeGreaterThan(5);
    await endEdits();
    const busy = await rate('Out');
    await soon(() => rate('Out')).toBeLessThan(busy);
    const health = await first.evaluate(() => window.tutti.room.peers[1]?.health);
    expect(health?.offset?.bound).toBeGreaterThanOrEqual(health?.offset?.spread ?? Infinity);
    expect(health?.lastHeard).toBeLessThan(1000);
  });

  it('[UI11, UI15] says whose page hangs, and which edits are on no other device meanwhile; then all is well again', async () => {
    const [first, ...others] = pages as [Page, Page, Page];
    await sameScore(pages);
    const hung = Promise.all(others.map((page) => hang(page, 2500)));
    await first.evaluate(() => {
      for (const title of ['one', 'two']) window.tutti.score.edit({ type: 'setTitle', title });
    });
    await first.getByText('2 edits not yet on any other device').waitFor();
    await first.getByText('Clara’s page hangs or sleeps').waitFor();
    expect(await figure(first, 'Clara', 'Link')).toBe('asleep');
    await hung;
    await first.getByText('Everyone is linked, and nothing needs attention').waitFor();
    expect(await figure(first, 'Clara', 'Link')).toBe('linked');
    await first.getByText('2 peers hold a copy').waitFor();
  });

  it('[UI16] of two who say “I am master” the later is, within 5 s and on all pages; the earlier is next in line', async () => {
    for (const page of pages) await openHealth(page);
    const isMaster = await everywhere(pages, () => window.tutti.clock.isMaster);
    const [earlier, later] = [0, 1, 2].filter((i) => !isMaster[i]) as [number, number];
    const wish = (i: number) => pages[i]?.getByRole('switch', { name: 'I am master' });
    await wish(earlier)?.click();
    await soon(() => figure(pages[later] as Page, NAMES[earlier] ?? '', 'Who')).toContain('asked to be master');
    await wish(later)?.click();
    const id = await (pages[later] as Page).evaluate(() => window.tutti.peer.id);
    await Promise.all(pages.map((page) => until(page, (wanted) => window.tutti.clock.master === wanted, id, 5000)));
    await soon(() => figure(pages[earlier] as Page, NAMES[later] ?? '', 'Who')).toContain('clock master');
    await soon(() => badge(pages[earlier] as Page)).toContain(NAMES[later]);
    await soon(() => badge(pages[later] as Page)).toContain('Everyone’s clock follows this machine');
    await soon(() => wish(earlier)?.textContent()).toContain('next in line');
  });

  it('[UI17] a newcomer is not told that the score is empty before it is here', async () => {
    await pages[0]?.evaluate(() => void window.tutti.score.edit({ type: 'createInterval', at: 0, duration: 1000 }));
    await sameScore(pages);
    const watch = `new MutationObserver(() => {
      if (document.body?.textContent.includes('This score is empty')) window.saidEmpty = true;
    }).observe(document, { childList: true, subtree: true, characterData: true });`;
    const late = await stage.open({ name: NAMES[3] ?? '', code, script: watch });
    await whole(late, 4);
    await until(late, () => Object.keys(window.tutti.score.read().objects).length > 0, undefined);
    await late.locator('.canvas canvas').waitFor();
    expect(await late.evaluate(() => 'saidEmpty' in window)).toBe(false);
    await late.close();
  });

  it('[UI17] tells everyone that the server is away and newcomers wait, and when it is back', async () => {
    const [first] = pages as [Page];
    await stage.stopServer();
    await first.getByText(/^Server away, newcomers wait/).waitFor();
    await first.getByText('Who is here stays linked and the performance goes on').waitFor();
    await first.getByRole('button', { name: /^Share/ }).click();
    await first.getByText('who opens the link now waits until it is back').waitFor();
    await stage.startServer();
    await first.getByText('The server is back').waitFor();
  });

  it('[UI17] who can find nobody is told what is safe, and may write', async () => {
    const deaf = 'const Real = WebSocket; window.WebSocket = class extends Real { constructor() { super("ws://127.0.0.1:9/"); } };';
    const page = await stage.open({ name: 'Erik', code: randomCode(), script: deaf });
    await page.getByText('The server does not answer, so nobody can be found yet.').waitFor();
    await page.getByRole('button', { name: 'Add the first interval' }).click();
    await until(page, () => Object.keys(window.tutti.score.read().objects).length > 0, undefined);
  });
});
