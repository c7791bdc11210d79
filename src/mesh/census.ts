import { compare, type LocalTime, type PeerId } from '../base.ts';
import type { Graph, GraphNode } from './graph.ts';
import { FULL_MESH_MAX } from './topology.ts';

/**
 * Which of those who are known by records only are counted: where sessions are compared, masters elected, links planned and
 * votes tallied. A record proves a key, and keys cost nothing; a seat on the server's roster is a socket. So no more of them
 * count than it has seats for whom we are not linked with, or had when it was there last [LR5]. Who they are nobody can
 * prove; but invented ones are all linked with their inventor and with nobody else. So those come first who are linked with
 * most of our neighbours, and each neighbour's in turn; and where most of our neighbours are linked with somebody, no seat
 * is asked for.
 *
 * Why not only those heard ourselves: in a chain of peers two sessions would never find that one is the larger.
 */
export interface Census {
  counts(node: GraphNode): boolean;
  /** Ten times a second. True when others may count than before. */
  turn(): boolean;
}

export interface CensusDeps {
  readonly self: PeerId;
  readonly graph: () => Graph;
  readonly now: () => LocalTime;
  /** Others on the server's roster; undefined while it is away. */
  readonly roster: () => number | undefined;
  /** Whole links, or those with who is known to be on the roster. */
  readonly linked: (of: 'all' | 'roster') => number;
}

/** ms for which a seat is kept: sockets come and go. */
const SEAT_MS = 30_000;
/** ms after which all are on the roster of a server that is back. */
const RETURN_MS = 15_000;

export function createCensus({ self, graph, now, roster, linked }: CensusDeps): Census {
  let seats = 0;
  let seatsAt = now();
  let wasThere = false;
  /** When the server was missed last. */
  let awayAt = -Infinity;
  let known: { readonly graph: Graph; readonly most: number; readonly counted: ReadonlySet<PeerId> } | undefined;
  let most = 0;

  function mostNow(): number {
    const here = roster() ?? 0;
    if (here >= seats) [seats, seatsAt] = [here, now()];
    // In a large room some have lost the server, and one more or less makes no session and no master.
    const slack = seats < FULL_MESH_MAX ? 0 : seats >> 2;
    return Math.max(0, seats + slack - linked(isSteady() ? 'roster' : 'all'));
  }

  /** The roster is there, and all who lost it with us are back on it. */
  const isSteady = (): boolean => roster() !== undefined && now() - awayAt >= RETURN_MS;

  function turn(): boolean {
    const here = roster();
    if (here === undefined && wasThere) awayAt = now();
    if (here !== undefined) wasThere = true;
    if (!isSteady()) seatsAt = now();
    else if (here !== undefined && now() - seatsAt > SEAT_MS) [seats, seatsAt] = [here, now()];
    const before = most;
    most = mostNow();
    return most !== before;
  }

  function counted(): ReadonlySet<PeerId> {
    const at = graph();
    if (known?.graph !== at) most = mostNow();
    if (known?.graph !== at || known.most !== most) known = { graph: at, most, counted: choose(at, self, most) };
    return known.counted;
  }

  return { counts: ({ id, hops }) => hops <= 1 || counted().has(id), turn };
}

function choose(graph: Graph, self: PeerId, most: number): ReadonlySet<PeerId> {
  const relayed = graph.nodes().filter(({ hops }) => hops > 1);
  if (relayed.length <= most) return new Set(relayed.map(({ id }) => id));
  const shared = new Map<PeerId, number>();
  const neighbours = graph.neighbours(self);
  for (const neighbour of neighbours) {
    for (const id of graph.neighbours(neighbour)) shared.set(id, (shared.get(id) ?? 0) + 1);
  }
  const order = (a: GraphNode, b: GraphNode): number =>
    (shared.get(b.id) ?? 0) - (shared.get(a.id) ?? 0) || a.hops - b.hops || compare(a.id, b.id);
  const taken = new Map<PeerId, number>();
  const seated = relayed.sort(order).map((node) => {
    const turn = taken.get(node.via) ?? 0;
    taken.set(node.via, turn + 1);
    return { node, turn };
  });
  seated.sort((a, b) => a.turn - b.turn || order(a.node, b.node));
  const isVouchedFor = ({ id }: GraphNode): boolean => (shared.get(id) ?? 0) > Math.max(1, neighbours.length / 2);
  return new Set(seated.flatMap(({ node }, i) => (i < most || isVouchedFor(node) ? [node.id] : [])));
}
