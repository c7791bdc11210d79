import { contentOf } from '../content.ts';
import type { Content } from '../content.ts';
import { fieldsOf } from '../entries.ts';
import { PARAMETER, POLICIES, PROCESS_TYPES, parseFields } from '../fields.ts';
import { isId } from '../ids.ts';
import type { Message, ParameterDeclaration, Policies, Process, ScoreObject } from '../score.ts';
import { toValue } from '../valid-value.ts';
import { objectAt } from './access.ts';
import type { Json, JsonObject } from './json.ts';
import type { Fields } from './part.ts';
import { STRUCTURAL, toPlain } from './shape.ts';

/**
 * Tutti's own words in a file of ossia. Whoever wrote them, each is read by the table of its kind: what is not allowed is
 * repaired or left out, before it stands beside what ossia's own words say [OS6].
 */
const isRecord = (input: unknown): input is Fields => typeof input === 'object' && input !== null && !Array.isArray(input);
const entryOf = (given: Fields): ReadonlyMap<string, unknown> => new Map(Object.entries(given));

/** Fields that the word says otherwise than ossia's keys do. */
export function ownFieldsOf(word: JsonObject, object: Pick<ScoreObject, 'kind'> & { readonly type?: Process['type'] }): Fields {
  const given = toPlain(objectAt(word, 'fields')) as Fields;
  const table = fieldsOf(object);
  const content = object.kind === 'process' ? contentOf(object.type!) : undefined;
  const fields: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(given)) {
    const field = Object.hasOwn(table, name) && (!STRUCTURAL.has(name) || name === 'rank') ? table[name] : undefined;
    if (name === content?.field) {
      if (Array.isArray(input)) fields[name] = itemsOf(content, input);
    } else if (name === 'messages' && object.kind === 'state') {
      if (Array.isArray(input)) fields[name] = messagesOf(input);
    } else if (field) {
      const value = field.accept(input) ?? field.repair?.(input);
      if (value !== undefined || (input === null && field.isOptional)) fields[name] = value;
    }
  }
  return fields;
}

const itemsOf = (content: Content, list: readonly unknown[]): readonly unknown[] =>
  list.slice(0, content.most).flatMap((item, i) => {
    const id = (): string => `${content.field}${i}`;
    const read = content.accept(item, id) ?? content.repair(item, id);
    return read === undefined ? [] : [read];
  });

const messagesOf = (list: readonly unknown[]): readonly Message[] =>
  list.filter(isRecord).flatMap(({ id, address, value: input }, i): Message[] => {
    const value = toValue(input);
    return typeof address === 'string' && value !== undefined ? [{ id: isId(id) ? id : `messages${i}`, address, value }] : [];
  });

export const ownPolicies = (json: Json | undefined): Policies => {
  const given = json === undefined ? undefined : toPlain(json);
  return isRecord(given) ? (parseFields(POLICIES, entryOf(given)) as Policies) : {};
};

/** A process that ossia has no form for; undefined where it is none. */
export function ownProcess(json: JsonObject, interval: string): Process | undefined {
  const given = toPlain(json) as Fields;
  const { id, type } = given;
  if (!isId(id) || typeof type !== 'string' || type === 'scenario' || !Object.hasOwn(PROCESS_TYPES, type)) return undefined;
  const shaped = { kind: 'process', type: type as Process['type'] } as const;
  const content = contentOf(type);
  const list = content && given[content.field];
  return {
    ...parseFields(fieldsOf(shaped), entryOf(given)),
    ...(content && { [content.field]: Array.isArray(list) ? itemsOf(content, list) : [] }),
    ...{ ...shaped, id, interval, policies: ownPolicies(json.get('policies')) },
  } as unknown as Process;
}

export const ownDeclaration = (json: JsonObject): ParameterDeclaration => parseFields(PARAMETER, entryOf(toPlain(json) as Fields));
