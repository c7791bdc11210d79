import { createDraw } from './random.ts';
import { createScore, type SimScore } from './score.ts';
import { createWorld, type Machine, type World, type WorldOptions } from './world.ts';

/** Some machines that are together, all in all groups, with a score: where a named scenario begins. */
export interface Room {
  readonly world: World;
  readonly score: SimScore;
  readonly machines: readonly Machine[];
  newcomer(): Machine;
  master(): Machine;
  /** Someone plays; returns when everyone does. */
  play(by?: Machine): void;
  /** True ms since the play's date, by the master's mesh time. */
  elapsed(): number;
}

export function createRoom({ peers = 3, ...options }: Partial<WorldOptions> & { readonly peers?: number } = {}): Room {
  const world = createWorld({ seed: 1, ...options });
  const score = createScore(createDraw(11));
  const newcomer = (): Machine => world.add({ initial: score.file });
  const machines = Array.from({ length: peers }, newcomer);
  for (const machine of machines) machine.join();
  must(
    world.until(() => world.isTogether()),
    'everyone comes together',
  );
  for (const { id } of machines) for (const group of score.groups) machines[0]?.peer.groups.setMember(id, group, true);
  // Slow clocks of a fresh room settle within this.
  world.pass(6000);
  const master = (): Machine => {
    const found = world.present().find(({ peer }) => peer.clock.isMaster());
    if (!found) throw new Error('nobody is clock master');
    return found;
  };
  let playedAt = 0;
  return {
    ...{ world, score, machines, newcomer, master },
    play(by = machines[0]) {
      by?.peer.run.play();
      must(
        world.until(() => world.present().every(({ peer }) => peer.run.view().state === 'playing')),
        'everyone plays',
      );
      const { clock, run } = master().peer;
      playedAt = world.now() - (clock.now() - (run.view().startsAt ?? NaN));
    },
    elapsed: () => world.now() - playedAt,
  };
}

export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`expected that ${what}`);
}
