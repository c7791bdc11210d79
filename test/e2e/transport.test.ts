import { createServer, type Server } from 'node:http';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import sirv from 'sirv';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { TRANSPORT_CONTRACT } from '../contract/transport.ts';
import { createRosterServer } from '../unit/mesh/roster-server.ts';
import type { JoinOptions, MeshView } from './pages/transport.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const CHROMIUM = process.env['CHROMIUM'] ?? ['/usr/lib/chromium/chromium', '/usr/bin/chromium'].find((path) => existsSync(path));
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP tutti.test 127.0.0.1',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

let out: string;
let http: Server;
let browser: Browser;
let base: string;
let port: number;
let signalling = createRosterServer(() => performance.now());
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });

beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'tutti-transport-'));
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: out, minify: false, rollupOptions: { input: join(ROOT, 'test/e2e/pages/transport.html') } },
  });
  const files = sirv(out, {
    setHeaders(response) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    },
  });
  http = createServer((request, response) => files(request, response));
  http.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head, (ws) => serve(ws)));
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  port = (http.address() as AddressInfo).port;
  base = `127.0.0.1:${port}`;
  browser = await chromium.launch({ ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }), args: ARGS });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  sockets.clients.forEach((client) => client.terminate());
  http?.close();
  rmSync(out, { recursive: true, force: true });
});

function serve(ws: import('ws').WebSocket): void {
  const client = signalling.accept({ send: (text) => ws.send(text), close: () => ws.close() });
  if (client === undefined) return ws.terminate();
  ws.on('message', (bytes) => client.message(String(bytes)));
  ws.on('close', () => client.closed());
}

async function openPage(context: BrowserContext, host = base): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(`http://${host}/test/e2e/pages/transport.html`);
  await page.waitForFunction(() => 'transportPage' in window);
  return page;
}

const errors: string[] = [];
const joinMesh = (page: Page, options: JoinOptions): Promise<string> => page.evaluate((given) => window.transportPage.join(given), options);
const view = (page: Page): Promise<MeshView> => page.evaluate(() => window.transportPage.view());
const untilView = async (page: Page, isDone: (view: MeshView) => boolean, limit = 10_000): Promise<MeshView> => {
  const end = Date.now() + limit;
  for (;;) {
    const seen = await view(page);
    if (isDone(seen) || Date.now() > end) return seen;
    await new Promise((done) => setTimeout(done, 50));
  }
};
const isWhole =
  (others: number) =>
  (seen: MeshView): boolean =>
    seen.members.length === others && seen.members.every(({ link }) => link === 'whole');

describe.each([
  ['worker', true],
  ['page', false],
] as const)('WebRTC in Chromium, fast in the %s', (_, isWorkerWanted) => {
  it.each(TRANSPORT_CONTRACT.map(({ title }, index) => [title, index] as const))(
    '%s',
    async (_title, index) => {
      const context = await browser.newContext();
      const page = await openPage(context);
      const outcome = await page.evaluate(([n, isWanted]) => window.transportPage.runCase(n, isWanted), [index, isWorkerWanted] as const);
      await context.close();
      expect(outcome).toBe('');
    },
    30_000,
  );

  it('three pages are whole on every channel, share a clock, outlive the server and see who leaves', async () => {
    signalling = createRosterServer(() => performance.now());
    const context = await browser.newContext();
    const pages = await Promise.all([1, 2, 3].map(() => openPage(context)));
    const faults = ['0,0', '3600000,300', '-1800000,-300'];
    const url = `ws://${base}/signal`;
    const ids = await Promise.all(pages.map((page, i) => joinMesh(page, { url, isWorkerWanted, fault: faults[i] ?? '', name: `P${i}` })));
    expect(new Set(ids).size).toBe(3);
    for (const page of pages) expect(await untilView(page, isWhole(2))).toMatchObject({ isWorkerUsed: isWorkerWanted, notices: [] });

    for (const page of pages) await page.evaluate(() => window.transportPage.shout());
    for (const page of pages) expect((await untilView(page, ({ heard }) => heard >= 8)).heard).toBe(8);

    for (const page of pages) expect((await untilView(page, ({ isReady }) => isReady)).isReady).toBe(true);
    const seen = await Promise.all(pages.map(view));
    expect(new Set(seen.map(({ session }) => session)).size).toBe(1);
    expect(seen.filter(({ isMaster }) => isMaster)).toHaveLength(1);
    const mistakes = seen.map(({ error }) => error);
    expect(Math.max(...mistakes) - Math.min(...mistakes)).toBeLessThan(5);

    signalling.stop();
    for (const page of pages) expect((await untilView(page, ({ server }) => server === 'offline')).server).toBe('offline');
    signalling.start();
    for (const page of pages) expect((await untilView(page, ({ server }) => server === 'open')).server).toBe('open');
    for (const page of pages) expect(isWhole(2)(await view(page))).toBe(true);

    const [first, second, third] = pages as [Page, Page, Page];
    await third.evaluate(() => window.transportPage.leave());
    for (const page of [first, second]) expect(isWhole(1)(await untilView(page, isWhole(1), 1000))).toBe(true);

    const before = await second.evaluate(() => sessionStorage.getItem('tutti instance'));
    await second.reload();
    await second.waitForFunction(() => 'transportPage' in window);
    const again = await joinMesh(second, { url, isWorkerWanted, fault: '0,0', name: 'again' });
    expect(again).toBe(ids[1]);
    expect(await second.evaluate(() => sessionStorage.getItem('tutti instance'))).toBe(before);
    expect((await untilView(first, ({ members }) => members[0]?.name === 'again' && members[0].link === 'whole')).members).toHaveLength(1);
    await context.close();
    expect(errors.filter((text) => !/WebSocket/.test(text))).toEqual([]);
  }, 60_000);
});

describe('a page that hangs', () => {
  it('[LK12] is seen as frozen while its worker lives, and keeps its link', async () => {
    signalling = createRosterServer(() => performance.now());
    const context = await browser.newContext();
    const pages = await Promise.all([1, 2].map(() => openPage(context)));
    const [first, second] = pages as [Page, Page];
    const url = `ws://${base}/signal`;
    for (const page of pages) await joinMesh(page, { url, isWorkerWanted: true, fault: '0,0', name: 'x' });
    for (const page of pages) expect(isWhole(1)(await untilView(page, isWhole(1)))).toBe(true);
    const hanging = second.evaluate(() => window.transportPage.hang(4000));
    const frozen = await untilView(first, ({ members }) => members[0]?.isFrozen === true, 3500);
    expect(frozen.members).toMatchObject([{ link: 'whole', isFrozen: true }]);
    await hanging;
    const thawed = await untilView(first, ({ members }) => members[0]?.isFrozen === false, 3000);
    expect(thawed.members).toMatchObject([{ link: 'whole', isFrozen: false }]);
    expect(isWhole(1)(await view(second))).toBe(true);
    await context.close();
  }, 30_000);
});

describe('without a secure context', () => {
  it('[ID1] pages are linked all the same, and tabs keep their numbers', async () => {
    signalling = createRosterServer(() => performance.now());
    const context = await browser.newContext();
    const host = `tutti.test:${port}`;
    const pages = await Promise.all([1, 2].map(() => openPage(context, host)));
    const [first, second] = pages as [Page, Page];
    expect(await first.evaluate(() => window.isSecureContext)).toBe(false);
    const options = { url: `ws://${host}/signal`, isWorkerWanted: true, fault: '0,0', name: 'x' };
    const ids = await Promise.all(pages.map((page) => joinMesh(page, options)));
    expect(new Set(ids).size).toBe(2);
    for (const page of pages) expect(await untilView(page, isWhole(1))).toMatchObject({ isWorkerUsed: true, notices: [] });
    await second.reload();
    await second.waitForFunction(() => 'transportPage' in window);
    expect(await joinMesh(second, options)).toBe(ids[1]);
    expect(isWhole(1)(await untilView(second, isWhole(1)))).toBe(true);
    await context.close();
  }, 30_000);
});
