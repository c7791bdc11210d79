import type { Issue } from './base.ts';
import type { ScoreFile } from './crdt/file.ts';
import { importScore } from './crdt/ossia/import.ts';
import type { Report } from './crdt/ossia/report.ts';
import { parse } from './engine/expression.ts';

export interface Reading {
  readonly text: string;
  readonly title: string;
}
/** All of it plain data, so that it passes from a worker to the page. */
export type Read = { readonly file: ScoreFile; readonly report: Report } | { readonly issue: Issue };

/** What is wrong with an expression; undefined when nothing is. */
export function explain(expression: string): Issue | undefined {
  const outcome = parse(expression);
  return 'issue' in outcome ? outcome.issue : undefined;
}

/** Reads a score of ossia; expressions that do not parse are in its report. */
export function readForeign({ text, title }: Reading): Read {
  const result = importScore(text, { title, explain });
  return 'issue' in result ? result : { file: result.file, report: result.report };
}
