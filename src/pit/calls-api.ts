import type { Issue, PeerId } from '../base.ts';
import type { ObjectId } from '../crdt/score.ts';
import type { Cleaning, LiveInput } from './call-port.ts';
import type { LiveKind } from './calls-plan.ts';

/** Live sound and pictures between peers, as seen from above. */
export interface Calls {
  /**
   * `absent`: this peer has none (it is headless, or its browser has none); `idle`: none is needed; `away`: the server that introduces callers does not
   * answer: calls that stand go on, others wait.
   */
  readonly state: 'absent' | 'idle' | 'connecting' | 'open' | 'away';
  /** Who hears whom, by each pit that is on, of everybody in the room: by pit, sender, hearer. */
  list(): readonly CallView[];
  /** Here only: this peer does not hear who plays. */
  mute(from: PeerId, isMuted: boolean): void;
  /** Here only: factor, 0 to 4. */
  setGain(from: PeerId, gain: number): void;
  /** The person's choice: nothing is sent before. undefined: none from now on; '': the one that the browser chooses. */
  setInput(kind: LiveKind, device: string | undefined, done?: (issue: Issue | undefined) => void): void;
  /** How a microphone is cleaned, in what is not named as before; all off at first: an instrument is no telephone. An open one is opened again. */
  clean(change: Partial<Cleaning>, done?: (issue: Issue | undefined) => void): void;
  cleaning(): Cleaning;
  /** What was chosen; undefined: nothing. */
  input(kind: LiveKind): string | undefined;
  inputs(kind: LiveKind, done: (inputs: readonly LiveInput[]) => void): void;
  /** Peak of the own sound input, 0 to 1. */
  level(): number;
}

export interface CallView {
  readonly pit: ObjectId;
  readonly kind: LiveKind;
  readonly from: PeerId;
  readonly to: PeerId;
  readonly state: CallState;
  /** ms from input to here, as far as it is known: half a round trip and the jitter buffer. */
  readonly latencyMs: number | undefined;
  /** Peak of the sound as it comes, 0 to 1; of calls to this peer only. */
  readonly level: number | undefined;
  /** The hearer turned it off. */
  readonly isMuted: boolean;
  /** Factor of the hearer; of calls to this peer only, else 1. */
  readonly gain: number;
  /** Both certificates were told over links that are proven. */
  readonly isVerified: boolean;
}

/**
 * absent: one of the two has no calls at all; noInput: the sender has chosen none; waiting: for each other or for the
 * server; refused: the certificate was another than told, or the caller a stranger.
 */
export const CALL_STATES = ['absent', 'noInput', 'waiting', 'connecting', 'live', 'refused'] as const;
export type CallState = (typeof CALL_STATES)[number];
