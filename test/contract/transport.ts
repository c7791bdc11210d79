import type { Sample } from '../../src/mesh/time.ts';
import {
  BEACON_BYTES_MAX,
  MESSAGE_BYTES_MAX,
  type Beat,
  type Channel,
  type Connection,
  type ConnectionHandlers,
  type Transport,
} from '../../src/mesh/transport.ts';

/** What every transport must keep, in memory as between browsers. Needs no test runner, so it runs inside pages too. */
export interface ContractWorld {
  readonly a: Transport;
  readonly b: Transport;
  /** Lets time pass until `isDone`, at most `limit` ms; returns whether it is done. */
  until(isDone: () => boolean, limit?: number): Promise<boolean>;
}

export interface ContractCase {
  readonly title: string;
  /** Throws where the contract is broken. */
  run(world: ContractWorld): Promise<void>;
}

interface End {
  readonly connection: Connection;
  readonly messages: { readonly channel: Channel; readonly bytes: Uint8Array }[];
  readonly samples: Sample[];
  readonly beats: Beat[];
  readonly closed: string[];
  readonly opened: { readonly local: string; readonly remote: string }[];
}

interface Pair {
  readonly a: End;
  readonly b: End;
}

function check(condition: boolean, what: string): void {
  if (!condition) throw new Error(`broken contract: ${what}`);
}

function createEnd(transport: Transport, isInitiator: boolean, carry: (data: unknown) => void): End {
  const end: Omit<End, 'connection'> = { messages: [], samples: [], beats: [], closed: [], opened: [] };
  let hasReturned = false;
  const late = <T extends unknown[]>(f: (...all: T) => void) =>
    function (...all: T): void {
      check(hasReturned, 'no handler runs before connect returns');
      f(...all);
    };
  const handlers: ConnectionHandlers = {
    signal: late((data) => carry(JSON.parse(JSON.stringify(data)))),
    open: late((fingerprints) => void end.opened.push(fingerprints)),
    message: late((channel, bytes) => void end.messages.push({ channel, bytes: bytes.slice() })),
    sample: late((sample) => void end.samples.push(sample)),
    heard: late((beat) => void end.beats.push(beat)),
    closed: late((reason) => void end.closed.push(reason)),
  };
  const connection = transport.connect({ isInitiator, iceServers: [] }, handlers);
  hasReturned = true;
  return { ...end, connection };
}

const GARBAGE: readonly unknown[] = [
  null,
  7,
  'x',
  [],
  {},
  { candidate: 5 },
  { type: 'answer' },
  { sdp: 3, type: 'offer' },
  { renegotiate: true },
];

function connectPair(world: ContractWorld, garbage: readonly unknown[] = []): Pair {
  const ends: { a?: End; b?: End } = {};
  ends.a = createEnd(world.a, true, (data) => ends.b?.connection.signal(data));
  ends.b = createEnd(world.b, false, (data) => ends.a?.connection.signal(data));
  for (const data of garbage) for (const end of [ends.a, ends.b]) end.connection.signal(data);
  return { a: ends.a, b: ends.b };
}

async function openPair(world: ContractWorld): Promise<Pair> {
  const pair = connectPair(world);
  check(await world.until(() => pair.a.opened.length + pair.b.opened.length === 2), 'both sides open');
  return pair;
}

const closePair = (pair: Pair): void => [pair.a, pair.b].forEach(({ connection }) => connection.close());

const numbered = (n: number): Uint8Array => Uint8Array.of(n >> 8, n & 255);
const numbersOf = (end: End, channel: Channel): number[] =>
  end.messages.filter((message) => message.channel === channel).map(({ bytes }) => (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0));

async function sendMany(world: ContractWorld, pair: Pair, channel: Channel): Promise<number[]> {
  for (let n = 0; n < 300; n++) check(pair.a.connection.send(channel, numbered(n)), `${channel} takes message ${n}`);
  check(await world.until(() => numbersOf(pair.b, channel).length >= 300), `all messages on ${channel} arrive`);
  return numbersOf(pair.b, channel);
}

const isSequence = (numbers: readonly number[]): boolean => numbers.length === 300 && numbers.every((n, i) => n === i);

export const TRANSPORT_CONTRACT: readonly ContractCase[] = [
  {
    title: 'both sides open once, and agree on the two fingerprints',
    async run(world) {
      const pair = await openPair(world);
      const [a, b] = [pair.a.opened[0], pair.b.opened[0]];
      check(a !== undefined && b !== undefined && a.local === b.remote && a.remote === b.local, 'fingerprints cross');
      check(a?.local !== a?.remote && a?.local !== '', 'fingerprints differ');
      closePair(pair);
    },
  },
  {
    title: 'state and media keep order and lose nothing',
    async run(world) {
      const pair = await openPair(world);
      check(isSequence(await sendMany(world, pair, 'state')), 'order on state');
      check(isSequence(await sendMany(world, pair, 'media')), 'order on media');
      closePair(pair);
    },
  },
  {
    title: 'event loses nothing, in whatever order',
    async run(world) {
      const pair = await openPair(world);
      const numbers = await sendMany(world, pair, 'event');
      check(isSequence(numbers.sort((x, y) => x - y)), 'each once');
      closePair(pair);
    },
  },
  {
    title: 'fast carries what is sent again until it arrives',
    async run(world) {
      const pair = await openPair(world);
      const hasArrived = (): boolean => numbersOf(pair.b, 'fast').includes(513);
      for (let tries = 0; tries < 20 && !hasArrived(); tries++) {
        pair.a.connection.send('fast', numbered(513));
        await world.until(hasArrived, 100);
      }
      check(hasArrived(), 'a fast message arrives');
      closePair(pair);
    },
  },
  {
    title: 'a message of 16 KiB passes on every reliable channel, a larger one is not taken',
    async run(world) {
      const pair = await openPair(world);
      const large = Uint8Array.from({ length: MESSAGE_BYTES_MAX }, (_, i) => i % 251);
      for (const channel of ['state', 'event', 'media'] as const) {
        check(pair.a.connection.send(channel, large), `${channel} takes 16 KiB`);
        check(!pair.a.connection.send(channel, new Uint8Array(MESSAGE_BYTES_MAX + 1)), `${channel} refuses more`);
      }
      check(await world.until(() => pair.b.messages.length === 3), 'three arrive');
      check(
        pair.b.messages.every(({ bytes }) => bytes.length === large.length && bytes.every((byte, i) => byte === i % 251)),
        'unharmed',
      );
      closePair(pair);
    },
  },
  {
    title: 'the other side sees a close once; who closes hears nothing more',
    async run(world) {
      const pair = await openPair(world);
      pair.a.connection.send('event', numbered(1));
      pair.a.connection.close();
      const heard = pair.a.beats.length + pair.a.messages.length;
      check(await world.until(() => pair.b.closed.length === 1), 'the other side sees it');
      check(numbersOf(pair.b, 'event').includes(1), 'last words arrive');
      await world.until(() => false, 300);
      check(pair.b.closed.length === 1 && pair.a.closed.length === 0, 'once');
      check(pair.a.beats.length + pair.a.messages.length === heard, 'silence after close');
      check(!pair.a.connection.send('event', numbered(2)) && !pair.b.connection.send('event', numbered(2)), 'nothing is taken any more');
      closePair(pair);
    },
  },
  {
    title: 'pings bring samples with stamps in order, and beats',
    async run(world) {
      const pair = await openPair(world);
      check(await world.until(() => Math.min(pair.a.samples.length, pair.b.samples.length) >= 5), 'samples arrive');
      check(await world.until(() => Math.min(pair.a.beats.length, pair.b.beats.length) >= 5), 'beats arrive');
      for (const { sent, received, returned, back } of [...pair.a.samples, ...pair.b.samples])
        check(sent <= back && received <= returned && returned - received <= back - sent + 1.5, 'stamps in order');
      check(
        [...pair.a.beats, ...pair.b.beats].every((beat) => beat.mainAge >= 0 && beat.mainAge < 5000),
        'age of the main thread',
      );
      closePair(pair);
    },
  },
  {
    title: 'a beacon rides on pings',
    async run(world) {
      const pair = await openPair(world);
      const beacon = Uint8Array.from({ length: BEACON_BYTES_MAX }, (_, i) => 255 - i);
      pair.a.connection.setBeacon(beacon);
      const isThere = (beat: Beat): boolean => beat.beacon.length === beacon.length && beat.beacon.every((byte, i) => byte === beacon[i]);
      check(await world.until(() => pair.b.beats.some(isThere)), 'the beacon arrives');
      closePair(pair);
    },
  },
  {
    title: 'garbage signals neither throw nor keep a connection from opening',
    async run(world) {
      const pair = connectPair(world, GARBAGE);
      check(await world.until(() => pair.a.opened.length + pair.b.opened.length === 2), 'opens all the same');
      for (const data of GARBAGE) pair.a.connection.signal(data);
      check(pair.a.connection.send('state', numbered(3)), 'still takes messages');
      check(await world.until(() => numbersOf(pair.b, 'state').includes(3)), 'still carries');
      closePair(pair);
    },
  },
  {
    title: 'before it is open nothing is taken, and closing early is safe',
    async run(world) {
      const pair = connectPair(world);
      check(!pair.a.connection.send('state', numbered(1)), 'not open');
      closePair(pair);
      await world.until(() => false, 300);
      check(pair.a.opened.length + pair.b.opened.length === 0, 'never opens');
    },
  },
];
