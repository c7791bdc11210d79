import type { MemorySocket } from '../../../src/mesh/memory.ts';
import { createRooms, type Rooms } from '../../../signalling/room.ts';

/** The real rooms behind memory sockets; a stopped server forgets its ids. */
export interface RosterServer {
  accept(client: MemorySocket): { message(text: string): void; closed(): void } | undefined;
  /** All sockets are closed and no other is accepted until `start`. */
  stop(): void;
  start(): void;
  /** Says anything to everyone. */
  say(text: string): void;
}

/** UTC when the server's clock was 0. */
export const UTC_START = 1_800_000_000_000;

/** now: ms, monotonic. */
export function createRosterServer(now: () => number): RosterServer {
  const clients = new Set<MemorySocket>();
  let isUp = true;
  let rooms = create();

  function create(): Rooms<MemorySocket> {
    return createRooms<MemorySocket>({
      send: (client, signal) => clients.has(client) && client.send(JSON.stringify(signal)),
      close: (client, reason) => client.close(reason),
      utc: () => ({ ms: UTC_START + now(), isSynchronised: true }),
    });
  }

  return {
    accept(client) {
      if (!isUp) return undefined;
      const mine = rooms;
      clients.add(client);
      mine.connect(client);
      return {
        message: (text) => mine.receive(client, text, now()),
        closed() {
          clients.delete(client);
          mine.disconnect(client);
        },
      };
    },
    stop() {
      isUp = false;
      const all = [...clients];
      clients.clear();
      rooms = create();
      for (const client of all) client.close('the server stopped');
    },
    start: () => void (isUp = true),
    say: (text) => clients.forEach((client) => client.send(text)),
  };
}
