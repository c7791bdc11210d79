import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { closeAll, randomCode, useStage, whole } from './stage.ts';

/** What the door may weigh on the wire. */
const DOOR_BYTES_MAX = 250 * 1024;

const stage = useStage('file');

interface Traffic {
  /** As transferred: encoded, without headers. */
  bytes: number;
  readonly foreign: string[];
  readonly complaints: string[];
  /** Bodies of scripts, decoded. */
  readonly scripts: string[];
}

/** Follows everything that a page, its frames and its workers ask of the network from its first byte on. */
async function follow(page: Page): Promise<{ readonly traffic: Traffic; settled(): Promise<void> }> {
  const traffic: Traffic = { bytes: 0, foreign: [], complaints: [], scripts: [] };
  const bodies: Promise<unknown>[] = [];
  const context = page.context();
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== stage.url) traffic.foreign.push(request.url());
  });
  context.on('requestfinished', (request) => {
    if (!request.url().startsWith('http')) return;
    const measure = async (): Promise<void> => {
      traffic.bytes += (await request.sizes()).responseBodySize;
      if (/\.js$/.test(request.url())) traffic.scripts.push((await (await request.response())?.text()) ?? '');
    };
    bodies.push(measure().catch(() => undefined));
  });
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).host !== new URL(stage.url).host) traffic.foreign.push(socket.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error') traffic.complaints.push(message.text());
  });
  page.on('pageerror', (error) => traffic.complaints.push(error.message));
  return {
    traffic,
    settled: async () => {
      await page.waitForLoadState('networkidle');
      await Promise.all(bodies);
    },
  };
}

it('the door weighs at most 250 KB and brings neither pixi nor tone; the room asks no one else for anything', async () => {
  const context = await stage.browser.newContext();
  const page = await context.newPage();
  const { traffic, settled } = await follow(page);
  await page.goto(stage.url);
  await page.getByRole('button', { name: 'New room' }).waitFor();
  await settled();
  expect(traffic.bytes).toBeGreaterThan(20_000);
  expect(traffic.bytes).toBeLessThan(DOOR_BYTES_MAX);
  // Words that survive minification: error texts and names of these libraries' own.
  for (const script of traffic.scripts) expect(script).not.toMatch(/PixiJS|pixi\.js|Tone\.js|standardized-audio-context/);
  expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(true);

  await page.getByLabel('Your name').fill('Ada');
  await page.getByRole('button', { name: 'New room' }).click();
  await whole(page, 1);
  await page.getByRole('main', { name: 'Score' }).waitFor();
  await settled();
  // The words that are looked for are really those that the libraries have.
  expect(traffic.scripts.some((script) => /PixiJS|pixi\.js/.test(script))).toBe(true);
  expect(traffic.scripts.some((script) => /Tone\.js|standardized-audio-context/.test(script))).toBe(true);
  expect(traffic.foreign).toEqual([]);
  expect(traffic.complaints).toEqual([]);
  await context.close();
});

it('the demo plays for some seconds, asks no one else for anything and complains of nothing', async () => {
  const context = await stage.browser.newContext();
  const page = await context.newPage();
  const { traffic } = await follow(page);
  await page.goto(`${stage.url}/?name=Ada`);
  await page.getByRole('button', { name: /demo/i }).click();
  await whole(page, 1);
  await page.waitForFunction(() => (window.tutti.run.position() ?? 0) > 3000);
  expect(traffic.foreign).toEqual([]);
  expect(traffic.complaints).toEqual([]);
  await context.close();
});

it('two pages in a room tell nobody outside that they are there', async () => {
  const code = randomCode();
  const opened = await Promise.all(['Ada', 'Béla'].map((name) => stage.open({ name, code })));
  const followed = await Promise.all(opened.map(follow));
  await Promise.all(opened.map((page) => page.reload()));
  await Promise.all(opened.map((page) => whole(page, 2)));
  for (const { traffic } of followed) expect([...traffic.foreign, ...traffic.complaints]).toEqual([]);
  await closeAll(opened);
});
