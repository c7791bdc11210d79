import { execFileSync, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rehearse, type Outcome } from './rehearsal.ts';

/**
 * `npm run sim -- --seed N --seeds K [--jobs J] [--report file]`: rehearsals N, N + 1, ... in virtual time, by J processes
 * (default: one per core when there are many seeds). What goes wrong is said with the command that repeats it exactly; the
 * last line is `N passed, N failed`.
 */
const SEEDS = 20;
const MANY = 60;
const { values } = parseArgs({
  options: { seed: { type: 'string' }, seeds: { type: 'string' }, jobs: { type: 'string' }, report: { type: 'string' } },
});
const first = values.seed === undefined ? randomInt(1, 2 ** 31 - 1) : wholeNumber('seed', values.seed);
const count = values.seeds === undefined ? SEEDS : wholeNumber('seeds', values.seeds);
const jobs = values.jobs === undefined ? (count < MANY ? 1 : availableParallelism()) : Math.max(1, wholeNumber('jobs', values.jobs));
/** Set in the processes that only do the work. */
const isWorker = process.send !== undefined && values.jobs === '1' && values.report === undefined;

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

type Result = Omit<Outcome, 'world'> & { readonly virtual: number };

function tell({ seed, options, violations }: Result): void {
  const { peers, path, faults } = options;
  console.log(`seed ${seed} (${peers} peers, ${path}, ${faults.map(({ name }) => name).join(', ') || 'no faults'}), commit ${commit()}:`);
  for (const { what, at } of violations) console.log(`  at ${(at / 1000).toFixed(2)} s: ${what}`);
  console.log(`  replay: npm run sim -- --seed ${seed} --seeds 1`);
}

function work(done: (result: Result) => void): void {
  for (let seed = first; seed < first + count; seed++) {
    const { world, ...outcome } = rehearse(seed);
    done({ ...outcome, virtual: world.now() / 1000 });
  }
}

/** Each process takes its share of the seeds in a row; a process that dies takes its seeds along, which is a failure. */
async function share(done: (result: Result) => void): Promise<void> {
  const each = Math.ceil(count / jobs);
  const starts = Array.from({ length: jobs }, (_, i) => first + i * each).filter((start) => start < first + count);
  await Promise.all(
    starts.map(
      (start) =>
        new Promise<void>((resolve, reject) => {
          const seeds = Math.min(each, first + count - start);
          const child = fork(fileURLToPath(import.meta.url), ['--seed', String(start), '--seeds', String(seeds), '--jobs', '1']);
          child.on('message', (result) => done(result as Result));
          child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`seeds from ${start} on ended with code ${code}`))));
        }),
    ),
  );
}

async function main(): Promise<void> {
  console.log(`${count} rehearsals from seed ${first} on${jobs > 1 ? ` by ${jobs} processes` : ''}`);
  const startedAt = performance.now();
  const failed: Result[] = [];
  let virtual = 0;
  const done = (result: Result): void => {
    virtual += result.virtual;
    if (result.violations.length === 0) return;
    tell(result);
    failed.push(result);
  };
  if (jobs > 1) await share(done);
  else work(done);
  const seconds = (performance.now() - startedAt) / 1000;
  if (values.report !== undefined)
    writeFileSync(values.report, `${JSON.stringify({ commit: commit(), first, count, failed }, undefined, 2)}\n`);
  console.log(
    `${seconds.toFixed(1)} s, ${(seconds / Math.max(1, count)).toFixed(2)} s each, ${(virtual / Math.max(seconds, 0.001)).toFixed(0)} times as fast as life`,
  );
  console.log(`${count - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

if (isWorker) work((result) => process.send?.(result));
else await main();
