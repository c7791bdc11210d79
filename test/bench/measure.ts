import { Bench } from 'tinybench';

export interface Work {
  readonly name: string;
  readonly run: () => unknown;
  /** Before each call, outside the measurement. */
  readonly prepare?: () => void;
}

const TIME_MS = 400;
const CALLS_MIN = 8;
const WARMUP_MS = 100;

/** Median ms of one call of each work; one after the other in one process, so that their ratios mean something. */
export async function medians(works: readonly Work[], timeMs = TIME_MS): Promise<readonly number[]> {
  const bench = new Bench({ time: timeMs, iterations: CALLS_MIN, warmupTime: WARMUP_MS, warmupIterations: 2, throws: true });
  for (const { name, run, prepare } of works) bench.add(name, () => void run(), prepare && { beforeEach: () => prepare() });
  await bench.run();
  return bench.tasks.map(({ name, result }) => {
    if (!('latency' in result)) throw new Error(`${name}: ${result.state}`);
    return result.latency.p50;
  });
}

/** Value below which a share of the figures lies. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export const median = (figures: readonly number[]): number => quantile(figures, 0.5);
