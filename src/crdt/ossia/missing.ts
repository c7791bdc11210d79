import { CATALOGUE } from '../catalogue.ts';
import type { Cable, ScoreObject } from '../score.ts';
import type { Desk } from './desk.ts';
import { isObject } from './json.ts';
import type { Json } from './json.ts';

/** What export tells of what ossia will not have as it is here; Tutti reads all of it again [OS10]. */

/** Of the look and the order of things: nobody misses it. */
const SILENT: ReadonlySet<string> = new Set(['rank', 'lane', 'hue', 'height', 'uuid', 'label', 'ports', 'key']);

export function nameOf(object: ScoreObject): string {
  if ('name' in object && object.name !== '') return object.name;
  return object.kind === 'process' ? CATALOGUE[object.type].label : object.id;
}

/** fields: what stands under Tutti's own key beside the object. */
export function sayWord({ reporter }: Desk, object: ScoreObject, fields: Json | undefined, isGrouped: boolean): void {
  const names = fields !== undefined && isObject(fields) ? [...fields.keys()].filter((name) => !SILENT.has(name)) : [];
  for (const name of names)
    reporter.say('approximated', `${kindOf(object)}: ossia has it without “${wordsOf(object, name)}”`, nameOf(object));
  if (isGrouped) reporter.say('approximated', 'who performs it is said in finer words than ossia has', nameOf(object));
}

/** cables: those that ossia cannot have. */
export function sayMissing({ score, reporter }: Desk, cables: readonly Cable[]): void {
  for (const { from } of cables) {
    const source = score.processes.get(from.process);
    reporter.say('kept', 'a cable to or from where ossia has no port', source && nameOf(source));
  }
  for (const { name } of score.tracks.values()) reporter.say('kept', 'a track with its instrument', name);
  for (const process of score.processes.values())
    if (process.type === 'sound' && process.media !== '')
      reporter.say('approximated', 'a sound is named only; the file itself has to lie beside the score', process.file || nameOf(process));
  if (score.tempo !== 120)
    reporter.say('approximated', `bars are counted at 120 BPM, not at ${score.tempo}: dates stay, bar lines lie elsewhere`);
}

const kindOf = (object: ScoreObject): string => (object.kind === 'process' ? CATALOGUE[object.type].label : object.kind);

function wordsOf(object: ScoreObject, name: string): string {
  const known = object.kind === 'process' ? CATALOGUE[object.type].parameters.find((it) => it.name === name)?.label : undefined;
  return (
    known?.toLowerCase() ??
    name
      .replace(/^is(?=[A-Z])/, '')
      .replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
      .trim()
  );
}
