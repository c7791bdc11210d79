import type { Issue, PeerId } from '../base.ts';
import type { Address } from '../crdt/value.ts';
import type { LiveKind } from './calls-plan.ts';

/**
 * Live sound and pictures of this machine: its inputs, and lines to other pages. The port carries, who decides what may
 * pass is above: nothing is sent and nothing is played on a line before it is admitted. No handler runs before the call
 * that it was given to, or that caused it, has returned.
 */
export interface CallPort {
  /** Begins to be reachable; again without effect. */
  open(handlers: CallPortHandlers): void;
  /** `away`: the server that introduces callers does not answer; lines that stand go on. */
  readonly state: 'idle' | 'connecting' | 'open' | 'away';
  /** Under which others reach this page, and the certificate that all of its lines have; undefined until it is open. */
  readonly own: Caller | undefined;
  hasInput(kind: LiveKind): boolean;
  /** undefined: none from now on. done: with why not. */
  setInput(kind: LiveKind, choice: InputChoice | undefined, done: (issue: Issue | undefined) => void): void;
  inputs(kind: LiveKind, done: (inputs: readonly LiveInput[]) => void): void;
  /** Peak of the own input, 0 to 1. */
  level(): number;
  call(to: string, kind: LiveKind, settings: LineSettings, handlers: LineHandlers): Line;
  close(): void;
}

/** device: '' for the one that the browser chooses. */
export interface InputChoice {
  readonly device: string;
  readonly cleaning: Cleaning;
}

/** What browsers do to a microphone so that speech is understood: against echo, against noise, to an even level. It spoils music. */
export interface Cleaning {
  readonly echo: boolean;
  readonly noise: boolean;
  readonly level: boolean;
}
export const NO_CLEANING: Cleaning = { echo: false, noise: false, level: false };

export interface LiveInput {
  readonly id: string;
  /** Empty until the person allowed an input once. */
  readonly label: string;
}

/** fingerprint: of a DTLS certificate, as `sha-256 ab:cd:…`, in lower case. */
export interface Caller {
  readonly id: string;
  readonly fingerprint: string;
}

export interface CallPortHandlers {
  /** State, own or inputs are others. */
  changed(): void;
  /** Somebody calls. To be answered or closed, at once or later. */
  incoming(caller: string, kind: LiveKind, line: IncomingLine): void;
}

export interface LineSettings {
  /** kbit/s */
  readonly bitrate: number;
  readonly isStereo: boolean;
  /** Pixels and pictures a second; 0 for sound. */
  readonly height: number;
  readonly rate: number;
}

export interface LineHandlers {
  /** Fingerprints of the other side's certificate: all that its description names, when that stands, then those it did show. Empty: something that is not due was said. */
  described(fingerprints: readonly string[]): void;
  /** It carries; before, it may be admitted already. */
  live(): void;
  /** Once; nothing follows. */
  ended(): void;
}

export interface Line {
  admit(): void;
  /** Of who sends. */
  tune(settings: LineSettings): void;
  /** kbit/s that pass where it is narrow: packets are lost or queue up; undefined while all is well. */
  narrow(): number | undefined;
  close(): void;
}

export interface IncomingLine extends Omit<Line, 'admit'> {
  answer(handlers: LineHandlers): void;
  /** from: whose certificate it has. */
  admit(from: PeerId): void;
  /** Where a sound is heard, and how loud. */
  place(places: readonly Place[]): void;
  /** Peak, 0 to 1, as it came. */
  level(): number;
  /** ms from there to here: half a round trip and the jitter buffer; undefined before the first figure. */
  latency(): number | undefined;
}

export interface Place {
  /** Of a track; empty: beside all. */
  readonly output: Address;
  /** Factor; 0: muted. */
  readonly gain: number;
}
