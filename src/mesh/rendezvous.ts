import type { LocalTime } from '../base.ts';
import type { Host } from './host.ts';
import { SIGNAL_BYTES_MAX, SIGNAL_VERSION, type ClientSignal, type ConnectionId, type IceServer } from './signal.ts';
import { decodeServerSignal } from './signal-decode.ts';
import type { Socket, Transport } from './transport.ts';
import { createUtcEstimate, type StatedUtc, type UtcEstimate } from './utc.ts';

/**
 * The meeting point: keeps one socket to the signalling server alive for ever. Links do not depend on it once they
 * are whole, so its absence is a state to show, never an error [LK1].
 */
export interface Rendezvous {
  /** `connecting` until the first answer or failure; then `open` or `offline`. */
  readonly state: 'connecting' | 'open' | 'offline';
  /** Of this socket's life; undefined while not welcome. */
  readonly id: ConnectionId | undefined;
  readonly iceServers: readonly IceServer[];
  /** As the server states it; it outlives the socket. */
  readonly utc: UtcEstimate;
  /** Who else has a socket in the room. */
  roster(): readonly ConnectionId[];
  /** False when the server is away: the signal is lost. */
  signal(to: ConnectionId, text: string): boolean;
  /** Something went silent, perhaps our own network: unless the server answers soon, the socket is opened anew. */
  check(): void;
  close(): void;
}

export interface RendezvousHandlers {
  state(): void;
  /** A new life of the socket: earlier connection ids mean nothing any more. */
  welcome(): void;
  joined(id: ConnectionId): void;
  left(id: ConnectionId): void;
  signal(from: ConnectionId, text: string): void;
  /** The server says no, in its words. */
  refused(reason: string): void;
}

const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 5000;
const PING_MS = 10_000;
/** What time it is, is asked so often when the server is there, so long after another. */
const ASKS = 4;
const ASK_MS = 1000;
/** A server that answers pings by nothing. */
const ASKED_MAX = 16;
/** For an answer where there is reason to doubt. */
const ANSWER_MS = 3000;
/** Three pings unanswered. */
const SILENCE_MS = 31_000;

export function createRendezvous(host: Host, transport: Transport, room: string, handlers: RendezvousHandlers): Rendezvous {
  const roster = new Set<ConnectionId>();
  let state: Rendezvous['state'] = 'connecting';
  let id: ConnectionId | undefined;
  let iceServers: readonly IceServer[] = [];
  const utc = createUtcEstimate();
  /** When what is not answered yet was asked, in order. */
  let asked: LocalTime[] = [];
  let cancelAsk: (() => void) | undefined;
  let failures = 0;
  let heardAt = host.clock.now();
  let socket: Socket | undefined;
  let cancelRetry: (() => void) | undefined;
  let cancelCheck: (() => void) | undefined;
  let isClosed = false;

  const post = (signal: ClientSignal): void => socket?.send(JSON.stringify(signal));
  /** Whose answer says what time it is. */
  const ask = (signal: ClientSignal): void => {
    asked = [...asked, host.clock.now()].slice(-ASKED_MAX);
    post(signal);
  };
  /** The first answers come while a page loads; some more find a better one. */
  const askSome = (left: number): void => {
    cancelAsk = undefined;
    if (id === undefined) return;
    ask({ type: 'ping' });
    if (left > 1) cancelAsk = host.timer.after(ASK_MS, () => askSome(left - 1));
  };
  const answered = (stated: StatedUtc | undefined): void => {
    const at = asked.shift();
    if (at !== undefined && stated) utc.add(at, host.clock.now(), stated);
  };

  function setState(next: Rendezvous['state']): void {
    if (state === next) return;
    state = next;
    handlers.state();
  }

  function open(): void {
    cancelRetry = undefined;
    heardAt = host.clock.now();
    // A handler of an abandoned socket must not speak for its successor.
    const isCurrent = (): boolean => socket === opened;
    const opened = transport.openSocket({
      open: () => isCurrent() && ask({ type: 'join', room, version: SIGNAL_VERSION }),
      message: (text) => isCurrent() && read(text),
      closed: () => isCurrent() && lost(),
    });
    socket = opened;
  }

  /** Waits twice as long each time, with jitter, so that a room does not come back in one instant [LK2]. */
  function lost(): void {
    socket = undefined;
    id = undefined;
    asked = [];
    cancelAsk?.();
    roster.clear();
    const wait = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(failures, 10));
    failures += 1;
    cancelRetry = host.timer.after(wait * (0.5 + host.random.next() / 2), open);
    setState('offline');
  }

  function read(text: string): void {
    heardAt = host.clock.now();
    const signal = decodeServerSignal(text);
    if (signal === undefined) return;
    switch (signal.type) {
      case 'welcome':
        failures = 0;
        id = signal.id;
        iceServers = signal.iceServers;
        // Perhaps another server, or the same after its clock was set.
        utc.clear();
        answered(signal.utc);
        cancelAsk?.();
        cancelAsk = host.timer.after(ASK_MS, () => askSome(ASKS));
        roster.clear();
        for (const peer of signal.peers) if (peer !== id) roster.add(peer);
        setState('open');
        return handlers.welcome();
      case 'joined':
        roster.add(signal.id);
        return handlers.joined(signal.id);
      case 'left':
        return void (roster.delete(signal.id) && handlers.left(signal.id));
      case 'signal':
        return void (roster.has(signal.from) && handlers.signal(signal.from, signal.data));
      case 'refused':
        return handlers.refused(signal.reason);
      case 'pong':
        return answered(signal.utc);
    }
  }

  function keepAlive(): void {
    if (socket === undefined) return;
    if (host.clock.now() - heardAt > SILENCE_MS) {
      socket.close();
      lost();
    } else if (id !== undefined) ask({ type: 'ping' });
  }

  function check(): void {
    const [asked, askedAt] = [socket, host.clock.now()];
    if (asked === undefined || id === undefined || cancelCheck !== undefined) return;
    ask({ type: 'ping' });
    cancelCheck = host.timer.after(ANSWER_MS, () => {
      cancelCheck = undefined;
      if (socket !== asked || heardAt > askedAt) return;
      asked.close();
      lost();
    });
  }

  const endKeepAlive = host.timer.every(PING_MS, keepAlive);
  open();

  return {
    get state() {
      return state;
    },
    get id() {
      return id;
    },
    get iceServers() {
      return iceServers;
    },
    utc,
    roster: () => [...roster],
    signal(to, data) {
      if (id === undefined || data.length > SIGNAL_BYTES_MAX - 1024) return false;
      post({ type: 'signal', to, data });
      return true;
    },
    check,
    close() {
      if (isClosed) return;
      isClosed = true;
      endKeepAlive();
      cancelRetry?.();
      cancelCheck?.();
      cancelAsk?.();
      if (id !== undefined) post({ type: 'leave' });
      const last = socket;
      socket = undefined;
      id = undefined;
      last?.close();
    },
  };
}
