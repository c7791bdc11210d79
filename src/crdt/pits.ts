import type { ObjectId } from './object.ts';
import type { ProcessBase } from './process-base.ts';

export const COMBINATIONS = ['list', 'average', 'sum', 'min', 'max', 'median', 'latest', 'spread', 'count'] as const;
export type Combination = (typeof COMBINATIONS)[number];

/** Combines what all present peers put in; readable at `pit:/<key>`. */
export interface Pit extends ProcessBase {
  readonly type: 'pit';
  readonly key: string;
  readonly combination: Combination;
  /** The clock master states the value with a date, so that all have the same one at the same time. */
  readonly isAligned: boolean;
  /** The output repeats its value while nothing changes. */
  readonly isContinuous: boolean;
  /** Live outside a run, too. */
  readonly isAlways: boolean;
  /** Range of the fader. */
  readonly min: number;
  readonly max: number;
  /** What this peer puts in follows this address of its own devices; empty: the fader alone. */
  readonly input: string;
  /** Where the combined value goes; empty: only to who reads `pit:/<key>`. */
  readonly output: string;
}

/** one: all on `channel`; each: every player on a channel of its own; kept: as it was played. */
export const MIDI_CHANNELS = ['one', 'each', 'kept'] as const;

/** Notes and controllers of all peers, merged into one instrument. */
export interface MidiPit extends ProcessBase {
  readonly type: 'midiPit';
  /** What this peer plays comes from here, a channel of its devices or any, as `midi:/any/any`; empty: nothing but by script. */
  readonly input: string;
  /** A track, or a MIDI port. */
  readonly output: string;
  readonly channels: (typeof MIDI_CHANNELS)[number];
  /** 1 to 16 */
  readonly channel: number;
  /** Of `each`: whose channel, 1 to 16, is not by the order of those known; 0: that on which it plays. */
  readonly players: readonly { readonly peer: string; readonly channel: number }[];
  /** Heard everywhere at one date, a little later. */
  readonly isCompensated: boolean;
  readonly isAlways: boolean;
}

/** Whose live input of a kind goes to those who run the pit. */
interface LivePit extends ProcessBase {
  /** Unique among audio and among video pits; does not follow the name. */
  readonly key: string;
  /** Members of this group send; nobody where there is no such group. */
  readonly senders: ObjectId;
  /** Where there are any, of those only these. */
  readonly peers: readonly string[];
  /** kbit/s of each call, at most. */
  readonly bitrate: number;
  readonly isAlways: boolean;
}

/** Microphones and instruments of those who send, heard by those who run it. */
export interface AudioPit extends LivePit {
  readonly type: 'audioPit';
  /** The track through which it is heard, as `sound:/voices`; empty: beside all tracks. */
  readonly output: string;
  /** Factor, 0 to 4 */
  readonly gain: number;
  readonly isStereo: boolean;
}

/** Cameras of those who send, seen by those who run it. */
export interface VideoPit extends LivePit {
  readonly type: 'videoPit';
  /** Pixels, at most. */
  readonly height: number;
  /** Pictures a second, at most. */
  readonly rate: number;
}
