import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { LocalTime } from '../../../src/base.ts';
import type { Command } from '../../../src/crdt/command.ts';
import { isControl } from '../../../src/crdt/controls.ts';
import { createDesk } from '../../../src/crdt/desk.ts';
import type { Desk } from '../../../src/crdt/desk.ts';
import { createDocument, seed } from '../../../src/crdt/doc.ts';
import { createDraw } from '../../sim/random.ts';

function room(count = 2) {
  const time = { now: 0 };
  const first = createDocument(createDraw(99));
  seed(first, createDraw(98));
  const desks = Array.from({ length: count }, (_, i) => {
    const random = createDraw(i + 1);
    const doc = createDocument(random);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(first));
    return createDesk(random, doc, { now: () => time.now as LocalTime });
  });
  const merge = (): void => {
    for (const from of desks) for (const to of desks) Y.applyUpdate(to.shared, Y.encodeStateAsUpdate(from.shared), 'remote');
  };
  return { one: desks[0]!, two: desks[1]!, desks, merge, time };
}
const done = (desk: Desk, ...commands: readonly Command[]): void => {
  for (const command of commands) expect(desk.edit(command)).toHaveProperty('created');
};
const interval = (id: string, at: number): Command => ({ type: 'createInterval', id, at, duration: 1000, name: id });
const rename = (id: string, name: string): Command => ({ type: 'set', id, fields: { name } });
const nameOf = (desk: Desk, id: string): string | undefined => desk.read().intervals.get(id)?.name;
const states = (desk: Desk): Record<string, string> => Object.fromEntries(desk.own().map(({ id, state }) => [id, state]));
const automation: Command = { type: 'createProcess', id: 'p', interval: 'a', process: { type: 'automation', address: 'sound:/lead/pan' } };

describe('what one changed alone', () => {
  it('[ED14] stays over what the others write there, and follows them everywhere else', () => {
    const { one, two, merge } = room();
    done(one, interval('a', 100));
    merge();
    one.setSending('none');
    done(one, rename('a', 'mine'));
    for (const name of ['theirs', 'again', 'and again']) {
      done(two, rename('a', name), { type: 'set', id: 'a', fields: { lane: name.length } });
      merge();
      expect(one.read().intervals.get('a')).toMatchObject({ name: 'mine', lane: name.length });
    }
    one.drop();
    expect(nameOf(one, 'a')).toBe('and again');
    done(two, rename('a', 'later'));
    merge();
    expect(nameOf(one, 'a')).toBe('later');
    expect(one.own()).toEqual([]);
  });

  it('[ED14] is not one’s own any more once all have it', () => {
    const { one, two, merge } = room();
    done(one, interval('a', 100));
    merge();
    one.setSending('none');
    done(one, rename('a', 'same'));
    done(two, rename('a', 'same'));
    merge();
    expect(one.own()).toEqual([]);
    done(two, rename('a', 'other'));
    merge();
    expect(nameOf(one, 'a')).toBe('other');
  });

  it('[ED14] in a text is merged with what the others type', () => {
    const { one, two, merge } = room();
    done(one, { type: 'createComment', id: 'c', text: 'middle', at: 0 });
    merge();
    one.setSending('none');
    done(one, { type: 'set', id: 'c', fields: { text: 'middle end' } });
    done(two, { type: 'set', id: 'c', fields: { text: 'begin middle' } });
    merge();
    expect(one.read().comments.get('c')?.text).toBe('begin middle end');
    one.setSending('all');
    merge();
    expect(two.read().comments.get('c')?.text).toBe('begin middle end');
  });

  it('[ED20] is listed by what became of it', () => {
    const { one, two, merge } = room();
    done(one, interval('a', 100), automation, interval('b', 5000), interval('c', 9000));
    merge();
    one.setSending('none');
    done(one, rename('b', 'mine'), { type: 'setPoint', process: 'p', id: 'x', x: 0.5, y: 0.5 }, interval('d', 12_000));
    done(one, { type: 'delete', ids: ['c'] }, { type: 'setTitle', title: 'mine' });
    expect(states(one)).toMatchObject({ b: 'changed', p: 'changed', c: 'gone', d: 'made', score: 'changed' });
    done(two, { type: 'delete', ids: ['a'] });
    merge();
    expect(states(one)).toMatchObject({ p: 'orphaned', a: 'orphaned', b: 'changed' });
    expect(one.read().processes.get('p')).toMatchObject({ interval: 'a', points: [{ x: 0.5 }] });
    expect(two.read().processes.has('p')).toBe(false);
  });

  it('[ED20] orphaned can be given back to all, or dropped with what it stood on', () => {
    for (const isPublished of [true, false]) {
      const { one, two, merge } = room();
      done(one, interval('a', 100), automation);
      merge();
      one.setSending('none');
      done(one, { type: 'setPoint', process: 'p', id: 'x', x: 0.5, y: 0.5 });
      done(two, { type: 'delete', ids: ['a'] });
      merge();
      if (isPublished) one.publish(['p']);
      else one.drop(['p']);
      merge();
      expect(two.read().processes.get('p')?.interval).toBe(isPublished ? 'a' : undefined);
      expect(two.read().intervals.has('a')).toBe(isPublished);
      expect(one.read().intervals.has('a')).toBe(isPublished);
      expect(one.own()).toEqual([]);
    }
  });

  it('[ED20] deleted and restored by someone else, is changed as before', () => {
    const { one, two, merge } = room();
    done(one, interval('a', 100));
    merge();
    one.setSending('none');
    done(one, rename('a', 'mine'));
    done(two, { type: 'delete', ids: ['a'] });
    merge();
    expect(states(one)['a']).toBe('orphaned');
    two.undo();
    merge();
    expect(states(one)).toEqual({ a: 'changed' });
    expect(nameOf(one, 'a')).toBe('mine');
    expect(nameOf(two, 'a')).toBe('a');
  });

  it('[ED21] is published object by object, each with what it needs', () => {
    const { one, two, merge } = room();
    done(one, interval('a', 100));
    merge();
    one.setSending('none');
    done(one, rename('a', 'mine'), interval('b', 5000), {
      type: 'createProcess',
      id: 'q',
      interval: 'b',
      process: { type: 'text', text: 'x' },
    });
    one.publish(['q']);
    merge();
    expect(two.read().processes.get('q')?.interval).toBe('b');
    const [there, here] = [two, one].map((desk) => desk.read().syncs.get(startSync(desk, 'b'))?.date);
    expect(there).toBe(here);
    expect(two.read().issues).toEqual([]);
    expect(states(one)).toEqual({ a: 'changed' });
    expect(nameOf(two, 'a')).toBe('a');
    one.publish(['a']);
    merge();
    expect(nameOf(two, 'a')).toBe('mine');
    expect(one.own()).toEqual([]);
  });

  it('[ED21] dropped object by object, leaves the rest', () => {
    const { one, two, merge } = room();
    done(one, interval('a', 100), interval('z', 3000));
    merge();
    one.setSending('none');
    done(one, rename('a', 'mine'), interval('b', 5000), { type: 'delete', ids: ['z'] });
    one.drop(['b']);
    expect(one.read().intervals.has('b')).toBe(false);
    expect(one.read().intervals.has('z')).toBe(false);
    one.drop(['z']);
    expect(one.read().intervals.has('z')).toBe(true);
    expect(states(one)).toEqual({ a: 'changed' });
    merge();
    expect(two.read().intervals.size).toBe(one.read().intervals.size);
  });

  it('[ED14] outlives a reload with what the others deleted meanwhile', () => {
    const { one, two } = room();
    done(one, interval('a', 100), interval('b', 5000));
    let fork: Y.Doc | undefined;
    one.onFork((next) => (fork = next));
    one.setSending('edits');
    done(one, { type: 'set', id: 'a', fields: { isMuted: true } });
    const kept = new Y.Doc();
    Y.applyUpdate(kept, Y.encodeStateAsUpdate(fork!));
    two.replaceDocument(new Y.Doc());
    Y.applyUpdate(two.shared, Y.encodeStateAsUpdate(one.shared));
    done(two, rename('b', 'went on'));
    expect(two.resume(kept)).toBe(true);
    expect([two.sending, two.read().intervals.get('a')?.isMuted, nameOf(two, 'b')]).toEqual(['edits', true, 'went on']);
    expect(states(two)).toEqual({ a: 'changed' });
  });
});

const startSync = (desk: Desk, id: string): string => {
  const score = desk.read();
  return score.events.get(score.states.get(score.intervals.get(id)!.start)!.event)!.sync;
};

describe('everything but control changes', () => {
  it('[ED19] says of each command whether it is one', () => {
    const { one } = room();
    done(one, interval('a', 100), automation, { type: 'createTrack', id: 't', track: {} });
    done(one, { type: 'createProcess', id: 's', interval: 'a', process: { type: 'shader' } });
    done(one, { type: 'setInput', process: 's', name: 'level', value: 1 });
    const rows: readonly (readonly [Command, boolean])[] = [
      [{ type: 'nudge', id: 't', field: 'volume', by: 1 }, true],
      [{ type: 'setTempo', tempo: 90 }, true],
      [{ type: 'set', id: 't', fields: { pan: 0.5, isMuted: true } }, true],
      [{ type: 'set', id: 't', fields: { pan: 0.5, name: 'x' } }, false],
      [{ type: 'set', id: 'a', fields: { isMuted: true } }, true],
      [{ type: 'set', id: 'a', fields: { speed: 2 } }, false],
      [{ type: 'set', id: 'p', fields: { min: 0.5 } }, true],
      [{ type: 'set', id: 'p', fields: { address: 'a:/b' } }, false],
      [{ type: 'set', id: 'p', fields: {} }, false],
      [{ type: 'setInput', process: 's', name: 'level', value: 0 }, true],
      [{ type: 'setInput', process: 's', name: 'fresh', value: 0 }, false],
      [{ type: 'setPoint', process: 'p', x: 0, y: 0 }, false],
      [{ type: 'delete', ids: ['a'] }, false],
      [{ type: 'batch', commands: [{ type: 'setTempo', tempo: 90 }] }, true],
      [{ type: 'batch', commands: [{ type: 'setTempo', tempo: 90 }, rename('a', 'x')] }, false],
      [{ type: 'batch', commands: [] }, false],
    ];
    for (const [command, expected] of rows) expect([command, isControl(one.read(), command)]).toEqual([command, expected]);
    for (const odd of [undefined, 7, {}, { type: 'no' }]) expect(isControl(one.read(), odd)).toBe(false);
  });

  it('[ED19] keeps faders to oneself while the score goes on being everyone’s', () => {
    const { one, two, merge } = room();
    done(one, { type: 'createTrack', id: 't', track: {} });
    merge();
    one.setSending('edits');
    done(one, { type: 'set', id: 't', fields: { volume: -12 } }, { type: 'nudge', id: 't', field: 'volume', by: -1 }, interval('a', 100));
    merge();
    expect([one, two].map((desk) => desk.read().tracks.get('t')?.volume)).toEqual([-13, 0]);
    expect(two.read().intervals.has('a')).toBe(true);
    expect(states(one)).toEqual({ t: 'changed' });
    done(two, { type: 'set', id: 't', fields: { volume: -3 } });
    merge();
    expect(one.read().tracks.get('t')?.volume).toBe(-13);
  });

  it('[ED19] edits of what only one person has stay there, and what is sent lets nothing lie over it', () => {
    const { one, two, merge } = room();
    done(one, interval('a', 100));
    merge();
    one.setSending('none');
    done(one, interval('b', 5000), rename('a', 'mine'));
    one.setSending('edits');
    done(one, rename('b', 'B'), rename('a', 'sent'));
    expect(one.edit({ type: 'createInterval', id: 'b', duration: 10 })).toHaveProperty('issue');
    merge();
    expect([one, two].map((desk) => [nameOf(desk, 'a'), nameOf(desk, 'b')])).toEqual([
      ['sent', 'B'],
      ['sent', undefined],
    ]);
    expect(states(one)['a']).toBeUndefined();
  });
});

describe('undo of who is opted out', () => {
  it('[ED22] takes back the latest step, wherever it was done, and never what was sent before', () => {
    const { one, two, merge, time } = room();
    done(one, interval('a', 100), { type: 'createTrack', id: 't', track: {} });
    merge();
    one.setSending('edits');
    for (const command of [
      { type: 'set', id: 't', fields: { pan: 0.1 } },
      rename('a', 'sent'),
      { type: 'set', id: 't', fields: { pan: 0.2 } },
    ] as const) {
      time.now += 1000;
      done(one, command);
    }
    const seen = (): unknown => [one.read().tracks.get('t')?.pan, nameOf(one, 'a')];
    const steps: unknown[] = [];
    while (one.canUndo && steps.length < 9) steps.push((one.undo(), seen()));
    expect(steps).toEqual([
      [0.1, 'sent'],
      [0.1, 'a'],
      [0, 'a'],
    ]);
    const again: unknown[] = [];
    while (one.canRedo && again.length < 9) again.push((one.redo(), seen()));
    expect(again).toEqual([
      [0.1, 'a'],
      [0.1, 'sent'],
      [0.2, 'sent'],
    ]);
    merge();
    expect([nameOf(two, 'a'), two.read().tracks.get('t')?.pan]).toEqual(['sent', 0]);
  });

  it('[ED22] brings back what was dropped, and takes back for all what was published', () => {
    const { one, two, merge } = room();
    done(one, interval('a', 100));
    merge();
    one.setSending('none');
    done(one, rename('a', 'mine'), interval('b', 5000));
    one.drop();
    expect(one.own()).toEqual([]);
    one.undo();
    expect([nameOf(one, 'a'), nameOf(one, 'b')]).toEqual(['mine', 'b']);
    one.publish();
    merge();
    expect(nameOf(two, 'b')).toBe('b');
    one.undo();
    merge();
    expect([nameOf(two, 'a'), nameOf(two, 'b'), one.canUndo]).toEqual(['a', undefined, false]);
    expect(one.own()).toEqual([]);
  });

  it('[ED22] leaves what came after, and says when nothing of the step is left', () => {
    const { one, two, merge } = room();
    const notices: string[] = [];
    one.onNotice(({ message }) => notices.push(message));
    done(one, interval('a', 100));
    merge();
    one.setSending('none');
    done(one, rename('a', 'mine'));
    done(two, { type: 'set', id: 'a', fields: { lane: 4 } });
    merge();
    one.undo();
    expect(one.read().intervals.get('a')).toMatchObject({ name: 'a', lane: 4 });
    one.redo();
    expect([nameOf(one, 'a'), notices]).toEqual(['mine', []]);
    done(two, rename('a', 'mine'));
    merge();
    one.undo();
    expect([nameOf(one, 'a'), notices.length]).toEqual(['mine', 1]);
  });
});
