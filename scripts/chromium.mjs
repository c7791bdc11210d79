/** Finds a Chromium to test with, or installs one. */
import { existsSync } from 'node:fs';
import { installFromDebian, runTool, say, refuse, ROOT } from './ground.mjs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Debian's /usr/bin/chromium is a shell script that adds flags of its own, so the program behind it comes first. */
const USUAL = [
  '/usr/lib/chromium/chromium',
  '/usr/lib/chromium-browser/chromium-browser',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/snap/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const usual = () => USUAL.find((path) => existsSync(path));

function ofPlaywright() {
  const path = createRequire(join(ROOT, 'package.json'))('playwright-core').chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

/** Path of the program; packages must be installed. Ends the process when there is none to be had. */
export async function findChromium() {
  const named = process.env.CHROMIUM;
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) refuse(`CHROMIUM is "${named}", and there is no such file.`);
    return tell(named);
  }
  return tell(usual() ?? ofPlaywright() ?? (await installChromium()));
}

function tell(path) {
  say(`testing with ${path}`);
  return path;
}

async function installChromium() {
  if (await installFromDebian('chromium')) {
    const found = usual();
    if (found !== undefined) return found;
  }
  say('no Chromium found: npx playwright install chromium ...');
  await runTool('playwright-core/cli.js', ['install', 'chromium']);
  return ofPlaywright() ?? refuse('no Chromium could be installed. Install one, or set CHROMIUM to its path.');
}
