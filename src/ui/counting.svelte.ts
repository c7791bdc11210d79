import type { Peer } from '../peer-api.ts';

const STEP_MS = 50;

/** Mesh ms, twenty times a second while something counts down; else where it stopped. To be called where effects may be. */
export function countDown(peer: Pick<Peer, 'clock'>, isCounting: () => boolean): () => number {
  let now = $state(peer.clock.now() as number);
  $effect(() => {
    if (!isCounting()) return;
    const look = (): void => void (now = peer.clock.now());
    look();
    const timer = setInterval(look, STEP_MS);
    return () => clearInterval(timer);
  });
  return () => now;
}
