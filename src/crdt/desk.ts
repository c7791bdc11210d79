import * as Y from 'yjs';
import { createEmitter } from '../base.ts';
import type { Issue, Unsubscribe } from '../base.ts';
import type { Clock, Random } from '../mesh/host.ts';
import { watch } from './changes.ts';
import type { Change } from './changes.ts';
import type { Command, EditResult } from './command.ts';
import { differing } from './difference.ts';
import { createDocument } from './doc.ts';
import { edit } from './edit.ts';
import { parseFile, printFile } from './file.ts';
import { createHistory } from './history.ts';
import type { History } from './history.ts';
import { read } from './read.ts';
import type { ObjectId, Score } from './score.ts';

/**
 * One person at the score. Opted out, they write into a fork: a second document that receives all that the shared one
 * receives and gives nothing back until it is published. (Withholding some updates of one client would block all its
 * later ones, so unsent edits must never enter the shared document.)
 */
export interface Desk {
  /** What this person sees: the shared score, or the fork while opted out. */
  read(): Score;
  edit(command: Command): EditResult;
  /** Own last edit only; false when there is none. A notice tells when it was overtaken by someone else. */
  undo(): boolean;
  redo(): boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly sending: 'all' | 'none';
  /** To 'all' publishes what is unsent. */
  setSending(mode: 'all' | 'none'): void;
  /** Ids of objects that differ in the fork, `score` for title and tempo; empty when sending all. */
  unsent(): readonly ObjectId[];
  /** Unsent edits become shared, as one step that can be undone. */
  publish(): void;
  drop(): void;
  save(): string;
  open(text: string): Issue | undefined;
  readonly shared: Y.Doc;
  sharedScore(): Score;
  /** Once per transaction on what this person sees. */
  onChange(f: (change: Change) => void): Unsubscribe;
  onNotice(f: (issue: Issue) => void): Unsubscribe;
  /** Goes on with a fork that was kept; false when it is of another score, or none. */
  resume(fork: Y.Doc): boolean;
  /** Another fork, or none: what is to be kept. */
  onFork(f: (fork: Y.Doc | undefined) => void): Unsubscribe;
  /** From now on this document is the shared one; steps and unsent edits of the old one are gone. */
  replaceDocument(doc: Y.Doc): void;
  close(): void;
}

interface Sheet {
  readonly doc: Y.Doc;
  readonly history: History;
  close(): void;
}

/** clock: tells drags from single sets; without one, time stands still. */
export function createDesk(random: Random, doc: Y.Doc, clock?: Clock): Desk {
  const events = createEmitter<{ change: Change; notice: Issue; fork: Y.Doc | undefined }>();
  let shared = createSheet(doc, clock);
  let fork: Sheet | undefined;
  let unwatch = watch(doc, (change) => events.emit('change', change));
  const sheet = (): Sheet => fork ?? shared;

  const look = (next: Sheet | undefined): void => {
    unwatch();
    fork?.close();
    fork = next;
    unwatch = watch(sheet().doc, (change) => events.emit('change', change));
    events.emit('fork', fork?.doc);
  };
  const unsent = (): readonly ObjectId[] => (fork ? differing(fork.doc, shared.doc) : []);
  const publish = (): void => {
    if (!fork || unsent().length === 0) return;
    shared.history.begin(undefined);
    const update = Y.encodeStateAsUpdateV2(fork.doc, Y.encodeStateVector(shared.doc));
    Y.applyUpdateV2(shared.doc, update, shared.history.origin);
  };
  const write = (command: unknown): EditResult => {
    const { doc: target, history } = sheet();
    history.begin(gestureOf(command));
    return edit(target, command, random, history.origin);
  };
  const report = (outcome: 'done' | 'overtaken' | undefined): boolean => {
    if (outcome === 'overtaken') events.emit('notice', { message: 'Someone else changed this after you: their version stays.' });
    return outcome !== undefined;
  };

  return {
    read: () => read(sheet().doc),
    edit: write,
    undo: () => report(sheet().history.undo()),
    redo: () => report(sheet().history.redo()),
    get canUndo() {
      return sheet().history.canUndo;
    },
    get canRedo() {
      return sheet().history.canRedo;
    },
    get sending() {
      return fork ? 'none' : 'all';
    },
    setSending(mode) {
      if (mode === 'none' && !fork) look(createFork(createDocument(random), shared.doc, clock));
      if (mode === 'all' && fork) {
        publish();
        look(undefined);
      }
      events.emit('change', { isStructural: true });
    },
    unsent,
    publish,
    drop() {
      if (!fork) return;
      look(createFork(createDocument(random), shared.doc, clock));
      events.emit('change', { isStructural: true });
    },
    save: () => printFile(read(sheet().doc)),
    open(text) {
      const parsed = parseFile(text);
      if ('issue' in parsed) return parsed.issue;
      const result = write({ type: 'replace', file: parsed.file });
      return 'issue' in result ? result.issue : undefined;
    },
    get shared() {
      return shared.doc;
    },
    sharedScore: () => read(shared.doc),
    onChange: (f) => events.on('change', f),
    onNotice: (f) => events.on('notice', f),
    onFork: (f) => events.on('fork', f),
    resume(kept) {
      const { id } = read(kept);
      if (id === '' || id !== read(shared.doc).id) return false;
      look(createFork(kept, shared.doc, clock));
      events.emit('change', { isStructural: true });
      return true;
    },
    replaceDocument(next) {
      if (unsent().length > 0) events.emit('notice', { message: 'The score was replaced; edits that were not sent are gone.' });
      shared.close();
      shared = createSheet(next, clock);
      look(undefined);
      events.emit('change', { isStructural: true });
    },
    close() {
      unwatch();
      fork?.close();
      shared.close();
    },
  };
}

function createSheet(doc: Y.Doc, clock: Clock | undefined): Sheet {
  const history = createHistory(doc, clock);
  return { doc, history, close: () => history.close() };
}

function createFork(doc: Y.Doc, shared: Y.Doc, clock: Clock | undefined): Sheet {
  Y.applyUpdateV2(doc, Y.encodeStateAsUpdateV2(shared), shared);
  const follow = (update: Uint8Array): void => Y.applyUpdateV2(doc, update, shared);
  shared.on('updateV2', follow);
  const sheet = createSheet(doc, clock);
  return {
    ...sheet,
    close() {
      shared.off('updateV2', follow);
      sheet.close();
      doc.destroy();
    },
  };
}

/** Successive sets of the same fields of one object belong together. */
function gestureOf(command: unknown): string | undefined {
  if (typeof command !== 'object' || command === null) return undefined;
  const { type, id, fields } = command as Readonly<Record<string, unknown>>;
  if (type !== 'set' || typeof fields !== 'object' || fields === null) return undefined;
  return `${String(id)}/${Object.keys(fields).sort().join()}`;
}
