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
import { exportWithReport } from './ossia/export.ts';
import { importScore } from './ossia/import.ts';
import type { ImportOptions } from './ossia/import.ts';
import type { Report } from './ossia/report.ts';
import { read } from './read.ts';
import { isLocked, lockAs } from './schema.ts';
import type { ObjectId, Score } from './score.ts';
import { unitsOf } from './sync/units.ts';

/**
 * One person at the score. Opted out, they write into a fork: a second document that receives all that the shared one
 * receives and gives nothing back until it is published. (Withholding some updates of one client would block all its
 * later ones, so unsent edits must never enter the shared document.)
 */
export interface Desk {
  /** What this person sees: the shared score, or the fork while opted out. */
  read(): Score;
  edit(command: Command): EditResult;
  /** It was written by a newer version: every edit is refused but `replace` and `editAnyway`. */
  readonly isLocked: boolean;
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
  /** A score of ossia, for everyone, as one step; says what became of it. */
  import(text: string, options: ImportOptions): { readonly report: Report } | { readonly issue: Issue };
  /** As a score of ossia, and what ossia will not have of it. */
  export(): { readonly text: string; readonly report: Report };
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
  /**
   * The same score as the room has it, where ours had come to differ: unsent edits go on in it, and what this peer
   * wrote last and is not in it is done again. Returns how many steps that were; undo begins anew.
   */
  adopt(doc: Y.Doc): number;
  close(): void;
}

/** A step in the shared document, and where it stands there. */
interface Step {
  readonly command: unknown;
  readonly client: number;
  readonly from: number;
  readonly to: number;
}

/** Steps that can be done again. */
const STEPS_MAX = 200;

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
  let steps: Step[] = [];
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
    const client = target.clientID;
    const from = Y.getState(target.store, client);
    const result = edit(target, command, random, history.origin);
    const to = Y.getState(target.store, client);
    if (!fork && to > from) steps = [...steps.slice(1 - STEPS_MAX), { command, client, from, to }];
    return result;
  };
  /** In theirs something else stands where this step was written; what was only deleted or overwritten since is not lost. */
  const isLost = ({ client, from, to }: Step, theirs: Y.Doc): boolean => {
    const [ours, others] = [unitsOf(shared.doc, client), unitsOf(theirs, client)];
    const end = Math.min(to, Y.getState(theirs.store, client));
    for (let at = from; at < end; at++) if (ours.has(at) && others.has(at) && ours.get(at) !== others.get(at)) return true;
    return false;
  };
  const report = (outcome: 'done' | 'overtaken' | undefined): boolean => {
    if (outcome === 'overtaken') events.emit('notice', { message: 'Someone else changed this after you: their version stays.' });
    return outcome !== undefined;
  };

  return {
    read: () => read(sheet().doc),
    edit: write,
    get isLocked() {
      return isLocked(sheet().doc);
    },
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
    import(text, options) {
      const imported = importScore(text, options);
      if ('issue' in imported) return imported;
      const result = write({ type: 'replace', file: imported.file });
      return 'issue' in result ? result : { report: imported.report };
    },
    export: () => exportWithReport(read(sheet().doc)),
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
      steps = [];
      look(undefined);
      events.emit('change', { isStructural: true });
    },
    adopt(next) {
      const lost = steps.filter((step) => isLost(step, next));
      const unsentUpdate = fork && Y.encodeStateAsUpdateV2(fork.doc, Y.encodeStateVector(shared.doc));
      shared.close();
      shared = createSheet(next, clock);
      steps = [];
      look(unsentUpdate && createFork(forkWith(unsentUpdate, next, random), next, clock));
      shared.history.begin(undefined);
      const done = lost.filter(({ command }) => !('issue' in edit(next, command, random, shared.history.origin)));
      events.emit('change', { isStructural: true });
      return done.length;
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

function forkWith(unsent: Uint8Array, shared: Y.Doc, random: Random): Y.Doc {
  const doc = createDocument(random);
  Y.applyUpdateV2(doc, Y.encodeStateAsUpdateV2(shared));
  Y.applyUpdateV2(doc, unsent);
  return doc;
}

function createFork(doc: Y.Doc, shared: Y.Doc, clock: Clock | undefined): Sheet {
  Y.applyUpdateV2(doc, Y.encodeStateAsUpdateV2(shared), shared);
  const follow = (update: Uint8Array): void => Y.applyUpdateV2(doc, update, shared);
  shared.on('updateV2', follow);
  lockAs(doc, shared);
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
