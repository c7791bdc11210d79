import { createPinger, type Pinger } from '../../src/mesh/pinger.ts';
import { CHANNELS, MESSAGE_BYTES_MAX } from '../../src/mesh/transport.ts';
import type { Channel, Connection, ConnectionHandlers, Socket, SocketHandlers, Transport } from '../../src/mesh/transport.ts';
import type { Timeline } from './heap.ts';
import type { SimHost } from './host.ts';
import { createPipe, createStream, type Cables, type Pipe } from './network.ts';
import type { Draw } from './random.ts';

/** The server's cable in `Cables`: machine number of the signalling server. */
export const SERVER = -1;

/** What the simulated server is to a transport. */
export interface SimServer {
  /** undefined while it is down. */
  accept(send: (text: string) => void, closed: (reason: string) => void): ServerEnd | undefined;
}
export interface ServerEnd {
  receive(text: string): void;
  gone(): void;
}

/** What who controls his own machine can do besides: send whatever bytes he likes on each channel, past his own pinger. */
export interface SimConnection extends Connection {
  raw(channel: Channel, bytes: Uint8Array): boolean;
}

/** Where the halves of a connection find each other. */
export interface Exchange {
  readonly timeline: Timeline;
  readonly cables: Cables;
  readonly draw: Draw;
  readonly server: SimServer;
  readonly halves: Map<string, Half>;
  /** Pairs that no ICE candidate ever joins. */
  neverOpens(a: number, b: number): boolean;
  /** Every delivery between peers, for the trace. */
  carried?(from: number, to: number, channel: Channel, bytes: Uint8Array): void;
  /** Sockets of pages that vanished are closed by their operating system. */
  readonly sockets: Map<number, Set<() => void>>;
}

/** The operating system ends what a dead page left open. */
export function closeSockets({ sockets }: Exchange, machine: number): void {
  for (const close of sockets.get(machine) ?? []) close();
  sockets.delete(machine);
}

/** The connection of two machines dies, at both ends; their cable is as before. */
export function sever({ halves }: Exchange, a: number, b: number): void {
  for (const half of [...halves.values()])
    if ((half.machine === a && half.towards === b) || (half.machine === b && half.towards === a)) half.otherClosed();
}

/** One end of a connection, as the other end sees it. */
export interface Half {
  readonly id: string;
  readonly machine: number;
  readonly isClosed: boolean;
  /** Of the machine at the other end, once it is open. */
  readonly towards: number | undefined;
  open(other: Half): void;
  deliver(channel: Channel, bytes: Uint8Array): void;
  otherClosed(): void;
}

export interface Page {
  readonly machine: number;
  readonly host: SimHost;
}

const PAGE_TURN_MS = 200;
const ICE_RETRY_MS = 250;
const CONNECT_MS = 5;
/** A server that hears nothing any more notices after two pings. */
const UNNOTICED_MS = 30_000;

export const createSimTransport = (exchange: Exchange, machine: number, host: SimHost): Transport => ({
  openSocket: (handlers) => openSocket(exchange, { machine, host }, handlers),
  connect: ({ isInitiator }, handlers) => connect(exchange, { machine, host }, isInitiator, handlers),
});

/** TCP: in order both ways; a cut cable holds everything back. */
function openSocket({ timeline, cables, server, sockets }: Exchange, { machine, host }: Page, handlers: SocketHandlers): Socket {
  let end: ServerEnd | undefined;
  let isClosed = false;
  const up = createStream(timeline, cables, { from: machine, to: SERVER, isOver: () => host.isDead });
  const down = createStream(timeline, cables, { from: SERVER, to: machine, isOver: () => false });
  const toPage = (f: () => void): void => down.push(() => host.turn(() => isClosed || f()));
  const close = (reason: string): void => {
    isClosed = true;
    handlers.closed(reason);
  };
  up.push(() => {
    end = server.accept(
      (text) => toPage(() => handlers.message(text)),
      (reason) => toPage(() => close(reason)),
    );
    if (!end) toPage(() => close('no server'));
    else toPage(() => handlers.open());
  });
  const own = sockets.get(machine) ?? new Set();
  sockets.set(machine, own);
  own.add(() => {
    const at = cables.arrival(machine, SERVER);
    timeline.at(at ?? timeline.now() + UNNOTICED_MS, () => end?.gone());
  });
  return {
    send: (text) => isClosed || up.push(() => end?.receive(text)),
    close() {
      if (isClosed) return;
      isClosed = true;
      up.push(() => end?.gone());
    },
  };
}

function connect(exchange: Exchange, page: Page, isInitiator: boolean, handlers: ConnectionHandlers): SimConnection {
  const { timeline, cables, draw, halves } = exchange;
  const { machine, host } = page;
  const id = `${machine}.${draw.int(0, 0x7fffffff)}`;
  const pipes = new Map<Channel, Pipe>();
  let beacon: Uint8Array | undefined;
  let pinger: Pinger | undefined;
  let stopTurns = (): void => undefined;
  let other: Half | undefined;
  let isClosed = false;
  const toPage = (f: () => void): void => host.turn(() => isClosed || f());

  const createOwnPinger = (): Pinger => {
    const out = createPinger(host.worker, (bytes) => void pipes.get('fast')?.send(bytes), {
      sample: (sample) => toPage(() => handlers.sample(sample)),
      heard: (beat) => toPage(() => handlers.heard(beat)),
      message: (bytes) => toPage(() => handlers.message('fast', bytes)),
    });
    if (beacon) out.setBeacon(beacon);
    stopTurns = host.timer.every(PAGE_TURN_MS, () => out.turn());
    return out;
  };
  const end = (): void => {
    isClosed = true;
    pinger?.close();
    stopTurns();
    halves.delete(id);
  };

  const half: Half = {
    id,
    machine,
    get isClosed() {
      return isClosed || host.isDead;
    },
    get towards() {
      return other?.machine;
    },
    open(to) {
      other = to;
      for (const channel of CHANNELS) {
        const ends = { from: machine, to: to.machine, channel, isOver: () => isClosed || host.isDead };
        const pipe = createPipe({ timeline, cables, draw }, ends, (bytes) => {
          exchange.carried?.(machine, to.machine, channel, bytes);
          to.deliver(channel, bytes);
        });
        pipes.set(channel, pipe);
      }
      pinger = createOwnPinger();
      toPage(() => handlers.open({ local: `sim:${id}`, remote: `sim:${to.id}` }));
    },
    deliver(channel, bytes) {
      if (isClosed || host.isDead) return;
      if (channel === 'fast') host.workerTurn(() => pinger?.receive(bytes, host.clock.now()));
      else toPage(() => handlers.message(channel, bytes));
    },
    otherClosed() {
      if (isClosed) return;
      toPage(() => {
        end();
        handlers.closed('the other side closed');
      });
    },
  };
  halves.set(id, half);

  /** ICE: tries until the pair can reach each other; then both sides open in the same instant. */
  const join = (to: Half): void => {
    if (half.isClosed || to.isClosed) return;
    if (cables.isCut(machine, to.machine) || exchange.neverOpens(machine, to.machine)) {
      timeline.at(timeline.now() + ICE_RETRY_MS, () => join(to));
      return;
    }
    const roundTrips = 2 * (cables.path(machine, to.machine).floor + cables.path(to.machine, machine).floor);
    timeline.at(timeline.now() + CONNECT_MS + roundTrips, () => {
      if (half.isClosed || to.isClosed) return;
      half.open(to);
      to.open(half);
    });
  };

  let isJoining = false;
  const signal = (type: 'offer' | 'answer'): void => void host.timer.after(1, () => isClosed || handlers.signal({ type, id }));
  if (isInitiator) signal('offer');

  return {
    signal(data) {
      const found = readSignal(data);
      const remote = found && halves.get(found.id);
      if (!remote || isClosed || isJoining) return;
      if (found.type === 'offer' && !isInitiator) signal('answer');
      else if (found.type === 'answer' && isInitiator) join(remote);
      else return;
      isJoining = true;
    },
    send(channel, bytes) {
      if (half.isClosed || pipes.size === 0 || bytes.length > MESSAGE_BYTES_MAX) return false;
      if (channel !== 'fast') return pipes.get(channel)?.send(bytes) ?? false;
      pinger?.post(bytes);
      return true;
    },
    buffered: (channel) => pipes.get(channel)?.buffered() ?? 0,
    raw: (channel, bytes) => !half.isClosed && (pipes.get(channel)?.send(bytes) ?? false),
    setBeacon(bytes) {
      beacon = bytes;
      pinger?.setBeacon(bytes);
    },
    close() {
      if (isClosed) return;
      end();
      if (other) farewell(exchange, machine, { to: other, after: Math.max(...[...pipes.values()].map((pipe) => pipe.lastArrival)) });
    },
  };
}

/** The close of a DTLS connection is one packet, behind the last words; if it is lost, silence tells. */
function farewell({ timeline, cables }: Exchange, machine: number, { to, after }: { readonly to: Half; readonly after: number }): void {
  const at = cables.arrival(machine, to.machine);
  if (at !== undefined) timeline.at(Math.max(at, after), () => to.otherClosed());
}

function readSignal(data: unknown): { readonly type: string; readonly id: string } | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { type, id } = data as Record<string, unknown>;
  return typeof type === 'string' && typeof id === 'string' ? { type, id } : undefined;
}
