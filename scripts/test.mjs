/**
 * `npm test`: every test, those in real browsers included, and some simulator seeds that check does not run.
 * `npm test -- --rest` leaves out what check has run already. Anything else is passed on to vitest: `npm test -- join`.
 *
 * First what measures time between pages, alone; then browsers that mostly wait, and beside them what only computes.
 */
import { findChromium } from './chromium.mjs';
import { findFirefox } from './firefox.mjs';
import { build, clearResult, install, readReport, readTally, run, say, sum, vitest, writeTally } from './ground.mjs';

const args = process.argv.slice(2);
const isRest = args.includes('--rest');
const passedOn = args.filter((arg) => arg !== '--rest');

await install();
const chromium = await findChromium();
const firefox = await findFirefox();
await build();

const env = { CHROMIUM: chromium, FIREFOX: firefox ?? '', TUTTI_TEST: '1' };
const projects = (...names) => names.flatMap((name) => ['--project', name]);
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(0)} s`;
const results = [];

/** name: of the report, and of what is said. */
async function tests(name, filters) {
  const startedAt = performance.now();
  const { code } = await vitest(name, filters, { env });
  results.push({ code, tally: readReport(`${name}.json`) });
  say(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}, ${seconds(startedAt)}`);
}

/** Its words come in one piece, once nothing else speaks. */
async function beside(others) {
  const startedAt = performance.now();
  clearResult('beside.tally.json');
  let took = '';
  const background = run(process.execPath, ['scripts/beside.mjs'], { isQuiet: true }).finally(() => (took = seconds(startedAt)));
  await others;
  const { code, output } = await background;
  results.push({ code, tally: readTally('beside') });
  console.log(output);
  say(`${code === 0 ? 'ok    ' : 'FAILED'} long tests and seeds, ${took}`);
}

if (passedOn.length > 0) await tests('test', [...(isRest ? projects('e2e', 'long', 'calm') : []), ...passedOn]);
else {
  await tests('timed', projects(...(isRest ? [] : ['unit']), 'e2e'));
  await beside(tests('calm', projects('calm')));
}

const isGood = results.every(({ code }) => code === 0);
// Whatever ended badly without naming a test is a failure, too.
const tally = sum(results.map(({ code, tally: each }) => (code === 0 || each.failed > 0 ? each : { ...each, failed: 1 })));
writeTally('test', tally);
if (firefox === undefined)
  say('SKIPPED: what is tested with Firefox, for none was found and none could be installed. Set FIREFOX to its path.');
say(`test: ${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = isGood ? 0 : 1;
