/** Finds a Firefox to test with, or installs one. */
import { existsSync } from 'node:fs';
import { installFromDebian, refuse, say } from './ground.mjs';

const USUAL = [
  '/usr/bin/firefox-esr',
  '/usr/lib/firefox-esr/firefox-esr',
  '/usr/bin/firefox',
  '/snap/bin/firefox',
  '/opt/firefox/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

const usual = () => USUAL.find((path) => existsSync(path));

/** Path of the program; undefined when there is none to be had: its tests are then skipped, and counted as such. */
export async function findFirefox() {
  const named = process.env.FIREFOX;
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) refuse(`FIREFOX is "${named}", and there is no such file.`);
    return tell(named);
  }
  const found = usual() ?? ((await installFromDebian('firefox-esr')) ? usual() : undefined);
  return found === undefined ? undefined : tell(found);
}

function tell(path) {
  say(`testing with ${path}, too`);
  return path;
}
