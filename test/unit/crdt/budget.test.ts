import { describe, expect, it } from 'vitest';
import { createAssembly, encodeSync, toFragments } from '../../../src/crdt/sync/messages.ts';
import { createDraw } from '../../sim/random.ts';

const MB = 1_000_000;

/** What takes longer stands in test/long/budget.test.ts. */
describe('[TR7] what a peer gives of documents', () => {
  it('is asked for by what it claims, also where the kind is written in a roundabout way', () => {
    const message = encodeSync({ kind: 'update', document: 0, update: new Uint8Array(2 * MB) });
    const asked: number[] = [];
    const refuse = (bytes: number): boolean => asked.push(bytes) < 0;
    for (const each of [message, Uint8Array.from([message[0]! | 128, 0, ...message.subarray(1)])]) {
      const assembly = createAssembly(refuse);
      expect(toFragments(each).filter((fragment) => assembly.add(fragment) === 'wrong')).toHaveLength(1);
    }
    expect(asked).toEqual([2 * MB, 2 * MB]);
  });

  it('is one offence where it is too much, not one for each packet; what comes next is taken', () => {
    const noise = createDraw(1)
      .bytes(100_000)
      .map((byte) => byte & 15);
    const fragments = toFragments(encodeSync({ kind: 'update', document: 0, update: noise }));
    let may = false;
    const assembly = createAssembly(() => may);
    const add = (): string[] => fragments.map((each) => assembly.add(each)).map((each) => (typeof each === 'string' ? each : 'whole'));
    expect(fragments.length).toBeGreaterThan(20);
    expect(add().filter((each) => each === 'wrong')).toHaveLength(1);
    // After its end nothing is let by: a part of nothing is an offence, each.
    expect([assembly.add(fragments[1]!), assembly.add(fragments[1]!)]).toEqual(['wrong', 'wrong']);
    may = true;
    expect(add().at(-1)).toBe('whole');
  });
});
