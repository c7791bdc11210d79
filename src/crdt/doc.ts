import * as Y from 'yjs';
import { createId } from '../mesh/host.ts';
import type { Random } from '../mesh/host.ts';
import { CONTENT_NAMES } from './content.ts';
import { FIXED_IDS } from './ids.ts';
import { ROOT } from './score.ts';

/**
 * Shape of the score document, schema version 2. Objects are nested maps, so that two people may change two fields of
 * one object at once; edges are fields that name ids; what can be derived is not stored. Durations are in flicks.
 *
 *   meta         Y.Map { schema: 2, id, title, syncTimeout?, foreign? }
 *   objects      Y.Map<id, Y.Map<field, plain | nested>>   kind: interval | sync | event | state | process | comment
 *   groups       Y.Map<id, Y.Map<field, plain>>
 *   tracks       Y.Map<id, Y.Map<field, plain>>
 *   cables       Y.Map<id, Y.Map<field, plain>>
 *   devices      Y.Map<id, Y.Map<field, plain | nested>>
 *   registers    Y.Map<key, plain>
 *       '<id>/<field>'                     {epoch, base}    the last value set
 *       '<id>/<field>/<epoch>/<client>'    number           sum of one client's nudges since; other epochs are ignored
 *   <fixed id>   Y.Map<field, plain>       what differs from the defaults of an object that every score has (ids.ts)
 *   <fixed id>.messages   Y.Map<id, tuple>
 *
 *   nested, in an object's entry:
 *       messages   Y.Map<id, [rank, address, value]>             state
 *       points     Y.Map<id, [x, y, curve]>                      automation, mapping, tempo; curve: a number or an easing
 *       stops      Y.Map<id, [x, red, green, blue, alpha]>       gradient
 *       knots      Y.Map<id, [rank, x, y]>                       spline
 *       notes      Y.Map<id, [start, duration, pitch, velocity]>  notes
 *       steps      Y.Map<index, [value]>                         steps
 *       patterns   Y.Map<index | index.l<lane>, [length, division] | [note, hits]>   pattern
 *       inputs     Y.Map<name, [value, min, max]>                shader
 *       source, text   Y.Text                                    shader; comment, text
 *   in a device's entry:
 *       parameters   Y.Map<path, plain>                          fields as in declarations.ts
 *   policies are the fields policy.group, policy.share, policy.order, policy.date, policy.consensus.
 *
 * Stored besides flags: raw min and max. A sync's date is a fallback for syncs with nothing before them. A field that is
 * absent has its default value.
 */
export const SCHEMA = 2;

export const COLLECTIONS = ['objects', 'groups', 'tracks', 'cables', 'devices'] as const;
export type Collection = (typeof COLLECTIONS)[number];
/** Fields that hold a map of their own. */
export const NESTED = ['messages', ...CONTENT_NAMES, 'parameters'] as const;
export type Nested = (typeof NESTED)[number];

const FIXED_STATES: ReadonlySet<string> = new Set([ROOT.startState, ROOT.endState, 'root.scenario.start.state']);

/** A root type as a map; undefined when someone defined this name as something else. */
export function rootMap(doc: Y.Doc, name: string): Y.Map<unknown> | undefined {
  const type: unknown = doc.share.get(name);
  const isFree = type === undefined || type instanceof Y.Map || (type as object).constructor === Y.AbstractType;
  return isFree ? doc.getMap(name) : undefined;
}

/** Name of the root type that holds a fixed state's messages; undefined for others. */
export const messagesName = (id: string): string | undefined => (FIXED_STATES.has(id) ? `${id}.messages` : undefined);

/** Every root type of a score: what undo looks at. */
export function scope(doc: Y.Doc): Y.Map<unknown>[] {
  const states = [...FIXED_STATES].map((id) => `${id}.messages`);
  return ['meta', ...COLLECTIONS, 'registers', ...FIXED_IDS, ...states].flatMap((name) => rootMap(doc, name) ?? []);
}

/** The map where an object's fields are; undefined when there is none. */
export function entryOf(doc: Y.Doc, collection: Collection, id: string): Y.Map<unknown> | undefined {
  if (collection === 'objects' && FIXED_IDS.has(id)) return rootMap(doc, id);
  const entry = rootMap(doc, collection)?.get(id);
  return entry instanceof Y.Map ? entry : undefined;
}

/** An empty document; its client number is drawn here, so that a simulated room repeats itself. */
export function createDocument(random: Random): Y.Doc {
  const doc = new Y.Doc();
  renumber(doc, random);
  return doc;
}

/** From now on this document writes under another number. */
export function renumber(doc: Y.Doc, random: Random): void {
  const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4);
  doc.clientID = (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

/** Origin of what no person did: never undone. */
export const SEED = 'seed';

/** Gives an empty document its lineage; does nothing where it has one. */
export function seed(doc: Y.Doc, random: Random): void {
  const meta = rootMap(doc, 'meta');
  if (!meta || typeof meta.get('id') === 'string') return;
  const id = createId(random);
  doc.transact(() => {
    meta.set('schema', SCHEMA);
    meta.set('id', id);
  }, SEED);
}
