import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { MeshTime, PeerId } from '../../../src/base.ts';
import { edit } from '../../../src/crdt/edit.ts';
import { read } from '../../../src/crdt/read.ts';
import { decodeStatement, encodeStatement } from '../../../src/groups/statement.ts';
import { factId } from '../../../src/engine/codec.ts';
import type { Fact } from '../../../src/engine/fact.ts';
import { createRunDesk } from '../../../src/groups/run.ts';
import { decodeAny, encodeAny } from '../../../src/mesh/any.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';

const peer = (name: string): PeerId => name.padEnd(43, '_') as PeerId;
const [ada, bela] = [peer('ada'), peer('bela')];
/** Stands for a signature: sixty-four bytes that follow from who signs what. */
const seal = (by: PeerId, id: string): Uint8Array =>
  Uint8Array.from({ length: 64 }, (_, i) => (by.charCodeAt(i % 43) + id.charCodeAt(i % id.length) * (i + 1)) & 255);
const stated = (fact: Fact, by = fact.by as PeerId): Uint8Array => encodeStatement(fact, seal(by, factId(fact)));
const entry = (fact: object, by = (fact as Fact).by as PeerId): object => ({ ...fact, proof: seal(by, factId(fact as Fact)) });
const LATENCY = 20;
const SPREAD = 1;

/** One desk on virtual time; what it says is kept, and may be told to another. */
function sit(self = ada, isMaster = true, timeline = createTimeline(), present: readonly PeerId[] = [ada, bela]) {
  const doc = new Y.Doc();
  const said: { readonly channel: string; readonly fact: Fact }[] = [];
  const recorded: Fact[] = [];
  const document = new Map<string, unknown>();
  const checks: string[] = [];
  const here = { isAlike: true };
  const wire = { send: (_payload: Uint8Array): boolean => true };
  const desk = createRunDesk({
    host: createSimHost(timeline, { offset: 0, skew: 0 }, createDraw(1)),
    self,
    now: () => timeline.now() as MeshTime,
    latency: () => LATENCY,
    spread: () => SPREAD,
    isMaster: () => isMaster,
    isReady: () => true,
    score: () => read(doc),
    memberships: () => new Map(),
    present: () => present,
    read: () => undefined,
    broadcastFact: (channel, payload) => void said.push({ channel, fact: decodeStatement(payload)!.fact }),
    broadcastVote: () => undefined,
    sendStructure: (_to, payload) => wire.send(payload),
    linked: () => [self === ada ? bela : ada],
    prove: (id) => seal(self, id),
    isOfSession: () => here.isAlike,
    isProven: (by, id, proof) => (checks.push(id), seal(by, id).every((byte, i) => byte === proof[i])),
    record(id, entry, isSound) {
      if (isSound(document.get(id))) return;
      document.set(id, entry);
      recorded.push(entry as Fact);
    },
    changed: () => undefined,
  });
  const write = (duration: number): void => void edit(doc, { type: 'createInterval', duration, id: `i${duration}` }, createDraw(2), 'me');
  const turn = (ms: number): void => {
    timeline.run(timeline.now() + ms);
    desk.turn();
  };
  return { desk, said, recorded, document, checks, here, wire, write, turn, timeline };
}
const types = (facts: readonly Fact[]): readonly string[] => facts.map(({ type }) => type);

describe('a run of a peer', () => {
  it('[RN1] takes from a link only what its author states, from the document whatever is there', () => {
    const { desk } = sit();
    const fact: Fact = { type: 'play', run: 'r', at: 10 as MeshTime, by: bela, from: 0 as never, structure: '0'.repeat(32) };
    expect(desk.receiveFact(ada, stated(fact))).toBe('refused');
    expect(desk.log()).toEqual([]);
    expect(desk.receiveFact(bela, stated(fact))).toBeUndefined();
    desk.read([entry({ type: 'stop', run: 'r', at: 5000, by: peer('somebody') })]);
    expect(types(desk.log())).toEqual(['play', 'stop']);
  });

  it('[LG2] looks at its runs once for all plays that come together, and at no more than a slice of them at once', () => {
    const { desk, turn, checks } = sit();
    const began = performance.now();
    const plays = Array.from({ length: 4000 }, (_, i) =>
      entry({ type: 'play', run: `r${4000 - i}`, at: 4000 - i, by: bela, from: 0, structure: '0'.repeat(32) }),
    );
    desk.read(plays);
    expect(checks.length).toBe(16);
    turn(25);
    // About 200 ms; several s where each looks.
    expect(performance.now() - began).toBeLessThan(2000);
    expect(types(desk.log())).toEqual(['play']);
  });

  it('[RN1] what nobody proves is none: not in the name of another, nor without a name, nor of another text', () => {
    const { desk, document, here } = sit();
    const play = { type: 'play', run: 'r', at: 10, by: bela, from: 0, structure: '0'.repeat(32) } as unknown as Fact;
    const others = [play, { ...play, proof: new Uint8Array(64) }, entry(play, ada), { ...entry(play), run: 'another' }];
    desk.read([...others, entry({ ...play, by: '' as never }, bela), { ...entry(play), proof: 'x' }]);
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
      desk.read([forged]);
      for (let ms = 0; ms < 9000; ms += 100) turn(100);
      expect(document.get(id)).toEqual(sound);
    }
    const count = recorded.length;
    const again = { ...sound };
    document.set(id, again);
    desk.read([again]);
    for (let ms = 0; ms < 9000; ms += 100) turn(100);
    expect([document.get(id) === again, recorded.length]).toEqual([true, count]);
  });

  it('[TR6] a document full of inventions costs a slice at a time, and holds up what is proven for 2 s at most', () => {
    const { desk, turn, checks, timeline } = sit();
    const forged = Array.from({ length: 20_000 }, (_, i) => entry({ type: 'stop', run: `r${i}`, at: 10 + i, by: bela }, ada));
    const play = entry({ type: 'play', run: 'r', at: 5, by: bela, from: 0, structure: '0'.repeat(32) });
    desk.read([...forged, play]);
    expect(checks.length).toBe(16);
    while (timeline.now() < 12_000) {
      const before = checks.length;
      turn(50);
      if (timeline.now() > 1000) expect(checks.length - before).toBeLessThanOrEqual(16);
    }
    // As many as come in one go, and 100 a second.
    expect(checks.length).toBeLessThan(4000 + 100 * 13);
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
    desk.read([entry(early)]);
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
