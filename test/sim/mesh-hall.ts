import type { MeshTime, PeerId } from '../../src/base.ts';
import { identityFrom } from '../../src/mesh/identity.ts';
import { createMesh, type Mesh } from '../../src/mesh/mesh.ts';
import type { RoomKeys } from '../../src/mesh/room-code.ts';
import { TOPIC } from '../../src/mesh/wire.ts';
import { createPitExchange, type PitExchange } from '../../src/pit/exchange.ts';
import { createTimeline, type Timeline } from './heap.ts';
import { createSimHost, type SimHost } from './host.ts';
import { createCables, PATHS, type Cables, type PathName } from './network.ts';
import { createDraw } from './random.ts';
import { useNativeScheme } from './scheme.ts';
import { createSimServer } from './server.ts';
import { createSimTransport, type Exchange } from './transport.ts';

/**
 * A hall of very many: the mesh and the pits of each peer, whole, on the simulated network; no score and no performance, which
 * do not depend on the size of a room and would take most of the time.
 */
export interface MeshHall {
  readonly timeline: Timeline;
  readonly cables: Cables;
  readonly seats: readonly Seat[];
  pass(ms: number): void;
  /** Lets time pass until `isDone`, at most `limit` ms; returns ms passed, or undefined. */
  until(isDone: () => boolean, limit: number): number | undefined;
  /** Everyone alive sees everyone alive and holds one master whose time it has. */
  isOneRoom(): boolean;
  /** Whole links of each who is alive. */
  degrees(): readonly number[];
  /** Packets a second of each who is alive, while ms pass. */
  packets(ms: number): readonly number[];
  kill(seat: Seat): void;
}

export interface Seat {
  readonly number: number;
  readonly mesh: Mesh;
  readonly host: SimHost;
  readonly pits: PitExchange;
  /** What facts came, and how often. */
  readonly facts: Map<string, number>;
  isAlive: boolean;
}

export interface MeshHallOptions {
  readonly peers: number;
  readonly seed?: number;
  readonly path?: PathName;
  /** ms between two arrivals. */
  readonly pause?: number;
}

const KEYS: RoomKeys = { tag: '0a110a110a110a110a110a110a110a11', key: Uint8Array.from({ length: 32 }, (_, i) => i) };
const STEP_MS = 50;

export function createMeshHall({ peers, seed = 1, path = 'lan', pause = 0 }: MeshHallOptions): MeshHall {
  useNativeScheme();
  const timeline = createTimeline();
  const draw = createDraw(seed);
  const cables = createCables(timeline, draw.fork('cables'), PATHS[path]);
  const exchange: Exchange = {
    ...{ timeline, cables, server: createSimServer(timeline), draw: draw.fork('links'), halves: new Map(), sockets: new Map() },
    neverOpens: () => false,
  };
  const seats: Seat[] = [];
  const alive = (): readonly Seat[] => seats.filter(({ isAlive }) => isAlive);
  const pass = (ms: number): void => timeline.run(timeline.now() + ms);

  function enter(number: number): Seat {
    const own = draw.fork(`machine ${number}`);
    const fault = { offset: own.between(-3_600_000, 3_600_000), skew: own.between(-300, 300) };
    const host = createSimHost(timeline, fault, own.fork('random'));
    const identity = identityFrom(createDraw(1000 + number).bytes(32));
    const profile = { name: `Machine ${number}`, hue: number % 12 };
    const mesh = createMesh(host, createSimTransport(exchange, number, host), { identity, instance: 0, keys: KEYS, profile });
    const pits = createPitExchange(host.timer, {
      self: mesh.self,
      now: (): MeshTime => mesh.clock.now(),
      links: () => mesh.members().filter(({ link }) => link === 'whole').length,
      send: (to, payload) => void mesh.send(to, 'fast', TOPIC.pit, payload),
      broadcast: (payload) => mesh.broadcast('fast', TOPIC.pit, payload),
    });
    const facts = new Map<string, number>();
    const known = new Set<PeerId>();
    mesh.on('members', () => {
      const here = new Set(mesh.members().flatMap(({ id, link }) => (link === 'whole' || link === 'relayed' ? [id] : [])));
      for (const id of known) if (!here.has(id)) pits.left(id);
      for (const id of here) if (!known.has(id)) pits.joined(id);
      known.clear();
      for (const id of here) known.add(id);
    });
    mesh.receive(TOPIC.pit, (from, payload) => pits.receive(from, payload));
    mesh.receive(TOPIC.fact, (_, payload) => {
      const name = String(payload);
      facts.set(name, (facts.get(name) ?? 0) + 1);
    });
    return { number, mesh, host, pits, facts, isAlive: true };
  }

  for (let number = 0; number < peers; number++) {
    seats.push(enter(number));
    if (pause > 0 || number === 0) pass(Math.max(pause, number === 0 ? 100 : 0));
  }

  return {
    ...{ timeline, cables, seats, pass },
    until(isDone, limit) {
      const begin = timeline.now();
      while (!isDone() && timeline.now() < begin + limit) pass(STEP_MS);
      return isDone() ? timeline.now() - begin : undefined;
    },
    isOneRoom() {
      const all = alive();
      const master = all[0]?.mesh.clock.master();
      return all.every(({ mesh }) => {
        const here = mesh.members().filter(({ link, isFrozen }) => (link === 'whole' || link === 'relayed') && !isFrozen);
        return here.length === all.length - 1 && mesh.clock.master() === master && mesh.clock.isReady();
      });
    },
    degrees: () => alive().map(({ mesh }) => mesh.members().filter(({ link }) => link === 'whole').length),
    packets(ms) {
      const all = alive();
      const before = all.map(({ number }) => cables.sentBy(number));
      pass(ms);
      return all.map(({ number }, i) => ((cables.sentBy(number) - before[i]!) / ms) * 1000);
    },
    kill(seat) {
      seat.isAlive = false;
      seat.host.kill();
    },
  };
}
