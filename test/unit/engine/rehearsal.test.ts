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
