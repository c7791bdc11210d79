import type { LocalTime } from '../base.ts';

/** The machine below a peer. The simulator's is virtual; `host.browser.ts` and `host.node.ts` are real. */
export interface Host {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly random: Random;
}

export interface Clock {
  /** Monotonic; two calls in one turn may differ. */
  now(): LocalTime;
}

export interface Timer {
  /** Calls `f` once, not before `delayMs`; the returned function cancels it. */
  after(delayMs: number, f: () => void): () => void;
  /** Calls `f` about every `periodMs`, also while a page is hidden; the returned function ends it. */
  every(periodMs: number, f: () => void): () => void;
}

export interface Random {
  /** Uniform bytes; of cryptographic quality but in the simulator. */
  bytes(length: number): Uint8Array;
  /** Uniform in [0, 1). */
  next(): number;
}

const ID_ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_';

/** 12 characters of 64: 72 bits, unique without asking anyone. */
export const createId = (random: Random): string => Array.from(random.bytes(12), (byte) => ID_ALPHABET[byte & 63]).join('');
