import type { MeshTime } from '../base.ts';
import type { Address, Value } from '../crdt/value.ts';

/**
 * What sounds at the instruments of this peer, and who holds it. A note that two hold ends when both have let go, and so
 * does a pedal: a synthesiser whose player is gone would ring on for ever under it.
 */
export interface Sounding {
  note(holder: string, place: NotePlace, velocity: number, at: MeshTime): void;
  /** At an address of MIDI, below a channel: `cc/64`, `pitchbend`. */
  control(holder: string, address: Address, value: number, at: MeshTime): void;
  /** Ends what somebody holds, of notes and controllers at these instruments, or at all. */
  release(holder: string, at: MeshTime, isToEnd?: (instrument: Address) => boolean): void;
}

export interface NotePlace {
  readonly instrument: Address;
  readonly pitch: number;
}

export interface SoundingDeps {
  note(address: Address, pitch: number, velocity: number, at: MeshTime): void;
  send(address: Address, value: Value, at: MeshTime): void;
}

/** Controllers that make notes ring on, or sound otherwise than played, while they are not 0: MIDI 1.0, table III. */
const HELD = /\/(?:cc\/(?:1|64|65|66|67|68|69)|pitchbend|pressure)$/;

interface Place {
  readonly instrument: Address;
  readonly end: (at: MeshTime) => void;
  readonly holders: Set<string>;
}

export function createSounding(deps: SoundingDeps): Sounding {
  const places = new Map<string, Place>();

  const hold = (holder: string, key: string, make: () => Omit<Place, 'holders'>): void => {
    const place = places.get(key) ?? { ...make(), holders: new Set<string>() };
    place.holders.add(holder);
    places.set(key, place);
  };
  const leave = (holder: string, key: string, at: MeshTime): void => {
    const place = places.get(key);
    if (!place?.holders.delete(holder) || place.holders.size > 0) return;
    places.delete(key);
    place.end(at);
  };

  return {
    note(holder, { instrument, pitch }, velocity, at) {
      hold(holder, `${instrument} ${pitch}`, () => ({ instrument, end: (end) => deps.note(instrument, pitch, 0, end) }));
      deps.note(instrument, pitch, velocity, at);
    },
    control(holder, address, value, at) {
      deps.send(address, value, at);
      const instrument = address.replace(/\/(?:cc\/\d+|[a-z]+)$/, '');
      if (!HELD.test(address)) return;
      if (value !== 0) hold(holder, address, () => ({ instrument, end: (end) => deps.send(address, 0, end) }));
      else places.get(address)?.holders.delete(holder);
      if (places.get(address)?.holders.size === 0) places.delete(address);
    },
    release(holder, at, isToEnd = () => true) {
      for (const [key, { instrument, holders }] of [...places]) if (holders.has(holder) && isToEnd(instrument)) leave(holder, key, at);
    },
  };
}
