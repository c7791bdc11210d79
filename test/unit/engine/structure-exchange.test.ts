import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import { createStructureExchange } from '../../../src/engine/structure-exchange.ts';
import type { StructureExchange } from '../../../src/engine/structure-exchange.ts';
import { encodeAny } from '../../../src/mesh/any.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';

const [ada, bela, clara] = ['ada', 'bela', 'clara'] as [PeerId, PeerId, PeerId];

function room(people: readonly PeerId[]) {
  const timeline = createTimeline();
  const ends = new Map<PeerId, StructureExchange>();
  const got: unknown[] = [];
  const mute = new Set<PeerId>();
  for (const self of people) {
    const { timer } = createSimHost(timeline, { offset: 0, skew: 0 }, createDraw(1));
    ends.set(
      self,
      createStructureExchange(timer, {
        peers: () => people.filter((peer) => peer !== self),
        send(to, payload) {
          if (!mute.has(self)) timeline.at(timeline.now() + 5, () => void ends.get(to)?.receive(self, payload));
          return true;
        },
        accept(hash, json) {
          if (hash !== 'right') return false;
          got.push(json);
          return true;
        },
      }),
    );
  }
  const end = (id: PeerId): StructureExchange => {
    const found = ends.get(id);
    if (!found) throw new Error('nobody');
    return found;
  };
  return { timeline, end, got, mute };
}

/** Random text does not deflate, so it takes several pieces. */
const large = { text: Array.from(createDraw(7).bytes(50_000), (byte) => byte.toString(36)).join('') };

describe('structure exchange', () => {
  it('brings a large structure whole', () => {
    const { timeline, end, got } = room([ada, bela]);
    end(ada).hold('right', large);
    end(bela).want('right');
    timeline.run(1000);
    expect(got).toEqual([large]);
  });

  it('asks no more for what is not wanted any more', () => {
    const { timeline, end, got, mute } = room([ada, bela]);
    end(ada).hold('right', large);
    mute.add(ada);
    end(bela).want('right');
    timeline.run(1000);
    mute.delete(ada);
    end(bela).want(undefined);
    timeline.run(10_000);
    expect(got).toEqual([]);
  });

  it('asks the next when one does not answer', () => {
    const { timeline, end, got, mute } = room([ada, bela, clara]);
    end(clara).hold('right', large);
    mute.add(ada);
    end(bela).want('right');
    timeline.run(5000);
    expect(got).toEqual([large]);
  });

  it('does not take what is not what it asked for', () => {
    const { timeline, end, got } = room([ada, bela]);
    end(ada).hold('wrong', large);
    end(bela).want('wrong');
    timeline.run(4000);
    expect(got).toEqual([]);
  });

  it('refuses garbage, and pieces without number or end', () => {
    const { end } = room([ada, bela]);
    const garbage = [
      null,
      [],
      [3, 'x'],
      [0, 7],
      [1, 'x', -1, 1, new Uint8Array()],
      [1, 'x', 0, 1e9, new Uint8Array()],
      [1, 'x', 0, 1, 'bytes'],
    ];
    for (const message of garbage) expect(end(bela).receive(ada, encodeAny(message))).toBe('refused');
    expect(end(bela).receive(ada, new Uint8Array([255, 1]))).toBe('refused');
  });
});
