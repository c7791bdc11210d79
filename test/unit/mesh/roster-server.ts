import type { MemorySocket } from '../../../src/mesh/memory.ts';
import type { ClientSignal, ServerSignal } from '../../../src/mesh/signal.ts';

/** One room's worth of the signalling protocol, that can be stopped and started with its ids forgotten. */
export interface RosterServer {
  accept(client: MemorySocket): { message(text: string): void; closed(): void } | undefined;
  /** All sockets are closed and no other is accepted until `start`. */
  stop(): void;
  start(): void;
  /** Signals carried so far. */
  readonly carried: number;
  /** Says anything to everyone. */
  say(text: string): void;
}

export function createRosterServer(): RosterServer {
  let clients = new Map<number, MemorySocket>();
  let isUp = true;
  let last = 0;
  let carried = 0;
  const post = (to: MemorySocket | undefined, signal: ServerSignal): void => to?.send(JSON.stringify(signal));

  return {
    accept(client) {
      if (!isUp) return undefined;
      let id: number | undefined;
      const leave = (): void => {
        if (id === undefined || clients.get(id) !== client) return;
        clients.delete(id);
        for (const other of clients.values()) post(other, { type: 'left', id });
        id = undefined;
      };
      return {
        message(text) {
          const signal = JSON.parse(text) as ClientSignal;
          if (signal.type === 'join') {
            id = ++last;
            post(client, { type: 'welcome', id, peers: [...clients.keys()], iceServers: [], utc: { ms: 0, isSynchronised: false } });
            for (const other of clients.values()) post(other, { type: 'joined', id });
            clients.set(id, client);
          } else if (signal.type === 'signal' && id !== undefined) {
            carried += 1;
            post(clients.get(signal.to), { type: 'signal', from: id, data: signal.data });
          } else if (signal.type === 'ping') post(client, { type: 'pong' });
          else leave();
        },
        closed: leave,
      };
    },
    stop() {
      isUp = false;
      const all = clients;
      clients = new Map();
      last = 0;
      for (const client of all.values()) client.close('the server stopped');
    },
    start: () => void (isUp = true),
    get carried() {
      return carried;
    },
    say: (text) => clients.forEach((client) => client.send(text)),
  };
}
