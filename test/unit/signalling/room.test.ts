import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import type { Limits } from '../../../signalling/limits.ts';
import { createRooms, type Rooms } from '../../../signalling/room.ts';

const ROOM = '00112233445566778899aabbccddeeff';
const OTHER_ROOM = 'ffeeddccbbaa99887766554433221100';

interface Hall {
  readonly rooms: Rooms<string>;
  /** What each connection was told and has not read yet. */
  heard(who: string): unknown[];
  readonly closed: Map<string, string>;
  say(who: string, message: unknown, now?: number): void;
  join(who: string, room?: string): void;
}

function createHall(limits: Partial<Limits> = {}): Hall {
  const inbox = new Map<string, unknown[]>();
  const closed = new Map<string, string>();
  const rooms = createRooms<string>({
    send: (to, signal) => void inbox.set(to, [...(inbox.get(to) ?? []), signal]),
    close: (who, reason) => void closed.set(who, reason),
    limits,
  });
  const say: Hall['say'] = (who, message, now = 0) =>
    rooms.receive(who, typeof message === 'string' ? message : JSON.stringify(message), now);
  return {
    rooms,
    closed,
    say,
    heard(who) {
      const all = inbox.get(who) ?? [];
      inbox.delete(who);
      return all;
    },
    join(who, room = ROOM) {
      rooms.connect(who);
      say(who, { type: 'join', room, version: 1 });
    },
  };
}

const typesOf = (messages: readonly unknown[]): unknown[] => messages.map((message) => (message as { type: string }).type);

describe('rooms', () => {
  it('[SG1] welcomes with those present in order of arrival, and tells them', () => {
    const hall = createHall();
    for (const who of ['ada', 'béla', 'clara']) hall.join(who);
    expect(hall.heard('clara')).toEqual([{ type: 'welcome', id: 3, peers: [1, 2], iceServers: [], utc: { ms: 0, isSynchronised: false } }]);
    expect(hall.heard('ada').slice(1)).toEqual([
      { type: 'joined', id: 2 },
      { type: 'joined', id: 3 },
    ]);
  });

  it('[SG1] numbers grow, also over a leave and another join of the same connection', () => {
    const hall = createHall();
    hall.join('ada');
    hall.join('béla');
    hall.say('ada', { type: 'leave' });
    hall.say('ada', { type: 'join', room: ROOM, version: 1 });
    expect(hall.heard('ada').at(-1)).toMatchObject({ type: 'welcome', id: 3, peers: [2] });
    expect(typesOf(hall.heard('béla'))).toEqual(['welcome', 'left', 'joined']);
  });

  it('[SG2] refuses another version, a tag that is none, and a second room', () => {
    const hall = createHall();
    hall.rooms.connect('ada');
    hall.say('ada', { type: 'join', room: ROOM, version: 2 });
    hall.say('ada', { type: 'join', room: 'my secret words', version: 1 });
    hall.say('ada', { type: 'join', room: ROOM, version: 1 });
    hall.say('ada', { type: 'join', room: OTHER_ROOM, version: 1 });
    expect(typesOf(hall.heard('ada'))).toEqual(['refused', 'refused', 'welcome', 'refused']);
    expect(hall.rooms.counters()).toMatchObject({ rooms: 1, peers: 1, refused: { version: 1, garbage: 1, misplaced: 1 } });
  });

  it('[SG3] carries a signal to its addressee only', () => {
    const hall = createHall();
    for (const who of ['ada', 'béla', 'clara']) hall.join(who);
    for (const who of ['ada', 'béla', 'clara']) hall.heard(who);
    hall.say('ada', { type: 'signal', to: 3, data: 'sealed' });
    expect(hall.heard('clara')).toEqual([{ type: 'signal', from: 1, data: 'sealed' }]);
    expect(hall.heard('béla')).toEqual([]);
  });

  it('[SG3] carries nothing between rooms, nor to who left; that is counted and not refused', () => {
    const hall = createHall();
    hall.join('ada');
    hall.join('béla', OTHER_ROOM);
    hall.heard('béla');
    hall.say('ada', { type: 'signal', to: 2, data: 'sealed' });
    hall.say('ada', { type: 'signal', to: 99, data: 'sealed' });
    expect(hall.heard('béla')).toEqual([]);
    expect(typesOf(hall.heard('ada'))).toEqual(['welcome']);
    expect(hall.rooms.counters()).toMatchObject({ lost: 2, carried: 0 });
  });

  it('[SG3] refuses a signal of who is in no room', () => {
    const hall = createHall();
    hall.rooms.connect('ada');
    hall.say('ada', { type: 'signal', to: 1, data: 'sealed' });
    expect(typesOf(hall.heard('ada'))).toEqual(['refused']);
  });

  it('[SG4] tells the others once who left or vanished, and forgets empty rooms', () => {
    const hall = createHall();
    hall.join('ada');
    hall.join('béla');
    hall.say('béla', { type: 'leave' });
    hall.rooms.disconnect('béla');
    expect(hall.heard('ada').slice(2)).toEqual([{ type: 'left', id: 2 }]);
    hall.rooms.disconnect('ada');
    expect(hall.rooms.counters()).toMatchObject({ connections: 0, rooms: 0, peers: 0 });
  });

  it('[SG5] lets 32 peers who join at once exchange all they need', () => {
    const hall = createHall();
    const peers = Array.from({ length: 32 }, (_, i) => `peer ${i}`);
    for (const who of peers) hall.join(who);
    for (const [i, who] of peers.entries())
      for (let to = 1; to <= 32; to++)
        for (let n = 0; n < 14; n++) if (to !== i + 1) hall.say(who, { type: 'signal', to, data: 'candidate' });
    expect(hall.rooms.counters()).toMatchObject({ carried: 32 * 31 * 14, refused: { flood: 0 } });
  });

  it('[SG5] shuts out who floods, tells the room, and hears no more of it', () => {
    const hall = createHall();
    hall.join('ada');
    hall.join('béla');
    for (let n = 0; n < 5000; n++) hall.say('béla', { type: 'ping' });
    expect(hall.closed.get('béla')).toBe('too many messages');
    expect(hall.heard('ada').at(-1)).toEqual({ type: 'left', id: 2 });
    expect(hall.heard('béla').length).toBeLessThan(1100);
    hall.say('béla', { type: 'join', room: ROOM, version: 1 });
    expect(hall.heard('béla')).toEqual([]);
  });

  it('[SG5] time fills the bucket again', () => {
    const hall = createHall({ messages: { perSecond: 10, burst: 5 } });
    hall.rooms.connect('ada');
    for (let n = 0; n < 6; n++) hall.say('ada', { type: 'ping' }, 0);
    hall.say('ada', { type: 'ping' }, 100);
    expect(typesOf(hall.heard('ada'))).toEqual(['pong', 'pong', 'pong', 'pong', 'pong', 'refused', 'pong']);
  });

  it('[SG6] names and counts each refusal', () => {
    const hall = createHall();
    hall.rooms.connect('ada');
    for (const text of ['{', 'null', '7', '[]', '{"type":3}', `${'['.repeat(30_000)}${']'.repeat(30_000)}`]) hall.say('ada', text);
    hall.say('ada', { type: 'dance' });
    hall.say('ada', { type: 'publish', topic: 't', data: 'x'.repeat(70_000) });
    expect(hall.rooms.counters().refused).toEqual({
      garbage: 6,
      unknown: 1,
      oversize: 1,
      flood: 0,
      version: 0,
      full: 0,
      misplaced: 0,
    });
    expect(hall.heard('ada')).toContainEqual({ type: 'refused', reason: 'unknown type of message' });
  });

  it('[SG8] has an end of seats, rooms and connections', () => {
    const hall = createHall({ peersPerRoomMax: 2, roomsMax: 2, connectionsMax: 4 });
    for (const who of ['ada', 'béla', 'clara']) hall.join(who);
    expect(hall.heard('clara')).toEqual([{ type: 'refused', reason: 'no room left here' }]);
    hall.say('clara', { type: 'join', room: OTHER_ROOM, version: 1 });
    hall.join('dmitri', '0'.repeat(32));
    expect(typesOf(hall.heard('dmitri'))).toEqual(['refused']);
    hall.join('erik');
    expect(hall.closed.get('erik')).toBe('no room left here');
    expect(hall.rooms.counters()).toMatchObject({ connections: 4, rooms: 2, peers: 3 });
  });

  it('[SG6] no text makes it throw, and whoever behaves is served all the same', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record(
          {
            type: fc.constantFrom('join', 'signal', 'leave', 'ping', 'subscribe', 'unsubscribe', 'publish', '__proto__'),
            room: fc.anything(),
            version: fc.constantFrom(1, 2),
            to: fc.anything(),
            data: fc.anything(),
            topics: fc.anything(),
            topic: fc.anything(),
          },
          { requiredKeys: ['type'] },
        )
        .map((message) => JSON.stringify(message, (_, value: unknown) => (typeof value === 'bigint' ? 1 : value))),
    );
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 80 }), (texts) => {
        const hall = createHall();
        hall.rooms.connect('vandal');
        for (const text of texts) hall.say('vandal', text);
        hall.join('ada');
        expect(hall.heard('ada').at(0)).toMatchObject({ type: 'welcome' });
      }),
      { numRuns: 150 },
    );
  });
});

describe('companion door', () => {
  const subscribe = (hall: Hall, who: string, ...topics: unknown[]): void => {
    hall.rooms.connect(who);
    hall.say(who, { type: 'subscribe', topics });
  };

  it('[SG7] what is published goes to all subscribers, its publisher too, with their number', () => {
    const hall = createHall();
    for (const who of ['a', 'b']) subscribe(hall, who, 'opus');
    subscribe(hall, 'c', 'other');
    hall.say('a', { type: 'publish', topic: 'opus', data: { type: 'announce', from: 'a' } });
    const wanted = { type: 'publish', topic: 'opus', data: { type: 'announce', from: 'a' }, clients: 2 };
    expect(hall.heard('a')).toEqual([wanted]);
    expect(hall.heard('b')).toEqual([wanted]);
    expect(hall.heard('c')).toEqual([]);
  });

  it('[SG7] answers ping with pong', () => {
    const hall = createHall();
    hall.rooms.connect('a');
    hall.say('a', { type: 'ping' });
    expect(hall.heard('a')).toEqual([{ type: 'pong' }]);
  });

  it('[SG7] forgets who unsubscribes or goes, and topics without subscribers', () => {
    const hall = createHall();
    subscribe(hall, 'a', 'opus', 'other');
    subscribe(hall, 'b', 'opus');
    hall.say('a', { type: 'unsubscribe', topics: ['opus', 'never'] });
    hall.say('b', { type: 'publish', topic: 'opus', data: 'x' });
    expect(hall.heard('a')).toEqual([]);
    expect(hall.heard('b')).toEqual([{ type: 'publish', topic: 'opus', data: 'x', clients: 1 }]);
    hall.rooms.disconnect('a');
    hall.rooms.disconnect('b');
    expect(hall.rooms.counters()).toMatchObject({ topics: 0, connections: 0 });
  });

  it('[SG7] peers of rooms and companions may use one socket', () => {
    const hall = createHall();
    hall.join('ada');
    hall.say('ada', { type: 'subscribe', topics: ['opus'] });
    hall.say('ada', { type: 'publish', topic: 'opus', data: 'x' });
    expect(typesOf(hall.heard('ada'))).toEqual(['welcome', 'publish']);
  });

  it('[SG8] has an end of topics and subscribers, and refuses names that are none', () => {
    const hall = createHall({ topicsPerConnectionMax: 2, subscribersPerTopicMax: 1 });
    subscribe(hall, 'a', 'one', 'two', 'three');
    subscribe(hall, 'b', 'one', 7, 'x'.repeat(300));
    hall.say('b', { type: 'subscribe', topics: 'one' });
    hall.say('b', { type: 'publish', topic: 3, data: 'x' });
    expect(hall.rooms.counters()).toMatchObject({ topics: 2 });
    expect(typesOf(hall.heard('a'))).toEqual(['refused']);
    expect(typesOf(hall.heard('b'))).toEqual(['refused', 'refused', 'refused']);
  });
});
