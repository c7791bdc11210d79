/** The last line of `.ci/run`. A script that came to nothing counts as one failure. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, sum } from './ground.mjs';

const read = (name) => {
  const path = join(ROOT, 'test-results', `${name}.tally.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { passed: 0, failed: 1 };
};
const { passed, failed } = sum(['check', 'test'].map(read));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
