/**
 * Bars and beats of an interval's own time. Grids of bars count from the last change of signature, finer ones begin
 * anew at every bar line, as ossia's do; a change of signature is a bar line itself.
 */
export interface Meter {
  /** Ordered by date; the first is at 0. */
  readonly changes: readonly { readonly date: number; readonly bar: number }[];
  /** Length of a quarter in flicks of the interval's own time; need not be whole. */
  readonly quarter: number;
}

/** date: flicks of the interval's own time; numerator, denominator. */
export type SignatureEntry = readonly [date: number, numerator: number, denominator: number];

/** What lies before the first signature is 4/4. */
export function meterOf(signatures: readonly SignatureEntry[], quarter: number): Meter {
  const ordered = [...signatures].sort(([a], [b]) => a - b);
  const changes = ordered.map(([date, numerator, denominator]) => ({ date, bar: (quarter * 4 * numerator) / denominator }));
  return { quarter, changes: changes[0]?.date === 0 ? changes : [{ date: 0, bar: quarter * 4 }, ...changes] };
}

/**
 * The first line of a grid at a position or after it, in whole flicks. Lines need not be whole, nor positions: what is
 * less than `near` beyond a line stands on it.
 * rate: 1 is the bar, 0.5 every second bar, 2 the half note, 4 the quarter, and so on; > 0.
 */
export function nextLine({ changes, quarter }: Meter, { rate, position, near }: { rate: number; position: number; near: number }): number {
  const place = Math.max(
    0,
    changes.findLastIndex(({ date }) => date <= position),
  );
  const { date, bar } = changes[place]!;
  const next = changes[place + 1]?.date ?? Infinity;
  const within = Math.max(0, position - date);
  const after = Math.max(0, within - near);
  if (rate <= 1) return Math.min(next, Math.round(date + Math.ceil(after / (bar / rate)) * (bar / rate)));
  // One flick on, so that a bar line, which need not be whole, has begun.
  const begins = Math.floor((within + 1) / bar) * bar;
  const beat = (quarter * 4) / rate;
  const beats = Math.ceil(Math.max(0, after - begins) / beat) * beat;
  return Math.min(next, Math.round(date + begins + Math.min(bar, beats)));
}
