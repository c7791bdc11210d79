import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { readConfiguration } from '../../../signalling/configuration.ts';
import { createSignallingServer, type SignallingServer } from '../../../signalling/server.ts';

const ROOM = '00112233445566778899aabbccddeeff';
const ICE = [{ urls: 'stun:stun.example.org' }];
let server: SignallingServer;
let root: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tutti-site-'));
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>Tutti</title>');
  server = await createSignallingServer({ host: '127.0.0.1', port: 0, root, isTest: true, iceServers: ICE });
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

/** A client that remembers what it has not been asked for yet. */
interface Client {
  readonly socket: WebSocket;
  say(message: unknown): void;
  next(): Promise<Record<string, unknown>>;
  /** Code of the close frame. */
  readonly closed: Promise<number>;
}

async function call(path = '/', to = server): Promise<Client> {
  const socket = new WebSocket(`ws://127.0.0.1:${to.port}${path}`);
  const waiting: ((message: Record<string, unknown>) => void)[] = [];
  const unread: Record<string, unknown>[] = [];
  socket.on('error', () => undefined);
  socket.on('message', (frame: Buffer) => {
    const message = JSON.parse(frame.toString()) as Record<string, unknown>;
    const taker = waiting.shift();
    if (taker) taker(message);
    else unread.push(message);
  });
  const closed = new Promise<number>((done) => socket.on('close', done));
  await new Promise<void>((done, failed) => socket.once('open', done).once('error', failed));
  return {
    socket,
    closed,
    say: (message) => socket.send(typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message)),
    next: () => {
      const message = unread.shift();
      return message === undefined ? new Promise((done) => waiting.push(done)) : Promise.resolve(message);
    },
  };
}

const get = (path: string, init?: RequestInit): Promise<Response> => fetch(`http://127.0.0.1:${server.port}${path}`, init);

it('[SG1] [SG3] [SG4] introduces two peers, carries their signals, tells of the leave', async () => {
  const [ada, béla] = [await call(), await call('/any/path?at=all')];
  ada.say({ type: 'join', room: ROOM, version: 1 });
  const first = await ada.next();
  expect(first).toMatchObject({ type: 'welcome', peers: [], iceServers: ICE, utc: { isSynchronised: false } });
  béla.say({ type: 'join', room: ROOM, version: 1 });
  const second = await béla.next();
  expect(second).toMatchObject({ type: 'welcome', peers: [first['id']] });
  expect(await ada.next()).toEqual({ type: 'joined', id: second['id'] });
  ada.say({ type: 'signal', to: second['id'], data: 'sealed' });
  expect(await béla.next()).toEqual({ type: 'signal', from: first['id'], data: 'sealed' });
  béla.socket.terminate();
  expect(await ada.next()).toEqual({ type: 'left', id: second['id'] });
  ada.socket.close();
});

it('[SG7] lets two stock y-webrtc clients meet', async () => {
  const [a, b] = [await call('/companion'), await call('/companion')];
  for (const client of [a, b]) {
    client.say({ type: 'subscribe', topics: ['opus'] });
    client.say({ type: 'ping' });
    expect(await client.next()).toEqual({ type: 'pong' });
  }
  const data = { type: 'announce', from: 'a' };
  a.say({ type: 'publish', topic: 'opus', data });
  expect(await a.next()).toEqual({ type: 'publish', topic: 'opus', data, clients: 2 });
  expect(await b.next()).toEqual({ type: 'publish', topic: 'opus', data, clients: 2 });
  a.socket.close();
  b.socket.close();
});

it('[SG5] [SG6] [SG8] survives garbage, oversize, binary, floods and broken frames, and says so in its counters', async () => {
  const [garbage, oversize, binary, flood, broken] = await Promise.all(Array.from({ length: 5 }, () => call()));
  garbage?.say('{');
  expect(await garbage?.next()).toMatchObject({ type: 'refused' });
  for (let n = 0; n < 60; n++) garbage?.say(`{"type":${n}}`);
  expect(await garbage?.closed).toBe(1008);
  oversize?.say('x'.repeat(65 * 1024));
  expect(await oversize?.closed).toBe(1009);
  binary?.say(new Uint8Array([1, 2, 3]));
  expect(await binary?.closed).toBe(1003);
  for (let n = 0; n < 2000; n++) flood?.say({ type: 'ping' });
  expect(await flood?.closed).toBe(1008);
  // A reserved opcode, straight to the wire below the client.
  (broken?.socket as unknown as { _socket: { write(bytes: Uint8Array): void } })._socket.write(new Uint8Array([0x8f, 0x80, 0, 0, 0, 0]));
  expect(await broken?.closed).toBe(1002);
  const counters = server.counters();
  expect(counters.malformed).toBe(3);
  expect(counters.refused.flood).toBeGreaterThan(50);
  expect(counters.refused.garbage).toBeGreaterThan(50);
  const after = await call();
  after.say({ type: 'join', room: ROOM, version: 1 });
  expect(await after.next()).toMatchObject({ type: 'welcome', peers: [] });
  after.socket.close();
});

it('[SG6] survives what is not HTTP', async () => {
  const socket = connect(server.port, '127.0.0.1');
  const ended = new Promise((done) => socket.on('close', done));
  socket.on('error', () => undefined);
  socket.write('\x16\x03\x01 hello?\r\n\r\n');
  await ended;
  expect((await get('/healthz')).status).toBe(200);
});

it('[SG9] serves the app isolated, unsniffed, and without evaluation of text', async () => {
  for (const path of ['/', '/nothing-here', '/healthz']) {
    const { headers } = await get(path);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).not.toContain('unsafe-eval');
  }
  expect(await (await get('/?name=Ada')).text()).toContain('<title>Tutti</title>');
  expect((await get('/nothing-here')).status).toBe(404);
  expect((await get('/../../package.json')).status).toBe(404);
  expect((await get('/', { method: 'POST' })).status).toBe(405);
});

it('[SG10] tells its health and whether pages may have false clocks', async () => {
  const health: unknown = await (await get('/healthz')).json();
  expect(health).toMatchObject({ status: 'ok', connections: expect.any(Number) as number, refused: expect.any(Object) as object });
  expect(await (await get('/config.json')).json()).toMatchObject({ isTest: true });
});

it('[SG11] refuses wrong settings and a taken port in words', async () => {
  expect(readConfiguration({})).toEqual({ port: 8080, host: '0.0.0.0', iceServers: [], isTest: false });
  expect(readConfiguration({ ICE_SERVERS: JSON.stringify(ICE), TUTTI_TEST: '1', PORT: '0' })).toMatchObject({
    port: 0,
    iceServers: ICE,
    isTest: true,
  });
  const refused = readConfiguration({ PORT: '80a', HOST: 'not a host', ICE_SERVERS: '{}', TUTTI_TEST: 'yes' });
  expect('wrong' in refused && refused.wrong.map((line) => line.split(' ')[0])).toEqual(['PORT', 'HOST', 'ICE_SERVERS', 'TUTTI_TEST']);
  await expect(createSignallingServer({ host: '127.0.0.1', port: server.port, root })).rejects.toThrow('is taken');
});

it('[SG12] cuts off who does not answer pings', async () => {
  const strict = await createSignallingServer({ host: '127.0.0.1', port: 0, root, pingMs: 20 });
  const silent = await call('/', strict);
  silent.socket.pause();
  await new Promise<void>((done) => {
    const look = setInterval(() => {
      const { dead, connections } = strict.counters();
      if (dead !== 1 || connections !== 0) return;
      clearInterval(look);
      done();
    }, 5);
  });
  silent.socket.terminate();
  await strict.close();
});

it('[SG12] cuts off who does not read, while others are served', async () => {
  const [reader, writer] = [await call(), await call()];
  reader.say({ type: 'subscribe', topics: ['flood'] });
  reader.say({ type: 'ping' });
  await reader.next();
  reader.socket.pause();
  const data = 'x'.repeat(60_000);
  for (let n = 0; n < 400; n++) writer.say({ type: 'publish', topic: 'flood', data });
  writer.say({ type: 'ping' });
  expect(await writer.next()).toEqual({ type: 'pong' });
  expect(server.counters()).toMatchObject({ slow: 1, mistakes: 0 });
  reader.socket.terminate();
  writer.socket.close();
});

it('[SG12] says goodbye to all when it stops', async () => {
  const stopping = await createSignallingServer({ host: '127.0.0.1', port: 0, root });
  const client = await call('/', stopping);
  await stopping.close();
  expect(await client.closed).toBe(1001);
});

it('[SG13] numbers its connections higher than the server before it', async () => {
  const ids: number[] = [];
  for (let life = 0; life < 2; life++) {
    const one = await createSignallingServer({ host: '127.0.0.1', port: 0, root });
    for (let i = 0; i < 2; i++) {
      const client = await call('/', one);
      client.say({ type: 'join', room: ROOM, version: 1 });
      ids.push((await client.next())['id'] as number);
    }
    await one.close();
  }
  expect(ids.every((id, i) => Number.isSafeInteger(id) && id > (ids[i - 1] ?? 0))).toBe(true);
});
