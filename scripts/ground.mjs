/** What every script stands on: packages that are installed, an app that is built, programs that are run. Plain Node. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const NODE_OLDEST = [20, 19];

const at = (...path) => join(ROOT, ...path);
export const say = (text) => console.log(`tutti: ${text}`);

/** A refusal for the person who started this, without a stack. */
export function refuse(text) {
  console.error(`tutti: ${text}`);
  process.exit(1);
}

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = NODE_OLDEST;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor))
    refuse(`Node ${NODE_OLDEST.join('.')} or newer is needed; this is ${process.versions.node}. See https://nodejs.org`);
}

/** Resolves with exit code and all output; prints it as it comes unless `isQuiet`. */
export function run(command, args, { isQuiet = false, env = {} } = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', isQuiet ? 'pipe' : 'inherit', isQuiet ? 'pipe' : 'inherit'],
      shell: process.platform === 'win32',
    });
    let output = '';
    child.stdout?.on('data', (bytes) => (output += bytes));
    child.stderr?.on('data', (bytes) => (output += bytes));
    child.on('error', (error) => done({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code) => done({ code: code ?? 1, output }));
  });
}

/** A program that a package brings, run by this very Node. */
export const runTool = (entry, args, options) => run(process.execPath, [at('node_modules', entry), ...args], options);

/** Forgets what an earlier run left in test-results. */
export const clearResult = (file) => rmSync(at('test-results', file), { force: true });

/** Runs tests; their report is test-results/<name>.json. */
export function vitest(name, args, { reporter = 'default', ...options } = {}) {
  clearResult(`${name}.json`);
  const reporting = [`--reporter=${reporter}`, '--reporter=json', `--outputFile.json=test-results/${name}.json`];
  return runTool('vitest/vitest.mjs', ['run', ...reporting, ...args], options);
}

/** Does what is installed differ from what package-lock.json says? Optional packages are for other platforms. */
function isStale() {
  const installed = at('node_modules/.package-lock.json');
  if (!existsSync(installed)) return true;
  const wanted = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).some(
    ([path, { version, optional, devOptional }]) => path !== '' && !optional && !devOptional && found[path]?.version !== version,
  );
}

export async function install() {
  requireNode();
  if (!isStale()) return;
  say('installing packages ...');
  const { code } = await run(NPM, ['ci', '--no-audit', '--no-fund', '--include=dev']);
  if (code !== 0) refuse('the packages could not be installed; is this machine on the internet? Then try again.');
}

/** True when this is a Debian and we may, and it said that it did. */
export async function installFromDebian(name) {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false;
  say(`no ${name} found: apt-get install ${name} ...`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  const { code } = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { env });
  return code === 0;
}

const SOURCES = ['src', 'signalling', 'index.html', 'companion.html', 'public', 'vite.config.ts', 'package.json', 'package-lock.json'];
const STAMP = at('dist/.built');

/** ms of the newest change below. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Builds app and server if a source is newer than the last build, or `isForced`. */
export async function build({ isForced = false } = {}) {
  const startedAt = Date.now() / 1000;
  const newestSource = Math.max(...SOURCES.map((path) => newest(at(path))));
  if (!isForced && existsSync(STAMP) && statSync(STAMP).mtimeMs > newestSource) return;
  say('building ...');
  for (const args of [['build'], ['build', '--ssr']]) {
    const { code, output } = await runTool('vite/bin/vite.js', [...args, '--logLevel', 'warn'], { isQuiet: true });
    if (code !== 0) refuse(`the build failed:\n${output}`);
  }
  writeFileSync(STAMP, '');
  say(`built in ${(Date.now() / 1000 - startedAt).toFixed(1)} s`);
}

/** The simulator, with its tally: a seed counts as a test. undefined while there is none. */
export async function simulate(first, count, jobs = 1) {
  if (!existsSync(at('test/sim/main.ts'))) return undefined;
  const args = ['--seed', `${first}`, '--seeds', `${count}`, '--jobs', `${jobs}`];
  const { code, output } = await runTool('tsx/dist/cli.mjs', ['test/sim/main.ts', ...args], { isQuiet: true });
  const seeds = new Set([...output.matchAll(/--seed[ =](\d+)/g)].map(([, seed]) => seed));
  const failed = code === 0 ? 0 : Math.max(1, Math.min(count, seeds.size));
  return { code, output, tally: { passed: count - failed, failed } };
}

/** Tests of one vitest report; a file that could not be read at all is one failure. */
export function readReport(name) {
  const path = at('test-results', name);
  if (!existsSync(path)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(path, 'utf8'));
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length };
}

export const sum = (tallies) =>
  tallies.reduce((all, { passed, failed }) => ({ passed: all.passed + passed, failed: all.failed + failed }), { passed: 0, failed: 0 });

/** What a script came to; one failure where it came to nothing. */
export function readTally(name) {
  const path = at('test-results', `${name}.tally.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { passed: 0, failed: 1 };
}

/** Where `.ci/run` finds what a script came to. */
export function writeTally(name, tally) {
  mkdirSync(at('test-results'), { recursive: true });
  writeFileSync(at('test-results', `${name}.tally.json`), JSON.stringify(tally));
}
