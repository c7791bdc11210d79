import type { Machine, Page } from '../world.ts';
import { isAllCalm, isCalm, type Check, type Watch } from './check.ts';

/** ms; on paths that are alike both ways. */
const ERROR_MAX = 3;
const WARM_MS = 6000;
/** Until the master who is lost has a successor. */
const ELECTION_MS = 3000;
/** Until a clock that leapt, or whose master's did, is known for it [CK7] [CK12]. */
const LEAP_MS = 2500;
/** A peer that found itself this far off may step [CK6]. */
const STEP_MS = 15;
const ROUNDING_MS = 0.01;

/** Mesh time against the time of the master, both read in the same true instant. */
export function timeCheck({ world, report }: Watch): Check {
  const last = new Map<Page, number>();

  const reference = (machine: Machine): Machine | undefined => {
    const master = world.present().find(({ id }) => id === machine.peer.clock.master());
    return master?.peer.clock.isMaster() && !world.cables.isCut(master.number, machine.number) ? master : undefined;
  };

  const hasLeapt = ({ number }: Machine): boolean =>
    world.disturbances.some(
      ({ what, from, machines }) => what === 'step' && machines?.includes(number) === true && from > world.now() - LEAP_MS,
    );

  const against = (machine: Machine, master: Machine): void => {
    const { clock } = machine.peer;
    const error = Math.abs(clock.now() - master.peer.clock.now());
    const bound = clock.bound();
    if (hasLeapt(machine) || hasLeapt(master)) return;
    if (error > bound + ROUNDING_MS)
      report(`mesh time of machine ${machine.number} is ${error.toFixed(3)} ms off, more than its bound of ${bound.toFixed(3)}`);
    const isWarm = isCalm(world, machine, WARM_MS) && isAllCalm(world, ELECTION_MS);
    if (isWarm && error > ERROR_MAX) report(`mesh time of machine ${machine.number} is ${error.toFixed(3)} ms off`);
  };

  const forward = ({ number, page }: Machine, machine: Machine): void => {
    const now = page.peer.clock.now();
    const before = last.get(page) ?? -Infinity;
    const mayStep = !isCalm(world, machine, WARM_MS) && before - now > STEP_MS;
    if (now < before && !mayStep && world.now() - page.bornAt > WARM_MS)
      report(`mesh time of machine ${number} ran back by ${(before - now).toFixed(3)} ms`);
    last.set(page, now);
  };

  const masters = (): readonly number[] => world.present().flatMap(({ number, peer }) => (peer.clock.isMaster() ? [number] : []));
  const oneMaster = (): void => {
    const all = masters();
    // A stranger may be elected like everyone.
    const named = new Set(world.present().map(({ peer }) => peer.clock.master()));
    const isStranger = named.size === 1 && !world.machines.some(({ id }) => named.has(id));
    if (all.length !== 1 && !isStranger) report(`${all.length} clock masters: ${all.join(', ') || 'none'}`);
  };

  return {
    sample() {
      for (const machine of world.present()) {
        if (machine.page.host.isFrozen() || !Number.isFinite(machine.peer.clock.spread())) continue;
        const master = reference(machine);
        if (master && master !== machine) against(machine, master);
        forward(machine, machine);
      }
      if (isAllCalm(world, ELECTION_MS)) oneMaster();
    },
    settled() {
      oneMaster();
      const names = new Set(world.present().map(({ peer }) => peer.clock.master()));
      if (names.size !== 1) report(`${names.size} opinions on who is clock master`);
    },
  };
}
