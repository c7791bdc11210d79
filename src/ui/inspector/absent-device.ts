import { parseAddress } from '../../crdt/value.ts';
import type { Address } from '../../crdt/value.ts';
import { readDestination } from '../../engine/destination.ts';
import { isPattern } from '../../engine/pattern.ts';

/** The first device that these addresses name and this machine has not; undefined when all are here. */
export function absentDevice(addresses: readonly Address[], devices: readonly { readonly name: string }[]): string | undefined {
  const here = new Set(devices.map(({ name }) => name));
  return addresses
    .map((address) => parseAddress(address)?.device)
    .find((name) => name !== undefined && !isPattern(`${name}:`) && !here.has(name));
}

/** Why a text is no address; nothing at all is none on purpose. */
export function addressFault(text: string): string | undefined {
  const read = text.trim() === '' ? undefined : readDestination(text.trim());
  if (!read || !('message' in read)) return undefined;
  return read.at === 0 ? 'An address reads device:/path, as sound:/lead/volume.' : `Character ${read.at + 1}: ${read.message}`;
}
