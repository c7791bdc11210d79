import { combine } from '../../../src/pit/combine.ts';
import type { Page } from '../world.ts';
import { mustAgree, type Check, type Watch } from './check.ts';

/** What pages put in; who leaves or reloads takes it along. */
export type Contributions = ReadonlyMap<Page, number>;

/** Everyone reads the same from a pit: what those present put in, and nothing of who is gone. */
export function pitsCheck(watch: Watch, contributions: Contributions): Check {
  const { world, score, report } = watch;
  return {
    settled() {
      mustAgree(watch, 'pit', ({ peer }) => JSON.stringify(peer.pits.read(score.pit)));
      const all = world.present().flatMap(({ id, page }) => {
        const value = contributions.get(page);
        return value === undefined ? [] : [{ peer: id, value, seq: 0, at: 0 }];
      });
      const [first] = world.present();
      const pit = first?.peer.score.read().processes.get(score.pit);
      if (pit?.type !== 'pit' || !first) return;
      const [expected, found] = [combine(pit.combination, all), first.peer.pits.read(score.pit)].map((value) => JSON.stringify(value));
      if (expected !== found) report(`pit reads ${found}, but what is put in makes ${expected}`);
    },
  };
}
