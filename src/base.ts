/** What every folder may use: proofs, brands, events, total orders. Nothing stands above this file. */

declare const brand: unique symbol;
export type Brand<T, B extends string> = T & { readonly [brand]: B };

/** Milliseconds, float, monotonic, of one machine; only `Clock.now()` makes one. */
export type LocalTime = Brand<number, 'LocalTime'>;
/** Milliseconds, float, agreed by the mesh; crosses from and to LocalTime by a ClockMap. */
export type MeshTime = Brand<number, 'MeshTime'>;
/** Integer 1/705,600,000 s: score dates and durations; `Infinity` means without end. */
export type Flicks = Brand<number, 'Flicks'>;
/** Public half of an installation's Ed25519 key in base64url; a second tab appends `.1`, `.2`, ... */
export type PeerId = Brand<string, 'PeerId'>;

export const FLICKS_PER_MS = 705_600;
export const INFINITE = Infinity as Flicks;

/** ms may be infinite. Rounds to whole flicks. */
export const flicks = (ms: number): Flicks => Math.round(ms * FLICKS_PER_MS) as Flicks;
export const toMs = (duration: Flicks): number => duration / FLICKS_PER_MS;

/** Throws: an invariant of ours is broken. Never used on what a peer or a person sent. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}

/** What is wrong with something that came from outside, in words for a person. */
export interface Issue {
  readonly message: string;
  /** Object, address or file position that it concerns. */
  readonly where?: string;
}

/** Total order of strings by code unit, the same on every machine and in every locale. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Half a character, which nothing can encode, becomes U+FFFD. */
export const toWellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

export type Unsubscribe = () => void;

export interface Emitter<Events extends object> {
  on<K extends keyof Events>(type: K, f: (event: Events[K]) => void): Unsubscribe;
  emit<K extends keyof Events>(type: K, event: Events[K]): void;
}

/** Listeners run in order of subscription; one that unsubscribes meanwhile is not called again. */
export function createEmitter<Events extends object>(): Emitter<Events> {
  const listeners = new Map<keyof Events, Set<(event: never) => void>>();
  return {
    on(type, f) {
      const set = listeners.get(type) ?? new Set();
      listeners.set(type, set);
      set.add(f);
      return () => set.delete(f);
    },
    emit(type, event) {
      for (const f of listeners.get(type) ?? []) f(event as never);
    },
  };
}
