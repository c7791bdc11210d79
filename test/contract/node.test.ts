import { afterAll, describe, expect, it } from 'vitest';
import { createNodeHost } from '../../src/mesh/host.node.ts';
import { endRtc } from '../../src/mesh/rtc.node.ts';
import { createNodeTransport } from '../../src/mesh/webrtc.node.ts';
import { TRANSPORT_CONTRACT } from './transport.ts';

afterAll(endRtc);

async function until(isDone: () => boolean, limit = 10_000): Promise<boolean> {
  const end = performance.now() + limit;
  while (!isDone() && performance.now() < end) await new Promise((turn) => setTimeout(turn, 5));
  return isDone();
}

describe('WebRTC in Node keeps the contract', () => {
  it.concurrent.each(TRANSPORT_CONTRACT.map((each) => [each.title, each] as const))('%s', async (_, each) => {
    const [a, b] = [createNodeHost(), createNodeHost({ offset: 5000, skew: 100 })].map((host) => createNodeTransport(host, ''));
    await expect(each.run({ a: a!, b: b!, until })).resolves.toBeUndefined();
  });
});
