import fc from 'fast-check';

/**
 * A gate must say the same of the same commit: there, properties draw from one seed. Elsewhere every run draws anew, and
 * what it finds is printed with its seed; `SEED=<n>` repeats it.
 */
const { CI, SEED } = process.env;
const seed = SEED === undefined ? (CI === undefined ? undefined : 1) : Number(SEED);
if (seed !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
