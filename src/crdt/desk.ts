import * as Y from 'yjs';
import { createEmitter } from '../base.ts';
import type { Issue, Unsubscribe } from '../base.ts';
import type { Clock, Random } from '../mesh/host.ts';
import { watch } from './changes.ts';
import type { Change } from './changes.ts';
import type { Command, EditResult } from './command.ts';
import { isControl } from './controls.ts';
import { edit } from './edit.ts';
import { parseFile, printFile } from './file.ts';
import { createFork, keptIn, merged } from './fork.ts';
import type { Fork, Kept, OwnObject } from './fork.ts';
import { createHistory } from './history.ts';
import type { History, Steps } from './history.ts';
import { exportWithReport } from './ossia/export.ts';
import { importScore } from './ossia/import.ts';
import type { ImportOptions } from './ossia/import.ts';
import type { Report } from './ossia/report.ts';
import { read } from './read.ts';
import { isLocked } from './schema.ts';
import type { ObjectId, Score } from './score.ts';
import { unitsOf } from './sync/units.ts';

/** What of one's edits goes out: everything, everything but control changes (`controls.ts`), or nothing. */
export type Sending = 'all' | 'edits' | 'none';

/**
 * One person at the score. Opted out, they write into a fork: a second document that receives all that the shared one
 * receives and gives nothing back until it is published (`fork.ts`).
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
  readonly sending: Sending;
  /** To 'all' publishes what is unsent. */
  setSending(mode: Sending): void;
  /** What this person changed alone, by id; empty when sending all. */
  own(): readonly OwnObject[];
  /** Ids of `own()`. */
  unsent(): readonly ObjectId[];
  /** What is unsent becomes shared, as one step that can be undone; of these objects with what they need, or all. */
  publish(ids?: readonly ObjectId[]): void;
  /** What is unsent is forgotten: of these objects, or all; a step that can be undone while opted out. */
  drop(ids?: readonly ObjectId[]): void;
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
  let count = 0;
  const order = (): number => ++count;
  let shared = createSheet(doc, clock, order);
  let fork: Fork | undefined;
  /** Steps before that were not done opted out, and redone only as long as nothing else is. */
  let [forkedAt, editedAt] = [0, 0];
  let steps: Step[] = [];
  let unwatch = watch(doc, (change) => events.emit('change', change));
  const seen = (): Y.Doc => fork?.doc ?? shared.doc;

  const look = (next: Fork | undefined): void => {
    unwatch();
    fork?.close();
    fork = next;
    if (next) forkedAt = count;
    unwatch = watch(seen(), (change) => events.emit('change', change));
    events.emit('fork', fork?.doc);
  };
  const forkOf = (kept: Kept): Fork => createFork(shared.doc, random, clock, order, kept);
  const publish = (ids?: readonly ObjectId[]): void => {
    shared.history.begin(undefined);
    fork?.publish(ids, shared.history.origin);
  };
  const share = (command: unknown): EditResult => {
    const { doc: target, history } = shared;
    history.begin(gestureOf(command));
    const client = target.clientID;
    const from = Y.getState(target.store, client);
    const result = edit(target, command, random, history.origin);
    const to = Y.getState(target.store, client);
    if (to > from) steps = [...steps.slice(1 - STEPS_MAX), { command, client, from, to }];
    return result;
  };
  const write = (command: unknown): EditResult => {
    editedAt = count;
    if (!fork) return share(command);
    const own = fork;
    if (own.sending === 'none' || isControl(read(own.doc), command)) return own.edit(command, gestureOf(command));
    // It is said of what the person sees; where it is of something that only that person has, it stays there.
    const refusal = own.refusal(command);
    if (refusal) return refusal;
    const result = own.letThrough(() => share(command));
    return 'issue' in result ? own.edit(command, gestureOf(command)) : result;
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
  /** Whose step is next: of opted-out work and of what was sent meanwhile, the latest; never what was sent before. */
  const nextUndo = (): Steps | undefined => latest(shared.history, shared.history.undoAt, fork?.steps.undoAt, fork ? forkedAt : 0);
  const nextRedo = (): Steps | undefined =>
    latest(shared.history, shared.history.redoAt, fork?.steps.redoAt, fork ? Math.max(forkedAt, editedAt) : 0);
  const latest = (history: Steps, sharedAt: number, forkAt = -1, since: number): Steps | undefined => {
    if (forkAt > sharedAt || (sharedAt <= since && forkAt >= 0)) return fork?.steps;
    return sharedAt > since ? history : undefined;
  };

  return {
    read: () => read(seen()),
    edit: write,
    get isLocked() {
      return isLocked(seen());
    },
    undo: () => report(nextUndo()?.undo()),
    redo: () => report(nextRedo()?.redo()),
    get canUndo() {
      return nextUndo() !== undefined;
    },
    get canRedo() {
      return nextRedo() !== undefined;
    },
    get sending() {
      return fork?.sending ?? 'all';
    },
    setSending(mode) {
      if (mode === 'all' && fork) {
        publish();
        look(undefined);
      } else if (mode !== 'all' && fork) fork.setSending(mode);
      else if (mode !== 'all') look(forkOf({ overlay: new Map(), sending: mode }));
      events.emit('change', { isStructural: true });
    },
    own: () => fork?.own() ?? [],
    unsent: () => (fork?.own() ?? []).map(({ id }) => id),
    publish,
    drop(ids) {
      fork?.drop(ids);
      events.emit('change', { isStructural: true });
    },
    save: () => printFile(read(seen())),
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
    export: () => exportWithReport(read(seen())),
    get shared() {
      return shared.doc;
    },
    sharedScore: () => read(shared.doc),
    onChange: (f) => events.on('change', f),
    onNotice: (f) => events.on('notice', f),
    onFork: (f) => events.on('fork', f),
    resume(doc) {
      const { id } = read(doc);
      if (id === '' || id !== read(shared.doc).id) return false;
      look(forkOf(keptIn(doc) ?? merged(doc, shared.doc)));
      events.emit('change', { isStructural: true });
      return true;
    },
    replaceDocument(next) {
      if (fork && fork.overlay.size > 0) events.emit('notice', { message: 'The score was replaced; edits that were not sent are gone.' });
      shared.close();
      shared = createSheet(next, clock, order);
      steps = [];
      look(undefined);
      events.emit('change', { isStructural: true });
    },
    adopt(next) {
      const lost = steps.filter((step) => isLost(step, next));
      const kept = fork && { overlay: fork.overlay, sending: fork.sending };
      shared.close();
      shared = createSheet(next, clock, order);
      steps = [];
      look(kept && forkOf(kept));
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

function createSheet(doc: Y.Doc, clock: Clock | undefined, order: () => number): Sheet {
  const history = createHistory(doc, clock, order);
  return { doc, history, close: () => history.close() };
}

/** Successive sets of the same fields of one object belong together. */
function gestureOf(command: unknown): string | undefined {
  if (typeof command !== 'object' || command === null) return undefined;
  const { type, id, fields } = command as Readonly<Record<string, unknown>>;
  if (type !== 'set' || typeof fields !== 'object' || fields === null) return undefined;
  return `${String(id)}/${Object.keys(fields).sort().join()}`;
}
