import * as Y from 'yjs';
import type { PeerId } from '../../src/base.ts';
import { factId } from '../../src/engine/codec.ts';
import type { Fact } from '../../src/engine/fact.ts';
import { encodeStatement, signedText } from '../../src/groups/statement.ts';
import { decodeAny } from '../../src/mesh/any.ts';
import { identityFrom, peerIdOf, sign } from '../../src/mesh/identity.ts';
import type { Channel, Connection, Transport } from '../../src/mesh/transport.ts';
import { decodeMessage, encodeFrame, encodeMessage, TOPIC } from '../../src/mesh/wire.ts';
import { createPeer, type PerformingPeer } from '../../src/peer.ts';
import { createSimHost, type SimHost } from './host.ts';
import { createSimStore, type Disk } from './store.ts';
import { createSimTransport, type SimConnection } from './transport.ts';
import { KEYS, type World } from './world.ts';

/**
 * Somebody who knows the code and means harm: a whole peer with an identity of its own, which passes every hello, keeps
 * its links alive and knows the score and the run as everyone does, but whose wires can be tampered with.
 */
export interface Vandal {
  readonly id: PeerId;
  readonly number: number;
  readonly peer: PerformingPeer;
  readonly host: SimHost;
  /** What becomes of all it sends honestly; undefined: nothing is sent. */
  tamper: (channel: Channel, bytes: Uint8Array) => Uint8Array | undefined;
  /** What becomes of what its pings say of its clock. */
  lie: (beacon: Uint8Array) => Uint8Array;
  /** Bytes as they are, to everyone who is linked with it (or to one of them); on fast they are marked as no ping. */
  shout(channel: Channel, bytes: Uint8Array, only?: number): void;
  /** Bytes on fast that may pass for pings. */
  ping(bytes: Uint8Array): void;
  /** A well-formed message of any topic, to everyone. */
  say(channel: Channel, topic: number, payload: Uint8Array, only?: number): void;
  /** A fact with its own signature, whosever name stands in it: as links carry it, and as the room document holds it. */
  statement(fact: Fact): Uint8Array;
  entry(fact: Fact): object;
  /** 64 bytes. */
  sign(said: Uint8Array): Uint8Array;
  /** A copy of the room document as it has it. */
  room(): Y.Doc;
  /** The session it is in, and the shared score as it has it. */
  session(): string;
  score(): Y.Doc;
  /** How many are linked with it. */
  links(): number;
  leave(): void;
}

const SECRET_SEED = 666;
/** Far from the numbers of honest machines. */
const FIRST_NUMBER = 900;

export function createVandal(world: World, name = 'Vandal', number = FIRST_NUMBER): Vandal {
  const { timeline, exchange } = world;
  const draw = world.draw.fork(`vandal ${number}`);
  const identity = identityFrom(world.draw.fork(`secret ${SECRET_SEED + number}`).bytes(32));
  const host = createSimHost(timeline, { offset: draw.between(-1e6, 1e6), skew: draw.between(-200, 200) }, draw.fork('random'));
  const inner = createSimTransport(exchange, number, host);
  const open = new Set<SimConnection>();
  const disk: Disk = new Map();
  let session = '';

  const prove = (fact: Fact): Uint8Array => sign(identity, signedText(KEYS.tag, session, factId(fact)));

  const transport: Transport = {
    openSocket: (handlers) => inner.openSocket(handlers),
    connect(options, handlers): Connection {
      const connection = inner.connect(options, {
        ...handlers,
        open(found) {
          open.add(connection);
          handlers.open(found);
        },
        closed(reason) {
          open.delete(connection);
          handlers.closed(reason);
        },
      }) as SimConnection;
      return {
        ...connection,
        send(channel, bytes) {
          const message = decodeMessage(bytes);
          if (message?.topic === TOPIC.lineage) [session] = decodeAny(message.payload) as readonly [string];
          const altered = vandal.tamper(channel, bytes);
          return altered === undefined || connection.send(channel, altered);
        },
        setBeacon: (bytes) => connection.setBeacon(vandal.lie(bytes)),
        close() {
          open.delete(connection);
          connection.close();
        },
      };
    },
  };
  const vandal: Vandal = {
    ...{ id: peerIdOf(identity, 0), number, host },
    peer: undefined as never,
    tamper: (_, bytes) => bytes,
    lie: (beacon) => beacon,
    shout(channel, bytes, only) {
      for (const [i, connection] of [...open].entries())
        if (only === undefined || only === i) connection.raw(channel, channel === 'fast' ? Uint8Array.of(2, ...bytes) : bytes);
    },
    say(channel, topic, payload, only) {
      const message = encodeMessage(topic, payload);
      vandal.shout(channel, channel === 'fast' ? encodeFrame([message]) : message, only);
    },
    ping(bytes) {
      for (const connection of open) connection.raw('fast', bytes);
    },
    statement: (fact) => encodeStatement(fact, prove(fact)),
    entry: (fact) => ({ ...fact, proof: prove(fact) }),
    sign: (said) => sign(identity, said),
    room() {
      const doc = new Y.Doc();
      for (const update of disk.get(`room/${KEYS.tag}`) ?? []) Y.applyUpdateV2(doc, update);
      return doc;
    },
    session: () => session,
    score: () => (peer.score as unknown as { readonly shared: Y.Doc }).shared,
    links: () => open.size,
    leave() {
      peer.close();
      host.kill();
    },
  };
  const peer = createPeer(
    { host, transport, store: createSimStore(host, disk) },
    { identity, instance: 0, code: 'sim-sim-sim-sim-sim', keys: KEYS, profile: { name, hue: 6 } },
  );
  return Object.assign(vandal, { peer });
}
