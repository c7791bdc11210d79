import type { LocalTime } from '../base.ts';
import type { Host } from './host.ts';
import { createPinger, type Pinger } from './pinger.ts';
import {
  MESSAGE_BYTES_MAX,
  type Channel,
  type Connection,
  type ConnectionHandlers,
  type ConnectOptions,
  type SocketHandlers,
  type Transport,
} from './transport.ts';

/**
 * A transport without a network, for tests: everything arrives after the same delay, in order, on the timer of the
 * sender's host. Connections find each other as real ones do, by signals that somebody else carries.
 */
export interface MemoryNetwork {
  transport(host: Host): Transport;
  /** From now on nothing passes, and nobody is told. */
  setCut(isCut: boolean): void;
}

/** One client of the signalling side, as that side sees it. */
export interface MemorySocket {
  send(text: string): void;
  close(reason: string): void;
}

/** What the signalling side gives for each client that opens a socket; undefined: the server is away. */
export type MemoryServer = (client: MemorySocket) => { message(text: string): void; closed(): void } | undefined;

export interface MemoryOptions {
  /** ms, one way. */
  readonly delay: number;
  readonly server: MemoryServer;
  /** Pairs that never open. */
  readonly isShut?: (a: Host, b: Host) => boolean;
}

interface End {
  readonly token: string;
  readonly host: Host;
  readonly handlers: ConnectionHandlers;
  pinger: Pinger | undefined;
  other: End | undefined;
  isClosed: boolean;
}

const TURN_MS = 200;

export function createMemoryNetwork({ delay, server, isShut = () => false }: MemoryOptions): MemoryNetwork {
  const ends = new Map<string, End>();
  let isCut = false;
  let count = 0;

  const carry = (host: Host, f: () => void): void => {
    if (!isCut) host.timer.after(delay, () => isCut || f());
  };

  function openSocket(host: Host, handlers: SocketHandlers): ReturnType<Transport['openSocket']> {
    let isClosed = false;
    let remote: ReturnType<MemoryServer>;
    const close = (reason: string): void => {
      if (isClosed) return;
      isClosed = true;
      remote?.closed();
      handlers.closed(reason);
    };
    host.timer.after(delay, () => {
      if (isClosed) return;
      remote = server({
        send: (text) => carry(host, () => isClosed || handlers.message(text)),
        close: (reason) => void host.timer.after(delay, () => close(reason)),
      });
      if (remote === undefined) close('no server');
      else handlers.open();
    });
    return {
      send: (text) => carry(host, () => isClosed || remote?.message(text)),
      close: () => void host.timer.after(delay, () => close('closed')),
    };
  }

  function connect(host: Host, options: ConnectOptions, handlers: ConnectionHandlers): Connection {
    const end: End = { token: `memory ${++count}`, host, handlers, pinger: undefined, other: undefined, isClosed: false };
    ends.set(end.token, end);
    if (options.isInitiator) host.timer.after(0, () => end.isClosed || handlers.signal({ offer: end.token }));
    return createConnection(end);
  }

  function open(end: End, other: End): void {
    end.other = other;
    const { host, handlers } = end;
    const pinger = createPinger(host, (bytes) => deliver(end, () => other.pinger?.receive(bytes, stamp(other))), {
      sample: handlers.sample,
      heard: handlers.heard,
      message: (bytes) => handlers.message('fast', bytes),
    });
    end.pinger = pinger;
    const endTurns = host.timer.every(TURN_MS, () => (end.isClosed ? endTurns() : pinger.turn()));
    handlers.open({ local: end.token, remote: other.token });
  }

  const stamp = (end: End): LocalTime => end.host.clock.now();

  const deliver = (from: End, f: () => void): void => carry(from.host, () => from.other?.isClosed === false && f());

  function shut(end: End): void {
    end.isClosed = true;
    end.pinger?.close();
    ends.delete(end.token);
  }

  function cutOff(end: End): void {
    if (end.isClosed) return;
    shut(end);
    end.handlers.closed('the other side closed');
  }

  function receiveSignal(end: End, data: unknown): void {
    const { offer, answer } = readSignal(data);
    const caller = ends.get(offer ?? '');
    const callee = ends.get(answer ?? '');
    if (caller !== undefined && caller !== end && end.other === undefined) {
      end.other = caller;
      end.host.timer.after(0, () => end.isClosed || end.handlers.signal({ answer: end.token }));
    } else if (callee?.other === end && end.other === undefined && !isShut(end.host, callee.host)) {
      open(end, callee);
      carry(end.host, () => callee.isClosed || open(callee, end));
    }
  }

  function createConnection(end: End): Connection {
    let beacon: Uint8Array | undefined;
    const setBeacon = (bytes: Uint8Array): void => {
      beacon = bytes;
      end.pinger?.setBeacon(beacon);
    };
    return {
      signal: (data) => end.isClosed || receiveSignal(end, data),
      send(channel: Channel, bytes) {
        const { other, pinger } = end;
        if (end.isClosed || other === undefined || pinger === undefined || bytes.length > MESSAGE_BYTES_MAX) return false;
        if (channel === 'fast') pinger.post(bytes);
        else {
          const copy = bytes.slice();
          deliver(end, () => other.handlers.message(channel, copy));
        }
        return true;
      },
      buffered: () => 0,
      setBeacon,
      close() {
        if (end.isClosed) return;
        const { other } = end;
        if (other !== undefined) carry(end.host, () => cutOff(other));
        shut(end);
      },
    };
  }

  return {
    transport: (host) => ({
      openSocket: (handlers) => openSocket(host, handlers),
      connect: (options, handlers) => connect(host, options, handlers),
    }),
    setCut: (next) => void (isCut = next),
  };
}

function readSignal(data: unknown): { readonly offer?: string; readonly answer?: string } {
  if (typeof data !== 'object' || data === null) return {};
  const offer = 'offer' in data && typeof data.offer === 'string' ? { offer: data.offer } : {};
  const answer = 'answer' in data && typeof data.answer === 'string' ? { answer: data.answer } : {};
  return { ...offer, ...answer };
}
