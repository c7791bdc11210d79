import type { PathName } from './network.ts';
import { createDraw } from './random.ts';
import { createScore, type SimScore } from './score.ts';
import { createWorld, type Machine, type World } from './world.ts';

/** A room of many: nobody is linked with everybody, so "together" means within reach and of one mind. */
export interface Hall {
  readonly world: World;
  readonly score: SimScore;
  readonly machines: readonly Machine[];
  /** Everyone sees everyone, has one master, an estimate of its clock and the same score; pits and facts as asked by tests. */
  isOneRoom(): boolean;
  /** Links of each machine that are whole. */
  degrees(): readonly number[];
  /** Packets each machine sends per second on average, over ms of virtual time from now. */
  packets(ms: number): readonly number[];
}

export interface HallOptions {
  readonly peers: number;
  readonly seed?: number;
  readonly path?: PathName;
  /** ms between two arrivals. */
  readonly pause?: number;
}

export function createHall({ peers, seed = 1, path = 'lan', pause = 50 }: HallOptions): Hall {
  const world = createWorld({ seed, path });
  const score = createScore(createDraw(11));
  const machines: Machine[] = [];
  for (let i = 0; i < peers; i++) {
    const machine = world.add({ initial: score.file });
    machines.push(machine);
    machine.join();
    world.pass(pause);
  }
  return {
    ...{ world, score, machines },
    isOneRoom() {
      const all = world.present();
      const master = all[0]?.peer.clock.master();
      return all.every(({ peer }) => {
        const views = peer.room.peers();
        const areHere = views.every(({ isSelf, link, isFrozen }) => isSelf || ((link === 'whole' || link === 'relayed') && !isFrozen));
        return areHere && views.length === all.length && peer.clock.master() === master && Number.isFinite(peer.clock.spread());
      });
    },
    degrees: () => world.present().map(({ peer }) => peer.room.peers().filter(({ link }) => link === 'whole').length),
    packets(ms) {
      const before = machines.map(({ number }) => world.cables.sentBy(number));
      world.pass(ms);
      return machines.map(({ number }, i) => ((world.cables.sentBy(number) - (before[i] ?? 0)) / ms) * 1000);
    },
  };
}
