import type * as Y from 'yjs';
import type { Random } from '../mesh/host.ts';
import type { EditResult } from './command.ts';
import { createDraft } from './draft.ts';
import { createCable, createComment, createDevice, deleteParameter, setParameter } from './edit/besides.ts';
import { deleteInput, deleteKnot, deleteMessage, deleteNote, deletePoint, deleteStop } from './edit/content.ts';
import { setInput, setKnot, setMessage, setNote, setPoint, setStop } from './edit/content.ts';
import { refuse } from './edit/context.ts';
import type { Edit, Refusal } from './edit/context.ts';
import { remove } from './edit/deletion.ts';
import { createInterval } from './edit/intervals.ts';
import { moveInterval, moveSync, resizeInterval } from './edit/moves.ts';
import { createGroup, createProcess, createTrack } from './edit/processes.ts';
import { editAnyway, replace } from './edit/replace.ts';
import { parseCommand } from './edit/schema.ts';
import type { CommandOf, CommandType } from './edit/schema.ts';
import { nudge, setFields, setPolicies, setSyncTimeout, setTempo, setTitle } from './edit/set.ts';
import { NEWER, isLocked } from './schema.ts';
import { createEvent, createState, setTrigger } from './edit/syncs.ts';

const DEPTH_MAX = 4;

const FAMILIES: { readonly [T in CommandType]: (edit: Edit, command: CommandOf<T>) => Refusal } = {
  ...{ setPoint, setNote, setStop, setKnot, setInput, setMessage },
  ...{ deletePoint, deleteNote, deleteStop, deleteKnot, deleteInput, deleteMessage },
  ...{ createCable, createComment, createDevice, setParameter, deleteParameter },
  createInterval,
  moveInterval,
  resizeInterval,
  moveSync,
  setTrigger,
  createEvent,
  createState,
  createProcess,
  set: setFields,
  delete: remove,
  createGroup,
  createTrack,
  nudge,
  setTitle,
  setTempo,
  setSyncTimeout,
  setPolicies,
  replace,
  editAnyway,
  batch: (edit, command) => batch(edit, command, DEPTH_MAX),
};

/**
 * Does one command, whatever it is: either in one transaction of this origin, or not at all and says why [ED1, ED2].
 * command: unknown data from a person, a script or a peer. isTrial: nothing is done, but said what would be.
 */
export function edit(doc: Y.Doc, command: unknown, random: Random, origin: unknown, isTrial = false): EditResult {
  const draft = createDraft(doc);
  if (isLocked(doc) && !isUnlocking(command)) return { issue: NEWER };
  const work: Edit = { draft, random, client: doc.clientID, created: [] };
  const issue = perform(work, command, DEPTH_MAX);
  if (issue) return { issue };
  if (!isTrial) draft.commit(origin);
  return { created: work.created };
}

const isUnlocking = (command: unknown): boolean =>
  typeof command === 'object' && command !== null && 'type' in command && (command.type === 'replace' || command.type === 'editAnyway');

function perform(work: Edit, input: unknown, depth: number): Refusal {
  const parsed = parseCommand(input);
  if ('message' in parsed) return refuse(parsed.message);
  const { command } = parsed;
  if (command.type === 'batch') return batch(work, command, depth);
  return (FAMILIES[command.type] as (edit: Edit, command: unknown) => Refusal)(work, command);
}

function batch(work: Edit, { commands }: CommandOf<'batch'>, depth: number): Refusal {
  if (depth === 0) return refuse('Batches in batches in batches: too deep.');
  for (const command of commands) {
    const issue = perform(work, command, depth - 1);
    if (issue) return issue;
  }
  return undefined;
}
