import { createBucket, type Bucket, type Limits } from './limits.ts';
import { parseMessage, type Message } from './message.ts';

/** Why a message was not accepted; each is counted under its name [SG6]. */
export type Refusal = 'garbage' | 'unknown' | 'oversize' | 'flood' | 'version' | 'full' | 'misplaced';

const REASONS: Readonly<Record<Refusal, string>> = {
  garbage: 'not a message of this protocol',
  unknown: 'unknown type of message',
  oversize: 'too large',
  flood: 'too many messages',
  version: 'another version of the protocol: reload the page',
  full: 'no room left here',
  misplaced: 'not now: join one room, then signal, then leave it',
};

/** Where connections are answered; neither may call back. */
export interface Outlet<Connection> {
  refused(connection: Connection, reason: string): void;
  /** The connection has been told often enough; `disconnect` must follow from outside. */
  close(connection: Connection, reason: string): void;
}

/** Stands before all protocols: measures, reads, refuses, counts, and shuts out who does not stop [SG5, SG6]. */
export interface Gate<Connection> {
  /** False when there are too many; the connection is then being closed. */
  enter(connection: Connection): boolean;
  /** undefined when the text was refused, or the connection is not one of ours (any more). */
  read(connection: Connection, text: string, now: number): Message | undefined;
  refuse(connection: Connection, why: Refusal, now: number): void;
  exit(connection: Connection): void;
  readonly connections: number;
  refusals(): Readonly<Record<Refusal, number>>;
}

interface Visitor {
  readonly messages: Bucket;
  readonly refusals: Bucket;
}

export function createGate<Connection>(limits: Limits, outlet: Outlet<Connection>): Gate<Connection> {
  const visitors = new Map<Connection, Visitor>();
  const counts: Record<Refusal, number> = { garbage: 0, unknown: 0, oversize: 0, flood: 0, version: 0, full: 0, misplaced: 0 };

  /** Only refusals that are not themselves too many are answered, so that nobody earns an answer per frame of a flood. */
  function refuse(connection: Connection, why: Refusal, now: number): void {
    const visitor = visitors.get(connection);
    if (visitor === undefined) return;
    counts[why] += 1;
    if (visitor.refusals.take(now)) return outlet.refused(connection, REASONS[why]);
    visitors.delete(connection);
    outlet.close(connection, REASONS[why]);
  }

  return {
    enter(connection) {
      if (visitors.size >= limits.connectionsMax) {
        counts.full += 1;
        outlet.close(connection, REASONS.full);
        return false;
      }
      visitors.set(connection, { messages: createBucket(limits.messages), refusals: createBucket(limits.refusals) });
      return true;
    },
    read(connection, text, now) {
      const visitor = visitors.get(connection);
      if (visitor === undefined) return undefined;
      let message: Message | undefined;
      if (!visitor.messages.take(now)) refuse(connection, 'flood', now);
      else if (text.length > limits.frameCharactersMax) refuse(connection, 'oversize', now);
      else {
        message = parseMessage(text, limits.depthMax);
        if (message === undefined) refuse(connection, 'garbage', now);
      }
      return message;
    },
    refuse,
    exit: (connection) => void visitors.delete(connection),
    get connections() {
      return visitors.size;
    },
    refusals: () => ({ ...counts }),
  };
}
