import { describe, expect, it } from 'vitest';
import type { LocalTime, PeerId } from '../../../src/base.ts';
import { TOPIC } from '../../../src/mesh/wire.ts';
import { createQuotas } from '../../../src/quota.ts';

const [ada, bela] = ['ada', 'bela'] as [PeerId, PeerId];

describe('quotas', () => {
  it('[TR5] let a burst through, then so many a second, for each peer and kind by itself', () => {
    let now = 0;
    const quotas = createQuotas({ now: () => now as LocalTime });
    const taken = (from: PeerId, topic: number, count: number): number =>
      Array.from({ length: count }, () => quotas.take(from, topic)).filter(Boolean).length;
    expect(taken(ada, TOPIC.vote, 5000)).toBe(1000);
    now += 1000;
    expect(taken(ada, TOPIC.vote, 5000)).toBe(100);
    expect(taken(ada, TOPIC.lineage, 100)).toBe(50);
    expect(taken(bela, TOPIC.vote, 10)).toBe(10);
    expect(taken(ada, TOPIC.sync, 10_000)).toBe(10_000);
  });

  it('[TR5] remember who came, and no more than 512', () => {
    const quotas = createQuotas({ now: () => 0 as LocalTime });
    const isTaken = (from: string): boolean => quotas.take(from as PeerId, TOPIC.panic);
    for (let i = 0; i < 10; i++) isTaken('ada');
    for (let i = 0; i < 511; i++) isTaken(`p${i}`);
    expect(isTaken('ada')).toBe(false);
    isTaken('one more');
    expect(isTaken('ada')).toBe(true);
  });
});
