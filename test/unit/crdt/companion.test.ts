import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createCompanionDoor } from '../../../src/companion-door.ts';
import { toRequest } from '../../../src/crdt/companion.ts';
import type { CompanionCredentials } from '../../../src/crdt/companion.ts';
import { createRoomDocument } from '../../../src/crdt/room.ts';
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

function sit() {
  const timeline = createTimeline();
  const document = createRoomDocument(new Y.Doc());
  const state = { isElected: true, ask: (_request: unknown): string | undefined => undefined };
  const log: string[] = [];
  const peer = {
    score: { read: () => ({ title: '', processes: new Map() }) },
    room: { peers: () => [] },
    run: { view: () => ({ state: 'idle' }), position: () => undefined, play: () => log.push('play') },
  } as unknown as Peer;
  const opened: CompanionCredentials[] = [];
  const door = createCompanionDoor({
    host: createSimHost(timeline, { offset: 0, skew: 0 }, createDraw(1)),
    port: {
      open(credentials, onRequest) {
        opened.push(credentials);
        state.ask = onRequest;
        return { show: () => undefined, close: () => void log.push('closed') };
      },
    },
    document: () => document,
    isElected: () => state.isElected,
    peer: () => peer,
  });
  return { door, state, log, opened, timeline };
}

describe('the companion door', () => {
  it('[CP1] is hosted by the clock master, under one name whoever that is', () => {
    const { door, state, log, opened, timeline } = sit();
    door.open({ mayControl: false });
    expect(opened).toHaveLength(1);
    state.isElected = false;
    timeline.run(600);
    expect(log).toEqual(['closed']);
    state.isElected = true;
    timeline.run(1200);
    expect(opened[1]).toEqual(opened[0]);
  });

  it('[CP2] obeys only where control was given, and opens again under other credentials', () => {
    const { door, state, log, opened } = sit();
    door.open({ mayControl: false });
    expect(state.ask({ type: 'play' })).toContain('look only');
    door.open({ mayControl: true });
    expect(state.ask({ type: 'play' })).toBeUndefined();
    expect(log).toEqual(['play']);
    expect(state.ask({ type: 'nonsense' })).toContain('no request');
    door.close();
    door.open({ mayControl: true });
    expect(opened[1]?.room).not.toBe(opened[0]?.room);
    expect(opened[1]?.password).not.toBe(opened[0]?.password);
  });
});
