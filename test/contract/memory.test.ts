import { describe, expect, it } from 'vitest';
import { createWorld } from '../unit/mesh/world.ts';
import { TRANSPORT_CONTRACT } from './transport.ts';

describe('the memory transport keeps the contract', () => {
  it.each(TRANSPORT_CONTRACT.map((each) => [each.title, each] as const))('%s', async (_, each) => {
    const world = createWorld();
    const run = each.run({
      a: world.network.transport(world.host()),
      b: world.network.transport(world.host({ offset: 5000, skew: 100 })),
      until: (isDone, limit) => Promise.resolve(world.until(isDone, limit ?? 10_000)),
    });
    await expect(run).resolves.toBeUndefined();
  });
});
