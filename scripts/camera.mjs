/** What `npm run pictures` photographs with: a server of its own, real pages in rooms of their own, pictures side by side. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findChromium } from './chromium.mjs';
import { refuse, ROOT, say } from './ground.mjs';

const IMAGES = join(ROOT, 'docs/images');
const FLAGS = [
  ...['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run'],
  ...['--autoplay-policy=no-user-gesture-required', '--disable-features=WebRtcHideLocalIpsWithMdns', '--hide-scrollbars'],
];
/** Colours of those who are always in the pictures. */
const HUES = { Ada: 9, Béla: 4, Clara: 1, Dmitri: 6 };
/** Sharper than they are shown. */
const SCALE = 1.5;

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, 'localhost', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** The built server, until close(). */
async function serve() {
  const port = await freePort();
  const child = spawn(process.execPath, [join(ROOT, 'dist/server/main.js')], {
    env: { ...process.env, PORT: `${port}`, HOST: 'localhost' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((done) => child.stdout.once('data', done));
  return { url: `http://localhost:${port}`, close: () => child.kill() };
}

/** In a page: waits until f(argument) is true there. */
export const until = (page, f, argument) => page.waitForFunction(f, argument, { timeout: 20_000, polling: 50 });
/** Several commands as one step; whatever is refused ends the script. */
export const edit = (page, commands) =>
  page.evaluate((all) => {
    const result = window.tutti.score.edit({ type: 'batch', commands: all });
    if (result.issue) throw new Error(result.issue.message);
  }, commands);

export async function createCamera() {
  const chromium = await findChromium();
  const server = await serve();
  const { chromium: kind } = createRequire(join(ROOT, 'package.json'))('playwright-core');
  const browser = await kind.launch({ executablePath: chromium, args: FLAGS });
  mkdirSync(IMAGES, { recursive: true });

  /** A page of its own person; fragment: code of the room, absent: the door. */
  async function open({ name, code, size = [1440, 900], script }) {
    const context = await browser.newContext({
      viewport: { width: size[0], height: size[1] },
      deviceScaleFactor: SCALE,
      colorScheme: 'dark',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => refuse(`the page of ${name}: ${error.message}`));
    await page.addInitScript((hue) => localStorage.setItem('tutti hue', hue), `${HUES[name] ?? 0}`);
    if (script) await page.addInitScript(script);
    await page.goto(`${server.url}/?name=${encodeURIComponent(name)}${code === undefined ? '' : `#${code}`}`);
    return page;
  }

  /** A room that the first one made and owns, with everyone in it, by name. */
  async function room(names, options = {}) {
    const owner = await open({ name: names[0], ...options });
    await owner.getByRole('button', { name: 'New room' }).click();
    await until(owner, () => window.tutti?.rights.isOwner);
    await owner.getByRole('button', { name: /^Share/ }).click();
    const link = await owner.getByRole('textbox', { name: 'Link to this room' }).inputValue();
    await owner.keyboard.press('Escape');
    const code = link.slice(link.indexOf('#') + 1);
    const pages = [owner];
    for (const name of names.slice(1)) pages.push(await open({ name, code, ...options }));
    for (const page of pages) await gathered(page, names.length);
    return { code, pages };
  }

  const gathered = (page, count) =>
    until(page, (wanted) => window.tutti?.room.peers.length === wanted && window.tutti.clock.master !== undefined, count);

  /** of: a page, or something in it. */
  async function take(of, name) {
    await ('page' in of ? of.page() : of).evaluate?.(() => document.activeElement?.blur());
    await of.screenshot({ path: join(IMAGES, `${name}.png`) });
    say(`docs/images/${name}.png`);
  }

  /** Pictures under one another, each with its words above it. */
  async function album(shots, name, { width = 1000, columns = 1 } = {}) {
    const sheet = await browser.newPage({ viewport: { width, height: 100 }, deviceScaleFactor: SCALE });
    const figures = shots.map(
      ({ words, png }) => `<figure><figcaption>${words}</figcaption><img src="data:image/png;base64,${png.toString('base64')}"></figure>`,
    );
    const style = `body { margin: 0; padding: 12px; background: #0d0f14; color: #c9ced8; font: 14px Inter, system-ui, sans-serif;
      display: grid; grid-template-columns: repeat(${columns}, 1fr); gap: 14px } figure { margin: 0 } figcaption { padding-bottom: 6px }
      img { display: block; width: 100%; border-radius: 4px }`;
    await sheet.setContent(`<style>${style}</style>${figures.join('')}`);
    await sheet.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
    await sheet.screenshot({ path: join(IMAGES, `${name}.png`), fullPage: true });
    await sheet.close();
    say(`docs/images/${name}.png`);
  }

  return {
    open,
    room,
    gathered,
    take,
    album,
    async close() {
      await browser.close();
      server.close();
    },
  };
}
