import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../src/base.ts';
import { createLineage } from '../../../src/crdt/lineage.ts';
import type { Lineage } from '../../../src/crdt/lineage.ts';
import { encodeAny } from '../../../src/mesh/any.ts';

interface Person {
  session: { id: string; since: number; isFounder: boolean } | undefined;
  scoreId: string;
}

function meet(people: Readonly<Record<string, Person>>) {
  const lineages = new Map<string, Lineage>();
  const log: string[] = [];
  const queue: (() => void)[] = [];
  const settle = (): void => {
    for (let next = queue.shift(); next; next = queue.shift()) next();
  };
  for (const [self, person] of Object.entries(people)) {
    const lineage = createLineage({
      self: self as PeerId,
      session: () => person.session,
      now: () => 1000,
      scoreId: () => person.scoreId,
      send: (to, payload) => void queue.push(() => void lineages.get(to)?.receive(self as PeerId, payload)),
      compatible: (peer, isCompatible) => void log.push(`${self} ${isCompatible ? 'merges with' : 'leaves'} ${peer}`),
      giveWay() {
        log.push(`${self} gives way`);
        person.scoreId = '';
        lineage.restate();
      },
    });
    lineages.set(self, lineage);
  }
  for (const [self, lineage] of lineages) for (const other of lineages.keys()) if (other !== self) lineage.joined(other as PeerId);
  settle();
  return { log, lineages, settle };
}

const at = (id: string, since: number, isFounder = false) => ({ id, since, isFounder });

describe('lineage', () => {
  it('[LI1] merges equals, and who has no score with anyone of the session', () => {
    const { log } = meet({ a: { session: at('s', 0), scoreId: 'x' }, b: { session: at('s', 5), scoreId: '' } });
    expect(log.sort()).toEqual(['a merges with b', 'b merges with a']);
  });
  it('[LI2] lets the later of two scores give way, then merges', () => {
    const { log } = meet({ a: { session: at('s', 9), scoreId: 'x' }, b: { session: at('s', 5), scoreId: 'y' } });
    expect(log[0]).toBe('a gives way');
    expect(log.slice(1).sort()).toEqual(['a merges with b', 'b merges with a']);
  });
  it('[LI3] keeps sessions apart until they are one', () => {
    const people = { a: { session: at('s', 0), scoreId: 'x' }, b: { session: at('t', 0), scoreId: 'x' } };
    const { log, lineages, settle } = meet(people);
    expect(log).toEqual([]);
    people.b.session = at('s', 3);
    lineages.get('b')?.restate();
    settle();
    expect(log.sort()).toEqual(['a merges with b', 'b merges with a']);
  });
  it('[LI4] lets nobody who claims to be older replace what two have, nor what the founder has', () => {
    const two = meet({
      ...{ a: { session: at('s', 5), scoreId: 'x' }, b: { session: at('s', 6), scoreId: 'x' } },
      liar: { session: at('s', -1), scoreId: 'mine' },
    });
    expect(two.log.filter((line) => line.endsWith('gives way'))).toEqual(['liar gives way']);
    const { log, lineages, settle } = meet({ founder: { session: at('s', 0, true), scoreId: 'x' } });
    lineages.get('founder')?.joined('liar' as PeerId);
    lineages.get('founder')?.receive('liar' as PeerId, encodeAny(['s', 'mine', -1]));
    settle();
    expect(log).toEqual([]);
    for (const since of [-1e9, 1e12]) {
      expect(lineages.get('founder')?.receive('liar' as PeerId, encodeAny(['s', 'mine', since]))).toBe('refused');
    }
  });
  it('[LI4] counts only those who have a link: who is heard by way of others may be invented', () => {
    const { log, lineages, settle } = meet({ a: { session: at('s', 5), scoreId: 'x' }, b: { session: at('s', 6), scoreId: 'x' } });
    log.length = 0;
    for (let i = 0; i < 60; i++) expect(lineages.get('a')?.receive(`ghost ${i}` as PeerId, encodeAny(['s', 'mine', 0]))).toBe('refused');
    settle();
    expect(log).toEqual([]);
    expect(lineages.get('a')?.isCompatible('ghost 1' as PeerId)).toBe(false);
  });
  it('refuses garbage', () => {
    const { lineages } = meet({ a: { session: at('s', 0), scoreId: 'x' } });
    lineages.get('a')?.joined('b' as PeerId);
    for (const garbage of [new Uint8Array([9, 9]), encodeAny(['s', 'x']), encodeAny(['s', 3, 0]), encodeAny(['s', 'x', Infinity])]) {
      expect(lineages.get('a')?.receive('b' as PeerId, garbage)).toBe('refused');
    }
  });
});
