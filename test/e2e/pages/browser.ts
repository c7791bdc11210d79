/** A real Chromium on a page served from the sources. */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';

const CANDIDATES = [process.env['CHROMIUM'], '/usr/lib/chromium/chromium', '/usr/bin/chromium'];
const FLAGS =
  '--no-sandbox --disable-gpu --use-angle=swiftshader --enable-unsafe-swiftshader --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --autoplay-policy=no-user-gesture-required';
const PREBUNDLED = ['tone/build/esm/classes.js', 'tone/build/esm/core/Global.js', 'pixi.js', 'pixi.js/unsafe-eval', 'webmidi'];

export interface TestPage {
  readonly page: Page;
  /** What the page complained of in its console. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** before: script that runs on the page ahead of all else. */
export async function openPage(path: string, before = ''): Promise<TestPage> {
  const server = await createServer({
    configFile: false,
    root: resolve(import.meta.dirname, '../../..'),
    cacheDir: join(tmpdir(), 'tutti-page-cache'),
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    optimizeDeps: { include: PREBUNDLED, entries: [path.slice(1)] },
  });
  await server.listen();
  const browser = await chromium.launch({
    executablePath: CANDIDATES.find((path) => path && existsSync(path)) ?? 'chromium',
    args: FLAGS.split(' '),
  });
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => void complaints.push(String(error)));
  await page.addInitScript(before);
  await page.goto(new URL(path, server.resolvedUrls!.local[0]).href);
  await page.waitForFunction(() => 'harness' in window, undefined, { timeout: 60_000 });
  return {
    page,
    complaints,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
