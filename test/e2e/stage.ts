import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, FileChooser, Page } from 'playwright-core';
import type { Console } from '../../src/console.ts';
import { createSignallingServer } from '../../signalling/server.ts';

declare global {
  interface Window {
    readonly tutti: Console;
  }
}

/** A real server and a real Chromium: what every end-to-end test plays on. */
export interface Stage {
  readonly url: string;
  readonly browser: Browser;
  /** A page of its own browser context, as another machine would be: own storage, own identity. */
  open(options: PageOptions): Promise<Page>;
  /** A room of `count` whole peers on an empty score. */
  room(count: number, faults?: readonly string[]): Promise<{ readonly code: string; readonly pages: readonly Page[] }>;
  /** The server goes, and comes back on the same port knowing nothing. */
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
  close(): Promise<void>;
}

export interface PageOptions {
  readonly name: string;
  /** Room code; absent: the door. */
  readonly code?: string;
  /** `<offset ms>,<skew ppm>` */
  readonly fault?: string;
  /** Runs in the page before anything of ours. */
  readonly script?: string | (() => void);
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Another tab of a browser that is there already; otherwise the page gets one of its own. */
  readonly context?: BrowserContext;
}

const CANDIDATES = [process.env['CHROMIUM'], '/usr/lib/chromium/chromium', '/usr/bin/chromium', '/usr/bin/google-chrome'];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

export async function launchChromium(): Promise<Browser> {
  const executablePath = CANDIDATES.find((path) => path !== undefined && path !== '' && existsSync(path));
  return chromium.launch({ ...(executablePath !== undefined && { executablePath }), args: FLAGS });
}

export async function createStage(): Promise<Stage> {
  process.env['TUTTI_TEST'] = '1';
  let server = await createSignallingServer({ port: 0, host: '127.0.0.1' });
  const { port } = server;
  const url = `http://localhost:${port}`;
  const browser = await launchChromium();

  const newContext = ({ script, viewport }: PageOptions): Promise<BrowserContext> =>
    browser.newContext({ bypassCSP: script !== undefined, viewport: viewport ?? { width: 1024, height: 768 } });

  const open = async (options: PageOptions): Promise<Page> => {
    const { name, code, fault, script, context } = options;
    const page = await (context ?? (await newContext(options))).newPage();
    page.setDefaultTimeout(10_000);
    if (script) await page.addInitScript(script);
    page.on('pageerror', (error) => console.error(`page error of ${name}:`, error.message));
    const query = new URLSearchParams({ name, ...(fault !== undefined && { fault }) });
    await page.goto(`${url}/?${query.toString()}${code === undefined ? '' : `#${code}`}`);
    return page;
  };

  return {
    url,
    browser,
    open,
    async room(count, faults = []) {
      const code = randomCode();
      const pages = await Promise.all(
        Array.from({ length: count }, (_, i) =>
          open({ name: NAMES[i] ?? `Peer ${i}`, code, ...(faults[i] !== undefined && { fault: faults[i] }) }),
        ),
      );
      await Promise.all(pages.map((page) => whole(page, count)));
      await oneScore(pages);
      return { code, pages };
    },
    stopServer: () => server.close(),
    async startServer() {
      server = await createSignallingServer({ port, host: '127.0.0.1' });
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** A stage for the tests of a file. pagesLive: until the end of the test that opened them, or of the file. */
export function useStage(pagesLive: 'test' | 'file'): Stage {
  let made: Stage | undefined;
  const opened: Page[] = [];
  const on = (): Stage => {
    if (!made) throw new Error('The stage is not built yet.');
    return made;
  };
  beforeAll(async () => {
    made = await createStage();
  }, 60_000);
  if (pagesLive === 'test') afterEach(() => closeAll(opened.splice(0)));
  afterAll(() => made?.close());
  return {
    get url() {
      return on().url;
    },
    get browser() {
      return on().browser;
    },
    async open(options) {
      const page = await on().open(options);
      opened.push(page);
      return page;
    },
    async room(count, faults) {
      const room = await on().room(count, faults);
      opened.push(...room.pages);
      return room;
    },
    stopServer: () => on().stopServer(),
    startServer: () => on().startServer(),
    close: () => on().close(),
  };
}

export const NAMES = ['Ada', 'Béla', 'Clara', 'Dmitri', 'Erik'];

const WORDS = ['abandon', 'ability', 'able', 'about', 'above', 'absent', 'absorb', 'abstract', 'absurd', 'abuse', 'access', 'accident'];
/** Not secret, only different from every other test's. */
export const randomCode = (): string => Array.from({ length: 5 }, () => WORDS[Math.floor(Math.random() * WORDS.length)]).join('-');

/** Waits until a page sees `count` peers, all of them whole and with a clock to perform by. */
export const whole = (page: Page, count: number): Promise<unknown> =>
  page.waitForFunction(
    (wanted) => {
      const tutti = (window as Partial<Window>).tutti;
      const peers = tutti?.room.peers ?? [];
      const linked = peers.filter(({ link }) => link === 'whole' || link === 'self');
      return linked.length === wanted && tutti?.clock.master !== undefined && Number.isFinite(tutti.clock.spread);
    },
    count,
    { timeout: 20_000, polling: 20 },
  );

/** On a slow machine two may each have begun the room; it is one when they have one score, the elder's. */
export async function oneScore(pages: readonly Page[]): Promise<void> {
  const end = Date.now() + 10_000;
  for (;;) {
    const ids = await everywhere(pages, () => window.tutti.score.read().id);
    if (new Set(ids).size === 1 && ids[0] !== '') return;
    if (Date.now() > end) throw new Error(`different scores after 10 s: ${ids.join(' ')}`);
    await pages[0]?.waitForTimeout(20);
  }
}

/** Polls in the page until `f` is true. */
export const until = <A>(page: Page, f: (argument: A) => boolean, argument: A, timeout = 10_000): Promise<unknown> =>
  page.waitForFunction(f as never, argument as never, { timeout, polling: 20 });

/** Calls `f` in every page at nearly the same moment. */
export const everywhere = <T>(pages: readonly Page[], f: () => T): Promise<T[]> =>
  Promise.all(pages.map((page) => page.evaluate(f))) as Promise<T[]>;

/** Ends pages with all that their browsers kept; who was shot or went by itself is gone already. */
export const closeAll = async (pages: readonly Page[]): Promise<void> => {
  await Promise.all(
    pages.map((page) =>
      page
        .context()
        .close()
        .catch(() => undefined),
    ),
  );
};

/** A page whose process is shot says no goodbye. */
export async function shoot(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  // The command is never answered: who should answer is dead.
  void session.send('Page.crash').catch(() => undefined);
  await crashed;
}

/** Presses Ctrl+O and chooses `file`. The browser must intercept its dialog before the key comes: hence the round trip. */
export async function chooseFile(page: Page, file: Parameters<FileChooser['setFiles']>[0]): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.evaluate(() => undefined);
  const [chooser] = await Promise.all([choosing, page.keyboard.press('Control+o')]);
  await chooser.setFiles(file);
}
