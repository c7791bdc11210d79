import { createPinger } from '../../src/mesh/pinger.ts';
import { CHANNELS } from '../../src/mesh/transport.ts';
import type { Channel, Connection, ConnectionHandlers, Socket, SocketHandlers, Transport } from '../../src/mesh/transport.ts';
import type { Timeline } from './heap.ts';
import type { SimHost } from './host.ts';
import { createPipe } from './network.ts';
import type { Cables, Pipe } from './network.ts';
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

/** Where the halves of a connection find each other. */
export interface Exchange {
  readonly timeline: Timeline;
  readonly cables: Cables;
  readonly draw: Draw;
  readonly server: SimServer;
  readonly halves: Map<string, Half>;
  /** Pairs that no ICE candidate ever joins. */
  neverOpens(a: number, b: number): boolean;
}

interface Half {
  readonly machine: number;
  open(other: Half): void;
  deliver(channel: Channel, bytes: Uint8Array): void;
  otherClosed(): void;
  readonly isClosed: boolean;
}

const PAGE_TURN_MS = 200;
const ICE_RETRY_MS = 250;
const CONNECT_MS = 5;

export const createSimTransport = (exchange: Exchange, machine: number, host: SimHost): Transport => ({
  openSocket: (handlers) => openSocket(exchange, machine, host, handlers),
  connect: ({ isInitiator }, handlers) => connect(exchange, machine, host, isInitiator, handlers),
});

function openSocket({ timeline, cables, server }: Exchange, machine: number, host: SimHost, handlers: SocketHandlers): Socket {
  let end: ServerEnd | undefined;
  let isClosed = false;
  let last = 0;
  /** TCP: in order, lost packets come late, a cut cable holds everything back. */
  const carry = (from: number, to: number, f: () => void): void => {
    const at = cables.arrival(from, to);
    if (at === undefined) timeline.at(timeline.now() + ICE_RETRY_MS, () => carry(from, to, f));
    else timeline.at((last = Math.max(last, at)), f);
  };
  const close = (reason: string): void => {
    if (isClosed) return;
    isClosed = true;
    host.turn(() => handlers.closed(reason));
  };
  carry(machine, SERVER, () => {
    if (isClosed) return;
    end = server.accept(
      (text) => carry(SERVER, machine, () => host.turn(() => isClosed || handlers.message(text))),
      (reason) => carry(SERVER, machine, () => close(reason)),
    );
    if (!end) carry(SERVER, machine, () => close('no server'));
    else carry(SERVER, machine, () => host.turn(() => isClosed || handlers.open()));
  });
  return {
    send: (text) => carry(machine, SERVER, () => end?.receive(text)),
    close() {
      if (isClosed) return;
      isClosed = true;
      carry(machine, SERVER, () => end?.gone());
    },
  };
}

function connect(exchange: Exchange, machine: number, host: SimHost, isInitiator: boolean, handlers: ConnectionHandlers): Connection {
  const { timeline, cables, draw, halves } = exchange;
  const id = `${machine}.${draw.int(0, 0x7fffffff)}`;
  const pipes = new Map<Channel, Pipe>();
  let other: Half | undefined;
  let isClosed = false;

  const pinger = createPinger(
    host.worker,
    (bytes) => void pipes.get('fast')?.send(bytes),
    {
      sample: (sample) => host.turn(() => isClosed || handlers.sample(sample)),
      heard: (beat) => host.turn(() => isClosed || handlers.heard(beat)),
      message: (bytes) => host.turn(() => isClosed || handlers.message('fast', bytes)),
    },
  );
  const stopTurns = host.timer.every(PAGE_TURN_MS, () => pinger.turn());

  const end = (): void => {
    isClosed = true;
    pinger.close();
    stopTurns();
    halves.delete(id);
    for (const pipe of pipes.values()) pipe.close();
  };

  const half: Half = {
    machine,
    get isClosed() {
      return isClosed || host.isDead;
    },
    open(to) {
      other = to;
      for (const channel of CHANNELS) {
        pipes.set(channel, createPipe(timeline, cables, draw, { from: machine, to: to.machine, channel }, (bytes) => to.deliver(channel, bytes)));
      }
      host.turn(() => isClosed || handlers.open({ local: `sim:${id}`, remote: `sim:${idOf(halves, to)}` }));
    },
    deliver(channel, bytes) {
      if (isClosed || host.isDead) return;
      if (channel === 'fast') pinger.receive(bytes, host.clock.now());
      else host.turn(() => isClosed || handlers.message(channel, bytes));
    },
    otherClosed() {
      if (isClosed) return;
      end();
      host.turn(() => handlers.closed('the other side closed'));
    },
  };
  halves.set(id, half);

  /** ICE: tries until the pair can reach each other; then both sides open in the same instant. */
  const join = (to: Half): void => {
    if (isClosed || to.isClosed) return;
    const isBlocked = cables.isCut(machine, to.machine) || exchange.neverOpens(machine, to.machine);
    if (isBlocked) timeline.at(timeline.now() + ICE_RETRY_MS, () => join(to));
    else {
      const roundTrips = 2 * (cables.path(machine, to.machine).floor + cables.path(to.machine, machine).floor);
      timeline.at(timeline.now() + CONNECT_MS + roundTrips, () => {
        if (isClosed || to.isClosed) return;
        half.open(to);
        to.open(half);
      });
    }
  };

  if (isInitiator) host.timer.after(1, () => isClosed || handlers.signal({ type: 'offer', id }));

  return {
    signal(data) {
      const signal = readSignal(data);
      const remote = signal && halves.get(signal.id);
      if (!remote || isClosed) return;
      if (signal.type === 'offer' && !isInitiator) host.timer.after(1, () => isClosed || handlers.signal({ type: 'answer', id }));
      if (signal.type === 'answer' && isInitiator) join(remote);
    },
    send(channel, bytes) {
      if (isClosed || host.isDead) return false;
      if (channel !== 'fast') return pipes.get(channel)?.send(bytes) ?? false;
      if (pipes.size === 0) return false;
      pinger.post(bytes);
      return true;
    },
    buffered: (channel) => pipes.get(channel)?.buffered() ?? 0,
    setBeacon: (bytes) => pinger.setBeacon(bytes),
    close() {
      if (isClosed) return;
      const to = other;
      end();
      if (to) farewell(exchange, machine, to);
    },
  };
}

/** The close of a DTLS connection reaches the other side when packets do. */
function farewell({ timeline, cables }: Exchange, machine: number, to: Half): void {
  const at = cables.arrival(machine, to.machine);
  if (at !== undefined) timeline.at(at, () => to.otherClosed());
}

function idOf(halves: ReadonlyMap<string, Half>, half: Half): string {
  for (const [id, each] of halves) if (each === half) return id;
  return 'gone';
}

function readSignal(data: unknown): { readonly type: string; readonly id: string } | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { type, id } = data as Record<string, unknown>;
  return typeof type === 'string' && typeof id === 'string' ? { type, id } : undefined;
}
