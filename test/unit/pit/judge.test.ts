import { describe, expect, it } from 'vitest';
import { createJudge, type Described, type Role } from '../../../src/pit/judge.ts';
import { fingerprintsIn } from '../../../src/pit/sdp.ts';

const line = (letter: string): string => `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => letter.repeat(2)).join(':')}`;
const print = (letter: string): string => line(letter).slice('a=fingerprint:'.length).toLowerCase();
const said = (type: string, letter = 'A'): Described => ({ type, sdp: `v=0\r\n${line(letter)}\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n` });

function judged(role: Role, steps: readonly (readonly [state: string, remote: Described | null])[]): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const judge = createJudge(role, (fingerprints) => found.push(fingerprints));
  for (const [state, remote] of steps) judge(state, remote);
  return found;
}

describe('[PT22] who is on the other side is judged', () => {
  it('when the one answer or the one offer stands', () => {
    expect(
      judged('caller', [
        ['have-local-offer', null],
        ['stable', said('answer')],
        ['closed', said('answer')],
      ]),
    ).toEqual([[print('A')]]);
    expect(
      judged('callee', [
        ['have-remote-offer', said('offer')],
        ['stable', said('offer')],
      ]),
    ).toEqual([[print('A')]]);
    // Another offer while the first was being answered changes no state: what stands in the end counts.
    expect(
      judged('callee', [
        ['have-remote-offer', said('offer')],
        ['stable', said('offer', 'B')],
      ]),
    ).toEqual([[print('B')]]);
  });

  it('and whatever is said besides, before or later, is refused', () => {
    const opening = ['have-local-offer', null] as const;
    expect(judged('caller', [opening, ['have-remote-pranswer', said('pranswer')], ['stable', said('answer', 'B')]])[0]).toEqual([]);
    expect(judged('caller', [opening, ['have-remote-offer', said('offer')]])).toEqual([[]]);
    expect(judged('caller', [opening, ['stable', null]])).toEqual([[]]);
    const standing = [opening, ['stable', said('answer')]] as const;
    expect(judged('caller', [...standing, ['have-remote-offer', said('offer', 'B')], ['stable', said('answer')]]).slice(1)).toEqual([
      [],
      [],
    ]);
    const called = [
      ['have-remote-offer', said('offer')],
      ['stable', said('offer')],
    ] as const;
    expect(judged('callee', [...called, ['have-remote-offer', said('offer', 'B')]])).toEqual([[print('A')], []]);
    expect(judged('callee', [['have-local-pranswer', said('offer')]])).toEqual([[]]);
  });

  it('by every line that names a certificate, one that is not understood too', () => {
    expect(fingerprintsIn(`${line('A')}\r\nm=audio\r\n${line('A')}\r\n`)).toEqual([print('A')]);
    for (const odd of [
      'a=fingerprint:sha-256\tBB:BB',
      'A=fingerprint:sha-256 BB:BB',
      ' a=fingerprint:sha-256 BB:BB',
      'a=fingerprint:sha-256 BB:BB x',
    ])
      expect(fingerprintsIn(`${line('A')}\r\n${odd}\r\n`)).toEqual([print('A'), odd]);
  });
});
