import type { Fact, RunId } from '../engine/fact.ts';
import { FACTS_MAX } from '../engine/log.ts';

/** So much is left when a person is told. */
const LEFT_WARN = 500;
const NEARLY = `This machine has stated nearly all that one machine may in a run (${FACTS_MAX} facts): soon what it triggers or presses counts for nobody. Stop and play again, or let somebody else do it.`;
const OVER = `This machine has stated all that one machine may in a run (${FACTS_MAX} facts): what it triggers or presses counts for nobody. Stop and play again, or let somebody else do it.`;

/** Says in time, and once more when it has come so far, that a run takes nothing further of this peer [GR62]. */
export interface Plenty {
  /** Before a fact is stated. facts: of that run, everybody's. */
  watch(run: RunId, facts: readonly Pick<Fact, 'by'>[]): void;
}

export function createPlenty(self: string, warn: (message: string) => void): Plenty {
  let told: { readonly run: RunId; readonly message: string } | undefined;
  return {
    watch(run, facts) {
      if (facts.length < FACTS_MAX - LEFT_WARN) return;
      const own = facts.filter(({ by }) => by === self).length;
      if (own < FACTS_MAX - LEFT_WARN) return;
      const message = own < FACTS_MAX ? NEARLY : OVER;
      if (told?.run === run && told.message === message) return;
      told = { run, message };
      warn(message);
    },
  };
}
