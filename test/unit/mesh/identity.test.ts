import { describe, expect, it } from 'vitest';
import { createIdentity, identityFrom, isPeerId, peerIdOf, sign, verify } from '../../../src/mesh/identity.ts';
import { encodeHello, PROTOCOL_VERSION, readHello, type Speaker, type Surroundings } from '../../../src/mesh/hello.ts';
import { createDraw } from '../../sim/random.ts';

const draw = createDraw(7);
const identity = createIdentity(draw);
const speaker: Speaker = { identity, id: peerIdOf(identity, 2), incarnation: 'x', profile: { name: 'Ada', hue: 4 } };
const around: Surroundings = { tag: 'aa', isInitiator: true, fingerprints: { offerer: 'sha-256 01', answerer: 'sha-256 02' } };

describe('identity', () => {
  it('[ID1] a secret always gives the same peer id; tabs differ by a number', () => {
    expect(identityFrom(identity.secret).id).toBe(identity.id);
    expect(identity.id).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect([peerIdOf(identity, 0), peerIdOf(identity, 1)]).toEqual([identity.id, `${identity.id}.1`]);
    expect(['', 'x', `${identity.id}.0`, `${identity.id}.x`, `${identity.id}.12345`].filter(isPeerId)).toEqual([]);
  });

  it('[ID2] a signature holds for its text and key alone, and garbage is just wrong', () => {
    const signature = sign(identity, 'text');
    expect(verify(identity.id, signature, 'text')).toBe(true);
    expect(verify(peerIdOf(identity, 3), signature, 'text')).toBe(true);
    expect(verify(identity.id, signature, 'another')).toBe(false);
    expect(verify(createIdentity(draw).id, signature, 'text')).toBe(false);
    expect(verify(identity.id, new Uint8Array(3), 'text')).toBe(false);
    expect(verify('nobody', signature, 'text')).toBe(false);
    expect(verify('_'.repeat(43), signature, 'text')).toBe(false);
  });
});

describe('hello', () => {
  it('[ID3] is verified where it was said', () => {
    const outcome = readHello(encodeHello(speaker, around, draw), around);
    expect(outcome).toEqual({ kind: 'verified', hello: { id: speaker.id, incarnation: 'x', profile: { name: 'Ada', hue: 4 } } });
  });

  it('[ID3] is worth nothing on another connection, in another room, in the other role or for another peer', () => {
    const bytes = encodeHello(speaker, around, draw);
    const elsewhere: Surroundings[] = [
      { ...around, tag: 'bb' },
      { ...around, isInitiator: false },
      { ...around, fingerprints: { offerer: 'sha-256 01', answerer: 'sha-256 03' } },
      { ...around, fingerprints: { offerer: 'sha-256 02', answerer: 'sha-256 01' } },
    ];
    expect(elsewhere.map((other) => readHello(bytes, other).kind)).toEqual(Array(4).fill('forged'));
    const thief: Speaker = { ...speaker, identity: createIdentity(draw) };
    expect(readHello(encodeHello(thief, around, draw), around)).toEqual({ kind: 'forged', name: 'Ada' });
  });

  it('[LK6] names who speaks another version', () => {
    const bytes = encodeHello({ ...speaker, version: PROTOCOL_VERSION + 1 }, around, draw);
    expect(readHello(bytes.subarray(0, 12), around)).toEqual({ kind: 'incompatible', name: 'Ada' });
  });

  it('is garbage when cut short or random', () => {
    const bytes = encodeHello(speaker, around, draw);
    const kinds = [0, 1, 5, 20, bytes.length - 1].map((length) => readHello(bytes.subarray(0, length), around).kind);
    expect(kinds).toEqual(Array(5).fill('garbage'));
    for (let n = 0; n < 200; n++) expect(readHello(draw.bytes(draw.int(0, 150)), around).kind).not.toBe('verified');
  });

  it('[LK6] tidies names: control characters, length, emptiness', () => {
    const said = (name: string): unknown => {
      const outcome = readHello(encodeHello({ ...speaker, profile: { name, hue: 13 } }, around, draw), around);
      return outcome.kind === 'verified' ? outcome.hello.profile : outcome;
    };
    expect(said('a\u0000\nb')).toEqual({ name: 'a b', hue: 1 });
    expect(said('  ')).toEqual({ name: 'Someone', hue: 1 });
    expect(said('é'.repeat(100))).toEqual({ name: 'é'.repeat(40), hue: 1 });
  });
});
