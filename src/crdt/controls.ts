import { CATALOGUE } from './catalogue.ts';
import type { AnyCommand } from './edit/schema.ts';
import { parseCommand } from './edit/schema.ts';
import type { ObjectId, Score } from './score.ts';

/**
 * Which commands are control changes: what a player does at knobs and faders, not what is written. Who sends all but
 * these plays a part in a way of one's own while the score goes on being everyone's [ED20].
 */
const CONTROLS: { readonly [T in AnyCommand['type']]?: (score: Score, command: Extract<AnyCommand, { type: T }>) => boolean } = {
  nudge: () => true,
  setTempo: () => true,
  setInput: (score, { process, name }) => isInput(score, process, name),
  set: (score, { id, fields }) => {
    const names = Object.keys(fields);
    const controls = controlsOf(score, id);
    return names.length > 0 && names.every((name) => controls.has(name));
  },
};

const TRACK: ReadonlySet<string> = new Set(['volume', 'pan', 'isMuted']);
const INTERVAL: ReadonlySet<string> = new Set(['isMuted']);
const NONE: ReadonlySet<string> = new Set();

function controlsOf(score: Score, id: ObjectId): ReadonlySet<string> {
  if (score.tracks.has(id)) return TRACK;
  if (score.intervals.has(id)) return INTERVAL;
  const process = score.processes.get(id);
  if (!process) return NONE;
  return new Set(CATALOGUE[process.type].parameters.flatMap(({ name, isAutomatable }) => (isAutomatable ? [name] : [])));
}

/** A new input is written, the value of one that is there is turned. */
function isInput(score: Score, id: ObjectId, name: string): boolean {
  const process = score.processes.get(id);
  return process?.type === 'shader' && process.inputs.some((input) => input.name === name);
}

/** command: unknown data; what is none is no control change. A batch is one when all of it is. */
export function isControl(score: Score, command: unknown): boolean {
  const parsed = parseCommand(command);
  if ('message' in parsed) return false;
  const { command: known } = parsed;
  if (known.type === 'batch') return known.commands.length > 0 && known.commands.every((each) => isControl(score, each));
  return (CONTROLS[known.type] as ((score: Score, command: AnyCommand) => boolean) | undefined)?.(score, known) ?? false;
}
