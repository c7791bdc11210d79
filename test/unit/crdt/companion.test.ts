import { sha512 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { PeerId } from '../../../src/base.ts';
import { createCompanionDoor } from '../../../src/companion-door.ts';
import { toRequest } from '../../../src/crdt/companion.ts';
import type { CompanionCredentials } from '../../../src/crdt/companion.ts';
import { createRoomDocument } from '../../../src/crdt/room.ts';
import { isSame } from '../../../src/mesh/bytes.ts';
import { EVERYTHING, type Rights } from '../../../src/mesh/rights.ts';
import type { Peer } from '../../../src/peer-api.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createDraw } from '../../sim/random.ts';

describe('requests of companions', () => {
  it('[CP2] are checked like anything that comes from outside', () => {
    const put = { type: 'put', pit: 'light', value: [1, 'x'] };
    expect(
      [{ type: 'play' }, { type: 'play', from: 500 }, { type: 'stop' }, { type: 'trigger', sync: 'y' }, put].map(toRequest),
    ).not.toContain(undefined);
    const garbage = [null, 'play', [], { type: 'edit' }, { type: 'play', from: -1 }, { type: 'play', from: '0' }, { type: 'trigger' }];
    const values = [undefined, NaN, { a: 1 }].map((value) => ({ type: 'put', pit: 'light', value }));
    expect([...garbage, ...values].map(toRequest).filter((request) => request !== undefined)).toEqual([]);
  });
});

const sign = (by: PeerId, text: string): Uint8Array => sha512(utf8ToBytes(`${by} ${text}`));

/** Peers of one room document; who is not `able` cannot host. */
function sit(...ables: readonly boolean[]) {
  const timeline = createTimeline();
  const document = createRoomDocument(new Y.Doc());
  const ids = ables.map((_, i) => `p${i}` as PeerId);
  const state = {
    master: 0,
    present: [...ids],
    rights: EVERYTHING as Rights,
    isOwner: false,
    without: [] as PeerId[],
    ask: (_request: unknown): string | undefined => undefined,
  };
  const log: string[] = [];
  const peer = {
    score: { read: () => ({ title: '', processes: new Map() }) },
    room: { peers: () => [] },
    run: { view: () => ({ state: 'idle' }), position: () => undefined, play: () => log.push('play') },
  } as unknown as Peer;
  const opened: CompanionCredentials[] = [];
  const doors = ables.map((isAble, i) =>
    createCompanionDoor({
      host: createSimHost(timeline, { offset: 0, skew: 0 }, createDraw(i)),
      self: ids[i]!,
      port: isAble
        ? {
            open(credentials, onRequest) {
              opened.push(credentials);
              log.push(`${i} opened`);
              state.ask = onRequest;
              return { show: () => undefined, close: () => void log.push(`${i} closed`) };
            },
          }
        : undefined,
      document: () => document,
      present: () => [...new Set([...state.present, ids[i]!])],
      isMaster: () => state.master === i,
      ...{ tag: 'room', rights: () => state.rights, letControl: () => void (state.isOwner && (state.rights = EVERYTHING)) },
      mayControl: (id) => !state.without.includes(id),
      mayAct: () => !state.without.includes(ids[i]!),
      sign: (text) => sign(ids[i]!, text),
      verify: (by, text, proof) => isSame(proof, sign(by, text)),
      notify: ({ message }) => void log.push(message),
      peer: () => peer,
    }),
  );
  return { doors, state, log, opened, ids, document, run: (ms: number) => timeline.run(timeline.now() + ms) };
}

describe('the companion door', () => {
  it('[CP1] is hosted by who opens it, then by the clock master, under one name whoever that is', () => {
    const { doors, state, log, opened, ids, run } = sit(true, true, true);
    doors[1]!.open({ mayControl: false });
    expect(log).toEqual(['1 opened']);
    run(3000);
    expect(log).toEqual(['1 opened']);
    state.present = [ids[0]!, ids[2]!];
    state.master = 2;
    run(1100);
    expect(log).toEqual(['1 opened', '2 opened', '1 closed']);
    expect(opened[1]).toEqual(opened[0]);
    expect(doors[0]!.host).toBe(ids[2]);
  });

  it('[CP1] is hosted by another when the clock master, or who opens it, cannot; by one of them only', () => {
    const { doors, state, log, ids, run } = sit(false, true, true);
    doors[0]!.open({ mayControl: false });
    expect(doors[0]!.host).toBeUndefined();
    run(3000);
    expect(log).toEqual(['1 opened']);
    state.present = [ids[0]!, ids[2]!];
    run(4000);
    expect(log).toContain('2 opened');
    expect(doors[0]!.host).toBe(ids[2]);
    // Back from a sleep it finds another there.
    state.present = [...ids];
    run(4000);
    expect(log.filter((line) => line.endsWith('opened'))).toHaveLength(2);
  });

  it('[CP1] of two hosts that met again the document keeps one', () => {
    const { doors, log, ids, document, run } = sit(true, true);
    doors[0]!.open({ mayControl: false });
    document.setCompanion({ ...document.companion()!, host: ids[1] });
    run(600);
    expect(log).toEqual(['0 opened', '0 closed', '1 opened']);
  });

  it('[CP2] obeys only where control was given, and opens again under other credentials', () => {
    const { doors, state, log, opened } = sit(true);
    const [door] = doors;
    door!.open({ mayControl: false });
    expect(state.ask({ type: 'play' })).toContain('look only');
    door!.open({ mayControl: true });
    expect(state.ask({ type: 'play' })).toBeUndefined();
    expect(log).toContain('play');
    expect(state.ask({ type: 'nonsense' })).toContain('no request');
    door!.close();
    expect(door!.host).toBeUndefined();
    door!.open({ mayControl: true });
    expect(opened[1]?.room).not.toBe(opened[0]?.room);
    expect(opened[1]?.password).not.toBe(opened[0]?.password);
  });

  it('[CP10] whoever may not control opens no door, signs none, names no host, and opens none again that was shut', () => {
    const { doors, state, log, ids, document, run } = sit(true, true);
    const isOpen = (): readonly boolean[] => doors.map((door) => door.isOpen);
    state.without = [ids[1]!];
    doors[1]!.open({ mayControl: true });
    // Without the guard, as a page that is tampered with would write it.
    const forged = { isOpen: true, mayControl: true, room: 'mine', password: 'mine', by: ids[1]!, seq: 1, host: ids[0]! };
    const text = `tutti door\nroom\n${JSON.stringify([true, true, 'mine', 'mine', 1])}`;
    for (const by of ids) {
      document.setCompanion({ ...forged, by, proof: sign(ids[1]!, text) });
      run(3000);
      expect([isOpen(), log]).toEqual([[false, false], []]);
    }
    doors[0]!.open({ mayControl: true });
    expect(doors[0]!.credentials().room).not.toBe('mine');
    const before = document.companion()!;
    document.setCompanion({ ...before, host: ids[1]! });
    run(3000);
    expect([doors[0]!.host, log.at(-1)]).toEqual([ids[0], '0 opened']);
    for (const changed of [{ mayControl: false }, { password: 'mine' }, { seq: 99 }]) {
      document.setCompanion({ ...document.companion()!, ...changed });
      expect([isOpen(), state.ask({ type: 'play' })]).toEqual([[false, false], expect.stringContaining('look only')]);
      document.setCompanion(before);
      expect(isOpen()).toEqual([true, true]);
    }
    doors[0]!.close();
    expect(isOpen()).toEqual([false, false]);
    document.setCompanion(before);
    run(3000);
    expect(isOpen()).toEqual([false, false]);
  });

  it('[CP10] a door is shut when control is taken from whoever opened it, until another opens it; who lost control hosts none', () => {
    const { doors, state, ids, log, run } = sit(true, true);
    doors[0]!.open({ mayControl: false });
    state.without = [ids[0]!];
    run(600);
    expect([doors[1]!.isOpen, log.at(-1)]).toEqual([false, '0 closed']);
    doors[1]!.open({ mayControl: false });
    run(600);
    expect([doors[0]!.isOpen, doors[0]!.host, log.at(-1)]).toEqual([true, ids[1], '1 opened']);
  });

  it('[CP11] companions may do what the owner lets them: nothing is shown where they may not look', () => {
    const { doors, state, log, run } = sit(true);
    state.rights = { view: true, edit: false, control: false };
    doors[0]!.open({ mayControl: true });
    expect([state.ask({ type: 'play' }), log.at(0)]).toEqual([expect.stringContaining('look only'), expect.stringContaining('owner')]);
    state.isOwner = true;
    doors[0]!.open({ mayControl: true });
    expect(state.ask({ type: 'play' })).toBeUndefined();
    state.rights = { view: false, edit: false, control: false };
    run(600);
    expect([log.at(-1), doors[0]!.isOpen]).toEqual(['0 closed', true]);
    state.rights = EVERYTHING;
    run(600);
    expect(log.at(-1)).toBe('0 opened');
  });
});
