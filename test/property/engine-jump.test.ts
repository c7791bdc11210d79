import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Flicks } from '../../src/base.ts';
import { flicks } from '../../src/base.ts';
import { replayed, start } from '../../src/engine/restore.ts';
import type { RunState } from '../../src/engine/state.ts';
import { step } from '../../src/engine/step.ts';
import { index } from '../../src/engine/structure-index.ts';
import { values } from '../../src/engine/trie.ts';
import { straight, structure } from './engine-arbitraries.ts';
import { runs } from './runs.ts';

const fewer = fc.tuple(structure, fc.nat(3)).map(([score, kind]) => (kind === 0 ? score : straight(score)));
const target = fc.oneof(
  fc.nat(40).map((n) => flicks(n * 10)),
  fc.nat(flicks(400)),
);
/** Conditions alone: what a jump assumes asks nobody else. */
const decisions = { fired: () => undefined, decided: () => undefined };

const byId = (a: { path: string }, b: { path: string }): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const seen = (state: RunState): unknown => ({
  ...state,
  scenarios: [...state.scenarios.values()].map((it) => ({
    ...it,
    running: [...it.running.values()],
    dead: [...it.dead].sort(),
    waiting: [...it.waiting].sort(),
    undecided: [...it.undecided].sort(),
    armed: [...it.armed].sort(),
    again: [...it.again].sort(),
    fired: [...values(it.fired)].sort(byId),
  })),
});

describe('a jump', () => {
  it('[EX17] looked up is the same as lived through, and so is all that comes after', () => {
    let [looked, all] = [0, 0];
    fc.assert(
      fc.property(fewer, target, fc.constantFrom('', 'a:'), fc.nat(200), (score, from, epoch, later) => {
        const world = { index: index(score), decisions };
        const at = { epoch, origin: flicks(500), from: from as Flicks };
        const [one, other] = [start(world, at), replayed(world, at)];
        all++;
        if (one.assumed && from > 0) looked++;
        expect(seen(one.state)).toEqual(seen(other.state));
        expect(one.happenings).toEqual(other.happenings);
        const [a, b] = [one, other].map(({ state }) => step(state, world, flicks(501 + later)));
        expect(a!.happenings).toEqual(b!.happenings);
        expect(seen(a!.state)).toEqual(seen(b!.state));
      }),
      runs(200),
    );
    expect(looked / all, 'share of jumps that are looked up').toBeGreaterThan(0.15);
  });
});
