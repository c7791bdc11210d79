import { compare } from '../../base.ts';

/**
 * What became of a file, for a person to read: what was understood, what is only nearly the same, what is kept but not
 * performed, what was wrong and how it was mended.
 */
export const LEVELS = ['understood', 'approximated', 'kept', 'mended'] as const;
export type Level = (typeof LEVELS)[number];

export interface ReportLine {
  readonly level: Level;
  readonly message: string;
  /** Names of the objects it is about, the first few. */
  readonly where: readonly string[];
  readonly count: number;
}
export interface Report {
  /** Ordered by level, then as they came up. */
  readonly lines: readonly ReportLine[];
}

export interface Reporter {
  say(level: Level, message: string, where?: string): void;
  report(): Report;
}

const WHERE_MAX = 8;
const LINES_MAX = 1000;

export function createReporter(): Reporter {
  const lines = new Map<string, { level: Level; message: string; where: string[]; count: number }>();
  return {
    say(level, message, where) {
      const key = `${level} ${message}`;
      const line = lines.get(key) ?? { level, message, where: [], count: 0 };
      if (lines.size >= LINES_MAX && !lines.has(key)) return;
      line.count++;
      if (where !== undefined && where !== '' && line.where.length < WHERE_MAX && !line.where.includes(where)) line.where.push(where);
      lines.set(key, line);
    },
    report: () => ({ lines: [...lines.values()].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level)) }),
  };
}

const TITLES: Readonly<Record<Level, string>> = {
  understood: 'Understood',
  approximated: 'Nearly the same',
  kept: 'Kept, not performed',
  mended: 'Mended',
};

/** For a terminal. */
export function printReport({ lines }: Report): string {
  const parts = LEVELS.flatMap((level) => {
    const own = lines.filter((line) => line.level === level);
    return own.length === 0 ? [] : [`${TITLES[level]}:`, ...own.map(printLine), ''];
  });
  return parts.join('\n');
}

function printLine({ message, where, count }: ReportLine): string {
  const names = where.length === 0 ? '' : ` (${[...where].sort(compare).join(', ')}${count > where.length ? ', …' : ''})`;
  return `  ${count > 1 ? `${count} × ` : ''}${message}${names}`;
}
