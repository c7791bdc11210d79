import { expect, it } from 'vitest';
import { flicks } from '../../../../src/base.ts';
import { ROOT } from '../../../../src/crdt/score.ts';
import { layOut } from '../../../../src/ui/timeline/layout.ts';
import { HEAD_HEIGHT, laneAt, yOfLane } from '../../../../src/ui/timeline/places.ts';
import { createScoreBuilder, tide } from '../../../ui/timeline-score.ts';

const score = tide();
const layout = layOut(score);
const box = (id: string) => layout.boxOf.get(id)!;

it('[TL1] every interval has a bar, a dashed line or an arc', () => {
  const placed = layout.boxes.length + layout.gaps.length + layout.arcs.length;
  expect(placed).toBe(score.intervals.size - 1);
  expect(layout.gaps.map(({ id }) => id)).toEqual(['gap']);
  expect(layout.arcs.map(({ id }) => id)).toEqual(['again']);
});

it('[TL1] bars of one lane are aligned, and no bar covers another or its slots', () => {
  expect(box('dawn').y).toBe(box('swell').y);
  const siblings = layout.boxes.filter(({ scenario }) => scenario === ROOT.scenario);
  for (const a of siblings)
    for (const b of siblings) if (a !== b) expect(a.at < b.end && b.at < a.end && a.y < b.y + b.height && b.y < a.y + a.height).toBe(false);
});

it('[TL1] a nested scenario lies inside its interval, and is dated from its start', () => {
  expect(box('bow').at).toBe(box('swell').at);
  expect(box('release').at).toBe(flicks(21_000));
  for (const id of ['bow', 'tremolo', 'whisper']) {
    expect(box(id).y).toBeGreaterThanOrEqual(box('swell').y + HEAD_HEIGHT);
    expect(box(id).y + box(id).height).toBeLessThanOrEqual(box('swell').y + box('swell').height);
  }
});

it('[TL1] two intervals at one place, made at once by two people, stand one below the other', () => {
  const b = createScoreBuilder();
  for (const id of ['x', 'y']) {
    b.sync(ROOT.scenario, `${id}.end`, 2_000);
    b.interval(ROOT.scenario, id, ['start.s', `${id}.end.s`], [0, 2_000, 0], { name: id });
  }
  const { boxOf } = layOut(b.build());
  expect(boxOf.get('y')!.y).toBeGreaterThanOrEqual(boxOf.get('x')!.y + HEAD_HEIGHT);
});

it('[TL1] a sync reaches over everything that it joins', () => {
  const mark = layout.syncOf.get('a')!;
  expect(mark.top).toBeLessThan(box('swell').y);
  expect(mark.bottom).toBeGreaterThan(box('choir').y);
});

it('[TL1] lanes and heights are inverse, also below the last row', () => {
  const area = layout.areas.get(ROOT.scenario)!;
  for (const lane of [0, 1, 2, 3, 4, 9]) expect(laneAt(area, yOfLane(area, lane) + 1)).toBe(lane);
});

it('[TL1] a score of repaired garbage is laid out, too: dangling ends, a scenario that contains itself', () => {
  const b = createScoreBuilder();
  b.interval('nowhere', 'lost', ['?', '??'], [0, 1_000, -3], { name: 'Lost' });
  b.scenario('loop', 'inner');
  b.interval('inner', 'loop', ['inner.start.s', '?'], [0, 1_000, 1e9], { name: 'Loop' });
  expect(layOut(b.build()).boxes).toEqual([]);
});

it('[TL1] a transition between states that nothing else touches runs through a row of its own, above no slot', () => {
  const b = createScoreBuilder();
  b.sync(ROOT.scenario, 'x', 4_000);
  b.interval(ROOT.scenario, 'long', ['start.s', 'x.s'], [0, 4_000, 0], { name: 'Long' });
  b.automation('long', 'a:/b', [[0, 0]]);
  b.state(ROOT.scenario, 'x', 'x.low', { lane: 1 });
  b.state(ROOT.scenario, 'start', 'start.low', { lane: 1 });
  b.interval(ROOT.scenario, 'back', ['x.low', 'start.low'], [4_000, 0, 0], { isTransition: true });
  const { arcs, boxOf } = layOut(b.build());
  const { y, height } = boxOf.get('long')!;
  expect(arcs[0]!.peak).toBeGreaterThanOrEqual(y + height);
});
