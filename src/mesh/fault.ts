/**
 * A wrong clock on purpose: all pages of one machine share one true clock, so that a test of synchronisation could never
 * fail without it.
 */
export interface ClockFault {
  /** ms */
  readonly offset: number;
  /** ppm */
  readonly skew: number;
}

export const NO_FAULT: ClockFault = { offset: 0, skew: 0 };

/** raw: ms of the true clock. */
export const falsify = (raw: number, fault: ClockFault): number => raw * (1 + fault.skew * 1e-6) + fault.offset;

/** text: `<offset ms>,<skew ppm>`; undefined when it is not that, or not within ± 1 day and ± 10,000 ppm. */
export function parseFault(text: string): ClockFault | undefined {
  const parts = text.split(',').map(Number);
  const [offset, skew] = parts;
  if (parts.length !== 2 || offset === undefined || skew === undefined) return undefined;
  return Math.abs(offset) <= 86_400_000 && Math.abs(skew) <= 10_000 ? { offset, skew } : undefined;
}
