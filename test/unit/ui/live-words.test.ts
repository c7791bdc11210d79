import { expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import type { Score } from '../../../src/crdt/score.ts';
import type { CallState, CallView } from '../../../src/peer-api.ts';
import { callText, situationOf, type LivePit } from '../../../src/ui/pits/live-words.ts';

const pit = { type: 'audioPit', id: 'p', senders: 'all', isAlways: true } as unknown as LivePit;
const score = { groups: new Map([['g', { name: 'Sound' }]]) } as unknown as Score;
const call = (from: string, to: string, state: CallState, more: Partial<CallView> = {}): CallView => ({
  ...{ pit: 'p', kind: 'audio', from: from as PeerId, to: to as PeerId, state, latencyMs: 33.6, level: 0, isMuted: false, gain: 1 },
  ...{ isVerified: true, ...more },
});
const say = (list: readonly CallView[], more: { hasInput?: boolean; state?: 'absent' | 'open' | 'away'; of?: Partial<LivePit> } = {}) =>
  situationOf({ ...pit, ...more.of } as LivePit, score, {
    ...{ calls: { state: more.state ?? 'open' }, list, self: 'ada', hasInput: more.hasInput ?? true },
    nameOf: (id) => ({ ada: 'Ada', bela: 'Béla', cleo: 'Cleo' })[id] ?? 'somebody',
  });

it('[UI60] a live pit says in a sentence how it stands: what is wrong first, then what is to be done', () => {
  const both = [call('ada', 'bela', 'live'), call('bela', 'ada', 'live')];
  expect(say(both)).toEqual({ level: 'fine', text: 'Béla gets your sound; Béla reaches you.' });
  expect(say(both, { hasInput: false }).text).toBe('You send nothing: choose an input.');
  expect(say(both, { state: 'away' }).text).toBe('The server is away: calls that stand go on, others wait.');
  expect(say(both, { state: 'absent' })).toMatchObject({ level: 'wrong' });
  expect(say([...both, call('cleo', 'ada', 'refused')], { hasInput: false })).toMatchObject({
    level: 'wrong',
    text: expect.stringMatching(/certificate/) as string,
  });
  expect(say([call('ada', 'bela', 'connecting'), call('ada', 'cleo', 'live')]).text).toBe('You reach 1 of 2; nobody reaches you.');
  expect(say([call('bela', 'ada', 'live')], { of: { senders: 'g' } }).text).toBe('Béla reaches you; Sound may send.');
  expect(say([call('bela', 'ada', 'noInput')]).text).toBe('Nobody reaches you; others may send.');
  const many = ['bela', 'cleo', 'dora'].flatMap((id) => [call('ada', id, 'live'), call(id, 'ada', 'live')]);
  expect([say(many).text, say(many.slice(0, 4)).text]).toEqual([
    'All 3 get your sound; 3 reach you.',
    'Both get your sound; Béla and Cleo reach you.',
  ]);
  expect(say(both, { of: { senders: 'gone' } })).toMatchObject({ level: 'wrong' });
  expect(say([], { of: { isAlways: false } }).text).toMatch(/until its interval runs/);
});

it('[UI60] each call is told in words: who hears whom, how late, muted, and that its certificate was compared', () => {
  expect(callText(call('ada', 'bela', 'live', { isMuted: true }), ['Ada', 'Béla'], 'hears')).toBe(
    'Béla hears Ada: live, 34 ms, muted there, certificates compared',
  );
  expect(callText(call('ada', 'bela', 'noInput'), ['Ada', 'Béla'], 'sees')).toBe('Béla sees Ada: no input is chosen there');
});
