import { ADDRESS_MAX } from './fields.ts';
import { parseAddress } from './value.ts';
import type { Address } from './value.ts';

/** An address that a message or process may name. */
export const isAddress = (input: unknown): input is Address =>
  typeof input === 'string' && input.length <= ADDRESS_MAX && parseAddress(input) !== undefined;

/** The part of an address behind the device. */
export const isPath = (input: unknown): input is string => isAddress(`a:${String(input)}`);
