import { describe, expect, it } from 'vitest';
import type { LocalTime, PeerId } from '../../../src/base.ts';
import type { Fact } from '../../../src/engine/fact.ts';
import { createVouchers, toVoucher, voucherId } from '../../../src/groups/vouchers.ts';
import { identityFrom } from '../../../src/mesh/identity.ts';

const [ada, bela, cleo] = [1, 2, 3].map((fill) => identityFrom(new Uint8Array(32).fill(fill)).id as PeerId) as [PeerId, PeerId, PeerId];
const stop = (by: PeerId, at: number): Fact => ({ type: 'stop', run: 'r', by, at }) as unknown as Fact;
const proofOf = (by: string, text: string): Uint8Array => new Uint8Array(64).map((_, i) => `${by}${text}`.charCodeAt((i * 7) % 60) & 255);

/** One document, and who may control. */
function createScene() {
  const document = new Map<string, unknown>();
  const may = new Set<PeerId>([ada, bela, cleo]);
  let now = 0;
  const sit = (self: PeerId) =>
    createVouchers({
      host: { clock: { now: () => now as LocalTime } as never },
      self,
      mayControl: (peer) => may.has(peer),
      present: () => [ada, bela, cleo].filter((peer) => may.has(peer)),
      entries: () => document,
      write: (key, entry) => document.set(key, entry),
      sign: (text) => proofOf(self, text),
      verify: (by, text, proof) => proofOf(by, text).every((byte, i) => byte === proof[i]),
    });
  return { document, may, sit, pass: (ms: number) => (now += ms) };
}

describe('vouchers', () => {
  it('[RI22] what was known when control was taken holds, for who knew it at once and for who hears of it by what is signed', () => {
    const { may, sit, pass, document } = createScene();
    const [owner, late] = [sit(ada), sit(bela)];
    const [before, after] = [stop(cleo, 5), stop(cleo, 4)];
    may.delete(cleo);
    owner.rightsChanged([before], false);
    late.rightsChanged([], false);
    expect([owner.knows(before), owner.knows(after), late.knows(before)]).toEqual([true, false, false]);
    for (let i = 0; i < 10; i++, pass(500)) owner.turn();
    expect(document.size).toBe(1);
    expect(late.read()).toBe(true);
    expect([late.knows(before), late.knows(after)]).toEqual([true, false]);
    expect(late.read()).toBe(false);
    // Its word is worth nothing when it may control no more.
    may.delete(ada);
    expect(late.knows(before)).toBe(false);
  });

  it('[RI22] one vouches after the other, as far as need be, and again when it was taken out', () => {
    const { may, sit, pass, document } = createScene();
    const all = [sit(ada), sit(bela)];
    may.delete(cleo);
    for (const each of all) each.rightsChanged([stop(cleo, 5)], false);
    const live = (ms: number): void => {
      for (let t = 0; t < ms; t += 100, pass(100))
        for (const each of all) {
          each.read();
          each.turn();
        }
    };
    live(8000);
    expect(document.size).toBe(1);
    const [[key, entry]] = [...document] as [[string, { readonly ids: Uint8Array }]];
    expect(toVoucher(key, entry)?.ids).toEqual([voucherId(stop(cleo, 5))]);
    document.clear();
    live(8000);
    expect(document.size).toBe(1);
    const [first] = [...document.keys()];
    may.delete(first!.split('/')[0] as PeerId);
    for (const each of all) each.rightsChanged([stop(cleo, 5)], false);
    live(8000);
    expect([...document.keys()].filter((it) => it !== first)).toHaveLength(1);
  });

  it('[RI22] who may not vouch goes on for 15 s with what it knows; what nobody vouched for until then is gone', () => {
    const { may, sit, pass } = createScene();
    const own = sit(cleo);
    may.delete(cleo);
    own.rightsChanged([stop(cleo, 5)], false);
    expect([own.knows(stop(cleo, 5)), own.knows(stop(cleo, 6)), own.turn()]).toEqual([true, false, false]);
    pass(15_001);
    expect([own.turn(), own.knows(stop(cleo, 5))]).toEqual([true, false]);
  });

  it('[RI22] who has just come, and learns a rule that is older, vouches for nothing', () => {
    const { may, sit, pass, document } = createScene();
    const fresh = sit(bela);
    may.delete(cleo);
    fresh.rightsChanged([stop(cleo, 5)], true);
    pass(20_000);
    fresh.turn();
    expect([fresh.knows(stop(cleo, 5)), document.size]).toEqual([false, 0]);
  });

  it('[RI22] nothing that is not well formed, not signed, or of who may not control counts', () => {
    const { may, sit, document } = createScene();
    const own = sit(ada);
    may.delete(cleo);
    const fact = stop(cleo, 5);
    const ids = Uint8Array.from(Buffer.from(voucherId(fact), 'hex'));
    const text = `${cleo}\n${voucherId(fact)}`;
    const entries: readonly (readonly [string, unknown])[] = [
      [`${bela}/${cleo}`, { ids, proof: proofOf(ada, text) }],
      [`${bela}/${cleo}.2`, { ids, proof: proofOf(bela, text) }],
      [`${cleo}/${cleo}`, { ids, proof: proofOf(cleo, text) }],
      [`x/${cleo}`, { ids, proof: proofOf('x', text) }],
      [`${bela}/${cleo}/more`, { ids, proof: proofOf(bela, text) }],
      [`${ada}/${cleo}`, { ids: ids.subarray(1), proof: proofOf(ada, text) }],
      [`${ada}/${bela}`, { ids, proof: proofOf(ada, text) }],
      [`${ada}/x`, 'x'],
    ];
    for (const [key, entry] of entries) document.set(key, entry);
    expect([own.read(), own.knows(fact)]).toEqual([false, false]);
    document.set(`${bela}/${cleo}`, { ids, proof: proofOf(bela, text) });
    expect([own.read(), own.knows(fact)]).toEqual([true, true]);
  });

  it('[RI22] inventions cost little: so many are checked at once, and the rest later', () => {
    const { may, sit, document, pass } = createScene();
    const own = sit(ada);
    may.delete(cleo);
    const fact = stop(cleo, 5);
    const of = (i: number): string => identityFrom(new Uint8Array(32).fill(10 + i)).id;
    for (let i = 0; i < 150; i++) document.set(`${bela}/${of(i)}`, { ids: new Uint8Array(16), proof: new Uint8Array(64) });
    const ids = Uint8Array.from(Buffer.from(voucherId(fact), 'hex'));
    document.set(`${bela}/${cleo}`, { ids, proof: proofOf(bela, `${cleo}\n${voucherId(fact)}`) });
    expect(own.read()).toBe(false);
    pass(3000);
    expect(own.turn()).toBe(true);
    expect(own.knows(fact)).toBe(true);
  });
});
