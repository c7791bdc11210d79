import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createDesk } from '../../src/crdt/desk.ts';
import type { Desk, Sending } from '../../src/crdt/desk.ts';
import { isAlike, isSame } from '../../src/crdt/difference.ts';
import { COLLECTIONS, createDocument, seed } from '../../src/crdt/doc.ts';
import { changedOwners, flatOf, idOf } from '../../src/crdt/flat.ts';
import { rawOf } from '../../src/crdt/raw.ts';
import { read } from '../../src/crdt/read.ts';
import { createDraw } from '../sim/random.ts';
import type { Draw } from '../sim/random.ts';
import { drawCommand } from './arbitraries.ts';
import { runs } from './runs.ts';
import { faults } from './score-faults.ts';

interface Player {
  readonly desk: Desk;
  readonly draw: Draw;
  fork: Y.Doc | undefined;
}

const PEERS = 4;
const MODES: readonly Sending[] = ['all', 'edits', 'none'];

function ensemble(number: number): Player[] {
  const origin = createDocument(createDraw(number));
  seed(origin, createDraw(number + 1));
  return Array.from({ length: PEERS }, (_, i) => {
    const draw = createDraw(number * 10 + i);
    const doc = createDocument(draw);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(origin));
    const player: Player = { desk: createDesk(draw, doc), draw, fork: undefined };
    player.desk.onFork((fork) => (player.fork = fork));
    return player;
  });
}

const send = (from: Player, to: Player): void =>
  Y.applyUpdate(to.desk.shared, Y.encodeStateAsUpdate(from.desk.shared, Y.encodeStateVector(to.desk.shared)), 'remote');

/** Ids of what the two documents hold differently. */
const differing = (a: Y.Doc, b: Y.Doc): readonly string[] => {
  const [left, right] = [rawOf(a), rawOf(b)];
  const owners = changedOwners(left, right).filter((owner) => !isSame(flatOf(left, owner), flatOf(right, owner)));
  return [...new Set(owners.map(idOf))].sort();
};

function act(players: readonly Player[], draw: Draw): void {
  const player = draw.pick(players);
  const { desk } = player;
  const before = Y.encodeStateVector(desk.shared);
  const some = (): readonly string[] | undefined =>
    draw.chance(0.3) || desk.unsent().length === 0 ? undefined : [draw.pick(desk.unsent()), draw.pick(desk.unsent())];
  const kind = draw.int(0, 11);
  if (kind < 5) desk.edit(drawCommand(player.draw, desk.read()));
  else if (kind === 5) desk.setSending(draw.pick(MODES));
  else if (kind === 6) desk.publish(some());
  else if (kind === 7) desk.drop(some());
  else if (kind === 8) desk.undo();
  else if (kind === 9) desk.redo();
  else send(player, draw.pick(players));
  const isKept = desk.sending === 'none' && (kind < 5 || kind === 7);
  if (isKept) expect(Y.encodeStateVector(desk.shared)).toEqual(before);
}

describe('people who opt out, edit, publish, drop and undo', () => {
  it('[ED14] [ED21] [ED22] have the shared score with their own over it at each moment, and are together at the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 5, max: 60 }), (number, steps) => {
        const players = ensemble(number);
        const draw = createDraw(number * 3);
        for (let i = 0; i < steps; i++) {
          act(players, draw);
          for (const { desk, fork } of players) {
            expect(desk.unsent()).toEqual(fork ? differing(fork, desk.shared) : []);
            expect(faults(desk.read())).toEqual([]);
          }
        }
        const dropper = players[0]!;
        dropper.desk.drop();
        expect(dropper.desk.unsent()).toEqual([]);
        expect(isAlike(dropper.desk.read(), dropper.desk.sharedScore())).toBe(true);
        for (const { desk } of players) desk.setSending('all');
        for (const from of players) for (const to of players) send(from, to);
        for (const from of players) for (const to of players) send(from, to);
        const [first, ...others] = players.map(({ desk }) => desk);
        for (const other of others) {
          expect(read(other.shared)).toEqual(read(first!.shared));
          expect(COLLECTIONS.every((part) => isSame(rawOf(other.shared)[part], rawOf(first!.shared)[part]))).toBe(true);
        }
      }),
      runs(40),
    );
  }, 120_000);
});
