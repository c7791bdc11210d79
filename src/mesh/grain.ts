/** ms to which browsers round their clocks: Firefox where it resists fingerprinting, Firefox and Safari, Chromium. Where a page
 *  is isolated they are finer than any path. */
const GRAINS = [1000 / 60, 1, 0.1];
/** ms, and share of the time between, by which a multiple may be missed: clocks are made wrong on purpose in tests. */
const MISS = 0.02;
const MISS_SKEW = 4e-4;
/** Share of the grain. */
const MISS_MAX = 0.2;
/** Differences that must agree on a grain that few machines have. */
const WITNESSES = 6;

/** How coarse the clock is that gave these stamps, in ms: the coarsest grain that explains them, of few stamps at most 1;
 *  0 when finer than 0.1. stamps: newest last, some tens. */
export function grainOf(stamps: readonly number[]): number {
  const spans = stamps.slice(1).map((stamp, index) => Math.abs(stamp - stamps[index]!));
  return GRAINS.find((grain) => explains(grain, spans)) ?? 0;
}

function explains(grain: number, spans: readonly number[]): boolean {
  const isMultiple = (span: number): boolean =>
    Math.abs(span - grain * Math.round(span / grain)) <= Math.min(MISS_MAX * grain, MISS + MISS_SKEW * span);
  if (!spans.every(isMultiple)) return false;
  return grain <= 1 || spans.filter((span) => span > grain / 2).length >= WITNESSES;
}
