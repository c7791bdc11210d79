import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Express } from 'express-serve-static-core';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { createBucket, type Bucket } from './limits.ts';
import { parseMessage } from './message.ts';
import { createTimers, type Timers } from './timers.ts';

/**
 * The PeerServer that introduces live calls: the package `peer`, behind a gate of ours. It keeps what is said to somebody who
 * is not there, trusts every frame to be JSON of its kind, and cannot be stopped; so nothing reaches it that is not a
 * message of its protocol, within bounds, and it is made when the first caller comes.
 */
export interface CallServer {
  /** Whether a request concerns it. */
  isFor(url: string | undefined): boolean;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  answer(request: IncomingMessage, response: ServerResponse): void;
  counters(): { readonly callers: number; readonly refused: number };
  close(): void;
}

export const CALLS_PATH = '/peerjs';
const FRAME_BYTES_MAX = 32 * 1024;
const DEPTH_MAX = 8;
const CALLERS_MAX = 1000;
const NAME = /^[A-Za-z0-9-]{1,64}$/;
const LEAVE = 'LEAVE';
const TYPES: ReadonlySet<string> = new Set(['OFFER', 'ANSWER', 'CANDIDATE', LEAVE, 'EXPIRE', 'HEARTBEAT']);
/** A page that calls thirty others at once says some six hundred. */
const MESSAGES = { perSecond: 50, burst: 1000 };
/** What is said to nobody is kept for 5 s: of each caller, and of all together. */
const TO_NOBODY = { perSecond: 20, burst: 200 };
const ALL_TO_NOBODY = { perSecond: 400, burst: 2000 };
const PING_MS = 15_000;
/** From one address. A proxy on this machine speaks for everybody. */
const SHARE = 250;
const LOCAL = /^(::1|(::ffff:)?127[.].*)$/;
const UNREAD_BYTES_MAX = 1024 * 1024;
/** Codes of RFC 6455, section 7.4.1. */
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;

/** What PeerServer uses of a socket. */
class Guarded extends EventEmitter {
  readonly #socket: WebSocket;
  constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
  }
  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > UNREAD_BYTES_MAX) this.#socket.terminate();
    else this.#socket.send(text);
  }
  close(): void {
    this.#socket.close();
  }
}

export interface CallServerOptions {
  /** ms; default 15 s. Two unanswered pings in a row are the end. */
  readonly pingMs?: number | undefined;
  /** How many callers of one address. */
  readonly shareOf?: (address: string) => number;
}

export const shareOf = (address: string): number => (LOCAL.test(address) ? CALLERS_MAX : SHARE);

export function createCallServer(options: CallServerOptions = {}): CallServer {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: FRAME_BYTES_MAX });
  const inner = new EventEmitter();
  const callers = new Map<string, WebSocket>();
  const timers = createTimers();
  const allToNobody = createBucket(ALL_TO_NOBODY);
  /** Of who holds a place: pings in a row without an answer, and the address. */
  const places = new Map<WebSocket, { unanswered: number; readonly address: string }>();
  let app: Promise<Express> | undefined;
  let refused = 0;
  let isClosed = false;

  const open = (): Promise<Express> => (app ??= load(inner, timers));

  const fail = (error: unknown): void => console.error(error);

  function refuse(socket: WebSocket, why: string): void {
    refused += 1;
    socket.close(POLICY_VIOLATION, why);
  }

  function welcome(socket: WebSocket, request: IncomingMessage): void {
    const guarded = new Guarded(socket);
    const [messages, toNobody] = [createBucket(MESSAGES), createBucket(TO_NOBODY)];
    const address = request.socket.remoteAddress ?? '';
    const { searchParams } = new URL(request.url ?? '', 'http://localhost');
    const id = searchParams.get('id') ?? '';
    socket.on('error', () => void (refused += 1));
    if (!NAME.test(id) || !NAME.test(searchParams.get('token') ?? '')) return refuse(socket, 'not a caller');
    const ofOne = [...places.values()].filter((place) => place.address === address).length;
    if (places.size >= CALLERS_MAX || ofOne >= (options.shareOf ?? shareOf)(address)) return refuse(socket, 'no room left here');
    const place = { unanswered: 0, address };
    places.set(socket, place);
    socket.on('pong', () => void (place.unanswered = 0));
    socket.on('message', (frame, isBinary) => {
      place.unanswered = 0;
      const text = isBinary ? undefined : judge(frame, messages, toNobody);
      if (text === undefined) refuse(socket, 'not a message of this protocol, or too many');
      else if (text === LEAVE) socket.close();
      else if (text !== '') guarded.emit('message', text);
    });
    socket.on('close', () => {
      places.delete(socket);
      if (callers.get(id) === socket) callers.delete(id);
      guarded.emit('close');
    });
    open().then(() => {
      if (socket.readyState !== socket.OPEN) return;
      // PeerServer takes a name that is taken only with the token of who has it; it closes the others.
      inner.emit('connection', guarded, request);
      if (socket.readyState === socket.OPEN) callers.set(id, socket);
    }, fail);
  }

  /** Text that may pass; empty: it is left out; undefined: it may not. */
  function judge(frame: RawData, messages: Bucket, toNobody: Bucket): string | undefined {
    const now = performance.now();
    if (!messages.take(now)) return undefined;
    const message = parseMessage((frame as Buffer).toString(), DEPTH_MAX);
    if (!message || !TYPES.has(message.type)) return undefined;
    const { type, dst, payload } = message;
    if (dst !== undefined && !(typeof dst === 'string' && NAME.test(dst))) return undefined;
    if (typeof dst === 'string' && !callers.has(dst) && !(toNobody.take(now) && allToNobody.take(now))) return '';
    // PeerServer would forget the name, and the socket would keep its place.
    if (type === 'LEAVE' && dst === undefined) return LEAVE;
    return JSON.stringify({ type, dst, payload });
  }

  const pings = setInterval(() => {
    for (const [socket, place] of places) {
      if (place.unanswered >= 2) socket.terminate();
      else socket.ping();
      place.unanswered += 1;
    }
  }, options.pingMs ?? PING_MS);

  return {
    isFor: (url) => url === CALLS_PATH || (url?.startsWith(`${CALLS_PATH}/`) ?? false),
    upgrade: (request, socket, head) =>
      isClosed ? socket.destroy() : server.handleUpgrade(request, socket, head, (found) => welcome(found, request)),
    answer(request, response) {
      response.setHeader('Cache-Control', 'no-store');
      open().then(
        (found) => found(request as never, response as never),
        (error: unknown) => {
          fail(error);
          response.writeHead(503).end();
        },
      );
    },
    counters: () => ({ callers: callers.size, refused }),
    close() {
      isClosed = true;
      timers.stop();
      clearInterval(pings);
      for (const socket of server.clients) socket.close(GOING_AWAY, 'the server is stopping');
      server.close();
    },
  };
}

/** PeerServer with our sockets for its own. It mounts itself where an app takes it: here an idle one of its own kind. */
async function load(sockets: EventEmitter, timers: Timers): Promise<Express> {
  const { ExpressPeerServer } = await import('peer');
  const { createServer } = await import('node:http');
  const options = {
    path: CALLS_PATH,
    concurrent_limit: CALLERS_MAX,
    allow_discovery: false,
    corsOptions: { origin: false },
    createWebSocketServer: () => sockets as unknown as WebSocketServer,
  };
  const idle = createServer();
  const app = ExpressPeerServer(idle, options);
  const outer = ExpressPeerServer(idle, options);
  timers.within(() => outer.use('/', app));
  // Without a listener an error of its sockets would end the process.
  app.on('error', () => undefined);
  return outer as unknown as Express;
}
