import type { Value } from '../../src/crdt/value.ts';
import type { PathName } from './network.ts';
import { createDraw } from './random.ts';
import { createScore } from './score.ts';
import { createWorld, type Machine, type Page, type World } from './world.ts';

/**
 * A laptop orchestra: one aligned pit, the average of all faders, drives the filter of everyone's instrument, by its
 * output and through a cable, and opens a trigger. What it looks at is what the devices were told, at the truth's time.
 */
export interface Orchestra {
  readonly world: World;
  newcomer(): Machine;
  /** Lets time pass; who is there moves a fader now and then, and what everyone has is looked at at each step. */
  rehearse(ms: number, act?: () => void): void;
  readonly outcome: Outcome;
}

export interface Outcome {
  /** By pit, number and maker of a count: what it was, wherever it was seen. */
  readonly counts: ReadonlyMap<string, ReadonlySet<string>>;
  /** Looks at the room, and those at which two undisturbed machines had different values, away from a change by 5 ms. */
  readonly looks: number;
  readonly differences: readonly string[];
  /** Looks at which some machine that was undisturbed held what was marked. */
  readonly held: number;
  /** ms that values were told before (or, negative, after) their date. */
  readonly ahead: readonly number[];
}

export const FILTER = 'sound:/lead/cutoff';
const GLOW = 'visual:/glow';
/** ms after a disturbance in which a machine need not be with the others. */
export const CALM_MS = 4000;
const STEP_MS = 25;

export interface OrchestraOptions {
  readonly peers: number;
  readonly seed?: number;
  readonly path?: PathName;
}

export function createOrchestra({ peers, seed = 1, path = 'wifi' }: OrchestraOptions): Orchestra {
  const world = createWorld({ seed, path });
  const draw = createDraw(seed + 1);
  const file = orchestral(createScore(createDraw(11)).file as File);
  const newcomer = (): Machine => world.add({ initial: file });
  for (let i = 0; i < peers; i++) {
    newcomer().join();
    world.pass(50);
  }
  const counts = new Map<string, Set<string>>();
  const [differences, ahead]: [string[], number[]] = [[], []];
  const outcome = { counts, looks: 0, differences, held: 0, ahead };
  const isCalm = ({ number }: Machine): boolean =>
    world.disturbances.every(({ to, machines }) => (machines !== undefined && !machines.includes(number)) || to < world.now() - CALM_MS);
  const seen = new Map<Page, number>();

  const look = (): void => {
    const calm = world.present().filter(isCalm);
    for (const { page, peer } of world.present()) {
      const epoch = peer.pits.epoch('energy');
      const values = counts.get(`${epoch?.k} ${epoch?.by}`) ?? new Set();
      if (epoch) counts.set(`${epoch.k} ${epoch.by}`, values.add(JSON.stringify([epoch.at, epoch.value, epoch.contributors])));
      const told = page.sound.values.slice(seen.get(page) ?? 0).filter(({ address }) => address === FILTER);
      if (calm.some((machine) => machine.page === page)) for (const { at, toldAt } of told) ahead.push(at - toldAt);
      seen.set(page, page.sound.values.length);
    }
    outcome.looks += 1;
    if (calm.some(({ peer }) => peer.pits.epoch('energy')?.isHeld === true)) outcome.held += 1;
    for (const address of [FILTER, GLOW]) {
      const heard = calm.map((machine) => ({ machine, ...sounding(machine, address) }));
      if (heard.some(({ isChanging }) => isChanging)) continue;
      if (new Set(heard.map(({ value }) => JSON.stringify(value))).size > 1)
        differences.push(
          `${world.now()} ${address}: ${heard.map(({ machine, value }) => `${machine.number} ${JSON.stringify(value)}`).join(', ')}`,
        );
    }
  };

  return {
    ...{ world, newcomer, outcome },
    rehearse(ms, act) {
      for (let left = ms; left > 0; left -= STEP_MS) {
        act?.();
        for (const { peer, page } of world.present())
          if (!page.host.isFrozen() && draw.chance(0.1)) peer.pits.put('energy', draw.int(0, 80) / 100);
        world.pass(STEP_MS);
        look();
      }
    },
  };
}

/** What a device says by now, as it was told; and whether it changes within 5 ms. */
function sounding({ page, peer }: Machine, address: string): { readonly value: Value | undefined; readonly isChanging: boolean } {
  const now = peer.clock.now();
  const recorder = address.startsWith('sound:') ? page.sound : page.visual;
  const own = recorder.values.slice(-200).filter((each) => each.address === address);
  return {
    value: own.findLast(({ at }) => at <= now)?.value,
    // Flows say a value at the next instant of their grid.
    isChanging: own.some(({ at, toldAt }) => Math.abs(Math.max(at, toldAt) - now) < (address === GLOW ? 50 : 5)),
  };
}

interface File {
  readonly objects: Readonly<Record<string, object>>;
}

/** The simulated score with this pit, a cable from it, and a trigger that waits for it. */
const orchestral = (file: File): object => ({
  ...file,
  objects: {
    ...file.objects,
    one: { ...file.objects['one'], trigger: '%pit:/energy% > 0.9' },
    first: { ...file.objects['first'], isMaxInfinite: true },
    energy: { ...file.objects['energy'], combination: 'average', isAligned: true, output: FILTER },
    glow: {
      ...{ kind: 'process', type: 'micromap', interval: 'root', name: 'glow', rank: 'a99' },
      ...{ input: '', address: GLOW, expression: 'x * 1000' },
    },
  },
  cables: {
    wire: { from: { process: 'energy', port: 'out' }, to: { process: 'glow', port: 'in' }, timing: 'immediate', isStrict: false },
  },
});
