import * as Y from 'yjs';
import type { MeshTime, PeerId } from '../../../src/base.ts';
import { createContainment } from '../../../src/containment.ts';
import { edit } from '../../../src/crdt/edit.ts';
import type { LogEntry } from '../../../src/crdt/room.ts';
import { read } from '../../../src/crdt/read.ts';
import { factId } from '../../../src/engine/codec.ts';
import type { Fact } from '../../../src/engine/fact.ts';
import { createRunDesk } from '../../../src/groups/run.ts';
import { decodeStatement, encodeStatement } from '../../../src/groups/statement.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';

export const peer = (name: string): PeerId => name.padEnd(43, '_') as PeerId;
export const [ada, bela] = [peer('ada'), peer('bela')];
/** Stands for a signature: sixty-four bytes that follow from who signs what. */
export const seal = (by: PeerId, id: string): Uint8Array =>
  Uint8Array.from({ length: 64 }, (_, i) => (by.charCodeAt(i % 43) + id.charCodeAt(i % id.length) * (i + 1)) & 255);
export const stated = (fact: Fact, by = fact.by as PeerId): Uint8Array => encodeStatement(fact, seal(by, factId(fact)));
export const entry = (fact: object, by = (fact as Fact).by as PeerId): object => ({ ...fact, proof: seal(by, factId(fact as Fact)) });
/** As they lie in the document, written by one. */
export const inLog = (facts: readonly object[], writer = 1): readonly LogEntry[] =>
  facts.map((fact) => ({ id: factId(fact as Fact), writer, fact }));
export const play = (run: string, at: number, by = bela): object =>
  entry({ type: 'play', run, at, by, from: 0, structure: '0'.repeat(32) });
export const LATENCY = 20;
export const SPREAD = 1;

/** One desk on virtual time; what it says is kept, and may be told to another. */
export function sit(self = ada, isMaster = true, timeline = createTimeline(), present: readonly PeerId[] = [ada, bela], hour = 0) {
  const doc = new Y.Doc();
  const said: { readonly channel: string; readonly fact: Fact }[] = [];
  const recorded: Fact[] = [];
  const document = new Map<string, unknown>();
  const checks: string[] = [];
  const here = { isAlike: true, hour, isBroken: '' };
  const mistakes: string[] = [];
  const wire = { send: (_payload: Uint8Array): boolean => true };
  const desk = createRunDesk({
    host: createSimHost(timeline, { offset: 0, skew: 0 }, createDraw(1)),
    self,
    now: () => (timeline.now() + here.hour) as MeshTime,
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
    isProven(by, id, proof) {
      if (id === here.isBroken) throw new Error('broken');
      checks.push(id);
      return seal(by, id).every((byte, i) => byte === proof[i]);
    },
    forget(isToGo) {
      for (const [id, known] of [...document]) if (isToGo(id, known)) document.delete(id);
    },
    contain: createContainment((message) => void mistakes.push(message)),
    record(id, entry, isSound) {
      if (isSound(document.get(id))) return;
      document.set(id, entry);
      recorded.push(entry as Fact);
    },
    changed: () => undefined,
    reentered: () => undefined,
  });
  const write = (duration: number): void => void edit(doc, { type: 'createInterval', duration, id: `i${duration}` }, createDraw(2), 'me');
  const turn = (ms: number): void => {
    timeline.run(timeline.now() + ms);
    desk.turn();
  };
  return { desk, said, recorded, document, checks, here, mistakes, wire, write, turn, timeline };
}
export const types = (facts: readonly Fact[]): readonly string[] => facts.map(({ type }) => type);
