import { describe, expect, it } from 'vitest';
import type { MeshTime, PeerId } from '../../../src/base.ts';
import type { LogEntry } from '../../../src/crdt/room.ts';
import type { Fact } from '../../../src/engine/fact.ts';
import { createTimeline } from '../../sim/heap.ts';
import { peer, ada, bela, stated, entry, inLog, play, sit, types } from './sit.ts';

describe('what others stated', () => {
  it('[LG2] looks at its runs once for all plays that come together, and at no more than a slice of them at once', () => {
    const { desk, turn, checks } = sit();
    const plays = Array.from({ length: 4000 }, (_, i) =>
      entry({ type: 'play', run: `r${4000 - i}`, at: 4000 - i, by: bela, from: 0, structure: '0'.repeat(32) }),
    );
    desk.read(inLog(plays));
    expect(checks.length).toBe(8);
    turn(25);
    expect(types(desk.log())).toEqual(['play']);
  });

  it('[RN1] what nobody proves is none: not in the name of another, nor without a name, nor of another text', () => {
    const { desk, document, here } = sit();
    const play = { type: 'play', run: 'r', at: 10, by: bela, from: 0, structure: '0'.repeat(32) } as unknown as Fact;
    const others = [play, { ...play, proof: new Uint8Array(64) }, entry(play, ada), { ...entry(play), run: 'another' }];
    desk.read(inLog([...others, entry({ ...play, by: '' as never }, bela), { ...entry(play), proof: 'x' }]));
    // One under the id of another.
    desk.read([{ id: 'x', writer: 1, fact: entry(play) }]);
    expect(desk.log()).toEqual([]);
    expect(desk.receiveFact(bela, stated(play, ada))).toBe('refused');
    // Who is in another session signs for that one.
    here.isAlike = false;
    expect(desk.receiveFact(bela, stated(play, ada))).toBeUndefined();
    expect(desk.log()).toEqual([]);
    expect(desk.receiveFact(bela, stated(play))).toBeUndefined();
    expect(types(desk.log())).toEqual(['play']);
    expect([...document]).toEqual([]);
  });

  it('[RN8] puts what is proven in the place of what is not, under the same id, and leaves another proof of the same alone', () => {
    const { desk, document, recorded, turn } = sit();
    desk.play();
    const [[id, sound]] = [...document] as [[string, object]];
    for (const forged of [{ ...sound, proof: new Uint8Array(64) }, { ...sound, from: 5 }, { type: 'play' }]) {
      document.set(id, forged);
      desk.read([{ id, writer: 1, fact: forged }]);
      for (let ms = 0; ms < 9000; ms += 100) turn(100);
      expect(document.get(id)).toEqual(sound);
    }
    const count = recorded.length;
    const again = { ...sound };
    document.set(id, again);
    desk.read([{ id, writer: 1, fact: again }]);
    for (let ms = 0; ms < 9000; ms += 100) turn(100);
    expect([document.get(id) === again, recorded.length]).toEqual([true, count]);
  });

  it('[TR6] a document full of inventions holds up nobody who writes the truth, and costs little for long', () => {
    const { desk, turn, checks, timeline } = sit();
    const forged = Array.from({ length: 20_000 }, (_, i) => entry({ type: 'stop', run: `r${i}`, at: 10 + i, by: bela }, ada));
    desk.read([...inLog(forged, 1), ...inLog([play('r', 5)], 2)]);
    expect(checks.length).toBe(8);
    turn(50);
    expect(types(desk.log())).toEqual(['play']);
    while (timeline.now() < 12_000) turn(50);
    // 200 at once and 50 a second.
    expect(checks.length).toBeLessThan(200 + 50 * 13);
    expect(checks.length).toBeGreaterThan(600);
  });

  it('[TR6] inventions about a run hold it up no longer than until the first of them is checked', () => {
    const { desk, turn } = sit();
    const forged = (i: number): object => entry({ type: 'pause', run: 'r', at: 10 + i, by: bela }, ada);
    desk.read(Array.from({ length: 9000 }, (_, i) => inLog([forged(i)], 3 + (i % 3))).flat());
    desk.read(inLog([play('r', 5)], 2));
    turn(50);
    expect(types(desk.log())).toEqual(['play']);
  });

  it('[TR6] who overwrites the same entries again and again makes nobody keep them', () => {
    const { desk, turn, checks } = sit();
    const forged = Array.from({ length: 17 }, (_, i) => entry({ type: 'stop', run: 'r', at: i, by: bela }, ada));
    desk.read(inLog(forged));
    turn(1000);
    const spent = checks.length;
    for (let i = 0; i < 500; i++) desk.read(inLog(forged.map((it) => ({ ...it }))));
    turn(60_000);
    expect(checks.length - spent).toBeLessThanOrEqual(17 * 2);
  });

  it('[TR6] a long run is taken when it is whole, however long that takes', () => {
    const { desk, turn, checks } = sit();
    const stop = entry({ type: 'stop', run: 'r', at: 5_000_000, by: bela });
    const rest = Array.from({ length: 4500 }, (_, i) =>
      entry({ type: 'fired', run: 'r', at: 1000 * i, by: bela, path: '0', sync: `s${i}`, reason: 'click' }),
    );
    desk.read(inLog([...rest, stop, play('r', 0)]));
    while (checks.length < 4502) {
      const before = checks.length;
      expect(desk.log()).toEqual([]);
      // A slow machine: a slice takes its time.
      turn(0);
      if (checks.length === before) turn(1);
    }
    turn(0);
    expect(desk.log()).toHaveLength(4502);
  });

  it('[TR6] of many statements of one trigger hardly any is checked as it comes; the document brings the rest', () => {
    const { desk, turn, checks } = sit();
    desk.play();
    turn(1000);
    const fired = (i: number): Fact =>
      ({
        type: 'fired',
        run: desk.log()[0]!.run,
        at: 1000 + ((i * 7) % 100),
        by: peer(`p${i}`),
        path: '0',
        sync: 's',
        reason: 'expression',
      }) as never;
    const all = Array.from({ length: 100 }, (_, i) => fired(i + 1));
    for (const fact of all) expect(desk.receiveFact(fact.by as PeerId, stated(fact))).toBeUndefined();
    expect(checks.length).toBeLessThan(20);
    all.forEach((fact, i) => desk.read(inLog([entry(fact)], i)));
    turn(1000);
    expect(desk.log()).toHaveLength(101);
    // Again, half a second later, is another matter.
    const again = { ...fired(1), at: 1700 as MeshTime };
    desk.receiveFact(again.by as PeerId, stated(again));
    expect(desk.log()).toHaveLength(102);
  });

  it('[TR6] who comes anew is checked no more often for that', () => {
    const { desk, turn, checks } = sit();
    turn(100);
    const tell = (i: number): void => void desk.receiveFact(bela, stated({ type: 'pause', run: 'r', at: i as MeshTime, by: bela }));
    for (let i = 0; i < 300; i++) tell(i);
    desk.left(bela);
    for (let i = 300; i < 600; i++) tell(i);
    expect(checks.length).toBe(200);
  });

  it('[RN6] a mistake in a check loses the one entry, and is said', () => {
    const { desk, turn, here, mistakes } = sit();
    const entries = inLog([entry({ type: 'pause', run: 'r', at: 10, by: bela }), play('r', 5)]);
    here.isBroken = entries[1]!.id;
    desk.read(entries);
    here.isBroken = '';
    desk.read(entries.slice(1));
    turn(100);
    expect(mistakes).toHaveLength(1);
    expect(types(desk.log())).toEqual(['play', 'pause']);
  });

  it('[RN8] takes what is false out of the document, by turns', () => {
    const { desk, document, turn } = sit();
    const forged = inLog([entry({ type: 'stop', run: 'r', at: 10, by: bela }, ada)])[0]!;
    document.set(forged.id, forged.fact);
    desk.read([forged]);
    turn(1900);
    expect(document.size).toBe(1);
    turn(200);
    expect(document.size).toBe(0);
  });

  it('[RN8] judges dates and looks again by its own clock, whatever the time was before the session', () => {
    const { desk, recorded, turn, here, timeline } = sit(ada, true, createTimeline(), [ada, bela], 3_600_000);
    for (let i = 0; i < 300; i++) turn(25);
    here.hour = 0;
    desk.reset();
    desk.play();
    for (let i = 0; i < 300; i++) turn(25);
    expect(types(recorded)).toEqual(['play', 'play']);
    const tell = (at: number): 'refused' | void =>
      desk.receiveFact(bela, stated({ type: 'pause', run: desk.log()[0]!.run, at: at as MeshTime, by: bela }));
    expect(tell(timeline.now() + 11_000)).toBe('refused');
  });

  it('[LG6] keeps the last eight runs in the document, and all of which nothing is proven', () => {
    const { desk, document, turn } = sit();
    const known = (): readonly LogEntry[] => [...document].map(([id, fact]) => ({ id, writer: 1, fact }));
    const future = Array.from(
      { length: 9 },
      (_, i) =>
        inLog([entry({ type: 'play', run: `f${i}`, at: 1e300 + i * 1e299, by: bela, from: 0, structure: '0'.repeat(32) }, ada)])[0]!,
    );
    for (const { id, fact } of future) document.set(id, fact);
    for (let i = 0; i < 10; i++) {
      desk.play();
      turn(1000);
      desk.stop();
      turn(100);
      desk.read(known().filter(({ fact }) => !future.some((it) => it.fact === fact)));
      turn(100);
    }
    expect(document.size).toBe(9 + 16);
    expect(types([...document.values()].filter((fact) => (fact as Fact).at > 1e299) as Fact[])).toHaveLength(9);
  });
});
