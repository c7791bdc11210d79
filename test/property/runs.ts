const wanted = process.env['TUTTI_RUNS'];

/**
 * How often a property that takes long is tried: a part of `all` in `npm run check`, all in the project `long`
 * (vite.config.ts), which tries these files again. `TUTTI_RUNS=<n>` tries each so often, in search of what is rare.
 */
export const runs = (all: number): { readonly numRuns: number } => ({
  numRuns: wanted === 'all' ? all : wanted === undefined ? Math.ceil(all / 4) : Number(wanted),
});
