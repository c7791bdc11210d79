import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import { createIdentity, peerIdOf } from '../../../src/mesh/identity.ts';
import { createNames } from '../../../src/mesh/names.ts';
import { openSignal, sealSignal, type PairSignal } from '../../../src/mesh/sealed.ts';
import { createDraw } from '../../sim/random.ts';
import { createWorld, KEYS } from './world.ts';

const draw = createDraw(4);
const someone = () => {
  const identity = createIdentity(draw);
  return { identity, id: peerIdOf(identity, 0), incarnation: 'life', profile: { name: 'Ada', hue: 1 } };
};
const [victim, forger] = [someone(), someone()];
/** What is to be done next, by and by. */
let due: (() => void)[] = [];
const timer = { after: (_ms: number, f: () => void) => (due.push(f), () => undefined), every: () => () => undefined };
const found: (readonly [string, PeerId])[] = [];
const names = (of: typeof victim, tag = KEYS.tag) =>
  createNames<string>({
    ...{ timer, tag, speaker: () => of },
    isNeeded: (key) => key !== 'told by a hello',
    found: (key, peer) => found.push([key, peer]),
  });

describe('names', () => {
  it('[LK21] are believed of who signs for this very pair of connections', () => {
    const pair = { from: 7, to: 8 };
    const said = names(victim).own(pair);
    found.length = 0;
    const hear = (key: string, of = pair, what = said): void => {
      names(someone()).hear(key, of, what);
      due.shift()?.();
    };
    hear('true');
    hear('replayed by another connection', { from: 9, to: 8 });
    hear('told to another', { from: 7, to: 9 });
    hear('of another room', pair, names(victim, 'another').own(pair));
    hear('in the name of another', pair, { ...names(forger).own(pair), peer: victim.id });
    hear('of another life', pair, { ...said, incarnation: 'other' });
    expect(found).toEqual([['true', victim.id]]);
  });

  it('[LK21] are signed once, and checked a few at a time where no hello was sooner', () => {
    const own = names(victim);
    expect(own.own({ from: 1, to: 2 })).toBe(own.own({ from: 1, to: 2 }));
    const reader = names(forger);
    due = [];
    found.length = 0;
    for (let i = 0; i < 10; i++) {
      const pair = { from: i + 10, to: 5 };
      reader.hear(i === 1 ? 'told by a hello' : `link ${i}`, pair, own.own(pair));
    }
    expect(found).toHaveLength(0);
    const counts = [1, 2, 3].map(() => (due.shift()?.(), found.length));
    expect(counts).toEqual([4, 8, 9]);
  });

  it('[LK21] without proof are not so much as read', () => {
    const host = createWorld().host();
    const envelope = { from: 1, to: 2, attempt: 0 };
    const bare = { type: 'here', peer: victim.id } as unknown as PairSignal;
    expect(openSignal(KEYS, envelope, sealSignal(host, KEYS, envelope, bare))).toBeUndefined();
    const proven: PairSignal = { type: 'here', by: names(victim).own(envelope) };
    expect(openSignal(KEYS, envelope, sealSignal(host, KEYS, envelope, proven))?.signal).toEqual(proven);
  });
});
