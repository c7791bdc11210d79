/** A table as Markdown, so that what is printed can stand in docs/benchmarks.md as it is. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function printTable({ title, columns, rows }: Table): string {
  const widths = columns.map((column, i) => Math.max(column.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, i) => (i === 0 ? (cells[i] ?? '').padEnd(width) : (cells[i] ?? '').padStart(width))).join(' | ')} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [`### ${title}`, '', line(columns), rule, ...rows.map(line), ''].join('\n');
}

/** Three significant digits, and the unit that suits. */
export function ms(duration: number): string {
  if (!Number.isFinite(duration)) return '–';
  if (duration >= 1000) return `${digits(duration / 1000)} s`;
  if (duration >= 1) return `${digits(duration)} ms`;
  return duration >= 1e-3 ? `${digits(duration * 1e3)} µs` : `${digits(duration * 1e6)} ns`;
}

export function bytes(count: number): string {
  if (!Number.isFinite(count)) return '–';
  if (count >= 1e6) return `${digits(count / 1e6)} MB`;
  return count >= 1e4 ? `${digits(count / 1e3)} kB` : `${Math.round(count)} B`;
}

export const times = (ratio: number): string => `× ${digits(ratio)}`;
export const count = (n: number): string => (n >= 1e6 ? `${digits(n / 1e6)} M` : n >= 1e4 ? `${digits(n / 1e3)} k` : digits(n));
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
export const digits = (n: number): string =>
  !Number.isFinite(n) ? '–' : n === 0 ? '0' : n >= 100 ? String(Math.round(n)) : String(Number(n.toPrecision(3)));
