import { createSocket, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { readConfiguration } from '../../../signalling/configuration.ts';
import { askNtp } from '../../../signalling/ntp.ts';
import { createServerUtc } from '../../../signalling/utc.ts';

const EPOCH = Date.UTC(2026, 10, 21, 20);
/** The machine's clock is off by so much. */
const WRONG = 45_000;
type Answer = Parameters<NonNullable<Parameters<typeof createServerUtc>[0]['ask']>>[0];

/** Virtual time: every question waits for the test's answer. */
function stand(isAsking = true) {
  let now = 0;
  let timers: { readonly at: number; readonly f: () => void }[] = [];
  const asked: { readonly at: number; readonly answer: Answer }[] = [];
  const lines: string[] = [];
  const utc = createServerUtc({
    clock: () => now,
    wall: () => EPOCH + now + WRONG,
    after(ms, f) {
      const timer = { at: now + ms, f };
      timers.push(timer);
      return () => void (timers = timers.filter((each) => each !== timer));
    },
    ...(isAsking && { ask: (answer) => void asked.push({ at: now, answer }) }),
    report: (line) => void lines.push(line),
  });
  const pass = (ms: number): void => {
    const until = now + ms;
    for (;;) {
      const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers = timers.filter((each) => each !== next);
      now = next.at;
      next.f();
    }
    now = until;
  };
  /** Whatever was asked is answered truly after a way of 10 ms there and 30 ms back. */
  const reply = (off = 0): void => {
    pass(40);
    for (const { at, answer } of asked.splice(0)) answer(EPOCH + at + 10 + off);
  };
  return { utc, asked, lines, pass, reply, truth: () => EPOCH + now, timers: () => timers.length };
}

it('[RN20] without an NTP server it is the clock of the machine, and says so', () => {
  const { utc, truth, timers } = stand(false);
  expect([utc.now(), timers()]).toEqual([{ ms: truth() + WRONG, isSynchronised: false }, 0]);
});

it('[RN20] three answers that agree are UTC, with the way of them taken off by its bounds', () => {
  const { utc, lines, pass, reply, truth } = stand();
  for (const _ of [1, 2]) {
    reply();
    expect(utc.now().isSynchronised).toBe(false);
    pass(2000);
  }
  reply();
  const { ms, isSynchronised, bound } = utc.now();
  expect(isSynchronised).toBe(true);
  expect(Math.abs(ms - truth())).toBeLessThanOrEqual(bound!);
  expect(bound).toBeLessThan(25);
  expect(lines).toEqual(['UTC is checked against NTP.']);
  // One liar among them changes nothing.
  pass(2000);
  reply(3_600_000);
  expect(Math.abs(utc.now().ms - truth())).toBeLessThan(25);
});

it('[RN20] trouble is said once; after two hours of it the machine counts again', () => {
  const { utc, asked, lines, pass, reply, truth } = stand();
  for (const { answer } of asked.splice(0)) answer({ why: 'nobody there' });
  pass(2000);
  for (const { answer } of asked.splice(0)) answer({ why: 'nobody there' });
  expect(lines).toHaveLength(1);
  for (const _ of [1, 2, 3]) {
    pass(2000);
    reply();
  }
  expect(utc.now().isSynchronised).toBe(true);
  pass(7_300_000);
  expect(asked.length).toBeLessThan(20);
  asked.pop()!.answer({ why: 'Timeout waiting for NTP response.' });
  expect([utc.now(), lines.length]).toEqual([{ ms: truth() + WRONG, isSynchronised: false }, 3]);
  utc.close();
  asked.length = 0;
  pass(10_000_000);
  expect(asked).toEqual([]);
});

it('[RN20] a late answer, or one that is no date, is not counted', () => {
  const { utc, asked, pass } = stand();
  for (let n = 0; n < 4; n++) {
    pass(1500);
    const { at, answer } = asked.shift()!;
    answer(n === 3 ? -2_208_988_800_000 : EPOCH + at + 5);
    pass(500);
  }
  expect(utc.now().isSynchronised).toBe(false);
});

let ntp: Socket | undefined;
afterEach(() => void (ntp = void ntp?.close() as undefined));
const listen = (reply: (question: Buffer) => Buffer | undefined): Promise<number> =>
  new Promise((done) => {
    const socket = createSocket('udp4');
    ntp = socket;
    socket.on('message', (question, { port, address }) => {
      const answer = reply(question);
      if (answer) socket.send(answer, port, address);
    });
    socket.bind(0, '127.0.0.1', () => done((socket.address() as AddressInfo).port));
  });
const ask = (port: number): Promise<number | { readonly why: string }> =>
  new Promise((done) => askNtp({ host: '127.0.0.1', port })((answer) => done(answer)));

it('[RN20] asks a real NTP server, by the package ntp-client', async () => {
  const port = await listen((question) => {
    const answer = Buffer.alloc(48);
    answer[0] = 0x1c;
    expect([question.length, question[0]! & 7]).toEqual([48, 3]);
    answer.writeUInt32BE((EPOCH / 1000 + 2_208_988_800) >>> 0, 40);
    answer.writeUInt32BE(0x4000_0000, 44);
    return answer;
  });
  expect(await ask(port)).toBe(EPOCH + 250);
});

it('[RN20] an answer that is too short is none', async () => {
  const port = await listen(() => Buffer.from('hm'));
  expect(await ask(port)).toHaveProperty('why');
});

it('[RN20] a name that nobody has is said, not thrown', async () => {
  const answer = await new Promise((done) => askNtp({ host: 'nobody.invalid', port: 123 })(done));
  expect(answer).toHaveProperty('why');
});

it('[RN20] NTP_SERVER is a name or an address, with a port or without', () => {
  const read = (text: string) => readConfiguration({ NTP_SERVER: text });
  expect(read('')).toMatchObject({ ntp: undefined });
  expect(read('pool.ntp.org')).toMatchObject({ ntp: { host: 'pool.ntp.org', port: 123 } });
  expect(read('192.168.1.1:1123')).toMatchObject({ ntp: { host: '192.168.1.1', port: 1123 } });
  for (const wrong of ['a b', 'ntp.example:0', 'ntp.example:99999', 'http://ntp.example', '[::1]:123'])
    expect(read(wrong), wrong).toHaveProperty('wrong');
});
