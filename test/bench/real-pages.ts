import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import { createSignallingServer } from '../../signalling/server.ts';
import { launchChromium } from '../e2e/stage.ts';
import type { Counted } from './pages/probe.ts';

/** Real pages to measure: ours as built, and stock y-webrtc's that hold the same document. */
export interface Kind {
  readonly name: string;
  urlOf(room: string): string;
  /** Gives a page of ours the probe that the stock page brings itself. */
  prepare(page: Page): Promise<unknown>;
}

/** One Chromium and a server for each kind, closed afterwards; undefined where there is no Chromium. */
export async function withPages<T>(measure: (browser: Browser, kinds: readonly [Kind, Kind]) => Promise<T>): Promise<T | undefined> {
  const browser = await launchChromium().catch((error: unknown) => {
    console.log(`No Chromium, no measurement: ${String(error).split('\n')[0]}. Set CHROMIUM to its path.`);
    return undefined;
  });
  if (!browser) return undefined;
  const [ours, stock] = [await serveOurs(), await serveStock()];
  try {
    return await measure(browser, [
      { name: 'ours', urlOf: (room) => `${ours.url}/?name=bench#${room}`, prepare: prepareOurs },
      { name: 'y-webrtc 10.3', urlOf: (room) => `${stock.url}/stock.html#${room}`, prepare: () => Promise.resolve() },
    ]);
  } finally {
    await browser.close();
    await Promise.all([ours.close(), stock.close()]);
  }
}

/** What runs this file names functions by a call that pages do not know. */
const NAMING = 'globalThis.__name = (f) => f;';
const WEAK_VIEWPORT = { width: 480, height: 360 };

export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
}

/** A blank page of a browser context of its own, which will note when it is linked with `others`. */
export async function blankPage(browser: Browser, others: number): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: WEAK_VIEWPORT });
  const page = await context.newPage();
  await page.addInitScript({ content: NAMING });
  await page.addInitScript(watch, others);
  return { page, context };
}

export const enter = ({ page }: OpenedPage, kind: Kind, room: string): Promise<unknown> =>
  page.goto(kind.urlOf(room), { waitUntil: 'commit' });

/** Linked with all it was to be linked with. */
export const isLinked = (): boolean => window.counted?.wholeAt !== undefined;

/** False when it was not so within `timeout`, ms. */
export const until = (page: Page, f: () => boolean, timeout: number): Promise<boolean> =>
  page.waitForFunction(f, undefined, { timeout, polling: 20 }).then(
    () => true,
    () => false,
  );

const CACHE = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));

/** A copy of what is built: nobody's next build changes it while it is measured. */
async function serveOurs() {
  const root = `${CACHE}/bench-app`;
  await cp(fileURLToPath(new URL('../../dist/app', import.meta.url)), root, { recursive: true });
  return createSignallingServer({ port: 0, host: '127.0.0.1', root });
}

async function serveStock() {
  const root = fileURLToPath(new URL('./pages', import.meta.url));
  const outDir = `${CACHE}/bench-pages`;
  await build({
    ...{ root, configFile: false, logLevel: 'error', resolve: { dedupe: ['yjs'] } },
    build: { outDir, emptyOutDir: true, target: 'es2023', rolldownOptions: { input: `${root}/stock.html` } },
  });
  return createSignallingServer({ port: 0, host: '127.0.0.1', root: outDir });
}

/** Runs before everything in each page: counts what leaves, notes when the page is linked with all. */
function watch(others: number): void {
  const counted: Counted = { sends: 0, bytes: 0, seen: {} };
  Object.assign(window, { counted });
  const { prototype } = RTCDataChannel;
  const send = Object.getOwnPropertyDescriptor(prototype, 'send')?.value as (data: ArrayBufferView | ArrayBuffer | string) => void;
  prototype.send = function (this: RTCDataChannel, data: ArrayBufferView | ArrayBuffer | string) {
    if (this.label !== 'fast') {
      counted.sends += 1;
      counted.bytes += typeof data === 'string' ? data.length : data.byteLength;
    }
    send.call(this, data);
  } as typeof prototype.send;
  const tutti = () => (window as Partial<Window>).tutti;
  const look = setInterval(() => {
    const ours = tutti()?.room.peers.filter(({ link }) => link === 'whole').length;
    const links = ours ?? window.probe?.links() ?? 0;
    if (links > 0) counted.linkedAt ??= performance.now();
    if (links < others) return;
    counted.wholeAt = performance.now();
    clearInterval(look);
  }, 10);
}

const prepareOurs = (page: Page): Promise<unknown> =>
  page.evaluate(() => {
    const { tutti } = window;
    window.probe = {
      links: () => tutti.room.peers.filter(({ link }) => link === 'whole').length,
      begin: () => undefined,
      edit: (title) => void tutti.score.edit({ type: 'setTitle', title }),
      load(text) {
        tutti.score.open(text);
        return 0;
      },
      onTitle: (f) => void tutti.on('score', () => f(tutti.score.read().title)),
    };
  });
