/**
 * What `npm test` runs beside browsers that mostly wait: long tests in virtual time, then some simulator seeds that check does
 * not run. It yields to everything else on the machine, and so does whatever it starts: priorities are inherited.
 */
import { constants, setPriority } from 'node:os';
import { readReport, say, simulate, sum, vitest, writeTally } from './ground.mjs';

const SEED_FIRST = 1001;
const SEEDS = 20;

setPriority(constants.priority.PRIORITY_LOW);
const tests = await vitest('long', ['--project', 'long']);
const tallies = [readReport('long.json')];
let isGood = tests.code === 0;
const simulated = await simulate(SEED_FIRST, SEEDS, 2);
if (simulated !== undefined) {
  tallies.push(simulated.tally);
  isGood &&= simulated.code === 0;
  say(`${simulated.code === 0 ? 'ok    ' : 'FAILED'} ${SEEDS} simulator seeds from ${SEED_FIRST} on`);
  if (simulated.code !== 0) console.log(simulated.output);
}
writeTally('beside', sum(tallies));
process.exitCode = isGood ? 0 : 1;
