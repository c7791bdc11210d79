import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, isFingerprint } from '../../../src/mesh/fingerprint.ts';
import { identityFrom } from '../../../src/mesh/identity.ts';
import {
  change,
  decodeChain,
  encodeChain,
  EVERYTHING,
  grantOf,
  isProven,
  order,
  ownerOf,
  rootOf,
  tidy,
  type Author,
  type Chain,
  type Rights,
  type RightsChange,
} from '../../../src/mesh/rights.ts';
import { encodeAny } from '../../../src/mesh/any.ts';

const TAG = '5eed'.repeat(8);
const people = [1, 2, 3].map((fill) => identityFrom(new Uint8Array(32).fill(fill)));
const [ann, ben, cleo] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
const LOOK: Rights = { view: true, edit: false, control: false };
const by = (identity = ann, at = 0): Author => ({ identity, tag: TAG, until: { session: 's', at } });
const must = (chain: Chain | undefined): Chain => {
  if (!chain) throw new Error('a change was refused');
  return chain;
};
const to = (identity: { readonly id: string }, rights: Rights): RightsChange => ({ peers: new Map([[identity.id, rights]]) });
const first = must(change(undefined, by(), {}));

describe('rights', () => {
  it('[RI1] a room begins with everything for everybody; who was given less has less, in every tab; the owner always all', () => {
    expect(grantOf(first, ben.id)).toEqual(EVERYTHING);
    const less = must(change(first, by(ann, 7), { ...to(ben, LOOK), newcomers: { view: true, edit: true, control: false } }));
    expect(grantOf(less, `${ben.id}.2`)).toEqual({ ...LOOK, until: { session: 's', at: 7 } });
    expect(grantOf(less, cleo.id)).toMatchObject({ view: true, edit: true, control: false });
    expect(grantOf(less, `${ann.id}.1`)).toEqual(EVERYTHING);
    expect(tidy({ view: false, edit: true, control: false }).view).toBe(true);
    expect(isFingerprint(fingerprintOf(rootOf(less)))).toBe(true);
  });

  it('[RI1] only the owner changes them; who is handed the room does from then on, and who gave it away keeps its part', () => {
    expect(change(first, by(ben), to(cleo, LOOK))).toBeUndefined();
    const given = must(change(first, by(), { next: `${ben.id}.1` }));
    expect([ownerOf(given), rootOf(given)]).toEqual([ben.id, ann.id]);
    expect(change(given, by(ann), to(cleo, LOOK))).toBeUndefined();
    const after = must(change(given, by(ben), to(cleo, LOOK)));
    expect(isProven(after, TAG)).toBe(true);
    expect([grantOf(after, cleo.id).edit, grantOf(after, ann.id).edit, grantOf(after, ben.id).edit]).toEqual([false, true, true]);
    expect(change(after, by(ben), { next: ben.id })).toBeUndefined();
  });

  it('[RI2] what the owner signs after it gave the room away counts for nothing, and the first hand-over stays', () => {
    const given = must(change(first, by(), { next: ben.id }));
    let late = first;
    for (let i = 0; i < 5; i++) late = must(change(late, by(), to(ben, LOOK)));
    expect(order(given, late)).toBeGreaterThan(0);
    expect(order(given, must(change(late, by(), { next: cleo.id })))).toBeGreaterThan(0);
  });

  it('[RI5] taking control away says until when; taking it away again does not say it anew', () => {
    const once = must(change(first, by(ann, 10), to(ben, LOOK)));
    const again = must(change(once, by(ann, 99), to(ben, { view: true, edit: true, control: false })));
    expect(grantOf(again, ben.id).until?.at).toBe(10);
    const back = must(change(again, by(ann, 120), to(ben, EVERYTHING)));
    expect(grantOf(back, ben.id).until).toBeUndefined();
    const never = must(change(must(change(first, by(ann, 5), { newcomers: LOOK })), by(ann, 50), to(cleo, LOOK)));
    expect(grantOf(never, cleo.id).until?.at).toBe(5);
  });

  it('[RI1] a chain of another room, with another signature, or signed by whom nobody named, is none', () => {
    const given = must(change(must(change(first, by(), { next: ben.id })), by(ben), to(cleo, LOOK)));
    expect(isProven(given, TAG.replace('5', '6'))).toBe(false);
    const forged = given.map((each, i) => (i === 1 ? { ...each, proof: given[0]!.proof } : each));
    expect(isProven(forged, TAG)).toBe(false);
    const stolen = [given[0]!, must(change(undefined, by(cleo), {}))[0]!];
    expect(decodeChain(encodeChain(stolen))).toBeUndefined();
    expect(decodeChain(encodeChain([given[1]!, given[0]!]))).toBeUndefined();
    expect(decodeChain(encodeAny([]))).toBeUndefined();
    expect(decodeChain(new Uint8Array(20_000))).toBeUndefined();
  });

  it('[RI1] more rights than a message takes are refused, and none of them holds', () => {
    const many = new Map(Array.from({ length: 200 }, (_, i) => [identityFrom(new Uint8Array(32).fill(i + 1)).id, LOOK] as const));
    expect(change(first, by(), { peers: many })).toBeUndefined();
  });
});

/** Chains of one root, as honest and as lying owners make them. */
const chains: fc.Arbitrary<Chain> = fc
  .array(
    fc.record({
      who: fc.nat(2),
      next: fc.option(fc.nat(2), { freq: 4 }),
      of: fc.nat(2),
      rights: fc.record({ view: fc.boolean(), edit: fc.boolean(), control: fc.boolean() }),
    }),
    { maxLength: 6 },
  )
  .map((steps) => {
    let chain = first;
    for (const { next, of, rights } of steps) {
      const owner = people.find(({ id }) => id === ownerOf(chain)) ?? ann;
      chain = change(chain, by(owner), { ...to(people[of]!, rights), ...(next !== null && { next: people[next]!.id }) }) ?? chain;
    }
    return chain;
  });

describe('chains', () => {
  it('[RI2] decode ∘ encode is the same chain, proven', () => {
    fc.assert(
      fc.property(chains, (chain) => {
        const again = decodeChain(encodeChain(chain));
        expect(again?.map(({ record }) => record)).toEqual(chain.map(({ record }) => record));
        expect(again && order(again, chain)).toBe(0);
        expect(again && isProven(again, TAG)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('[RI2] are in one order: whichever way they come, everybody keeps the same', () => {
    const best = (all: readonly Chain[]): Chain => all.reduce((kept, next) => (order(next, kept) > 0 ? next : kept));
    fc.assert(
      fc.property(fc.array(chains, { minLength: 2, maxLength: 5 }), fc.infiniteStream(fc.nat(4)), (all, draws) => {
        const shuffled = [...all].sort(() => (draws.next().value ?? 0) - 2);
        expect(order(best(all), best(shuffled))).toBe(0);
        for (const a of all) for (const b of all) expect(Math.sign(order(a, b)) + Math.sign(order(b, a))).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
