import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { rehearse, type Outcome } from './rehearsal.ts';

/**
 * `npm run sim -- --seed N --seeds K [--report file]`: rehearsals N, N + 1, ... in virtual time. What goes wrong is said
 * with the command that repeats it exactly; the last line is `N passed, N failed`.
 */
const SEEDS = 20;
const { values } = parseArgs({ options: { seed: { type: 'string' }, seeds: { type: 'string' }, report: { type: 'string' } } });
const first = values.seed === undefined ? randomInt(1, 2 ** 31 - 1) : wholeNumber('seed', values.seed);
const count = values.seeds === undefined ? SEEDS : wholeNumber('seeds', values.seeds);

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  console.error(`--${name} takes a whole number, not "${text}".`);
  process.exit(2);
}

/** Where there is no repository, there is no commit to name. */
function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

function tell({ seed, options, violations }: Omit<Outcome, 'world'>): void {
  const { peers, path, faults } = options;
  console.log(`seed ${seed} (${peers} peers, ${path}, ${faults.map(({ name }) => name).join(', ') || 'no faults'}), commit ${commit()}:`);
  for (const { what, at } of violations) console.log(`  at ${(at / 1000).toFixed(2)} s: ${what}`);
  console.log(`  replay: npm run sim -- --seed ${seed} --seeds 1`);
}

console.log(`${count} rehearsals from seed ${first} on`);
const startedAt = performance.now();
const failed: Omit<Outcome, 'world'>[] = [];
let virtual = 0;
for (let seed = first; seed < first + count; seed++) {
  const { world, ...outcome } = rehearse(seed);
  virtual += world.now() / 1000;
  if (outcome.violations.length === 0) continue;
  tell(outcome);
  failed.push(outcome);
}
const seconds = (performance.now() - startedAt) / 1000;
if (values.report !== undefined)
  writeFileSync(values.report, `${JSON.stringify({ commit: commit(), first, count, failed }, undefined, 2)}\n`);
console.log(
  `${seconds.toFixed(1)} s, ${(seconds / Math.max(1, count)).toFixed(2)} s each, ${(virtual / Math.max(seconds, 0.001)).toFixed(0)} times as fast as life`,
);
console.log(`${count - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
