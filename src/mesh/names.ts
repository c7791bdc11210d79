import type { PeerId } from '../base.ts';
import { createGreeting, greeterOf, type Pair } from './greeting.ts';
import type { Speaker } from './hello.ts';
import type { Host } from './host.ts';
import type { Greeting } from './sealed.ts';

/**
 * Who is behind a connection, before a hello says it. What is said is signed, as a greeting is; but a check takes a
 * millisecond or more, and many may come at once. So names wait, and are checked a few at a time, where no hello was sooner.
 */
export interface Names<Key> {
  /** Our own name for a pair of connections, signed once. */
  own(pair: Pair): Greeting;
  /** Said by the other end; believed when it is proven. */
  hear(key: Key, pair: Pair, said: Greeting | undefined): void;
  close(): void;
}

export interface NamesDeps<Key> {
  readonly timer: Host['timer'];
  readonly tag: string;
  readonly speaker: () => Speaker;
  /** Nothing has told it meanwhile. */
  readonly isNeeded: (key: Key) => boolean;
  readonly found: (key: Key, peer: PeerId) => void;
}

const PER_SLICE = 4;
const KEPT_MAX = 512;

export function createNames<Key>({ timer, tag, speaker, isNeeded, found }: NamesDeps<Key>): Names<Key> {
  const own = new Map<string, Greeting>();
  const heard = new Map<Key, { readonly pair: Pair; readonly said: Greeting }>();
  let cancel: (() => void) | undefined;

  function slice(): void {
    cancel = undefined;
    let checked = 0;
    for (const [key, { pair, said }] of heard) {
      if (checked >= PER_SLICE) break;
      heard.delete(key);
      if (!isNeeded(key)) continue;
      checked += 1;
      const peer = greeterOf(tag, pair, said);
      if (peer !== undefined) found(key, peer);
    }
    if (heard.size > 0) cancel = timer.after(0, slice);
  }

  return {
    own(pair) {
      const words = `${pair.from} ${pair.to}`;
      const known = own.get(words) ?? createGreeting(tag, pair, speaker());
      own.set(words, known);
      forgetOldest(own);
      return known;
    },
    hear(key, pair, said) {
      if (said === undefined || heard.has(key)) return;
      heard.set(key, { pair, said });
      forgetOldest(heard);
      cancel ??= timer.after(0, slice);
    },
    close: () => cancel?.(),
  };
}

function forgetOldest(map: Map<unknown, unknown>): void {
  const oldest = map.keys().next();
  if (map.size > KEPT_MAX && !oldest.done) map.delete(oldest.value);
}
