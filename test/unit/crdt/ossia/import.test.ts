import { describe, expect, it } from 'vitest';
import { flicks } from '../../../../src/base.ts';
import { ROOT } from '../../../../src/crdt/score.ts';
import { NAMES, opened, textOf } from './fixtures.ts';

describe('published scores', () => {
  it.each(NAMES)('[OS1] %s opens, and nothing in it had to be mended', (name) => {
    const { score, report } = opened(textOf(name), name);
    expect(score.issues).toEqual([]);
    expect(report.lines.filter(({ level }) => level === 'mended')).toEqual([]);
    expect(score.title).toBe(name);
  });

  it('[OS2] have branches with conditions, triggers, a loop by transitions, as their pictures show', () => {
    const { score } = opened(textOf('p4-interactive-installation__p4-solution.score'));
    const transitions = [...score.intervals.values()].filter(({ isTransition }) => isTransition);
    expect(transitions).toHaveLength(2);
    expect(
      [...score.events.values()]
        .map(({ condition }) => condition)
        .filter(Boolean)
        .sort(),
    ).toEqual(['{ lesson:/level <= 0.5 }', '{ lesson:/level > 0.5 }']);
    const trigger = [...score.syncs.values()].find(({ id, trigger: text }) => id !== ROOT.endSync && text !== undefined)!;
    expect([trigger.trigger, trigger.date]).toEqual(['', flicks(4000)]);
    expect(score.syncs.get(ROOT.endSync)?.trigger).toBe('');
    expect(score.intervals.get(ROOT.interval)!.max).toBe(Infinity);
    expect(score.devices.get('device1')!.parameters.get('/level')).toMatchObject({ type: 'number', min: 0, max: 1 });
  });

  it('[OS2] have curves of powers beyond the end of their interval, and cables between processes', () => {
    const first = opened(textOf('00-what-score-is__lesson-00.score')).score;
    const curve = [...first.processes.values()].find((process) => process.type === 'automation' && process.address === 'lesson:/level')!;
    // No trigger there, none here.
    expect(first.syncs.get(ROOT.endSync)).not.toHaveProperty('trigger');
    expect(curve).toMatchObject({ address: 'lesson:/level', min: 0, max: 1 });
    expect(curve.type === 'automation' && curve.points.map(({ x, y, curve: bend }) => [x, y, bend])).toEqual([
      [0, 0, 1.6],
      [1.0119, 1, 1],
    ]);
    const bench = opened(textOf('p3-mapping-bench__p3-bench.score')).score;
    expect(bench.processes.get('root.p1')).toMatchObject({ type: 'lfo', frequency: 1, amplitude: 0.5, offset: 0.5, waveform: 'sine' });
    expect(bench.processes.get('root.p2')).toMatchObject({ type: 'filter', a: 0, b: 1 });
    expect([...bench.cables.values()].map(({ from, to }) => `${from.process} ${from.port} → ${to.process} ${to.port}`)).toContain(
      'root.p2 out → root.p4 in',
    );
  });
});
