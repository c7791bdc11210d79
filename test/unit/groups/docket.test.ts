import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../src/crdt/room.ts';
import { createDocket, type Docket, type Standing } from '../../../src/groups/docket.ts';

const written = (writer: number, id: string, at: number, run = 'r', type = 'fired'): LogEntry => ({ id, writer, fact: { type, run, at } });
const all = (docket: Docket, spent: readonly Standing[] = []): readonly string[] => {
  const found: string[] = [];
  for (let next = docket.next(0, new Set(spent)); next; next = docket.next(found.length, new Set(spent))) {
    found.push(next.id);
    docket.remove(next);
  }
  return found;
};

describe('what waits to be checked', () => {
  it('[TR6] comes writer by writer, plays and stops first, then the run that is on, oldest first', () => {
    const docket = createDocket();
    docket.setForemost('on');
    docket.add([written(1, 'late', 9, 'on'), written(1, 'old', 1), written(1, 'early', 5, 'on'), written(1, 'stop', 0, 'x', 'stop')]);
    docket.add([written(2, 'other', 7)]);
    expect(all(docket)).toEqual(['stop', 'other', 'early', 'late', 'old']);
    docket.add([written(1, 'a', 3), written(1, 'b', 2), written(1, 'c', 1, 'on')]);
    docket.setForemost('r');
    expect(all(docket)).toEqual(['b', 'a', 'c']);
  });

  it('[TR6] serves who wrote what is false last, but now and then, and no run waits for it', () => {
    const docket = createDocket();
    docket.add(Array.from({ length: 40 }, (_, i) => written(1, `false${i}`, i)));
    docket.add(Array.from({ length: 40 }, (_, i) => written(2, `true${i}`, i)));
    docket.judge(1, false);
    docket.judge(2, true);
    const order = all(docket);
    expect(order.slice(0, 40).filter((id) => id.startsWith('false'))).toHaveLength(2);
    expect(order).toHaveLength(80);
    docket.add([written(1, 'false', 1)]);
    expect(docket.isWhole('r')).toBe(true);
    docket.add([written(3, 'new', 1)]);
    expect(docket.isWhole('r')).toBe(false);
    // Once false, always doubtful.
    docket.judge(1, true);
    expect(all(docket, ['doubtful'])).toEqual(['new']);
    expect([docket.size(), docket.isWhole('r')]).toEqual([1, true]);
  });

  it('[TR6] is kept once by writer and id, the newest; another’s stays', () => {
    const docket = createDocket();
    for (let i = 0; i < 100; i++) docket.add([{ ...written(1, 'x', 1), fact: { type: 'fired', run: 'r', at: 1, i } }]);
    docket.add([written(2, 'x', 1)]);
    expect(docket.size()).toBe(2);
    expect(docket.next(0, new Set())?.entry).toMatchObject({ i: 99 });
  });

  it('[TR6] has an end: who wrote most loses first, a doubtful one before all', () => {
    const docket = createDocket(100);
    docket.add(Array.from({ length: 60 }, (_, i) => written(1, `a${i}`, i)));
    docket.add([written(2, 'b', 1)]);
    docket.add(Array.from({ length: 60 }, (_, i) => written(3, `c${i}`, i)));
    expect(docket.size()).toBeLessThanOrEqual(100);
    docket.judge(3, false);
    docket.add(Array.from({ length: 60 }, (_, i) => written(4, `d${i}`, i)));
    const order = all(docket);
    expect(order.length).toBeLessThanOrEqual(100);
    expect(order).toContain('b');
    expect(order.filter((id) => id.startsWith('d'))).toHaveLength(60);
    // Of one line the most urgent stay.
    expect(order).toContain('a0');
    expect([docket.size(), docket.isWhole('r')]).toEqual([0, true]);
  });
});
