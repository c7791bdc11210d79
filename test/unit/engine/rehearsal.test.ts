import { describe, expect, it } from 'vitest';
import { flicks } from '../../../src/base.ts';
import { importScore } from '../../../src/crdt/ossia/import.ts';
import { ROOT } from '../../../src/crdt/score.ts';
import type { Score } from '../../../src/crdt/score.ts';
import { rehearse } from '../../../src/engine/rehearsal.ts';
import { printRehearsal } from '../../../src/rehearsal-print.ts';
import { scoreOf, stateOf } from './scores.ts';
import { structureOf } from './structures.ts';
import { document, interval, scenario, state, text } from '../crdt/ossia/write.ts';

const message = (value: unknown): object => ({ Name: '', Children: [{ Name: 'osc', Children: [{ Name: 'a', User: value }] }] });
/** A second, and back to its start without end, where a value is sent. */
function endless(value: unknown): Score {
  const back = interval(1, 2, 3, { Graphal: true, DefaultDuration: 0, MinDuration: 0, MaxDuration: 0 });
  const made = scenario(2, [interval(0, 0, 1), back], {
    Events: [
      { id: 0, TimeNode: 0, States: [0, 3] },
      { id: 1, TimeNode: 1, States: [1, 2] },
    ],
    States: [state(0, { Messages: message(value) }), state(1), state(2, { Event: 1 }), state(3, { Event: 0 })],
  });
  const result = importScore(text(document([made], {}, { DefaultDuration: 7_056_000_000, Rigidity: false, MaxInf: true })));
  if ('issue' in result) throw new Error(result.issue.message);
  return result.score;
}

describe('a rehearsal of what has no end', () => {
  const score = endless({ Float: 0.5 });

  it('[OS9] stops when its time is over', () => {
    const { stopped, ms, sent } = rehearse(score, { msMax: 4500 });
    expect([stopped, ms, sent.map(({ at }) => at)]).toEqual(['time', 4500, [0, 1000, 2000, 3000, 4000]]);
  });

  it('[OS9] stops when there are more values than are kept, or when nobody waits any more, and says which', () => {
    const full = rehearse(score, { valuesMax: 3 });
    expect([full.stopped, full.sent.length]).toEqual(['values', 3]);
    expect(printRehearsal(full, score)).toMatch(/more values than can be listed, after 00:01[.]9\d\d: 3 values, 0 triggers pressed[.]$/);
    let turns = 0;
    const left = rehearse(score, { isWaiting: () => ++turns < 100 });
    expect(left.stopped).toBe('patience');
    expect(printRehearsal(left, score)).toMatch(/takes too long to work out, after 00:02[.]4\d\d: 3 values/);
  });

  it('[OS9] prints of long lists and texts the beginning', () => {
    const long = endless({ Tuple: [{ String: 'x'.repeat(1000) }, ...Array.from({ length: 60 }, (_, i) => ({ Int: i }))] });
    const lines = printRehearsal(rehearse(long, { msMax: 500 }), long).split('\n');
    expect(lines[0]).toMatch(/^00:00[.]000 {2}osc:\/a \["xxx.*…$/);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(250);
  });
});

it('[OS9] [PF7] a score that would wait for ever behind its last interval is stopped there, and says what its end says', () => {
  const states = [stateOf(ROOT.endEvent, ['osc:/last', 1])];
  const score = scoreOf(structureOf({ lines: [['a', 's', 'x', { length: flicks(300) }]] }), { states });
  const { stopped, sent } = rehearse(score);
  expect([stopped, sent.map(({ address }) => address)]).toEqual(['end', ['osc:/last']]);
});

describe('what a rehearsal writes down', () => {
  const open = (file: Readonly<Record<string, unknown>>): Score => {
    const result = importScore(text(file));
    if ('issue' in result) throw new Error(result.issue.message);
    return result.score;
  };
  const parameter = (Name: string, more: object): object => ({
    Address: { Name, ioType: '<->', ClipMode: 'Free', Value: { Float: 0 }, ...more },
  });
  const device = (...Children: readonly object[]): object => ({
    uuid: '6e610e1f-9de2-4c36-90dd-0ef570002a21',
    RootNode: {},
    Children: [{ Device: { Name: 'd', Protocol: '' }, Children }],
  });
  const told = (messages: readonly (readonly [name: string, value: object])[], ...parameters: readonly object[]): readonly unknown[] => {
    const Messages = { Name: '', Children: [{ Name: 'd', Children: messages.map(([Name, User]) => ({ Name, User })) }] };
    const made = scenario(2, [interval(0, 0, 1)], { States: [state(0, { Messages }), state(1)] });
    return rehearse(open({ ...document([made]), Plugins: [device(...parameters)] })).sent.map(({ address, value }) => [address, value]);
  };

  it('[OS9] is what a parameter gets: in its range, of its type, and only where it may be set', () => {
    const Domain = { Float: { Min: 0, Max: 1 } };
    const sent = told(
      [
        ['clip', { Float: 5 }],
        ['wrap', { Float: 1.25 }],
        ['int', { Float: 2.75 }],
        ['get', { Float: 1 }],
        ['undeclared', { Float: 7 }],
      ],
      parameter('clip', { ClipMode: 'Clip', Domain }),
      parameter('wrap', { ClipMode: 'Wrap', Domain }),
      parameter('int', { Value: { Int: 0 } }),
      parameter('get', { ioType: '<-' }),
    );
    expect(sent).toEqual([
      ['d:/clip', 1],
      ['d:/wrap', 0.25],
      ['d:/int', 2],
      ['d:/undeclared', 7],
    ]);
  });

  it('[OS9] is of a pattern each parameter that it means', () => {
    expect(told([['a*', { Float: 3 }]], parameter('a1', {}), parameter('b', {}), parameter('a2', {}))).toEqual([
      ['d:/a1', 3],
      ['d:/a2', 3],
    ]);
  });

  /** A trigger after a second at the least, which asks for something; a message to it comes 50 ms later. */
  const asking = (Expression: string): Score => {
    const Messages = { Name: '', Children: [{ Name: 'd', Children: [{ Name: 'a', User: { Float: 1 } }] }] };
    const second = 705_600_000;
    const endless = { DefaultDuration: 10 * second, Rigidity: false, MaxInf: true };
    const flexible = { DefaultDuration: second, Rigidity: false, MinDuration: second, MaxInf: true };
    const lasting = { DefaultDuration: 1.05 * second, MinDuration: 1.05 * second, MaxDuration: 1.05 * second };
    const made = scenario(3, [interval(0, 0, 1, flexible), interval(1, 3, 2, lasting)], {
      TimeNodes: [
        { id: 0, Events: [0], MusicalSync: -1 },
        { id: 1, Events: [1], Active: true, Expression, MusicalSync: -1 },
        { id: 2, Events: [2], MusicalSync: -1 },
      ],
      Events: [
        { id: 0, TimeNode: 0, States: [0, 3] },
        { id: 1, TimeNode: 1, States: [1] },
        { id: 2, TimeNode: 2, States: [2] },
      ],
      States: [state(0), state(1), state(2, { Messages }), state(3, { Event: 0 })],
    });
    return open({ ...document([made], {}, endless), Plugins: [device(parameter('a', {}))] });
  };

  it('[OS9] tells a trigger that its own expression fired from one that was pressed', () => {
    const own = asking('{ %d:/a% < 0.5 }');
    expect(rehearse(own).pressed.map(({ isOwn }) => isOwn)).toEqual([true]);
    expect(printRehearsal(rehearse(own), own)).toMatch(/ {2}fired .*0 triggers pressed, 1 fired by what they ask for[.]$/s);
    const hand = asking('{ %d:/a% > 5 }');
    expect(rehearse(hand).pressed.map(({ isOwn }) => isOwn)).toEqual([false]);
    expect(printRehearsal(rehearse(hand), hand)).toMatch(/ {2}pressed .*1 triggers pressed[.]$/s);
  });

  it('[OS9] lets a message fire who waits for one, and ends when the score does', () => {
    const score = asking('{ %d:/a% impulse }');
    const { pressed, ms, sent, stopped } = rehearse(score);
    expect(pressed.map(({ isOwn, at }) => [isOwn, at > 1040 && at < 1100])).toEqual([[true, true]]);
    expect([stopped, ms, sent.map(({ at }) => at)]).toEqual(['end', 10_000, [1050]]);
  });
});
