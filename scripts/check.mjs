/** `npm run check`: everything that needs no browser, two parts at a time, in under a minute. */
import { install, readReport, runTool, say, simulate, sum, vitest, writeTally } from './ground.mjs';

const SEEDS = 6;
const LANES = 2;
const CACHE = 'node_modules/.cache';

const tool =
  (entry, ...args) =>
  () =>
    runTool(entry, args, { isQuiet: true });

/** Exit code 0 or 1, and what the part counts as in the tally: a part without tests counts only when it fails. */
const untallied = (result) => ({ ...result, tally: { passed: 0, failed: result.code === 0 ? 0 : 1 } });

async function unitTests() {
  const result = await vitest('unit', ['--project', 'unit'], { reporter: 'dot', isQuiet: true });
  return { ...result, tally: readReport('unit.json') };
}

const none = { code: 0, output: '', tally: { passed: 0, failed: 0 }, isMissing: true };

/** Longest first, so that the lanes end together. */
const PARTS = [
  ['unit and property tests', unitTests],
  // svelte-check reports what tsc would of every TypeScript file too.
  [
    'types and components',
    tool('svelte-check/bin/svelte-check', '--tsconfig', './tsconfig.json', '--output', 'human', '--fail-on-warnings'),
  ],
  [`${SEEDS} simulator seeds`, async () => (await simulate(1, SEEDS)) ?? none],
  ['eslint', tool('eslint/bin/eslint.js', '.', '--max-warnings', '0', '--cache', '--cache-location', `${CACHE}/eslint/`)],
  [
    'types of the core',
    tool('typescript/bin/tsc', '-p', 'tsconfig.core.json', '--incremental', '--tsBuildInfoFile', `${CACHE}/core.tsbuildinfo`),
  ],
  [
    'prettier',
    tool('prettier/bin/prettier.cjs', '--check', '.', '--log-level', 'warn', '--cache', '--cache-location', `${CACHE}/prettier-check`),
  ],
  ['import rules', tool('dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs', 'src', 'signalling')],
];

await install();
const startedAt = performance.now();
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const waiting = [...PARTS];
const results = [];

async function lane() {
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    const [name, work] = part;
    const partAt = performance.now();
    const result = await work();
    results.push(result.tally === undefined ? untallied(result) : result);
    say(`${result.isMissing ? 'absent' : result.code === 0 ? 'ok    ' : 'FAILED'} ${name}, ${seconds(partAt)}`);
    if (result.code !== 0) console.log(result.output);
  }
}

await Promise.all(Array.from({ length: LANES }, lane));
const tally = sum(results.map(({ tally: counted, code }) => (code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted)));
writeTally('check', tally);
say(`check: ${tally.passed} tests passed, ${tally.failed} failed, ${seconds(startedAt)}`);
process.exitCode = results.some(({ code }) => code !== 0) ? 1 : 0;
