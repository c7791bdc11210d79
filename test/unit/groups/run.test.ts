import { describe, expect, it } from 'vitest';
import type { MeshTime } from '../../../src/base.ts';
import type { Fact } from '../../../src/engine/fact.ts';
import { decodeAny, encodeAny } from '../../../src/mesh/any.ts';
import { createTimeline } from '../../sim/heap.ts';
import { peer, ada, bela, stated, entry, inLog, LATENCY, SPREAD, sit, types } from './sit.ts';

describe('a run of a peer', () => {
  it('[RN1] takes from a link only what its author states, from the document whatever is there', () => {
    const { desk } = sit();
    const fact: Fact = { type: 'play', run: 'r', at: 10 as MeshTime, by: bela, from: 0 as never, structure: '0'.repeat(32) };
    expect(desk.receiveFact(ada, stated(fact))).toBe('refused');
    expect(desk.log()).toEqual([]);
    expect(desk.receiveFact(bela, stated(fact))).toBeUndefined();
    desk.read(inLog([entry({ type: 'stop', run: 'r', at: 5000, by: peer('somebody') })]));
    expect(types(desk.log())).toEqual(['play', 'stop']);
  });

  it('[RN2] says a fact once on event and three times on fast, and writes it down', () => {
    const { desk, said, recorded, turn } = sit();
    desk.play();
    turn(100);
    expect(said.map(({ channel }) => channel)).toEqual(['event', 'fast', 'fast', 'fast']);
    expect(types(recorded)).toEqual(['play']);
  });

  it('[GR6] dates a start so that everyone can meet it, with time to prepare', () => {
    const { desk, recorded } = sit();
    desk.play();
    expect(recorded[0]?.at).toBe(LATENCY + SPREAD + 15 + 150);
  });

  it('[RN3] plays nothing over a run that is on, and right after a stop not before it', () => {
    const { desk, recorded, turn } = sit();
    desk.play();
    desk.play();
    turn(1000);
    desk.play();
    desk.stop();
    desk.play({ at: 0 as MeshTime });
    expect(types(recorded)).toEqual(['play', 'stop', 'play']);
    expect(recorded[2]?.at).toBeGreaterThanOrEqual(recorded[1]?.at ?? Infinity);
  });

  it('[RN4] is changed by the clock master alone, once for all edits of 150 ms', () => {
    const change = (isMaster: boolean): readonly string[] => {
      const { desk, recorded, write, turn } = sit(ada, isMaster);
      desk.play();
      turn(1000);
      for (const duration of [100, 200]) {
        write(duration);
        desk.scoreChanged();
        turn(60);
      }
      turn(100);
      return types(recorded);
    };
    expect(change(true)).toEqual(['play', 'adopt']);
    expect(change(false)).toEqual(['play']);
  });

  it('[RN5] fetches by hash the structure that a play names, and performs it', () => {
    const one = sit();
    const other = sit(bela, false, one.timeline);
    one.wire.send = (payload) => (other.desk.receiveStructure(ada, payload), true);
    other.wire.send = (payload) => (one.desk.receiveStructure(bela, payload), true);
    one.write(5000);
    one.desk.play();
    other.desk.receiveFact(ada, stated(one.recorded[0]!));
    for (let i = 0; i < 40; i++) {
      one.turn(25);
      other.turn(0);
    }
    expect(other.desk.moment().running.map(({ interval }) => interval)).toContain('i5000');
    expect(other.desk.position()).toBe(one.desk.position());
  });

  it('[RN8] takes facts of about now from a link, any from the document, and judges nobody after a sleep', () => {
    const { desk, turn, timeline } = sit();
    desk.play();
    turn(40_000);
    for (let i = 0; i < 300; i++) turn(25);
    const now = timeline.now();
    const tell = (at: number, type = 'pause'): 'refused' | void =>
      desk.receiveFact(bela, stated({ type, run: desk.log()[0]!.run, at, by: bela } as Fact));
    expect(tell(now - 11_000)).toBe('refused');
    expect(tell(now + 11_000)).toBe('refused');
    expect(tell(now - 9000)).toBeUndefined();
    const early = { type: 'resume', run: desk.log()[0]!.run, at: now - 20_000, by: bela };
    desk.read(inLog([entry(early)]));
    expect(desk.log()).toContainEqual(early);
    turn(3000);
    expect(tell(now - 12_000)).toBeUndefined();
  });

  it('[RN8] writes down what its author did not, by turns, and looks again for all of the run', () => {
    const { desk, recorded, turn } = sit();
    desk.play();
    turn(100);
    desk.receiveFact(bela, stated({ type: 'pause', run: desk.log()[0]!.run, at: 100 as MeshTime, by: bela }));
    turn(1900);
    expect(types(recorded)).toEqual(['play']);
    turn(200);
    expect(types(recorded)).toEqual(['play', 'pause']);
    turn(3000);
    turn(3000);
    expect(types(recorded).slice(2).toSorted()).toEqual(['pause', 'play']);
  });

  it('[RN8] in a large room the last by id writes down what nobody else did, within 8 s of hearing it', () => {
    const many = Array.from({ length: 40 }, (_, i) => peer(`peer-${String(i).padStart(2, '0')}`));
    for (const rank of [0, 6, 7, 12, 39]) {
      const timeline = createTimeline();
      const { desk, recorded, turn } = sit(many[rank]!, false, timeline, many);
      const by = many[1]!;
      turn(4000);
      const fact = { type: 'play', run: 'r', at: 4000 as MeshTime, by, from: 0 as never, structure: '0'.repeat(32) } as const;
      expect(desk.receiveFact(by, stated(fact))).toBeUndefined();
      for (let ms = 0; ms < 8000; ms += 100) turn(100);
      expect(types(recorded)).toContain('play');
    }
  });

  it('[RN9] goes on with the score when the structure of a play is nowhere', () => {
    const { desk, recorded, wire, write, turn, timeline } = sit();
    wire.send = (payload) => {
      const [, hash] = decodeAny(payload) as [number, string];
      timeline.at(timeline.now() + 5, () => desk.receiveStructure(bela, encodeAny([2, hash])));
      return true;
    };
    write(5000);
    desk.receiveFact(bela, stated({ type: 'play', run: 'r', at: 10 as MeshTime, by: bela, from: 0 as never, structure: 'e'.repeat(32) }));
    for (let i = 0; i < 40; i++) turn(25);
    expect(types(recorded)).toEqual([]);
    for (let i = 0; i < 60; i++) turn(25);
    expect(types(recorded)).toContain('adopt');
    expect(desk.moment().running.map(({ interval }) => interval)).toContain('i5000');
  });

  it('[EX31] bends, begins and ends what runs by hand, for all', () => {
    const { desk, write, turn, said } = sit();
    write(5000);
    desk.play();
    turn(500);
    desk.speed('i5000', 2);
    desk.begin('i5000');
    turn(100);
    const path = desk.moment().running.find(({ interval }) => interval === 'i5000')?.path;
    expect(path).toMatch(/^~/);
    desk.end('i5000');
    turn(100);
    expect(desk.moment().running.map(({ interval }) => interval)).toEqual(['root']);
    const facts = said.filter(({ channel }) => channel === 'event').map(({ fact }) => fact);
    expect(facts.slice(-3)).toMatchObject([
      { type: 'speed', interval: 'i5000', path: '0', speed: 2 },
      { type: 'begin', interval: 'i5000', path: '0' },
      { type: 'end', interval: 'i5000', path },
    ]);
  });
});
