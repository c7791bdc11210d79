import { expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import type { LinkHealth, PeerView } from '../../../src/peer-api.ts';
import { nextWish, troublesOf, vitalsOf, wellText } from '../../../src/ui/network/troubles.ts';

const HEALTH: LinkHealth = { lastHeard: 40, loss: 0, sent: 20, received: 20, jitter: 0.4, offset: { spread: 0.3, bound: 1 } };

const person = (name: string, more: Partial<PeerView> = {}): PeerView => ({
  ...{ id: name as PeerId, name, hue: 0, isSelf: false, link: 'whole', via: undefined, hops: 1, age: 60_000, isFrozen: false },
  ...{ isMaster: false, preference: 0, roundTrip: 2, spread: 0.3, refused: 0, document: 'same', progress: undefined, health: HEALTH },
  ...more,
});
const self = person('Ada', { isSelf: true, link: 'self', hops: 0, health: undefined });
const told = (more: Partial<PeerView>): readonly string[] => troublesOf([self, person('Béla', more)]).map(({ message }) => message);

it('[UI15] nothing is said of who is linked, in time and of one score, nor of a detour, nor of who comes just now', () => {
  expect(troublesOf([self, person('Béla')])).toEqual([]);
  expect(told({ link: 'relayed', via: 'Clara' as PeerId, hops: 2 })).toEqual([]);
  expect(told({ link: 'connecting', age: 500 })).toEqual([]);
  expect(told({ document: 'comparing', progress: 0.5 })).toEqual([]);
});

it('[UI15] where all is well it is said how everyone is reached', () => {
  const [detour, direct] = [person('Clara', { link: 'relayed' }), person('Béla')];
  expect(wellText([self])).toContain('Nobody else');
  expect(wellText([self, direct])).toContain('Everyone is linked');
  expect(wellText([self, direct, detour])).toContain('Everyone is reached, Clara over another');
  expect(wellText([self, direct, detour, person('Dmitri', { link: 'relayed' })])).toContain('2 of them over others');
});

it('[UI15] each trouble of a link is one sentence that names the person', () => {
  expect(told({ link: 'silent' })).toEqual(['Béla is not heard']);
  expect(told({ link: 'connecting', age: 7000 })).toEqual(['No way to Béla is found']);
  expect(told({ isFrozen: true })).toEqual(['Béla’s page hangs or sleeps']);
  expect(told({ document: 'differs' })).toEqual(['Béla’s score differs from yours']);
  expect(told({ document: 'healing' })).toEqual(['Béla’s score is being made the same again']);
  expect(told({ health: { ...HEALTH, loss: 0.083 } })).toEqual(['8.3 % of what is sent to Béla is lost']);
  expect(told({ spread: 22 })).toEqual(['Béla’s clock is known to ±22 ms only']);
  expect(told({ refused: 12 })).toEqual(['12 messages of Béla made no sense and were refused']);
});

it('[UI15] of one person the gravest is said; dangers come first', () => {
  const people = [self, person('Béla', { isFrozen: true, spread: 30 }), person('Clara', { document: 'differs', isFrozen: true })];
  expect(troublesOf(people).map(({ peer, level }) => [peer, level])).toEqual([
    ['Clara', 'danger'],
    ['Béla', 'warning'],
  ]);
});

it('[UI15] vitals are the worst of those who are heard and awake; unknown where nobody is', () => {
  const people = [
    self,
    person('Béla', { roundTrip: 40, spread: 2, health: { ...HEALTH, loss: 0.01 } }),
    person('Clara', { roundTrip: 90, spread: 0.5, document: 'comparing' }),
    person('Dmitri', { roundTrip: 900, spread: 70, isFrozen: true }),
    person('Fanny', { roundTrip: undefined, spread: undefined, link: 'connecting', health: undefined, document: 'comparing' }),
  ];
  expect(vitalsOf(people)).toEqual({ others: 4, spread: 2, roundTrip: 90, loss: 0.01, alike: 2, compared: 4 });
  expect(vitalsOf([self])).toEqual({ others: 0, spread: undefined, roundTrip: undefined, loss: undefined, alike: 0, compared: 0 });
});

it('[UI15] who is relayed is compared by its neighbours, and counts only if something is known', () => {
  const far = { link: 'relayed', via: 'Béla' as PeerId, hops: 2 } as const;
  const people = [
    self,
    person('Béla'),
    person('Clara', { ...far, document: 'comparing' }),
    person('Dmitri', { ...far, document: 'differs' }),
  ];
  expect(vitalsOf(people)).toMatchObject({ alike: 1, compared: 2 });
});

it('[UI16] a wish to be master outdoes all earlier ones', () => {
  expect(nextWish([self, person('Béla')])).toBe(1);
  expect(nextWish([self, person('Béla', { preference: 3 }), person('Clara', { preference: 1 })])).toBe(4);
  expect(nextWish([{ ...self, preference: 9 }, person('Béla')])).toBe(1);
  expect(nextWish([self, person('Béla', { preference: 255 })])).toBe(255);
});
