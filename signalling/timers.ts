/**
 * Timers of a package that sets one after the other for ever and tells nobody of them: PeerServer looks for broken
 * connections so. What is set while `within` runs, and what that sets when its time comes, is known here and can be ended.
 */
export interface Timers {
  /** f: synchronous. */
  within<T>(f: () => T): T;
  /** Nothing that was set goes off any more, and nothing new begins. */
  stop(): void;
}

export function createTimers(): Timers {
  const { setTimeout: set } = globalThis;
  const pending = new Set<NodeJS.Timeout>();
  let isOver = false;

  function within<T>(f: () => T): T {
    const former = globalThis.setTimeout;
    globalThis.setTimeout = known as typeof setTimeout;
    try {
      return f();
    } finally {
      globalThis.setTimeout = former;
    }
  }
  function known(f: (...given: unknown[]) => void, ms?: number, ...given: unknown[]): NodeJS.Timeout {
    const timer = set(() => {
      pending.delete(timer);
      if (!isOver) within(() => f(...given));
    }, ms);
    if (isOver) clearTimeout(timer);
    else pending.add(timer);
    return timer;
  }

  return {
    within,
    stop() {
      isOver = true;
      for (const timer of pending) clearTimeout(timer);
      pending.clear();
    },
  };
}
