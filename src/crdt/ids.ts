import { ROOT } from './score.ts';
import type { ObjectId } from './score.ts';

/** What a stored id may look like; the one name that means something to JavaScript objects is out. */
const ID = /^[A-Za-z0-9_.~-]{1,128}$/;
const NEW_ID_LENGTH_MAX = 64;

export const isId = (input: unknown): input is ObjectId => typeof input === 'string' && ID.test(input) && input !== '__proto__';
/** Ids that commands give are shorter, so that ids derived from them still fit. */
export const isNewId = (input: unknown): input is ObjectId => isId(input) && input.length <= NEW_ID_LENGTH_MAX;

/** Unique among shaders, pits or tracks; part of addresses. */
const KEY = /^[A-Za-z0-9_-]{1,64}$/;
export const isKey = (input: unknown): input is string => typeof input === 'string' && KEY.test(input) && input !== '__proto__';

/** Name of a shader's input: a GLSL identifier. */
const INPUT_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
export const isInputName = (input: unknown): input is string =>
  typeof input === 'string' && INPUT_NAME.test(input) && input !== '__proto__';

/** The start of a scenario has ids that follow from the scenario's own: nobody can make it twice. */
export const startOf = (scenario: ObjectId): { readonly sync: ObjectId; readonly event: ObjectId; readonly state: ObjectId } => ({
  sync: derived(scenario, '.start.sync'),
  event: derived(scenario, '.start.event'),
  state: derived(scenario, '.start.state'),
});

/** The bounds of the root interval, which lie in no scenario. */
export const BASE_IDS: ReadonlySet<ObjectId> = new Set([
  ROOT.startSync,
  ROOT.startEvent,
  ROOT.startState,
  ROOT.endSync,
  ROOT.endEvent,
  ROOT.endState,
]);

/** Objects that every score has; each has a root type of its own in the Y.Doc, so that two peers never make it twice. */
export const FIXED_IDS: ReadonlySet<ObjectId> = new Set([...Object.values(ROOT), ...Object.values(startOf(ROOT.scenario))]);

/** An id made from others, bounded; alike on every peer. */
export function derived(id: ObjectId, suffix: string): ObjectId {
  const whole = id + suffix;
  return whole.length <= 128 ? whole : `${id.slice(0, 90)}~${hash(whole)}${suffix.slice(-24)}`;
}

/** FNV-1a, 32 bits, in hex: tells long names apart. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(16).padStart(8, '0');
}
