/** The last line of `.ci/run`. A script that came to nothing counts as one failure. */
import { readTally, sum } from './ground.mjs';

const { passed, failed } = sum(['check', 'test'].map(readTally));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
