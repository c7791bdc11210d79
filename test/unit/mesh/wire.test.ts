import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LocalTime } from '../../../src/base.ts';
import { createBucket } from '../../../src/mesh/bucket.ts';
import { falsify, parseFault } from '../../../src/mesh/fault.ts';
import { createLatency } from '../../../src/mesh/latency.ts';
import { decodeServerSignal } from '../../../src/mesh/signal-decode.ts';
import { decodeFrame, decodeMessage, encodeFrame, encodeMessage } from '../../../src/mesh/wire.ts';

const bytes = fc.uint8Array({ maxLength: 300 });
const at = (ms: number): LocalTime => ms as LocalTime;

describe('wire', () => {
  it('decode ∘ encode is identity for messages and frames', () => {
    fc.assert(
      fc.property(fc.nat(), bytes, (topic, payload) => {
        const found = decodeMessage(encodeMessage(topic, payload));
        expect([found?.topic, [...(found?.payload ?? [])]]).toEqual([topic, [...payload]]);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 20 }), (parts) => {
        expect(decodeFrame(encodeFrame(parts))?.map((part) => [...part])).toEqual(parts.map((part) => [...part]));
      }),
    );
  });

  it('[LK9] decoding is total, and never reads what lies behind a view', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (garbage) => {
        const buffer = new Uint8Array(garbage.length + 300).fill(7);
        buffer.set(garbage);
        const part = buffer.subarray(0, garbage.length);
        const frame = decodeFrame(part);
        expect((frame ?? []).reduce((sum, each) => sum + each.length, 0)).toBeLessThanOrEqual(garbage.length);
        expect(decodeMessage(part)?.payload.length ?? 0).toBeLessThanOrEqual(garbage.length);
      }),
    );
    expect(decodeFrame(new Uint8Array(0))).toBeUndefined();
    expect(decodeFrame(Uint8Array.of(0, 0))).toBeUndefined();
    expect(decodeFrame(new Uint8Array(5000).fill(1))).toBeUndefined();
  });

  it('[LK3] the server is outside too: only its seven signals pass', () => {
    for (const text of ['', '{}', '[]', 'null', '{"type":"joined","id":"1"}', '{"type":"joined","id":0}', '{"type":"hm"}'])
      expect(decodeServerSignal(text)).toBeUndefined();
    expect(decodeServerSignal('{"type":"joined","id":4,"more":1}')).toEqual({ type: 'joined', id: 4 });
  });
});

describe('bucket', () => {
  it('gives a burst, then so much a second', () => {
    const bucket = createBucket({ perSecond: 10, burst: 5 });
    expect([1, 2, 3, 4, 5, 6].map(() => bucket.take(1, at(1000)))).toEqual([true, true, true, true, true, false]);
    expect(bucket.take(1, at(1100))).toBe(true);
    expect(bucket.take(6, at(99_000))).toBe(false);
    expect(bucket.take(5, at(99_000))).toBe(true);
  });
});

describe('latency', () => {
  it('[LK13] is the 99th percentile of half the round trip over a minute', () => {
    const latency = createLatency();
    expect([latency.high(at(0)), latency.least(at(0))]).toEqual([undefined, undefined]);
    for (let n = 0; n < 200; n++) {
      const roundTrip = n === 50 ? 900 : n % 2 === 0 ? 10 : 20;
      latency.add({ sent: at(n), received: at(5), returned: at(6), back: at(n + roundTrip + 1) });
    }
    expect([latency.high(at(300)), latency.least(at(300))]).toEqual([10, 10]);
    expect(latency.high(at(100_000))).toBeUndefined();
  });
});

describe('clock fault', () => {
  it('is offset and ppm, or nothing', () => {
    expect(parseFault('-3600000,300')).toEqual({ offset: -3_600_000, skew: 300 });
    for (const text of ['', '1', '1,2,3', 'a,b', '1e12,0', '0,1e9']) expect(parseFault(text)).toBeUndefined();
    expect(falsify(1_000_000, { offset: 5, skew: 100 })).toBe(1_000_105);
  });
});
