import { isAllCalm, type Check, type Watch } from './check.ts';

/** Packets a second that one machine may send in all [SM5]. */
const PACKETS_MAX = 250;
const WINDOW_MS = 2000;
/** Newcomers ping fast, are sent documents, and are shown around. */
const CALM_MS = 6000;

/** A peer sends no more than the architecture allows, whoever many it is linked with. */
export function budgetCheck({ world, report }: Watch): Check {
  const before = new Map<number, number>();
  let since = 0;
  return {
    sample() {
      const now = world.now();
      if (now - since < WINDOW_MS) return;
      const seconds = (now - since) / 1000;
      since = now;
      for (const { number } of world.present()) {
        const sent = world.cables.sentBy(number);
        const rate = (sent - (before.get(number) ?? sent)) / seconds;
        before.set(number, sent);
        if (rate > PACKETS_MAX && isAllCalm(world, CALM_MS)) report(`machine ${number} sends ${rate.toFixed(0)} packets a second`);
      }
    },
  };
}
