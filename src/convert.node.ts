import { readFileSync, writeFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { parseArgs } from 'node:util';
import { checkFile, readFile } from './crdt/file.ts';
import type { ScoreFile } from './crdt/file.ts';
import { exportScore } from './crdt/ossia/export.ts';
import { importScore } from './crdt/ossia/import.ts';
import { printReport } from './crdt/ossia/report.ts';
import type { Score } from './crdt/score.ts';
import { parse } from './engine/expression.ts';
import { rehearse } from './engine/rehearsal.ts';
import { printRehearsal } from './rehearsal-print.ts';

/**
 * `npm run convert`: a score of ossia becomes one of Tutti, or the other way round, with a report of what became of it.
 * Exit code 0: it was opened, whatever the report says; 2: it was refused, or the command makes no sense.
 */
const USAGE = `npm run convert -- <file.score | file.tutti> [--out <file>] [--run] [--minutes <n>]

  Opens a score of ossia (.score, .scorejson) and writes it as a score of Tutti; or the other way round.
  --out       where to; else beside the file, with the other ending
  --run       performs it to its end without anybody, in no time, pressing triggers as they wait, and prints what
              was sent to which address when
  --minutes   of the performance at most (10)`;

interface Opened {
  readonly score: Score;
  readonly report: string;
  /** What is written, and its ending. */
  readonly text: string;
  readonly ending: string;
}

const explain = (expression: string): { readonly message: string } | undefined => {
  const parsed = parse(expression);
  return 'message' in parsed ? { message: String(parsed.message) } : undefined;
};

function open(path: string): Opened | { readonly refusal: string } {
  const text = readFileSync(path, 'utf8');
  const title = basename(path, extname(path));
  const own = asOwn(text);
  if (own) {
    const score = readFile(own);
    const report = score.issues.map(({ message, where = '' }) => `  ${message} ${where}`).join('\n');
    return { score, report, text: exportScore(score), ending: '.score' };
  }
  const imported = importScore(text, { title, explain });
  if ('issue' in imported) return { refusal: [imported.issue.message, imported.issue.where].filter(Boolean).join(' ') };
  return {
    score: imported.score,
    report: printReport(imported.report),
    text: `${JSON.stringify(imported.file, undefined, 2)}\n`,
    ending: '.tutti',
  };
}

/** A score of Tutti; undefined for anything else. */
function asOwn(text: string): ScoreFile | undefined {
  if (!text.slice(0, 1000).includes('"tutti"')) return undefined;
  try {
    const checked = checkFile(JSON.parse(text) as unknown);
    return 'file' in checked ? checked.file : undefined;
  } catch {
    return undefined;
  }
}

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}

function main(): void {
  const { values, positionals } = options();
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) return refuse(USAGE);
  const minutes = Number(values.minutes ?? 10);
  if (!(minutes > 0 && minutes <= 24 * 60)) return refuse(USAGE);
  const opened = attempt(() => open(path));
  if ('refusal' in opened) return refuse(`${path} was refused: ${opened.refusal}`);
  console.log(opened.report);
  const out = values.out ?? path.slice(0, path.length - extname(path).length) + opened.ending;
  if (out === path) return refuse('The file would be written over itself: say --out.');
  attempt(() => {
    writeFileSync(out, opened.text);
    return { refusal: '' };
  });
  console.log(`Written: ${out}`);
  if (values.run === true) console.log(`\n${printRehearsal(rehearse(opened.score, { msMax: minutes * 60_000 }), opened.score)}`);
}

function options() {
  try {
    const kinds = { out: { type: 'string' }, run: { type: 'boolean' }, minutes: { type: 'string' } } as const;
    return parseArgs({ options: kinds, allowPositionals: true });
  } catch {
    return refuse(USAGE);
  }
}

/** Files that cannot be read or written are for the person to mend. */
function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

main();
