import type { PeerId } from '../base.ts';
import type { Graph, Ways } from './graph.ts';
import type { Clock } from './host.ts';

/** Which neighbours have to hand on what this peer says, and whose part it is to bring what others say. */
export interface Routes {
  /** Somebody is within reach, and not linked. */
  readonly isNeeded: boolean;
  /** Neighbours who have neighbours not linked with us. */
  readonly flood: ReadonlySet<PeerId>;
  /** Neighbours whose part it is to hand on, unsigned, to one of those. */
  latest(isOfPits: boolean): ReadonlySet<PeerId>;
  /** Ways of what is unsigned: of pit values, those round who may not carry them. */
  ways(isOfPits: boolean): Ways;
  /** Some may not carry pit values. */
  readonly isShut: boolean;
  /** Somebody hears pit values only through such: there they must be signed [RI8]. */
  readonly isWalled: boolean;
}

export interface RouteDeps {
  readonly self: PeerId;
  readonly clock: Clock;
  graph(): Graph;
  readonly mayCarry?: ((peer: PeerId) => boolean) | undefined;
}

/** ms; rights change seldom, and who hears of it a little later loses a moment of a pit. */
const LOOK_MS = 250;
const NOBODY: ReadonlySet<PeerId> = new Set();

/** Found anew when the graph is another, or somebody may carry more or less than before. */
export function createRoutes({ self, clock, graph, mayCarry }: RouteDeps): () => Routes {
  let found: { readonly of: Graph; readonly shut: ReadonlySet<PeerId>; readonly routes: Routes } | undefined;
  let lookedAt = -Infinity;

  const shutIn = (of: Graph): ReadonlySet<PeerId> => {
    if (!mayCarry) return NOBODY;
    const shut = of.nodes().filter(({ id }) => !mayCarry(id));
    return new Set([...shut.map(({ id }) => id), ...(mayCarry(self) ? [] : [self])]);
  };

  return () => {
    const of = graph();
    const now = clock.now();
    if (found?.of === of && now - lookedAt < LOOK_MS) return found.routes;
    lookedAt = now;
    const shut = shutIn(of);
    if (found?.of === of && areAlike(found.shut, shut)) return found.routes;
    found = { of, shut, routes: routesIn(of, self, shut) };
    return found.routes;
  };
}

const areAlike = (a: ReadonlySet<PeerId>, b: ReadonlySet<PeerId>): boolean => a.size === b.size && [...a].every((id) => b.has(id));

function routesIn(graph: Graph, self: PeerId, shut: ReadonlySet<PeerId>): Routes {
  const around = graph.around(shut);
  const far = graph.nodes().filter(({ hops }) => hops > 1);
  const flood = new Set<PeerId>();
  for (const { id, hops } of far)
    if (hops === 2) for (const neighbour of graph.neighbours(id)) if (graph.areLinked(self, neighbour)) flood.add(neighbour);
  const firstOn = (ways: Ways): ReadonlySet<PeerId> =>
    new Set(far.flatMap(({ id }) => (ways.distance(self, id) === 2 ? [ways.parent(self, id)!] : [])));
  const latest = firstOn(graph);
  const ofPits = shut.size === 0 ? latest : firstOn(around);
  return {
    isNeeded: far.length > 0,
    flood,
    latest: (isOfPits) => (isOfPits ? ofPits : latest),
    ways: (isOfPits) => (isOfPits ? around : graph),
    isShut: shut.size > 0,
    isWalled: shut.size > 0 && far.some(({ id }) => around.distance(self, id) === undefined),
  };
}
