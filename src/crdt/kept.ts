import type * as Y from 'yjs';
import { createEmitter, toWellFormed } from '../base.ts';
import type { Unsubscribe } from '../base.ts';
import { createId } from '../mesh/host.ts';
import type { Random } from '../mesh/host.ts';
import { createDocument } from './doc.ts';
import { toFile } from './file.ts';
import type { ScoreFile } from './file.ts';
import { read } from './read.ts';
import type { Score } from './score.ts';
import type { DocumentStore } from './store.ts';

/** Copies of scores that gave way to the room's: nothing that someone wrote is thrown away but by them. */
export interface Kept {
  /** Oldest first. */
  list(): readonly KeptCopy[];
  keep(title: string, doc: Y.Doc): void;
  /** undefined when nothing, or no score, is kept there. */
  open(id: string, done: (file: ScoreFile | undefined) => void): void;
  forget(id: string): void;
  onChange(f: () => void): Unsubscribe;
}

export interface KeptCopy {
  readonly id: string;
  readonly title: string;
}

/** The oldest is forgotten first. */
const COPIES_MAX = 16;
/** Of a title in a name: characters, and bytes as a store of files writes them, whose names have 255 at most. */
const TITLE_MAX = 24;
const ENCODED_MAX = 160;

/** The name of a copy is `<number>.<id>/<title>`, the title cut and with %, / escaped, so that a list needs no opening. */
export function createKept(store: DocumentStore, random: Random, prefix: string): Kept {
  const { on, emit } = createEmitter<{ change: undefined }>();
  let copies: readonly KeptCopy[] = [];
  let isListed = false;
  const set = (next: readonly KeptCopy[]): void => {
    copies = [...next].sort((a, b) => numberOf(a) - numberOf(b));
    emit('change', undefined);
  };
  const forget = (id: string): void => {
    if (!copies.some((copy) => copy.id === id)) return;
    store.forget(`${prefix}${id}`);
    set(copies.filter((copy) => copy.id !== id));
  };
  store.list(prefix, (names) => {
    isListed = true;
    const found = names.flatMap((name) => parse(name.slice(prefix.length)));
    set([...found, ...copies.filter(({ id }) => !found.some((copy) => copy.id === id))]);
  });

  return {
    list: () => copies,
    keep(title, doc) {
      const number = Math.max(0, ...copies.map(numberOf)) + 1;
      const id = `${number}.${createId(random)}/${encoded(title)}`;
      store.keep(`${prefix}${id}`, doc);
      set([...copies, ...parse(id)]);
      if (isListed && copies.length > COPIES_MAX) forget(copies[0]!.id);
    },
    open(id, done) {
      if (!copies.some((copy) => copy.id === id)) return done(undefined);
      const doc = createDocument(random);
      const opened = store.open(`${prefix}${id}`, doc, () => {
        opened.close();
        const score = read(doc);
        done(score.id === '' ? undefined : toFile(score));
        doc.destroy();
      });
    },
    forget,
    onChange: (f) => on('change', f),
  };
}

/** True for a score in which nobody wrote anything: it need not be kept. */
export const isBlank = ({ intervals, processes, tracks, groups, title }: Score): boolean =>
  title === '' && intervals.size <= 1 && processes.size <= 1 && tracks.size === 0 && groups.size === 0;

const numberOf = ({ id }: KeptCopy): number => Number.parseInt(id, 10) || 0;

function parse(id: string): readonly KeptCopy[] {
  const [, title] = /^\d{1,9}\.[^/]+\/([^/]*)$/.exec(id) ?? [];
  return title === undefined ? [] : [{ id, title: decoded(title) }];
}

function encoded(title: string): string {
  let text = '';
  // Whole characters: half of one is no text that can be written.
  for (const character of [...toWellFormed(title.slice(0, 2 * TITLE_MAX))].slice(0, TITLE_MAX)) {
    const longer = text + (/[%/]/.test(character) ? encodeURIComponent(character) : character);
    if (encodeURIComponent(longer).length > ENCODED_MAX) break;
    text = longer;
  }
  return text;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
