import type { Fact } from '../../../src/engine/fact.ts';
import { isCalm } from '../checks/check.ts';
import type { Machine } from '../world.ts';
import { factsOf, partsOf, type Act } from './perform.ts';
import { GATE, groupOf, nextOf } from './score.ts';

/** What must hold at every instant, whatever is done to anybody: seen from outside, of all machines at one true moment. */
export interface Sentries {
  sample(): void;
}

/** ms after which nobody is waited for [EX38], and what a sample and a message may take besides. */
const ORDER_MS = 2000;
const CALM_MS = 6000;

export function createSentries({ row, world, report }: Act): Sentries {
  const standing = new Map<Machine, number>();
  const keyOf = (fact: Fact): string => [fact.run, fact.type, 'path' in fact ? fact.path : '', fact.at, fact.by].join(' ');
  /** What was stated before this time round was looked at then. */
  const known = new Set(world.present().flatMap((machine) => factsOf(machine).map(keyOf)));

  const isCalmNow = (machine: Machine): boolean => machine.isPresent && !machine.page.host.isFrozen() && isCalm(world, machine, CALM_MS);

  /** Order `sync`: nobody has what follows while somebody who ran what stood before has it still. */
  const inOrder = (): void => {
    const calm = world.present().filter(isCalmNow);
    const parts = new Map(calm.map((machine) => [machine, partsOf(machine)]));
    const ahead = calm.some((machine) => parts.get(machine)?.some((part) => part.startsWith('after')) === true);
    for (const machine of calm) {
      const isBehind = ahead && follows(machine) && parts.get(machine)?.some((part) => part.startsWith('before')) === true;
      standing.set(machine, isBehind ? (standing.get(machine) ?? 0) + 1 : 0);
      // Two samples in a row: at the beginning of a new time round clocks differ by some ms.
      if ((standing.get(machine) ?? 0) === 3 && !isTimeout())
        report(`order: machine ${machine.number} still has ${parts.get(machine)?.join()} when others have what follows`);
    }
  };
  /** Of a mixed scenario those are waited for who follow. */
  const follows = (machine: Machine): boolean =>
    row.share !== 'mixed' ||
    nextOf(row).some((part) => groupOf(row, part) === 'all' || machine.peer.groups.of(machine.id).includes(groupOf(row, part)));
  const isTimeout = (): boolean =>
    world.present().some((machine) => {
      const facts = factsOf(machine);
      const begun = facts.findLast((fact) => fact.type === 'fired' && fact.sync === GATE);
      const ended = facts.findLast((fact) => fact.type === 'ending' && fact.sync === GATE);
      return begun !== undefined && ended !== undefined && begun.at - ended.at >= ORDER_MS;
    });

  /** What is stated of the trigger: by whom it may be, dated as it should be. */
  const stated = (): void => {
    for (const machine of world.present()) {
      if (machine.page.host.isFrozen()) continue;
      for (const fact of factsOf(machine)) {
        if (fact.by !== machine.id || !('sync' in fact) || fact.sync !== GATE) continue;
        const key = keyOf(fact);
        if (known.has(key)) continue;
        known.add(key);
        const ahead = fact.at - machine.peer.clock.now();
        const isMet = row.date === 'compensated' && row.share !== 'free';
        if (isMet && ahead < -60) report(`date: ${fact.type} is compensated, and ${(-ahead).toFixed(0)} ms old when it is said`);
        if (!isMet && ahead > 60) report(`date: ${fact.type} is immediate, and ${ahead.toFixed(0)} ms ahead when it is said`);
        if ((row.share === 'free') !== 'scope' in fact) report(`scope: ${fact.type} of a ${row.share} scenario`);
      }
    }
  };

  /** Nobody who lives has one occurrence twice. */
  const once = (): void => {
    for (const { number, peer } of world.present()) {
      const keys = peer.run.view().fired.map(({ sync, path }) => `${sync}@${path}`);
      if (new Set(keys).size < keys.length) report(`once: machine ${number} has an occurrence that fired twice`);
    }
  };

  return {
    sample() {
      if (row.order === 'sync' && row.share !== 'free') inOrder();
      stated();
      once();
    },
  };
}
