import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as v from 'valibot';
import type { MeshTime, PeerId } from '../base.ts';
import { type INFINITE } from '../base.ts';
import { encodeAny } from '../mesh/any.ts';
import { isOwn } from './fact.ts';
import type { Fact } from './fact.ts';

/**
 * frame = lib0 `any` encoding of the fact as in fact.ts, nothing before or after; at most `FACT_BYTES_MAX`
 */
export const FACT_BYTES_MAX = 512 * 1024;
/** An adoption of more, or of more than goes into a fact, only names its structure. */
export const CHANGES_MAX = 20_000;
/** Syncs that a score may have. */
export const FIRED_MAX = 100_000;

/** Nothing in it may part the words of a fact's id: two facts of one id would be one here and the other there. */
const ID = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.~-]{1,128}$/));
const PATH = v.pipe(v.string(), v.maxLength(512), v.regex(/^([0-9a-z-]+:)?(\d{1,9}|~[0-9a-z-]{1,12})(\.(\d{1,9}|~[0-9a-z-]{1,12}))*$/));
const MESH = v.pipe(
  v.number(),
  v.finite(),
  v.transform((at) => at as MeshTime),
);
/** Mesh time is the session's age; what claims to be from long before would have to be replayed for as long. */
const AT = v.pipe(
  v.number(),
  v.finite(),
  v.minValue(-60_000),
  v.transform((at) => at as MeshTime),
);
const FLICKS = v.pipe(
  v.number(),
  v.safeInteger(),
  v.minValue(0),
  v.transform((date) => date as typeof INFINITE),
);
const HASH = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
const PEER = v.pipe(
  v.string(),
  v.maxLength(128),
  v.transform((peer) => peer as PeerId | ''),
);
const BASE = { run: ID, at: AT, by: PEER };
const SCOPE = { scope: v.exactOptional(v.literal('own')) };

const FACT = v.variant('type', [
  v.object({
    ...{ type: v.literal('fired'), ...BASE, ...SCOPE, path: PATH, sync: ID },
    reason: v.picklist(['click', 'expression', 'max', 'ready']),
  }),
  v.object({ type: v.literal('ending'), ...BASE, path: PATH, sync: ID }),
  v.object({ type: v.literal('decided'), ...BASE, ...SCOPE, path: PATH, event: ID, holds: v.boolean() }),
  v.object({ type: v.literal('play'), ...BASE, from: FLICKS, structure: HASH }),
  v.object({ type: v.picklist(['stop', 'pause', 'resume']), ...BASE }),
  v.object({ type: v.literal('seek'), ...BASE, to: FLICKS }),
  v.object({ type: v.literal('loop'), ...BASE, start: FLICKS, end: v.nullable(FLICKS) }),
  v.object({
    ...{ type: v.literal('speed'), ...BASE, ...SCOPE, path: PATH, interval: ID },
    speed: v.pipe(v.number(), v.finite(), v.minValue(-100), v.maxValue(100)),
  }),
  v.object({ type: v.picklist(['begin', 'end']), ...BASE, ...SCOPE, path: PATH, interval: ID }),
  v.object({
    ...{ type: v.literal('adopt'), ...BASE, structure: HASH },
    changes: v.nullable(v.pipe(v.array(v.tuple([ID, v.unknown()])), v.maxLength(CHANGES_MAX))),
    fired: v.pipe(
      v.array(v.union([v.tuple([PATH, ID, MESH, v.picklist(['again', 'end', 'turn', 'cross'])]), v.tuple([PATH, ID, MESH])])),
      v.maxLength(FIRED_MAX),
    ),
  }),
]);

/** What was checked once need not be again. */
const checked = new WeakSet<Fact>();

/** A fact from outside, checked field by field; unknown fields are dropped; undefined if it is none [LG1]. */
export function toFact(input: unknown): Fact | undefined {
  if (checked.has(input as Fact)) return input as Fact;
  const parsed = v.safeParse(FACT, input, { abortEarly: true });
  if (!parsed.success) return undefined;
  checked.add(parsed.output);
  return parsed.output;
}

export const encodeFact = (fact: Fact): Uint8Array => encoding.encode((encoder) => encoding.writeAny(encoder, fact as never));

/** undefined on anything but one whole valid fact [LG1]. */
export function decodeFact(bytes: Uint8Array): Fact | undefined {
  if (bytes.length > FACT_BYTES_MAX) return undefined;
  try {
    const decoder = decoding.createDecoder(bytes);
    const input: unknown = decoding.readAny(decoder);
    return decoding.hasContent(decoder) ? undefined : toFact(input);
  } catch {
    return undefined;
  }
}

/**
 * Equal facts have equal ids, and no other two have: all that a fact says is in its id, so that an author who tells one
 * peer this and another that has stated two facts, which both get everywhere [LG2].
 */
export const factId = (fact: Fact): string =>
  [fact.run, fact.type, `${contentOf(fact)}${isOwn(fact) ? '/own' : ''}`, fact.by, fact.at].join('|');

function contentOf(fact: Fact): string {
  switch (fact.type) {
    case 'fired':
      return `${fact.path}/${fact.sync}/${fact.reason}`;
    case 'ending':
      return `${fact.path}/${fact.sync}`;
    case 'decided':
      return `${fact.path}/${fact.event}/${fact.holds}`;
    case 'play':
      return `${fact.from}/${fact.structure}`;
    case 'seek':
      return `${fact.to}`;
    case 'loop':
      return `${fact.start}/${fact.end}`;
    case 'speed':
      return `${fact.path}/${fact.interval}/${fact.speed}`;
    case 'begin':
    case 'end':
      return `${fact.path}/${fact.interval}`;
    case 'adopt':
      return `${fact.structure}/${digestOf(fact)}`;
    default:
      return '';
  }
}

const digests = new WeakMap<Fact, string>();

/** 16 hex digits over the changes and the record, which would be too long for an id. */
function digestOf(fact: Fact & { readonly type: 'adopt' }): string {
  const known = digests.get(fact);
  if (known !== undefined) return known;
  const made = bytesToHex(sha256(encodeAny([fact.changes, fact.fired]))).slice(0, 16);
  digests.set(fact, made);
  return made;
}
