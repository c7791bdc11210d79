/**
 * How often a property that takes long is tried: a part of `all` in `npm run check`, all in the project `long`
 * (vite.config.ts), which tries these files again.
 */
export const runs = (all: number): { readonly numRuns: number } => ({
  numRuns: process.env['TUTTI_RUNS'] === 'all' ? all : Math.ceil(all / 4),
});
