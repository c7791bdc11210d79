import type { Fault, FaultName } from './options.ts';
import type { Path } from './network.ts';
import type { Draw } from './random.ts';
import type { Machine, World } from './world.ts';

/** On top of what a path is anyway. */
const WEATHER = { loss: 0.15, jitter: 20 };
/** Bytes a ms, each way of each pair: a tenth of what a document takes, four times what a performance does. */
const CLOGGED = { bandwidth: 30 };
/** ms; what a machine does that was suspended, and one that is set. A leap shorter than the round trip fits a line at first. */
const LEAPS = [300, 700, 9000, -300];
/** Someone must be left to compare, and somebody between two who never connect. */
const PRESENT_MIN = 2;

export interface Circumstances {
  newcomer(): Machine;
  readonly isSomePairApart: boolean;
}

/** Does one fault; what lasts ends by itself. */
export function strike(world: World, draw: Draw, { name, lasting }: Fault, { newcomer, isSomePairApart }: Circumstances): void {
  const { timeline } = world;
  const later = (f: () => void): void => void timeline.at(timeline.now() + lasting, f);
  const awake = world.present().filter(({ page }) => !page.host.isFrozen());
  const master = awake.find(({ peer }) => peer.clock.isMaster());
  const others = awake.filter((machine) => machine !== master);
  const mayGo = world.present().length > (isSomePairApart ? PRESENT_MIN + 1 : PRESENT_MIN);
  const someone = others.length > 0 ? draw.pick(others) : undefined;

  const deeds: Readonly<Record<FaultName, () => void>> = {
    'master leaves': () => mayGo && master?.leave(),
    'master dies': () => mayGo && master?.kill(),
    'someone leaves': () => mayGo && someone?.leave(),
    'someone dies': () => mayGo && someone?.kill(),
    freeze: () => someone?.freeze(lasting),
    'master freezes': () => master?.freeze(lasting),
    sleep: () => someone?.sleep(lasting),
    reload: () => someone?.reload(),
    partition() {
      const sides = [awake.filter((_, i) => i % 2 === 0), awake.filter((_, i) => i % 2 === 1)];
      world.part(sides);
      later(world.heal);
    },
    'server restarts'() {
      world.stopServer();
      later(world.startServer);
    },
    'someone joins': () => newcomer().join(),
    'one-way partition'() {
      if (!someone || !master) return;
      const [from, to] = draw.chance(0.5) ? [someone, master] : [master, someone];
      world.partOneWay(from, to);
      later(world.heal);
    },
    'a clock steps': () => someone?.step(draw.pick(LEAPS)),
    "the master's clock steps": () => master?.step(draw.pick(LEAPS)),
    'master is slow': () => master?.slow(lasting),
    'someone is slow': () => someone?.slow(lasting),
    'all are starved'() {
      for (const machine of world.present()) machine.starve(lasting);
    },
    'bad weather': () => worsen('bad weather', WEATHER),
    clogging: () => worsen('clogging', CLOGGED),
  };
  /** One weather at a time: the second leaves what the first brings back. */
  const worsen = (what: string, how: Partial<Path>): void => {
    const usual = world.cables.path(-2, -2);
    if (world.disturbances.some((each) => (each.what === 'bad weather' || each.what === 'clogging') && each.to > world.now())) return;
    world.cables.setFallback({ ...usual, ...how });
    world.disturb(what, undefined, lasting);
    later(() => world.cables.setFallback(usual));
  };
  deeds[name]();
}
