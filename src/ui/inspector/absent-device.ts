import { parseAddress } from '../../crdt/value.ts';
import type { Address } from '../../crdt/value.ts';

/** The first device that these addresses name and this machine has not; undefined when all are here. */
export function absentDevice(addresses: readonly Address[], devices: readonly { readonly name: string }[]): string | undefined {
  const here = new Set(devices.map(({ name }) => name));
  return addresses.map((address) => parseAddress(address)?.device).find((name) => name !== undefined && !here.has(name));
}
