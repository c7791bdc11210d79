import { describe, expect, it } from 'vitest';
import { createTimeline } from '../sim/heap.ts';
import { createSimHost } from '../sim/host.ts';
import { createCables, PATHS, type PathName } from '../sim/network.ts';
import { createDraw } from '../sim/random.ts';
import { createSimServer } from '../sim/server.ts';
import { createSimTransport, type Exchange } from '../sim/transport.ts';
import { TRANSPORT_CONTRACT, type ContractWorld } from './transport.ts';

function createWorld(path: PathName): ContractWorld {
  const timeline = createTimeline();
  const draw = createDraw(7);
  const cables = createCables(timeline, draw.fork('cables'), PATHS[path]);
  const server = createSimServer(timeline);
  const exchange: Exchange = {
    timeline,
    cables,
    draw: draw.fork('links'),
    server,
    halves: new Map(),
    sockets: new Map(),
    neverOpens: () => false,
  };
  const transport = (machine: number, offset: number) =>
    createSimTransport(exchange, machine, createSimHost(timeline, { offset, skew: offset / 50 }, draw.fork(`host ${machine}`)));
  return {
    a: transport(1, 0),
    b: transport(2, 5000),
    until(isDone, limit = 10_000) {
      const end = timeline.now() + limit;
      while (!isDone() && timeline.now() < end) timeline.run(timeline.now() + 1);
      return Promise.resolve(isDone());
    },
  };
}

describe.each(['loopback', 'lan', 'wifi'] as const)('[SM2] the simulated transport keeps the contract, on %s', (path) => {
  it.each(TRANSPORT_CONTRACT.map((each) => [each.title, each] as const))('%s', async (_, each) => {
    await expect(each.run(createWorld(path))).resolves.toBeUndefined();
  });
});
