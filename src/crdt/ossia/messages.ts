import type { Message } from '../score.ts';
import { at, draftOf, listAt, objectOf, objectsAt, textAt, toNumber } from './access.ts';
import { isList, isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { fromValue, partsOf, qualifierFields, qualifiers, toAddress, toValue } from './values.ts';

/**
 * Messages of a state: a tree of names, values at its nodes, sent in the order of the tree.
 *
 *   node    = { Name, Accessors, Unit, User: value, Previous: [{Process, Value}], Following: [...], Priorities: [n], Children: [node] }
 *
 * A node may know values of three origins: what the person wrote, where processes before end, where those after begin.
 * `Priorities` says which counts: 0 the person's, 1 before, 2 after. Source: score-lib-process, State/MessageNode.
 */
export type PlainMessage = Pick<Message, 'address' | 'value'>;

const PRIORITIES = [1, 2, 0];
const MESSAGES_MAX = 20_000;

export function toMessages(json: Json | undefined): readonly PlainMessage[] {
  const messages: PlainMessage[] = [];
  if (isList(json)) {
    // As the oldest files have them: a plain list.
    for (const item of json) push(messages, toAddress(at(item, 'Address') ?? at(item, 'address')), valueIn(item));
    return messages;
  }
  for (const device of objectsAt(json, 'Children')) walk(device, textAt(device, 'Name'), undefined, messages);
  return messages;
}

/** `{ Address, Value }`, or with type and content beside the address. */
const valueIn = (item: Json): Json | undefined => (typeof at(item, 'Type') === 'string' ? item : (at(item, 'Value') ?? at(item, 'value')));

function push(messages: PlainMessage[], address: string, json: Json | undefined): void {
  const value = toValue(json);
  if (value !== undefined && messages.length < MESSAGES_MAX) messages.push({ address, value });
}

function walk(node: JsonObject, device: string, path: string | undefined, messages: PlainMessage[]): void {
  push(messages, `${device}:${path ?? '/'}${qualifiers(node)}`, valueOf(node));
  for (const child of objectsAt(node, 'Children')) walk(child, device, `${path ?? ''}/${textAt(child, 'Name')}`, messages);
}

function valueOf(node: JsonObject): Json | undefined {
  const order = listAt(node, 'Priorities').map(toNumber);
  for (const origin of order.length > 0 ? order : PRIORITIES) {
    const found = origin === 0 ? at(node, 'User') : firstOf(node, origin === 1 ? 'Previous' : 'Following');
    if (isObject(found) && found.size > 0) return found;
  }
  return undefined;
}

const firstOf = (node: JsonObject, origin: string): Json | undefined =>
  objectsAt(node, origin)
    .map((entry) => at(entry, 'Value'))
    .find((value) => isObject(value) && value.size > 0);

interface Branch {
  readonly name: string;
  readonly behind: string;
  value: JsonObject | null;
  readonly children: Branch[];
}

/**
 * Of a tree what no message here stands for: nodes whose address is none here, or whose value cannot be sent, on the way
 * to them the names alone.
 */
export function strangers(json: Json | undefined, isMessage: (message: PlainMessage) => boolean): readonly JsonObject[] {
  const left = (node: JsonObject, device: string, path: string | undefined): readonly JsonObject[] => {
    const children = objectsAt(node, 'Children').flatMap((child) => left(child, device, `${path ?? ''}/${textAt(child, 'Name')}`));
    const json = valueOf(node);
    const value = toValue(json);
    const address = `${device}:${path ?? '/'}${qualifiers(node)}`;
    const isStrange = json !== undefined && (value === undefined || !isMessage({ address, value }));
    if (!isStrange && children.length === 0) return [];
    const rest = isStrange ? node : draftOf(node, objectOf({ Previous: [], Following: [], User: null }));
    const kept = new Map([...rest].filter(([key]) => key !== 'Children'));
    return [children.length === 0 ? kept : draftOf(kept, objectOf({ Children: children }))];
  };
  return objectsAt(json, 'Children').flatMap((device) => left(device, textAt(device, 'Name'), undefined));
}

/**
 * The order of the tree is that of the messages: a name that was left comes again; kept: nodes behind them.
 * originally: a device's name in the file.
 */
export function fromMessages(
  messages: readonly PlainMessage[],
  originally: (device: string) => string = (name) => name,
  kept: readonly JsonObject[] = [],
): JsonObject {
  const root: Branch = { name: '', behind: '', value: null, children: [] };
  for (const { address, value } of messages) {
    const { device, path, behind } = partsOf(address);
    let branch = root;
    [originally(device), ...path].forEach((name, i) => {
      const isLast = i === path.length;
      const last = branch.children.at(-1);
      const isOpen =
        last?.name === name && last.behind === (isLast ? behind : '') && (!isLast || (last.value === null && last.children.length === 0));
      const next: Branch = isOpen ? last : { name, behind: isLast ? behind : '', value: null, children: [] };
      if (!isOpen) branch.children.push(next);
      branch = next;
    });
    branch.value = fromValue(value);
  }
  const node = toNode(root);
  return kept.length === 0 ? node : draftOf(node, objectOf({ Children: [...objectsAt(node, 'Children'), ...kept] }));
}

const toNode = ({ name, behind, value, children }: Branch): JsonObject =>
  objectOf({
    Name: name,
    ...qualifierFields(behind),
    Previous: [],
    Following: [],
    User: value,
    Priorities: PRIORITIES,
    ...(children.length > 0 && { Children: children.map(toNode) }),
  });
