import { isAddress } from '../addresses.ts';
import { parseAddress } from '../value.ts';
import { objectAt, textAt } from './access.ts';
import type { JsonObject } from './json.ts';

/** A name for a device whose own addresses here cannot begin with. */
export const otherName = (name: string): string => name.replace(/[\s:%@"'/]+/g, '_').slice(0, 64) || 'device';

/** The name itself where addresses may begin with it. */
export const nameHere = (name: string): string => (parseAddress(`${name}:/`) ? name : otherName(name));

/** The name here of each device in turn: one that is taken gets a number, as `read` would give it. */
export function namesInTurn(naming: (name: string) => string): (name: string) => string {
  const taken = new Set<string>();
  return (given) => {
    const name = naming(given);
    let own = name;
    for (let i = 2; taken.has(own); i++) own = `${name}-${i}`;
    taken.add(own);
    return own;
  };
}

/** Of the node that a device came with; undefined where there is none. */
export const originalName = (node: JsonObject | undefined): string | undefined => {
  const name = textAt(objectAt(node, 'Device'), 'Name');
  return name === '' ? undefined : name;
};

/** The address as Tutti knows it, its device renamed where it must be; undefined where it makes none, as without a device. '' is one. */
export function knownAddress(text: string, naming: (device: string) => string): string | undefined {
  const isKnown: boolean = text === '' || isAddress(text);
  if (isKnown) return text;
  const colon = text.indexOf(':/');
  if (colon <= 0) return undefined;
  const renamed = naming(text.slice(0, colon)) + text.slice(colon);
  return isAddress(renamed) ? renamed : undefined;
}
