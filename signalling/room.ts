import { ROOM_TAG, SIGNAL_VERSION, type ConnectionId, type IceServer, type ServerSignal } from '../src/mesh/signal.ts';
import type { StatedUtc } from '../src/mesh/utc.ts';
import { createCompanionDoor, type Published } from './companion.ts';
import { createGate, type Refusal } from './gate.ts';
import { LIMITS, type Limits } from './limits.ts';
import type { Message } from './message.ts';

/**
 * The rooms of a signalling server, without sockets or clocks, so that the simulator runs the very same ones.
 * Idea: the server alone numbers arrivals, and those present offer to who comes. Two sides can then never offer to each
 * other at once, which is what breaks meshes that meet by announcing themselves to everybody.
 */
export interface Rooms<Connection> {
  /** Each connection once, before anything else of it. */
  connect(connection: Connection): void;
  /** Never throws, whatever the text. now: ms, monotonic. */
  receive(connection: Connection, text: string, now: number): void;
  disconnect(connection: Connection): void;
  counters(): Counters;
}

export interface RoomsOptions<Connection> {
  /** May be called for a connection that is gone, but must not call back. */
  send(connection: Connection, signal: ServerSignal | Published): void;
  /** The connection is shut out; `disconnect` follows when it is closed. Must not call back. */
  close(connection: Connection, reason: string): void;
  readonly iceServers?: readonly IceServer[];
  /** By default the Epoch, not synchronised. */
  readonly utc?: () => StatedUtc;
  readonly limits?: Partial<Limits>;
  /** Ids begin after this; greater than all of the lives before, so that nothing said to a former id is worth anything [SG13]. */
  readonly firstId?: number;
}

export interface Counters {
  readonly connections: number;
  readonly rooms: number;
  readonly peers: number;
  readonly topics: number;
  /** Signals carried to somebody. */
  readonly carried: number;
  /** Signals to somebody who has just left, or never was in the room. */
  readonly lost: number;
  /** Messages of companions, counted once per publisher. */
  readonly published: number;
  readonly refused: Readonly<Record<Refusal, number>>;
}

interface Seat {
  readonly tag: string;
  readonly id: ConnectionId;
}

export function createRooms<Connection>(options: RoomsOptions<Connection>): Rooms<Connection> {
  const { send, close, iceServers = [], utc = () => ({ ms: 0, isSynchronised: false }) } = options;
  const limits: Limits = { ...LIMITS, ...options.limits };
  const gate = createGate<Connection>(limits, { refused: (to, reason) => send(to, { type: 'refused', reason }), close: shutOut });
  const companions = createCompanionDoor<Connection>(limits, send);
  /** By tag, then by id in order of arrival, which is the order of a Map. */
  const rooms = new Map<string, Map<ConnectionId, Connection>>();
  const seats = new Map<Connection, Seat>();
  let lastId = options.firstId ?? 0;
  let carried = 0;
  let lost = 0;

  function shutOut(connection: Connection, reason: string): void {
    forget(connection);
    close(connection, reason);
  }

  function forget(connection: Connection): void {
    gate.exit(connection);
    leave(connection);
    companions.leave(connection);
  }

  function others(seat: Seat, f: (connection: Connection) => void): void {
    for (const [id, connection] of rooms.get(seat.tag) ?? []) if (id !== seat.id) f(connection);
  }

  /** [SG1] [SG2] */
  function join(connection: Connection, { room: tag, version }: Message): Refusal | undefined {
    if (version !== SIGNAL_VERSION) return 'version';
    if (typeof tag !== 'string' || !ROOM_TAG.test(tag)) return 'garbage';
    if (seats.has(connection)) return 'misplaced';
    const room = rooms.get(tag);
    if (room === undefined ? rooms.size >= limits.roomsMax : room.size >= limits.peersPerRoomMax) return 'full';
    const seat: Seat = { tag, id: ++lastId };
    send(connection, { type: 'welcome', id: seat.id, peers: [...(room?.keys() ?? [])], iceServers, utc: utc() });
    others(seat, (other) => send(other, { type: 'joined', id: seat.id }));
    rooms.set(tag, (room ?? new Map<ConnectionId, Connection>()).set(seat.id, connection));
    seats.set(connection, seat);
    return undefined;
  }

  /** [SG4] */
  function leave(connection: Connection): void {
    const seat = seats.get(connection);
    if (seat === undefined) return;
    seats.delete(connection);
    const room = rooms.get(seat.tag);
    room?.delete(seat.id);
    if (room?.size === 0) rooms.delete(seat.tag);
    others(seat, (other) => send(other, { type: 'left', id: seat.id }));
  }

  /** [SG3] To whom left a moment ago is nobody's fault: counted, not refused. */
  function signal(connection: Connection, { to, data }: Message): Refusal | undefined {
    const seat = seats.get(connection);
    if (seat === undefined) return 'misplaced';
    if (typeof to !== 'number' || typeof data !== 'string') return 'garbage';
    const addressee = rooms.get(seat.tag)?.get(to);
    if (addressee === undefined || to === seat.id) {
      lost += 1;
      return undefined;
    }
    carried += 1;
    send(addressee, { type: 'signal', from: seat.id, data });
    return undefined;
  }

  function obey(connection: Connection, message: Message): Refusal | undefined {
    switch (message.type) {
      case 'join':
        return join(connection, message);
      case 'signal':
        return signal(connection, message);
      case 'leave':
        return void leave(connection);
      case 'ping':
        return void send(connection, { type: 'pong', ...(seats.has(connection) && { utc: utc() }) });
      default:
        return companions.obey(connection, message);
    }
  }

  return {
    connect: (connection) => void gate.enter(connection),
    receive(connection, text, now) {
      const message = gate.read(connection, text, now);
      if (message === undefined) return;
      const refusal = obey(connection, message);
      if (refusal !== undefined) gate.refuse(connection, refusal, now);
    },
    disconnect: forget,
    counters: () => ({
      connections: gate.connections,
      rooms: rooms.size,
      peers: seats.size,
      ...companions.counters(),
      carried,
      lost,
      refused: gate.refusals(),
    }),
  };
}
