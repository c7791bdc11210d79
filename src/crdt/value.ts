/** A value as ossia has them: a number, a truth, a text, a list of values, or an impulse. */
export type Value = number | boolean | string | Impulse | readonly Value[];
export interface Impulse {
  readonly impulse: true;
}
export const IMPULSE: Impulse = { impulse: true };

/** `device:/path/of/nodes`; the device is the part before the colon. May be a pattern, and say with `@[…]` what of the value is meant. */
export type Address = string;

/** Splits an address; undefined if it is none. */
export function parseAddress(address: Address): { device: string; path: string } | undefined {
  const match = /^([^\s:%@"'/](?:[^:%@"'/\n\r]*[^\s:%@"'/])?):(\/[^\s%]*)$/.exec(address);
  return match ? { device: match[1]!, path: match[2]! } : undefined;
}
