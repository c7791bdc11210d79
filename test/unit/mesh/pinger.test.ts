import { describe, expect, it } from 'vitest';
import type { LocalTime } from '../../../src/base.ts';
import type { Host } from '../../../src/mesh/host.ts';
import { createPinger, PINGS_FAST, type PingerOutput } from '../../../src/mesh/pinger.ts';
import type { Sample } from '../../../src/mesh/time.ts';
import type { Beat } from '../../../src/mesh/transport.ts';
import { createRandom } from './clock-room.ts';

/** A pinger in virtual time; what it sends and says is kept. */
function createBench() {
  let t = 1000;
  const random = createRandom(7);
  let timers: { at: number; f: () => void }[] = [];
  const host: Host = {
    clock: { now: () => t as LocalTime },
    timer: {
      after(delayMs, f) {
        const timer = { at: t + delayMs, f };
        timers.push(timer);
        return () => void (timers = timers.filter((other) => other !== timer));
      },
      every: () => () => undefined,
    },
    random: { bytes: (length) => Uint8Array.from({ length }, () => Math.floor(random() * 256)), next: random },
  };
  const sent: Uint8Array[] = [];
  const [samples, beats, messages]: [Sample[], Beat[], Uint8Array[]] = [[], [], []];
  const out: PingerOutput = { sample: (s) => samples.push(s), heard: (b) => beats.push(b), message: (m) => messages.push(m) };
  const pinger = createPinger(host, (bytes) => sent.push(bytes), out);
  const pass = (ms: number): void => {
    const end = t + ms;
    for (;;) {
      const due = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      timers.splice(timers.indexOf(due), 1);
      t = due.at;
      due.f();
    }
    t = end;
  };
  return { pinger, sent, samples, beats, messages, pass, now: () => t as LocalTime };
}

const pings = (frames: readonly Uint8Array[]): Uint8Array[] => frames.filter(([kind]) => kind === 0);

/** What an honest other side whose clock is 5000 ms ahead would answer. */
function pongTo(ping: Uint8Array, at: number): Uint8Array {
  const pong = new Uint8Array(29);
  pong.set(ping.subarray(0, 5));
  const view = new DataView(pong.buffer);
  view.setUint8(0, 1);
  view.setFloat64(5, 3, true);
  view.setFloat64(13, at + 5000, true);
  view.setFloat64(21, at + 5000.25, true);
  return pong;
}

describe('pinger', () => {
  it('[CK9] pings 20 times in the first second or so, then 4 times a second', () => {
    const bench = createBench();
    bench.pass(1200);
    expect(pings(bench.sent).length).toBeGreaterThanOrEqual(PINGS_FAST);
    bench.pass(1000);
    const before = bench.sent.length;
    bench.pass(10_000);
    expect(bench.sent.length - before).toBeGreaterThanOrEqual(36);
    expect(bench.sent.length - before).toBeLessThanOrEqual(45);
    bench.pinger.close();
    const after = bench.sent.length;
    bench.pass(1000);
    expect(bench.sent.length).toBe(after);
  });

  it('[CK9] answers at once with both stamps, and tells how long the main thread has been silent', () => {
    const [asker, answerer] = [createBench(), createBench()];
    asker.pinger.setBeacon(Uint8Array.of(9, 8, 7));
    asker.pass(0);
    answerer.pass(0);
    answerer.sent.length = 0;
    answerer.pass(40);
    answerer.pinger.receive(asker.sent[0]!, answerer.now());
    expect(answerer.beats).toEqual([{ mainAge: 0, beacon: Uint8Array.of(9, 8, 7), receivedAt: answerer.now() }]);
    asker.pass(10);
    asker.pinger.receive(answerer.sent[0]!, asker.now());
    expect(asker.samples).toEqual([{ sent: 1000, received: 1040, returned: 1040, back: 1010 }]);
    expect(asker.beats[0]!.mainAge).toBe(40);
  });

  it('[CK9] takes each pong once and none that was not asked for', () => {
    const bench = createBench();
    bench.pass(0);
    const pong = pongTo(bench.sent[0]!, 1001);
    const forged = pong.slice();
    forged[1]! ^= 1;
    bench.pass(2);
    bench.pinger.receive(forged, bench.now());
    bench.pinger.receive(pong, bench.now());
    bench.pinger.receive(pong, bench.now());
    expect(bench.samples.length).toBe(1);
    expect(bench.pinger.bad()).toBe(2);
  });

  it('[CK9] refuses an answer that took longer over there than the whole round trip here', () => {
    const bench = createBench();
    bench.pass(0);
    const pong = pongTo(bench.sent[0]!, 1001);
    new DataView(pong.buffer).setFloat64(21, 6100, true);
    bench.pass(2);
    bench.pinger.receive(pong, bench.now());
    expect([bench.samples.length, bench.pinger.bad()]).toEqual([0, 1]);
  });

  it('[CK9] counts garbage, floods and long beacons and throws at nothing', () => {
    const bench = createBench();
    const random = createRandom(3);
    for (let round = 0; round < 500; round++)
      bench.pinger.receive(
        Uint8Array.from({ length: Math.floor(random() * 400) }, () => Math.floor(random() * 256) % (round % 2 ? 256 : 2)),
        bench.now(),
      );
    expect(bench.samples).toEqual([]);
    expect(bench.pinger.bad()).toBeGreaterThan(200);
    const ping = new Uint8Array(13);
    const before = bench.sent.length;
    for (let round = 0; round < 500; round++) bench.pinger.receive(ping, bench.now());
    expect(bench.sent.length - before).toBeLessThanOrEqual(60);
    bench.pinger.setBeacon(new Uint8Array(257));
    bench.pass(60);
    expect(pings(bench.sent).at(-1)!.length).toBe(13);
  });

  it('[CK9] passes all else through', () => {
    const bench = createBench();
    bench.pinger.post(Uint8Array.of(16, 1, 2));
    expect(bench.sent[0]).toEqual(Uint8Array.of(2, 16, 1, 2));
    bench.pinger.receive(bench.sent[0]!, bench.now());
    expect(bench.messages).toEqual([Uint8Array.of(16, 1, 2)]);
  });
});
