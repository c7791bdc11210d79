import { parseAddress } from '../../crdt/value.ts';

/** Why a text names no device; nothing at all is still being typed. */
export const nameFault = (name: string): string | undefined =>
  name.trim() === '' || parseAddress(`${name.trim()}:/x`) ? undefined : 'A name has no : / % " in it.';

/** Why a text is no path in a device; nothing at all is still being typed. */
export const pathFault = (path: string): string | undefined =>
  path === '' || parseAddress(`x:${path}`) ? undefined : 'A path reads /lead/volume.';
