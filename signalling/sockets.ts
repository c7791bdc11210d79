import { randomInt } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { SIGNAL_BYTES_MAX, type IceServer } from '../src/mesh/signal.ts';
import { createRooms, type Counters } from './room.ts';
import type { ServerUtc } from './utc.ts';

/** The rooms' edge: real sockets at any path. A socket can die of what it sends; the server cannot. */
export interface Sockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  counters(): SocketCounters;
  /** Says goodbye, and cuts off who has not gone after a second. */
  close(): Promise<void>;
}

export interface SocketCounters extends Counters {
  /** Frames that are no WebSocket frames of ours: too large, binary, malformed, not UTF-8. */
  readonly malformed: number;
  /** Cut off because they read too slowly, or did not answer pings. */
  readonly slow: number;
  readonly dead: number;
  /** Our own bugs; each has cost its socket. */
  readonly mistakes: number;
}

export interface SocketsOptions {
  readonly iceServers: readonly IceServer[];
  readonly utc: ServerUtc;
  /** ms; default 15 s. Two unanswered pings in a row are the end [SG12]. */
  readonly pingMs?: number | undefined;
}

const PING_MS = 15_000;
const UNREAD_BYTES_MAX = 4 * 1024 * 1024;
const FAREWELL_MS = 1000;
/** Connection ids of one life of the server: more than it can give out in a millisecond, so that the next life's are greater. */
const IDS_PER_MS = 1000;
/** Codes of RFC 6455, section 7.4.1. */
const GOING_AWAY = 1001;
const UNSUPPORTED = 1003;
const POLICY_VIOLATION = 1008;

export function createSockets({ iceServers, utc, pingMs = PING_MS }: SocketsOptions): Sockets {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: SIGNAL_BYTES_MAX });
  const unanswered = new Map<WebSocket, number>();
  const counts = { malformed: 0, slow: 0, dead: 0, mistakes: 0 };
  const rooms = createRooms<WebSocket>({
    send: (socket, signal) => post(socket, JSON.stringify(signal)),
    close: (socket, reason) => socket.close(POLICY_VIOLATION, reason),
    iceServers,
    utc: () => utc.now(),
    firstId: Date.now() * IDS_PER_MS + randomInt(IDS_PER_MS),
  });

  function post(socket: WebSocket, text: string): void {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount <= UNREAD_BYTES_MAX) return socket.send(text);
    counts.slow += 1;
    socket.terminate();
  }

  function receive(socket: WebSocket, frame: RawData, isBinary: boolean): void {
    unanswered.set(socket, 0);
    if (isBinary) {
      counts.malformed += 1;
      return socket.close(UNSUPPORTED, 'text frames only');
    }
    try {
      rooms.receive(socket, frame.toString(), performance.now());
    } catch (error) {
      // A mistake of ours costs one socket, not the concert of all the others.
      counts.mistakes += 1;
      console.error(error);
      socket.terminate();
    }
  }

  function welcome(socket: WebSocket): void {
    unanswered.set(socket, 0);
    socket.on('message', (frame, isBinary) => receive(socket, frame, isBinary));
    socket.on('pong', () => unanswered.set(socket, 0));
    socket.on('error', () => void (counts.malformed += 1));
    socket.on('close', () => {
      unanswered.delete(socket);
      rooms.disconnect(socket);
    });
    rooms.connect(socket);
  }

  function pingAll(): void {
    for (const [socket, count] of unanswered) {
      if (count >= 2) {
        counts.dead += 1;
        socket.terminate();
      } else {
        unanswered.set(socket, count + 1);
        socket.ping();
      }
    }
  }

  const pings = setInterval(pingAll, pingMs);

  return {
    upgrade: (request, socket, head) => server.handleUpgrade(request, socket, head, welcome),
    counters: () => ({ ...rooms.counters(), ...counts }),
    close() {
      clearInterval(pings);
      utc.close();
      for (const socket of unanswered.keys()) socket.close(GOING_AWAY, 'the server is stopping');
      return new Promise((done) => {
        const cut = setTimeout(() => unanswered.forEach((_, socket) => socket.terminate()), FAREWELL_MS);
        server.close(() => {
          clearTimeout(cut);
          done();
        });
      });
    },
  };
}
