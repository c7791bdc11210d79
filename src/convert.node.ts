import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Issue } from './base.ts';
import { checkFile, readFile } from './crdt/file.ts';
import { exportWithReport } from './crdt/ossia/export.ts';
import { importScore } from './crdt/ossia/import.ts';
import { printReport } from './crdt/ossia/report.ts';
import type { Score } from './crdt/score.ts';
import { rehearse } from './engine/rehearsal.ts';
import { explain } from './reader.ts';
import { printRehearsal } from './rehearsal-print.ts';

/**
 * `npm run convert`: a score of ossia becomes one of Tutti, or the other way round, with a report of what became of it.
 * Exit code 0: it was opened, whatever the report says; 2: it was refused, or the command makes no sense, or what was asked
 * for with --out cannot be written, which is looked at before anything is opened. Paths are those of the caller's folder.
 */
const USAGE = `npm run convert -- <file.score | file.tutti> [--out <file>] [--run] [--minutes <n>]

  Opens a score of ossia (.score, .scorejson) and writes it as a score of Tutti; or the other way round.
  --out       where to, whatever is there; else beside the file, with the other ending, if nothing is there
  --run       performs it to its end without anybody, in no time, pressing triggers as they wait, and prints what
              was sent to which address when
  --minutes   of the performance at most (10)`;

/** Of whoever waits for a performance. */
const PATIENCE_MS = 60_000;

interface Opened {
  readonly score: Score;
  readonly report: string;
  /** What is written, and its ending. */
  readonly text: string;
  readonly ending: string;
}

const toRefusal = ({ message, where }: Issue): { readonly refusal: string } => ({
  refusal: [message, where].filter((part) => part !== undefined && part !== '').join(' '),
});

function open(path: string): Opened | { readonly refusal: string } {
  const text = readFileSync(path, 'utf8');
  const title = basename(path, extname(path));
  const own = asOwn(text);
  if (own && 'issue' in own) return toRefusal(own.issue);
  if (own) {
    const score = readFile(own.file);
    const { text: exported, report } = exportWithReport(score);
    const issues = score.issues.map(({ message, where = '' }) => `  ${message} ${where}`);
    return { score, report: [...issues, printReport(report)].join('\n'), text: exported, ending: '.score' };
  }
  const imported = importScore(text, { title, explain });
  if ('issue' in imported) return toRefusal(imported.issue);
  return {
    score: imported.score,
    report: printReport(imported.report),
    text: `${JSON.stringify(imported.file, undefined, 2)}\n`,
    ending: '.tutti',
  };
}

/** A score of Tutti, or why it is none; undefined for what does not mean to be one. */
function asOwn(text: string): ReturnType<typeof checkFile> | undefined {
  if (!text.includes('"tutti"')) return undefined;
  try {
    const json = JSON.parse(text) as unknown;
    return typeof json === 'object' && json !== null && 'tutti' in json ? checkFile(json) : undefined;
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
  const [given] = positionals;
  if (given === undefined || positionals.length > 1) return refuse(USAGE);
  const path = here(given);
  const out = values.out === undefined ? undefined : here(values.out);
  const minutes = Number(values.minutes ?? 10);
  if (!(minutes > 0 && minutes <= 24 * 60)) return refuse(USAGE);
  if (out !== undefined) attempt(() => checkOut(path, out));
  const opened = attempt(() => open(path));
  if ('refusal' in opened) return refuse(`${given} was refused: ${opened.refusal}`);
  console.log(opened.report);
  if (out === undefined) writeBeside(path, opened);
  else writeTo(out, opened);
  if (values.run === true) console.log(`\n${perform(opened.score, minutes * 60_000)}`);
}

/** npm changes the folder; it says where it was called from. */
const here = (path: string): string => resolve(process.env['INIT_CWD'] ?? process.cwd(), path);

/** Whatever links lead there. */
const real = (path: string): string => (existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path)));

/** Throws where nothing could be written, or the source would be. */
function checkOut(path: string, out: string): void {
  accessSync(dirname(out), constants.W_OK);
  if (existsSync(path) && real(path) === real(out)) throw new Error('The file would be written over itself: say another --out.');
  if (!existsSync(out)) return;
  if (statSync(out).isDirectory()) throw new Error(`${out} is a folder: say a file behind --out.`);
  accessSync(out, constants.W_OK);
}

function writeTo(out: string, { text }: Opened): void {
  try {
    writeFileSync(out, text);
    console.log(`Written: ${out}`);
  } catch (error) {
    console.error(`Not written: ${out} (${error instanceof Error ? error.message : String(error)}).`);
  }
}

/** A score that opened is no failure, whatever becomes of its performance. */
function perform(score: Score, msMax: number): string {
  const until = performance.now() + PATIENCE_MS;
  try {
    return printRehearsal(rehearse(score, { msMax, isWaiting: () => performance.now() < until }), score);
  } catch (error) {
    return `It could not be performed to its end: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** Nobody asked for this file: another one of that name stays, and a folder that takes none is no failure. */
function writeBeside(path: string, { text, ending }: Opened): void {
  const out = path.slice(0, path.length - extname(path).length) + ending;
  try {
    writeFileSync(out, text, { flag: 'wx' });
    console.log(`Written: ${out}`);
  } catch (error) {
    const why = existsSync(out) ? 'it is there already' : error instanceof Error ? error.message : String(error);
    console.error(`Not written: ${out} (${why}). Say --out to write it elsewhere, or over that file.`);
  }
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

// Whoever reads the beginning only has seen enough.
process.stdout.on('error', () => process.exit(0));
main();
