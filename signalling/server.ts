import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCallServer } from './calls.ts';
import { readConfiguration, type Configuration } from './configuration.ts';
import { askNtp } from './ntp.ts';
import { createSite } from './site.ts';
import { createSockets, type SocketCounters } from './sockets.ts';
import { createServerUtc } from './utc.ts';

/**
 * The small server of a room's beginning: introduces peers, serves the app, and is not needed by those who have met.
 * Nothing that a client sends can bring it down; what it cannot do at all, it says before it listens.
 */
export interface SignallingServer {
  /** Of this machine, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  counters(): SocketCounters;
  /** Says goodbye to all; resolves when the port is free again, at the latest after a second or so. */
  close(): Promise<void>;
}

/** What is absent is taken from the environment [SG11]. */
export interface ServerOptions extends Partial<Configuration> {
  /** Folder of the built app. */
  readonly root?: string;
  /** ms between pings. */
  readonly pingMs?: number;
}

/** Rejects with an Error for the person who starts it: a wrong setting, a port that is taken. */
export async function createSignallingServer(options: ServerOptions = {}): Promise<SignallingServer> {
  const { host, port, isTest, iceServers, ntp } = { ...fromEnvironment(), ...options };
  const startedAt = performance.now();
  const utc = createServerUtc({
    clock: () => performance.now(),
    wall: () => Date.now(),
    after(ms, f) {
      const timer = setTimeout(f, ms).unref();
      return () => clearTimeout(timer);
    },
    ...(ntp && { ask: askNtp(ntp), report: (line) => console.log(line) }),
  });
  const sockets = createSockets({ iceServers, utc, pingMs: options.pingMs });
  const uptime = (): number => Math.floor((performance.now() - startedAt) / 1000);
  const calls = createCallServer({ pingMs: options.pingMs });
  const site = createSite({
    root: options.root,
    isTest,
    health: () => ({ uptime: uptime(), ...sockets.counters(), calls: calls.counters() }),
  });
  const server = createServer((request, response) =>
    calls.isFor(request.url) ? calls.answer(request, response) : site(request, response),
  );
  server.on('upgrade', (request, socket, head) => {
    // A client may vanish between asking and being answered.
    socket.on('error', () => socket.destroy());
    (calls.isFor(request.url) ? calls : sockets).upgrade(request, socket, head);
  });
  server.on('clientError', (_, socket) => socket.destroy());

  try {
    await new Promise<void>((done, failed) => {
      server.once('error', (error: NodeJS.ErrnoException) => failed(new Error(explain(error, host, port))));
      server.listen(port, host, done);
    });
  } catch (error) {
    await sockets.close();
    throw error;
  }

  const { port: boundPort } = server.address() as AddressInfo;
  return {
    url: `http://${nameOf(host)}:${boundPort}`,
    port: boundPort,
    counters: () => sockets.counters(),
    async close() {
      const isFree = new Promise<void>((done) => server.close(() => done()));
      calls.close();
      await sockets.close();
      server.closeAllConnections();
      await isFree;
    },
  };
}

function fromEnvironment(): Configuration {
  const configuration = readConfiguration(process.env);
  if ('wrong' in configuration) throw new Error(configuration.wrong.join('\n'));
  return configuration;
}

const isEverywhere = (host: string): boolean => host === '0.0.0.0' || host === '::';
const nameOf = (host: string): string => (isEverywhere(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host);

function explain(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken by another program. Choose another one, for example: PORT=${port + 1} npm start`;
    case 'EACCES':
      return `Port ${port} may not be used without more rights. Choose one above 1023, for example: PORT=8080 npm start`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST is "${host}", but this machine has no such address. Leave HOST out to listen on all.`;
    default:
      return `Cannot listen on ${host}:${port}: ${error.message}`;
  }
}
