import { INFINITE, compare } from '../../base.ts';
import type { Flicks } from '../../base.ts';
import { contentOf, tuples } from '../content.ts';
import {
  COMMENT,
  EVENT,
  INTERVAL,
  POLICIES,
  POLICY_NAMES,
  PROCESS,
  PROCESS_TYPES,
  STATE,
  SYNC,
  parseFields,
  policyField,
} from '../fields.ts';
import type { Fields } from '../fields.ts';
import { isId } from '../ids.ts';
import type { RawEntry } from '../raw.ts';
import { isAddress } from '../addresses.ts';
import type { Event, Interval, Message, Policies, Process, ScoreObject, State, Sync } from '../score.ts';
import { toValue } from '../valid-value.ts';

/**
 * One entry, one object, whatever the entry holds: fields are right afterwards, edges are not looked at yet and derived
 * fields are 0 or empty. Outcomes are remembered by entry, which never changes.
 */
const parsed = new WeakMap<RawEntry, { readonly id: string; readonly object: ScoreObject | undefined }>();

/** undefined when the entry is no object. */
export function parseObject(id: string, entry: RawEntry): ScoreObject | undefined {
  const known = parsed.get(entry);
  if (known?.id === id) return known.object;
  const object = isId(id) ? parseKind(id, entry) : undefined;
  parsed.set(entry, { id, object });
  return object;
}

function parseKind(id: string, entry: RawEntry): ScoreObject | undefined {
  switch (entry.get('kind')) {
    case 'interval':
      return parseInterval(id, entry);
    case 'sync':
      return parseSync(id, entry);
    case 'event':
      return parseEvent(id, entry);
    case 'state':
      return parseState(id, entry);
    case 'process':
      return parseProcess(id, entry);
    case 'comment':
      return { kind: 'comment', id, ...parseFields(COMMENT, entry) };
    default:
      return undefined;
  }
}

const POLICY_FIELDS = POLICY_NAMES.map((name) => [name, policyField(name)] as const);

export function parsePolicies(entry: RawEntry): Policies {
  const policies: Record<string, unknown> = {};
  for (const [name, field] of POLICY_FIELDS) {
    const value = POLICIES[name].accept(entry.get(field));
    if (value !== undefined) policies[name] = value;
  }
  return policies as Policies;
}

export function parseInterval(id: string, entry: RawEntry): Interval {
  const fields = parseFields(INTERVAL, entry);
  return { kind: 'interval', id, policies: parsePolicies(entry), ...fields, ...bounds(fields), date: 0 as Flicks };
}

/** Flags override numbers [SC5]. */
export function bounds(fields: Pick<Interval, 'nominal' | 'min' | 'max' | 'isRigid' | 'isMinNull' | 'isMaxInfinite'>): {
  readonly min: Flicks;
  readonly max: Flicks;
} {
  if (fields.isRigid) return { min: fields.nominal, max: fields.nominal };
  const max = fields.isMaxInfinite ? INFINITE : fields.max;
  const min = fields.isMinNull ? (0 as Flicks) : fields.min;
  return { min: Math.min(min, max) as Flicks, max };
}

export function parseSync(id: string, entry: RawEntry): Sync {
  return { kind: 'sync', id, policies: parsePolicies(entry), ...parseFields(SYNC, entry) };
}

export const parseEvent = (id: string, entry: RawEntry): Event => ({
  kind: 'event',
  id,
  policies: parsePolicies(entry),
  ...parseFields(EVENT, entry),
});

export const parseState = (id: string, entry: RawEntry): State => ({
  kind: 'state',
  id,
  ...parseFields(STATE, entry),
  messages: parseMessages(entry.get('messages')),
});

function parseProcess(id: string, entry: RawEntry): Process | undefined {
  const type = entry.get('type');
  if (typeof type !== 'string' || !Object.hasOwn(PROCESS_TYPES, type)) return undefined;
  return parseProcessOf(id, type as Process['type'], entry);
}

export function parseProcessOf(id: string, type: Process['type'], entry: RawEntry): Process {
  const base = {
    kind: 'process',
    id,
    policies: parsePolicies(entry),
    ...parseFields(PROCESS, entry),
    type,
    ...parseFields(PROCESS_TYPES[type] as Fields, entry),
  };
  const content = contentOf(type);
  return {
    ...base,
    ...(type === 'scenario' && { startSync: '' }),
    ...(content && { [content.field]: content.fromTuples(entry.get(content.nested)) }),
  } as unknown as Process;
}

function parseMessages(nested: unknown): readonly Message[] {
  const messages: { readonly rank: string; readonly message: Message }[] = [];
  for (const [id, [rank, address, input]] of tuples(nested, 3)) {
    const value = toValue(input);
    if (isAddress(address) && value !== undefined) messages.push({ rank: String(rank), message: { id, address, value } });
  }
  return messages.sort((a, b) => compare(a.rank, b.rank) || compare(a.message.id, b.message.id)).map(({ message }) => message);
}
