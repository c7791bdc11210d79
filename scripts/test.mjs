/**
 * `npm test`: every test, those in real browsers included, and some simulator seeds that check does not run.
 * `npm test -- --rest` leaves out what check has run already. Anything else is passed on to vitest: `npm test -- join`.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './chromium.mjs';
import { findFirefox } from './firefox.mjs';
import { build, install, readReport, ROOT, runTool, say, simulate, sum, writeTally } from './ground.mjs';

const REPORT = 'test.json';
const SEED_FIRST = 1001;
const SEEDS = 20;

const args = process.argv.slice(2);
const isRest = args.includes('--rest');
const passedOn = args.filter((arg) => arg !== '--rest');

await install();
const chromium = await findChromium();
const firefox = await findFirefox();
await build();

rmSync(join(ROOT, 'test-results', REPORT), { force: true });
const reporting = ['--reporter=default', '--reporter=json', `--outputFile.json=test-results/${REPORT}`];
const projects = isRest ? ['e2e', 'long', 'calm'].flatMap((name) => ['--project', name]) : [];
const tests = await runTool('vitest/vitest.mjs', ['run', ...projects, ...reporting, ...passedOn], {
  env: { CHROMIUM: chromium, FIREFOX: firefox ?? '', TUTTI_TEST: '1' },
});
const tallies = [readReport(REPORT)];
let isGood = tests.code === 0;

if (passedOn.length === 0) {
  const simulated = await simulate(SEED_FIRST, SEEDS, 2);
  if (simulated !== undefined) {
    tallies.push(simulated.tally);
    isGood &&= simulated.code === 0;
    say(`${simulated.code === 0 ? 'ok    ' : 'FAILED'} ${SEEDS} simulator seeds from ${SEED_FIRST} on`);
    if (simulated.code !== 0) console.log(simulated.output);
  }
}

const counted = sum(tallies);
const tally = isGood || counted.failed > 0 ? counted : { ...counted, failed: 1 };
writeTally('test', tally);
if (firefox === undefined)
  say('SKIPPED: what is tested with Firefox, for none was found and none could be installed. Set FIREFOX to its path.');
say(`test: ${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = isGood ? 0 : 1;
