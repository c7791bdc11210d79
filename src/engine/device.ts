import type { MeshTime, Unsubscribe } from '../base.ts';
import type { ParameterDeclaration } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';

/**
 * Everything the score can touch: sound, pictures, MIDI, keys, gamepad, pits, Tutti itself. The engine knows only
 * addresses, values, notes and dates.
 */
export interface Device {
  /** First part of its addresses: `sound` in `sound:/lead/volume`. */
  readonly name: string;
  /** What there is to address; may grow and shrink (hot plug), then as another list: one that was given is not changed. */
  parameters(): readonly Parameter[];
  /** Not here: the score says that there is one, and this keeps what it would be told. */
  readonly isDeclared?: true;
  /** The last value seen at an address of this device; undefined when there is none. at: where it is known by date, that of then. */
  read(address: Address, at?: MeshTime): Value | undefined;
  /** What was said there last, though its date may not have come; absent: as `read`. */
  latest?(address: Address): Value | undefined;
  /** Applies a value at its date (now, if that is past). Unknown addresses and wrong types are ignored and counted. */
  send(address: Address, value: Value, at: MeshTime): void;
  /** A scored or played note; absent where the device makes no notes. */
  note?(address: Address, note: ScheduledNote): void;
  /** A medium; absent where the device plays none. */
  play?(address: Address, sound: ScheduledSound): void;
  /** Ends at `at`, within 5 ms, everything that was scheduled for this occurrence. */
  cut?(occurrence: string, at: MeshTime): void;
  /** Silence now: all notes off, all scheduled things dropped. */
  panic?(): void;
  /** Values that come in from the world: a key pressed, a fader moved. */
  onValue(f: (address: Address, value: Value, at: MeshTime) => void): Unsubscribe;
  close(): void;
}

export interface Parameter {
  readonly address: Address;
  readonly type: ParameterDeclaration['type'] | 'notes';
  readonly access: ParameterDeclaration['access'];
  readonly min?: number | readonly number[];
  readonly max?: number | readonly number[];
  /** The only values there are. */
  readonly values?: readonly Value[];
  /** What becomes of values out of range; absent: as the device likes. */
  readonly clip?: ParameterDeclaration['clip'];
  readonly unit?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
}

export interface ScheduledNote {
  /** The interval occurrence that plays it: all its notes pass one gate. Empty for live notes, which never wait. */
  readonly occurrence: string;
  readonly pitch: number;
  /** 0 to 1 */
  readonly velocity: number;
  readonly at: MeshTime;
  /** End of the note; Infinity for a live note that is still held (ended by the same pitch with velocity 0). */
  readonly until: MeshTime;
}

export interface ScheduledSound {
  /** The interval occurrence that plays it. */
  readonly occurrence: string;
  /** Hash. */
  readonly media: string;
  readonly at: MeshTime;
  /** Infinity: until its end, or a cut. */
  readonly until: MeshTime;
  /** s into the medium, at `at`. */
  readonly offset: number;
  /** Factor of its speed, > 0. */
  readonly rate: number;
  /** Factor */
  readonly gain: number;
  /** s after which it begins again at `loopStart`; absent: it does not. */
  readonly loop?: number;
  readonly loopStart: number;
}
