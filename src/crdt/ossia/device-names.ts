import { isAddress } from '../addresses.ts';

/** A name for a device whose own addresses here cannot begin with. */
export const otherName = (name: string): string => name.replace(/[\s:%@"'/]+/g, '_').slice(0, 64) || 'device';

/** The address as Tutti knows it, its device renamed where it must be; undefined where it makes none, as without a device. '' is one. */
export function knownAddress(text: string, naming: (device: string) => string): string | undefined {
  const isKnown: boolean = text === '' || isAddress(text);
  if (isKnown) return text;
  const [device = '', ...path] = text.split(':');
  const renamed = `${naming(device)}:${path.join(':')}`;
  return device !== '' && path.length > 0 && isAddress(renamed) ? renamed : undefined;
}
