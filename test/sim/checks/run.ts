import { hash } from '../../../src/engine/structure-hash.ts';
import { compile } from '../../../src/engine/structure.ts';
import { policiesOf } from '../../../src/crdt/policies.ts';
import type { RunView } from '../../../src/peer-api.ts';
import type { Machine, Page } from '../world.ts';
import { isCalm, mustAgree, type Check, type Watch } from './check.ts';

/** ms: rounding of dates and positions to flicks and floats. */
const ROUNDING_MS = 0.05;
/** ms; position minus mesh time is the same on all peers to this. */
const POSITION_MS = 0.05;
/** After a sleep, a partition or a reload mesh time may step. */
const STEP_MS = 10_000;
const TRANSPORT_MS = 1500;

/** One log, one outcome: what runs, what fired and when, and where the playheads stand. */
export function runCheck(watch: Watch): Check {
  const { world, report, score } = watch;
  const heads = new Map<Page, Map<string, number>>();

  /** A pause or a jump just now: a playhead may go back. */
  const hasJumped = (): boolean => world.disturbances.some(({ what, from }) => what === 'transport' && from > world.now() - TRANSPORT_MS);

  const playheads = (machine: Machine): void => {
    const { page, number } = machine;
    const { run } = page.peer;
    const position = run.position();
    const { run: id, running } = run.view();
    const now = new Map(running.map(({ interval, path, position: at }) => [`${id}|${interval}@${path}`, at / 705_600]));
    if (position !== undefined) now.set(`${id}|`, position);
    const before = heads.get(page) ?? new Map<string, number>();
    heads.set(page, now);
    if (!isCalm(world, machine, STEP_MS) || hasJumped()) return;
    for (const [key, at] of now) {
      const was = before.get(key) ?? -Infinity;
      if (at < was - ROUNDING_MS) report(`playhead ${key} of machine ${number} jumped back by ${(was - at).toFixed(3)} ms`);
    }
  };

  const once = ({ number, peer }: Machine): void => {
    const seen = new Set<string>();
    for (const { sync, path } of peer.run.view().fired) {
      const key = `${sync}@${path}`;
      if (seen.has(key)) report(`${key} fired twice on machine ${number}`);
      seen.add(key);
    }
  };

  /** What is performed is what is written. */
  const adopted = ({ number, peer }: Machine): void => {
    // What a stranger adopts may lead nowhere, and then is none [EX27]; one who is clock master may leave it undone.
    const isOurs = (by: string): boolean => world.machines.some(({ id }) => id === by);
    if (!isOurs(peer.clock.master() ?? '')) return;
    const last = peer.run.log().findLast((fact) => (fact.type === 'adopt' || fact.type === 'play') && isOurs(fact.by));
    if (!last || !('structure' in last) || peer.run.view().state === 'idle') return;
    if (last.structure !== hash(compile(peer.score.read()))) report(`machine ${number} performs another structure than the score's`);
  };

  /** Whose time the scenario within is by now. */
  const shareNow = (): string => {
    const [first] = world.present();
    return first ? policiesOf(first.peer.score.read(), score.inner.id).share : 'shared';
  };

  /** Whatever is not in a scenario that is free or mixed is the same for all. */
  const common = (): void => {
    const isShared = shareNow() === 'shared';
    const isCommon = (id: string): boolean => isShared || !score.inner.objects.has(id);
    const fired = ({ peer }: Machine): RunView['fired'] => peer.run.view().fired.filter(({ sync }) => isCommon(sync));
    // Of the last ones that are known, some may be of there.
    const count = Math.min(...world.present().map((machine) => fired(machine).length));
    mustAgree(watch, 'what has fired', (machine) => JSON.stringify(isShared ? fired(machine) : fired(machine).slice(0, count)));
    mustAgree(watch, 'what runs', ({ peer: { run } }) => {
      const { state, run: id, running, waiting } = run.view();
      return JSON.stringify([
        state,
        id,
        running.filter(({ interval }) => isCommon(interval)).map(({ interval, path }) => interval + path),
        waiting.filter(({ sync }) => isCommon(sync)).map(({ sync, path }) => sync + path),
      ]);
    });
  };

  /** In a mixed scenario those who are in the same groups have the same. */
  const alike = (): void => {
    if (shareNow() !== 'mixed') return;
    const groupsOf = ({ id, peer }: Machine): string => peer.groups.of(id).toSorted().join();
    for (const groups of new Set(world.present().map(groupsOf))) {
      const machines = world.present().filter((machine) => groupsOf(machine) === groups);
      const own = new Set(machines.map(({ peer }) => JSON.stringify(peer.run.view().running.map(({ interval, path }) => interval + path))));
      if (own.size > 1)
        report(`in the mixed scenario, of those in ${groups} some have other things than others: ${[...own].join(' and ')}`);
    }
  };

  return {
    sample() {
      for (const machine of world.present()) if (!machine.page.host.isFrozen()) playheads(machine);
    },
    settled() {
      for (const { peer } of world.present()) peer.run.position();
      mustAgree(watch, 'log', ({ peer }) => JSON.stringify(peer.run.log()));
      common();
      alike();
      const offsets = world.present().map(({ peer }) => (peer.run.position() ?? NaN) - peer.clock.now());
      const spread = Math.max(...offsets) - Math.min(...offsets);
      const isMoving = world.present().every(({ peer }) => peer.run.view().state === 'playing');
      if (isMoving && !(spread <= POSITION_MS)) report(`positions differ by ${spread.toFixed(3)} ms at the same mesh time`);
      for (const machine of world.present()) {
        once(machine);
        adopted(machine);
      }
    },
  };
}
