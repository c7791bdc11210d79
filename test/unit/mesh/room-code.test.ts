import { describe, expect, it } from 'vitest';
import { createCode, deriveKeys, parseCode, printInvitation, seal, unseal } from '../../../src/mesh/room-code.ts';
import { openSignal, sealSignal } from '../../../src/mesh/sealed.ts';
import { ROOM_TAG } from '../../../src/mesh/signal.ts';
import { createDraw } from '../../sim/random.ts';
import { createWorld, KEYS } from './world.ts';

const draw = createDraw(3);

describe('room code', () => {
  it('[ID5] a new code is five words and parses to itself', () => {
    for (let n = 0; n < 50; n++) {
      const code = createCode(draw);
      expect(code).toMatch(/^[a-z]+(-[a-z]+){4}$/);
      expect(parseCode(code)).toEqual({ code });
    }
  });

  it('[ID5] is understood with capitals, spaces, and in a link', () => {
    const code = 'abandon-ability-able-about-zoo';
    const said = [
      '  Abandon ability  ABLE about zoo ',
      'abandon, ability, able, about, zoo.',
      `https://tutti.example:8080/x?name=Ada#${code}`,
      'http://localhost:8080/#abandon%20ability%20able%20about%20zoo',
    ];
    for (const text of said) expect(parseCode(text)).toEqual({ code });
  });

  it('[ID5] a link may carry the fingerprint of who made the room; a cut one is refused', () => {
    const [code, root] = ['abandon-ability-able-about-zoo', 'Ab3_-'.padEnd(22, 'x')];
    expect(printInvitation({ code })).toBe(code);
    expect(parseCode(`https://tutti.example/#${printInvitation({ code, root })}`)).toEqual({ code, root });
    expect(parseCode(`https://tutti.example/#${code}%7E${root} `)).toEqual({ code, root });
    for (const cut of [`${code}~${root.slice(1)}`, `${code}~`, `${code}~${root}~`]) expect(parseCode(`x#${cut}`)).toHaveProperty('issue');
  });

  it('[ID5] says what is wrong', () => {
    expect(parseCode('abandon ability')).toEqual({ issue: { message: 'A room code has five words, this has 2' } });
    expect(parseCode('')).toEqual({ issue: { message: 'A room code has five words, this has 0' } });
    expect(parseCode('abandon ability able about zoooo')).toEqual({
      issue: { message: '“zoooo” is not a word of a room code: check its spelling', where: 'zoooo' },
    });
  });

  it('[ID6] keys follow from the code alone, and tell nothing of each other', () => {
    const keys = deriveKeys('abandon-ability-able-about-zoo');
    expect(keys).toEqual(deriveKeys('abandon-ability-able-about-zoo'));
    expect(keys.tag).toMatch(ROOM_TAG);
    expect(keys.key).toHaveLength(32);
    expect(deriveKeys('abandon-ability-able-about-zone').tag).not.toBe(keys.tag);
  });
});

describe('sealed signals', () => {
  it('[ID4] open with key and context, and with nothing else', () => {
    const sealed = seal(KEYS.key, 'söme text', { context: 'here', random: draw });
    expect(unseal(KEYS.key, sealed, 'here')).toBe('söme text');
    expect(unseal(KEYS.key, sealed, 'there')).toBeUndefined();
    expect(unseal(new Uint8Array(32), sealed, 'here')).toBeUndefined();
    for (const garbage of ['', 'AAAA', '%', sealed.slice(4), sealed.slice(0, -8)])
      expect(unseal(KEYS.key, garbage, 'here')).toBeUndefined();
  });

  it('[LK3] are bound to sender, receiver and attempt', () => {
    const text = sealSignal(createWorld().host(), KEYS, { from: 1, to: 2, attempt: 3 }, { type: 'redial' });
    expect(openSignal(KEYS, { from: 1, to: 2 }, text)).toEqual({ attempt: 3, signal: { type: 'redial' } });
    expect(openSignal(KEYS, { from: 2, to: 1 }, text)).toBeUndefined();
    expect(openSignal(KEYS, { from: 1, to: 2 }, text.replace('3.', '4.'))).toBeUndefined();
    expect(openSignal({ ...KEYS, tag: 'other' }, { from: 1, to: 2 }, text)).toBeUndefined();
  });
});
