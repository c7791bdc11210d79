import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { decode } from './wire.ts';

/** How a person wants to be seen. Says nothing about who it is: that is the peer id. */
export interface Profile {
  /** 1 to 40 characters. */
  readonly name: string;
  /** 0 to 11: one of the twelve hues. */
  readonly hue: number;
}

const NAME_LENGTH_MAX = 40;
const HUES = 12;

/** Makes a profile of anything: control characters go, an empty name becomes “Someone”. */
export function tidyProfile(profile: Profile): Profile {
  const name = profile.name.replace(/\p{Cc}+/gu, ' ').trim();
  const hue = Number.isSafeInteger(profile.hue) ? ((profile.hue % HUES) + HUES) % HUES : 0;
  return { name: [...name].slice(0, NAME_LENGTH_MAX).join('') || 'Someone', hue };
}

/** profile = name:varString hue:varUint */
export const writeProfile = (encoder: encoding.Encoder, profile: Profile): void => {
  encoding.writeVarString(encoder, profile.name);
  encoding.writeVarUint(encoder, profile.hue);
};

export const readProfile = (decoder: decoding.Decoder): Profile =>
  tidyProfile({ name: decoding.readVarString(decoder), hue: decoding.readVarUint(decoder) });

export const encodeProfile = (profile: Profile): Uint8Array => encoding.encode((encoder) => writeProfile(encoder, profile));

export const decodeProfile = (bytes: Uint8Array): Profile | undefined => decode(bytes, readProfile);
