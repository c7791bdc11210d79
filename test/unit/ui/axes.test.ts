import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Flicks, PeerId } from '../../../src/base.ts';
import { edit } from '../../../src/crdt/edit.ts';
import { read } from '../../../src/crdt/read.ts';
import { ROOT } from '../../../src/crdt/score.ts';
import type { PeerView } from '../../../src/peer-api.ts';
import { axesOf, choosing, shareAt } from '../../../src/ui/axes/axes.ts';
import { castOf, castText } from '../../../src/ui/axes/cast.ts';
import { lotOf, titleOf } from '../../../src/ui/axes/kinds.ts';
import { objectAt, remarksOn } from '../../../src/ui/axes/hover.ts';
import { groupsOf, noteOf } from '../../../src/ui/axes/lot.ts';
import { axisName, choiceText, meaningOf, sourceText, verbOf } from '../../../src/ui/axes/words.ts';
import { rivalText } from '../../../src/ui/network/rights-words.ts';
import { topologyRows, withRight } from '../../../src/ui/network/topology-rows.ts';
import { shareMarks } from '../../../src/ui/timeline/draw/axes.ts';
import { createDraw } from '../../sim/random.ts';

/** Verse holds a scenario with A, then a trigger, then B; Coda stands beside it. */
function scene() {
  const doc = new Y.Doc();
  const draw = createDraw(1);
  const run = (command: unknown): readonly string[] => {
    const outcome = edit(doc, command, draw, 'test');
    if ('issue' in outcome) throw new Error(outcome.issue.message);
    return outcome.created;
  };
  run({ type: 'createGroup', id: 'left', name: 'Left' });
  run({ type: 'createInterval', id: 'verse', at: 0, duration: 60_000, name: 'Verse' });
  run({ type: 'createInterval', id: 'coda', at: 0, duration: 1000, name: 'Coda' });
  const [nested = ''] = run({ type: 'createProcess', interval: 'verse', process: { type: 'scenario' } });
  run({ type: 'createProcess', id: 'lfo', interval: 'coda', process: { type: 'lfo', name: 'Shake' } });
  run({ type: 'createInterval', id: 'a', scenario: nested, at: 0, duration: 1000, name: 'A' });
  const end = read(doc).intervals.get('a')!.end;
  const event = read(doc).states.get(end)!.event;
  const { sync } = read(doc).events.get(event)!;
  run({ type: 'setTrigger', id: sync, expression: '' });
  const view = (ids: readonly string[], axis: string) => axesOf(read(doc), ids).find((each) => each.axis === axis);
  const axes = (id: string): string[] => axesOf(read(doc), [id]).map(({ axis }) => axis);
  return { doc, run, nested, sync, event, state: end, view, axes, score: () => read(doc) };
}

describe('[UI81] axes of what is selected', () => {
  it('are those that say something of its kind, or of what lies in it', () => {
    const { axes, nested, sync, event, state, run, score } = scene();
    expect(axes('verse')).toEqual(['group', 'share', 'order', 'date', 'consensus']);
    expect(axes(nested)).toEqual(axes('verse'));
    expect([axes('coda'), axes('lfo'), axes(event), axes(state)]).toEqual([['group'], ['group'], ['group'], ['group']]);
    expect(axes(sync)).toEqual(['group', 'order', 'date', 'consensus']);
    run({ type: 'setTrigger', id: ROOT.startSync, expression: '' });
    expect(axes(ROOT.startSync)).toEqual(['group', 'date', 'consensus']);
    const [track = ''] = run({ type: 'createTrack', track: { name: 'Lead' } });
    expect([axes(track), axesOf(score(), ['nothing'])]).toEqual([['group'], []]);
  });

  it('show what is inherited, from whom, and what is said here', () => {
    const { run, nested, sync, view, score } = scene();
    expect(view([sync], 'date')).toMatchObject({ own: '', value: 'immediate', inherited: 'immediate', from: null });
    run({ type: 'setPolicies', id: nested, policies: { date: 'compensated', group: 'left' } });
    const inherited = view([sync], 'date')!;
    expect(inherited).toMatchObject({ own: '', value: 'compensated', from: nested });
    expect(sourceText(score(), inherited)).toBe('from scenario in “Verse”');
    run({ type: 'setPolicies', id: sync, policies: { date: 'immediate' } });
    expect(view([sync], 'date')).toMatchObject({ own: 'immediate', value: 'immediate', inherited: 'compensated', from: nested });
    expect(view([sync], 'group')).toMatchObject({ own: '', value: 'left' });
    run({ type: 'delete', ids: ['left'] });
    expect(view([nested], 'group')).toMatchObject({ own: '', value: 'all', from: null });
  });

  it('of many: what differs says so, and one choice is one step for all', () => {
    const { run, sync, view, score } = scene();
    run({ type: 'setPolicies', id: 'coda', policies: { group: 'left' } });
    const mixed = view(['coda', 'lfo', sync], 'group')!;
    expect(mixed).toMatchObject({ own: undefined, value: undefined, targets: ['coda', 'lfo', sync] });
    expect(meaningOf(score(), mixed)).toBe('They differ. A choice makes them alike.');
    expect(view(['coda', sync], 'consensus')).toMatchObject({ targets: [sync], value: 'first' });
    run(choosing(mixed, 'all'));
    expect(['coda', 'lfo', sync].map((id) => view([id], 'group')?.own)).toEqual(['all', 'all', 'all']);
    run(choosing(view(['coda', 'lfo', sync], 'group')!, null));
    expect(['coda', 'lfo', sync].map((id) => view([id], 'group')?.own)).toEqual(['', '', '']);
  });

  it('a state goes with its event, and what says nothing where it stands is shown as idle, to be taken away', () => {
    const { run, event, state, sync, nested, view, score } = scene();
    expect(view([state], 'group')).toMatchObject({ targets: [event] });
    run(choosing(view([state], 'group')!, 'left'));
    expect(score().events.get(event)?.policies.group).toBe('left');
    run({ type: 'setPolicies', id: sync, policies: { consensus: 'all' } });
    expect(view([sync], 'consensus')?.isIdle).toBe(false);
    run({ type: 'setPolicies', id: nested, policies: { share: 'free' } });
    expect(view([sync], 'consensus')?.isIdle).toBe(true);
    expect(view([sync], 'date')).toBeUndefined();
    expect(noteOf(score(), [sync])).toMatch(/each who plays that fires it for itself/);
    expect([shareAt(score(), nested), shareAt(score(), ROOT.scenario)]).toEqual(['free', 'shared']);
  });

  it('each value has a sentence, and the fields speak of all kinds', () => {
    const { run, sync, nested, view, score } = scene();
    for (const [axis, values] of Object.entries({
      share: ['shared', 'mixed', 'free'],
      order: ['async', 'sync'],
      date: ['immediate', 'compensated'],
      consensus: ['first', 'majority', 'all'],
    }))
      for (const value of values) {
        run({ type: 'setPolicies', id: 'verse', policies: { [axis]: value } });
        const shown = view(['verse'], axis)!;
        expect(meaningOf(score(), shown).length).toBeGreaterThan(20);
        expect(choiceText(score(), shown.axis, value)).toContain(value);
      }
    expect(meaningOf(score(), view([sync], 'group') ?? view([nested], 'group')!)).toBe('All play what lies in it.');
    run({ type: 'setPolicies', id: 'verse', policies: { share: 'shared' } });
    expect(meaningOf(score(), view([sync], 'group')!)).toBe('All may fire it.');
    expect([titleOf(score(), 'lfo'), titleOf(score(), ROOT.interval), lotOf(score(), ['verse', 'coda', sync])]).toEqual([
      'lfo “Shake”',
      'the score',
      '2 intervals, 1 trigger',
    ]);
  });
});

it('[UI122] the group of a pit is of those who get what comes of it, and is called so', () => {
  const { run, score, view } = scene();
  const told = ['pit', 'midiPit', 'audioPit', 'videoPit'].map((type) => {
    run({ type: 'createProcess', id: type, interval: 'coda', process: { type, name: type } });
    const shown = view([type], 'group')!;
    return [axisName(score(), shown), meaningOf(score(), shown), verbOf(score(), [type])];
  });
  expect(told).toEqual([
    ['Group', 'All combine what everybody puts in, and send it.', 'Combined by'],
    ['Group', 'All sound what everybody plays into it.', 'Sounded by'],
    ['Heard by', 'All hear it.', 'Heard by'],
    ['Seen by', 'All see it.', 'Seen by'],
  ]);
  expect([verbOf(score(), ['pit', 'lfo']), axisName(score(), view(['audioPit', 'videoPit'], 'group')!)]).toEqual(['Run by', 'Group']);
});

const person = (id: string, name: string, isSelf = false) => ({ id: id as PeerId, name, hue: 1, isSelf }) as unknown as PeerView;
const people = [person('me', 'Ada', true), person('b', 'Béla')];
const groups = {
  members: (group: string) => (group === 'all' ? ['me', 'b'] : group === 'light' ? ['b', 'me'] : []) as PeerId[],
  standIns: () => [{ peer: 'b' as PeerId, group: 'light', of: 'c' as PeerId }],
  absent: () => [{ id: 'c' as PeerId, name: 'Clara', hue: 2 }],
  of: (id: string) => (id === 'c' ? ['all', 'light', 'sound'] : id === 'b' ? ['all', 'light'] : ['all', 'light']),
};

const everything = { view: true, edit: true, control: true };
const rights = { of: () => everything };

describe('[UI82] who runs it now', () => {
  it('who may not control is marked: what is fired and voted is not theirs', () => {
    const watching = { of: (id: string) => ({ ...everything, control: id !== 'b' }) };
    expect(castText(castOf({ groups, rights: watching }, people, 'light'))).toBe('you and Béla (for Clara, without control)');
    expect(castText(castOf({ groups, rights: watching }, people, 'all'))).toBe('you and Béla (without control)');
  });

  it('by name, self first, with whom one stands in for, and who is away', () => {
    expect(castText(castOf({ groups, rights }, people, 'light'))).toBe('you and Béla (for Clara)');
    expect(castOf({ groups, rights }, people, 'light')).toMatchObject({ away: ['Clara'], isMine: true });
    expect(castText(castOf({ groups, rights }, people, 'sound'))).toBe('nobody here; Clara is away');
    const many = Array.from({ length: 7 }, (_, i) => person(`p${i}`, `P${i}`));
    const crowd = castOf({ groups: { ...groups, members: () => many.map(({ id }) => id), standIns: () => [] }, rights }, many, 'all');
    expect(castText(crowd)).toBe('P0, P1, P2 and 4 others');
  });

  it('in a free scenario a trigger is fired by who plays the scenario', () => {
    const { run, nested, sync, score } = scene();
    run({ type: 'setPolicies', id: sync, policies: { group: 'left' } });
    expect(groupsOf(score(), [sync, 'verse'])).toEqual(['left', 'all']);
    run({ type: 'setPolicies', id: nested, policies: { share: 'free' } });
    expect(groupsOf(score(), [sync, 'verse'])).toEqual(['all']);
  });
});

it('[UI80] a line for each person, here or away; rights are of a device, said once', () => {
  const tabs = [person('me', 'Ada', true), person('b.1', 'Béla'), person('b.2', 'Béla')];
  const rows = topologyRows({ ...groups, standIns: () => [] }, tabs, { of: () => everything, owner: 'b' as PeerId });
  expect(rows.map(({ name, isOwner, isAway, rights }) => [name, isOwner, isAway, rights !== undefined])).toEqual([
    ['Ada', false, false, true],
    ['Béla', true, false, true],
    ['Béla', true, false, false],
    ['Clara', false, true, true],
  ]);
  expect(rows.find(({ isAway }) => isAway)?.isToTake).toBe(true);
  expect(withRight({ view: false, edit: false, control: false }, 'edit', true)).toEqual({ view: true, edit: true, control: false });
  expect(withRight(everything, 'view', false)).toEqual({ view: false, edit: false, control: false });
});

describe('[UI84] on the timeline', () => {
  it('a mark stands where a scenario has another time than what is around it', () => {
    const { run, nested, score } = scene();
    expect([...shareMarks(score())]).toEqual([]);
    run({ type: 'setPolicies', id: nested, policies: { share: 'mixed' } });
    expect([...shareMarks(score())]).toEqual([['verse', 'mixed']]);
    run({ type: 'setPolicies', id: ROOT.scenario, policies: { share: 'mixed' } });
    expect([...shareMarks(score())]).toEqual([[ROOT.interval, 'mixed']]);
    run({ type: 'setPolicies', id: nested, policies: { share: 'shared' } });
    expect(shareMarks(score()).get('verse')).toBe('shared');
    run({ type: 'setPolicies', id: ROOT.interval, policies: { share: 'free' } });
    run({ type: 'setPolicies', id: ROOT.scenario, policies: { share: null } });
    expect([...shareMarks(score())]).toEqual([[ROOT.interval, 'free']]);
  });

  it('what a hand rests on says what of its axes is not as usual, with that of a scenario in it', () => {
    const { run, nested, sync, score } = scene();
    run({ type: 'setPolicies', id: nested, policies: { share: 'mixed' } });
    run({ type: 'setPolicies', id: sync, policies: { consensus: 'all', order: 'sync' } });
    expect(remarksOn(score(), 'coda')).toEqual([]);
    expect(remarksOn(score(), 'verse').map(([name]) => name)).toEqual(['Share']);
    expect(remarksOn(score(), sync).map(([name]) => name)).toEqual(['Order', 'Consensus']);
    expect(remarksOn(score(), sync)[0]?.[1]).toContain('2.0 s');
    expect(noteOf(score(), ['verse'])).toBe('The scenario in it has a word of its own: share.');
    expect(objectAt(score(), { type: 'trigger', sync })).toBe(sync);
    const ground = (scenario: string) => objectAt(score(), { type: 'empty', scenario, at: 0 as Flicks, lane: 0 });
    expect([ground(nested), ground(ROOT.scenario)]).toEqual([nested, undefined]);
  });
});

it('[UI86] who takes whom for the owner, in a sentence', () => {
  expect(rivalText('Cleo', ['Ann'], 'Ben')).toBe('Ann takes Cleo for the owner of this room; here it is Ben. It was given away twice.');
  expect(rivalText('Cleo', ['Ann', 'Dora'], 'Ben')).toContain('Ann and Dora take Cleo');
});
