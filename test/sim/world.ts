import type { PeerId } from '../../src/base.ts';
import { identityFrom, peerIdOf, type Identity } from '../../src/mesh/identity.ts';
import { keyOf } from '../../src/mesh/rights.ts';
import { fingerprintOf } from '../../src/mesh/fingerprint.ts';
import type { RoomKeys } from '../../src/mesh/room-code.ts';
import type { Notice } from '../../src/peer-api.ts';
import { createPeer, type PerformingPeer } from '../../src/peer.ts';
import { createInput, createRecorder, type Recorder, type SimInput } from './devices.ts';
import { createTimeline, type Timeline } from './heap.ts';
import { createSimHost, type ClockFault, type SimHost } from './host.ts';
import { createCables, PATHS, type Cables, type PathName } from './network.ts';
import { createDraw, type Draw } from './random.ts';
import { useNativeScheme } from './scheme.ts';
import { createSimServer, type StoppableServer } from './server.ts';
import { createSimStore, type Disk } from './store.ts';
import { createTrace, type Trace } from './trace.ts';
import { closeSockets, createSimTransport, sever, type Exchange } from './transport.ts';

/** Keys given directly: deriving them from a code takes longer than a whole scenario. */
export const KEYS: RoomKeys = { tag: '5eed5eed5eed5eed5eed5eed5eed5eed', key: Uint8Array.from({ length: 32 }, (_, i) => i) };
const CLOCK_OFFSET_MAX = 3_600_000;
const CLOCK_SKEW_MAX = 300;
/** ms by which turns are late, at least and at most, and between two such. */
const SLOW_MS = [200, 900] as const;
const STARVED_MS = [100, 3000] as const;
const BREATH_MS = [5, 60] as const;

/** A whole room in virtual time: machines with wrong clocks, cables, the real rooms of the server. */
export interface World {
  readonly timeline: Timeline;
  readonly cables: Cables;
  readonly server: StoppableServer;
  readonly draw: Draw;
  readonly trace: Trace;
  readonly machines: readonly Machine[];
  /** For who builds a machine of another kind. */
  readonly exchange: Exchange;
  /** What was done to whom, for checks that must tell a fault from its consequence. */
  readonly disturbances: readonly Disturbance[];
  now(): number;
  add(options?: MachineOptions): Machine;
  /** Machines with a page in the room, awake or not. */
  present(): readonly Machine[];
  pass(ms: number): void;
  /** Lets time pass in small steps until `isDone`, at most `limit` ms; returns whether it is done. */
  until(isDone: () => boolean, limit?: number): boolean;
  /** Everyone present is linked with everyone, of one master and of one score. */
  isTogether(): boolean;
  /** Cuts every cable between the sides; the server is reached by all. */
  part(sides: readonly (readonly Machine[])[]): void;
  /** One hears the other and is not heard. */
  partOneWay(from: Machine, to: Machine): void;
  heal(): void;
  /** The connection of two dies, as when ICE fails; nothing hinders another. */
  sever(a: Machine, b: Machine): void;
  stopServer(): void;
  startServer(): void;
  disturb(what: string, machines?: readonly Machine[], lasting?: number): void;
}

export interface Disturbance {
  readonly what: string;
  readonly from: number;
  to: number;
  /** Numbers of the machines concerned; undefined: all. */
  readonly machines: readonly number[] | undefined;
}

export interface MachineOptions {
  readonly fault?: ClockFault;
  /** The `.tutti` file with which a room without a score begins. */
  readonly initial?: unknown;
  /** `own`: the room is made here; else the fingerprint that the link carried. */
  readonly root?: string;
  /** Another tab of that installation: the same key, a number of its own. */
  readonly tabOf?: Machine;
}

/** One life of a page. */
export interface Page {
  readonly peer: PerformingPeer;
  readonly host: SimHost;
  readonly sound: Recorder;
  readonly visual: Recorder;
  readonly input: SimInput;
  readonly notices: Notice[];
  readonly bornAt: number;
  diedAt: number | undefined;
}

export interface Machine {
  readonly number: number;
  readonly id: PeerId;
  /** Outlives its pages. */
  readonly disk: Disk;
  /** All lives, the present one last. */
  readonly pages: readonly Page[];
  /** The page that lives now; asks for one that does not are a mistake of the scenario. */
  readonly page: Page;
  readonly peer: PerformingPeer;
  readonly isPresent: boolean;
  join(): void;
  /** Goodbye, as on closing the tab. */
  leave(): void;
  /** The page vanishes; the operating system closes its socket. */
  kill(): void;
  reload(): void;
  freeze(ms: number): void;
  sleep(ms: number): void;
  /** Its clock leaps by so much. */
  step(ms: number): void;
  /** For so long each turn of its page comes 200 to 900 ms late; its worker does well. */
  slow(ms: number): void;
  /** For so long page and worker get a moment now and then, with up to 3 s between: others need the processor. */
  starve(ms: number): void;
}

export interface WorldOptions {
  readonly seed: number;
  readonly path?: PathName;
  /** Pairs of machines, by number, whose links never open, whatever they try. */
  readonly shut?: readonly (readonly [number, number])[];
  /** ppm by which the rate of each clock swings at most. */
  readonly drift?: number;
}

export function createWorld({ seed, path = 'lan', drift = 0, shut = [] }: WorldOptions): World {
  useNativeScheme();
  const timeline = createTimeline();
  const draw = createDraw(seed);
  const cables = createCables(timeline, draw.fork('cables'), PATHS[path]);
  const server = createSimServer(timeline);
  const trace = createTrace();
  const neverOpens = (a: number, b: number): boolean => shut.some((pair) => pair.includes(a) && pair.includes(b));
  const exchange: Exchange = {
    ...{ timeline, cables, server, draw: draw.fork('links'), halves: new Map(), sockets: new Map(), neverOpens },
    carried: (from, to, channel, bytes) => trace.carried(timeline.now(), { from, to, channel }, bytes),
  };
  const machines: Machine[] = [];
  const disturbances: Disturbance[] = [];
  let cuts: (readonly [number, number])[] = [];
  const present = (): readonly Machine[] => machines.filter(({ isPresent }) => isPresent);

  const world: World = {
    ...{ timeline, cables, server, draw, trace, machines, disturbances, present, exchange },
    now: () => timeline.now(),
    add(options = {}) {
      const machine = createMachine(world, exchange, { number: machines.length, options, drift });
      machines.push(machine);
      return machine;
    },
    pass: (ms) => timeline.run(timeline.now() + ms),
    until(isDone, limit = 30_000) {
      const end = timeline.now() + limit;
      while (!isDone() && timeline.now() < end) timeline.run(timeline.now() + 10);
      return isDone();
    },
    isTogether() {
      const all = present();
      const master = all[0]?.peer.clock.master();
      return all.every(({ number, peer }) => {
        // Strangers may come and go as they like.
        const views = peer.room.peers().filter(({ id }) => all.some((machine) => machine.id === id));
        const others = all.filter((other) => other.number !== number);
        const areWhole = others.every((other) => {
          const view = views.find(({ id }) => id === other.id);
          const isJoined = neverOpens(number, other.number) ? view?.link === 'relayed' : view?.link === 'whole' && view.document === 'same';
          return isJoined && view?.isFrozen === false;
        });
        return areWhole && views.length === all.length && peer.clock.master() === master && Number.isFinite(peer.clock.spread());
      });
    },
    part(sides) {
      for (const [i, side] of sides.entries())
        for (const other of sides.slice(i + 1)) cuts.push(...side.flatMap((a) => other.map((b) => [a.number, b.number] as const)));
      for (const [a, b] of cuts) cables.setCut(a, b, true);
      world.disturb('partition', undefined, Infinity);
    },
    sever: (a, b) => sever(exchange, a.number, b.number),
    partOneWay(from, to) {
      cuts.push([from.number, to.number]);
      cables.setCutOneWay(from.number, to.number, true);
      world.disturb('partition', undefined, Infinity);
    },
    heal() {
      for (const [a, b] of cuts) cables.setCut(a, b, false);
      cuts = [];
      for (const each of disturbances) if (each.what === 'partition') each.to = Math.min(each.to, timeline.now());
    },
    stopServer() {
      server.stop();
      world.disturb('server away', [], Infinity);
    },
    startServer() {
      server.start();
      for (const each of disturbances) if (each.what === 'server away') each.to = Math.min(each.to, timeline.now());
    },
    disturb: (what, whom, lasting = 0) =>
      void disturbances.push({ what, from: timeline.now(), to: timeline.now() + lasting, machines: whom?.map(({ number }) => number) }),
  };
  return world;
}

/** Public keys take milliseconds: one set serves all worlds of this process. */
const identities = new Map<number, Identity>();
const installations = new WeakMap<Machine, Identity>();
const identityOf = (draw: Draw, isMany: boolean): Identity => {
  const number = draw.int(0, isMany ? 1023 : 63);
  const known = identities.get(number) ?? identityFrom(createDraw(number).bytes(32));
  identities.set(number, known);
  return known;
};

function createMachine(
  world: World,
  exchange: Exchange,
  { number, options, drift }: { readonly number: number; readonly options: MachineOptions; readonly drift: number },
): Machine {
  const draw = world.draw.fork(`machine ${number}`);
  const taken = new Set(world.machines.map(({ id }) => id));
  const isMany = taken.size >= 48;
  let identity = identityOf(draw, isMany);
  while (taken.has(peerIdOf(identity, 0))) identity = identityOf(draw, isMany);
  identity = (options.tabOf && installations.get(options.tabOf)) ?? identity;
  const instance = options.tabOf ? world.machines.filter(({ id }) => keyOf(id) === identity.id).length : 0;
  const disk: Disk = options.tabOf?.disk ?? new Map();
  const pages: Page[] = [];
  const { timeline, cables } = world;

  const open = (): Page => {
    const life = draw.fork(`life ${pages.length}`);
    const fault = options.fault ?? {
      offset: life.between(-CLOCK_OFFSET_MAX, CLOCK_OFFSET_MAX),
      skew: life.between(-CLOCK_SKEW_MAX, CLOCK_SKEW_MAX),
      drift: drift === 0 ? 0 : life.between(-drift, drift),
    };
    const host = createSimHost(timeline, fault, life.fork('random'));
    const transport = createSimTransport(exchange, number, host);
    const peer = createPeer(
      { host, transport, store: createSimStore(host, disk) },
      {
        identity,
        instance,
        code: 'sim-sim-sim-sim-sim',
        keys: KEYS,
        profile: { name: `Machine ${number}`, hue: number },
        initial: options.initial,
        ...(options.root !== undefined && { root: options.root === 'own' ? fingerprintOf(identity.id) : options.root }),
      },
    );
    const sound = createRecorder('sound', () => peer.clock.now(), timeline.now);
    const visual = createRecorder('visual', () => peer.clock.now(), timeline.now);
    const input = createInput(() => peer.clock.now());
    for (const device of [sound, visual, input]) peer.devices.add(device);
    const page: Page = { peer, host, sound, visual, input, notices: [], bornAt: timeline.now(), diedAt: undefined };
    peer.on('notice', (notice) => page.notices.push(notice));
    return page;
  };
  const last = (): Page => {
    const page = pages.at(-1);
    if (!page || page.diedAt !== undefined) throw new Error(`machine ${number} has no page`);
    return page;
  };
  const end = (): Page => {
    const page = last();
    page.diedAt = timeline.now();
    return page;
  };

  /** Again and again, with a moment to breathe. */
  function hinder(ms: number, [least, most]: readonly [number, number], how: (page: Page, until: number) => void): void {
    const page = last();
    const end = timeline.now() + ms;
    const own = draw.fork(`hindered at ${timeline.now()}`);
    const again = (): void => {
      if (page.diedAt !== undefined || timeline.now() >= end) return;
      const late = own.between(least, most);
      how(page, timeline.now() + late);
      timeline.at(timeline.now() + late + own.between(...BREATH_MS), again);
    };
    again();
  }

  const machine: Machine = {
    ...{ number, id: peerIdOf(identity, instance), disk, pages },
    get page() {
      return last();
    },
    get peer() {
      return last().peer;
    },
    get isPresent() {
      const page = pages.at(-1);
      return page !== undefined && page.diedAt === undefined;
    },
    join() {
      world.disturb('join', [machine]);
      pages.push(open());
    },
    leave() {
      world.disturb('leave', [machine]);
      const page = end();
      page.peer.close();
      page.host.kill();
    },
    kill() {
      world.disturb('kill', [machine]);
      end().host.kill();
      closeSockets(exchange, number);
    },
    reload() {
      machine.leave();
      timeline.at(timeline.now() + 150, () => machine.join());
    },
    freeze(ms) {
      world.disturb('freeze', [machine], ms);
      last().host.freeze(timeline.now() + ms);
    },
    sleep(ms) {
      world.disturb('sleep', [machine], ms);
      last().host.sleep(timeline.now() + ms);
      cables.setDown(number, true);
      timeline.at(timeline.now() + ms, () => cables.setDown(number, false));
    },
    step(ms) {
      world.disturb('step', [machine]);
      last().host.step(ms);
    },
    slow(ms) {
      world.disturb('slow', [machine], ms + SLOW_MS[1]);
      hinder(ms, SLOW_MS, ({ host }, until) => host.freeze(until));
    },
    starve(ms) {
      world.disturb('starve', [machine], ms + STARVED_MS[1]);
      hinder(ms, STARVED_MS, ({ host }, until) => host.sleep(until));
    },
  };
  installations.set(machine, identity);
  return machine;
}
