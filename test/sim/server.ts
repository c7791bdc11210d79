import { createRooms } from '../../signalling/room.ts';
import type { Timeline } from './heap.ts';
import type { SimServer } from './transport.ts';

interface Client {
  readonly send: (text: string) => void;
  readonly closed: (reason: string) => void;
}

/** UTC when simulated time was 0. */
export const UTC_START = 1_800_000_000_000;

/** The real rooms of the real server, on simulated sockets; may be stopped and started again without its memory. */
export interface StoppableServer extends SimServer {
  stop(): void;
  start(): void;
}

export function createSimServer(timeline: Timeline): StoppableServer {
  const clients = new Set<Client>();
  let isUp = true;
  const open = () =>
    createRooms<Client>({
      send: (to, signal) => to.send(JSON.stringify(signal)),
      close: (client, reason) => void timeline.at(timeline.now(), () => leave(client, reason)),
      utc: () => ({ ms: UTC_START + timeline.now(), isSynchronised: true }),
    });
  let rooms = open();
  const leave = (client: Client, reason: string): void => {
    if (!clients.delete(client)) return;
    rooms.disconnect(client);
    client.closed(reason);
  };
  return {
    accept(send, closed) {
      if (!isUp) return undefined;
      const client: Client = { send, closed };
      clients.add(client);
      rooms.connect(client);
      return {
        receive: (text) => {
          if (clients.has(client)) rooms.receive(client, text, timeline.now());
        },
        gone: () => leave(client, 'gone'),
      };
    },
    stop() {
      isUp = false;
      for (const client of clients) client.closed('server stopped');
      clients.clear();
      rooms = open();
    },
    start() {
      isUp = true;
    },
  };
}
