import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { launch } from 'puppeteer-core';
import type { Browser as Firefox, Page as FirefoxPage } from 'puppeteer-core';
import type { PageOptions, Stage } from '../e2e/stage.ts';

/** Firefox, driven by WebDriver BiDi, as guest on a stage. */
export interface Guest {
  /** Looks to the helpers of the stage like any page of theirs: what they call on it exists, no more. */
  open(options: Pick<PageOptions, 'name' | 'code' | 'fault'>): Promise<Page>;
  readonly errors: readonly string[];
  close(): Promise<void>;
}

const CANDIDATES = [process.env['FIREFOX'], '/usr/bin/firefox-esr', '/usr/bin/firefox', '/snap/bin/firefox'];

/** Path of the program, if there is one. */
export const findFirefox = (): string | undefined => CANDIDATES.find((path) => path !== undefined && path !== '' && existsSync(path));

const PREFERENCES = {
  // Pages of one machine, without a network that resolves .local names.
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.peerconnection.ice.loopback': true,
  'media.autoplay.default': 0,
  // A microphone that gives a tone, and nobody to be asked for it.
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

export async function inviteFirefox(stage: Stage, executablePath: string): Promise<Guest> {
  const errors: string[] = [];
  const firefox: Firefox = await launch({ browser: 'firefox', executablePath, headless: true, extraPrefsFirefox: PREFERENCES });
  return {
    errors,
    async open({ name, code, fault }) {
      const context = await firefox.createBrowserContext();
      const page = await context.newPage();
      page.on('pageerror', (error) => errors.push(String(error)));
      const query = new URLSearchParams({ name, ...(fault !== undefined && { fault }) });
      await page.goto(`${stage.url}/?${query.toString()}${code === undefined ? '' : `#${code}`}`);
      return asPage(page, () => context.close());
    },
    close: () => firefox.close(),
  };
}

/** The same few calls, the arguments in playwright's order. */
function asPage(page: FirefoxPage, close: () => Promise<void>): Page {
  const like = {
    evaluate: (f: never, argument: never) => page.evaluate(f, argument),
    waitForFunction: (f: never, argument: never, options: { timeout: number; polling: number }) =>
      page.waitForFunction(f, options, argument),
    reload: () => page.reload(),
    goto: (url: string) => page.goto(url),
    close,
  };
  return like as unknown as Page;
}
