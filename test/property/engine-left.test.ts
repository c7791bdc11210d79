import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MeshTime } from '../../src/base.ts';
import { ROOT } from '../../src/crdt/score.ts';
import type { Automation, Process, Score, State } from '../../src/crdt/score.ts';
import { chased } from '../../src/engine/chase.ts';
import { createEngine } from '../../src/engine/run.ts';
import type { Structure } from '../../src/engine/structure.ts';
import { hash } from '../../src/engine/structure-hash.ts';
import { createDraw } from '../sim/random.ts';
import type { Draw } from '../sim/random.ts';
import { scoreOf } from '../unit/engine/scores.ts';
import { straight, structure } from './engine-arbitraries.ts';
import { runs } from './runs.ts';

const ADDRESSES = ['a:/x', 'a:/y', 'process:p/gain'];

/** Curves and messages on few addresses, so that they follow each other there. */
function filled(skeleton: Structure, draw: Draw): Score {
  const processes: Process[] = [];
  const states: State[] = [];
  for (const [id, it] of Object.entries(skeleton.objects)) {
    if (it.kind === 'interval' && draw.chance(0.7)) {
      const points = draw.chance(0.9) ? [draw.next(), draw.next()].map((y, x) => ({ id: `${x}`, x: x * draw.next(), y, curve: 1 })) : [];
      const curve: Partial<Automation> = {
        type: 'automation',
        address: draw.pick(ADDRESSES),
        min: 0,
        max: 1,
        points,
        isTween: draw.chance(0.4),
      };
      processes.push({ ...curve, id: `c.${id}`, kind: 'process', interval: id, rank: 'a', name: '', policies: {} } as unknown as Process);
    }
    if (it.kind === 'event' && draw.chance(0.5)) {
      const value = draw.chance(0.2) ? { impulse: true as const } : draw.next();
      const messages = [{ id: 'm', rank: 'a', address: draw.pick(ADDRESSES), value }];
      states.push({
        kind: 'state',
        id: `t.${id}`,
        event: id,
        scenario: ROOT.scenario,
        name: '',
        policies: {},
        messages,
      } as unknown as State);
    }
  }
  const muted = Object.keys(skeleton.objects).filter((id) => skeleton.objects[id]?.kind === 'interval' && draw.chance(0.1));
  return scoreOf(skeleton, { processes, states, muted });
}

describe('what a jump leaves', () => {
  it('[PF5] at each address is the same looked up as told one after the other, in the same order', () => {
    let [looked, all, found] = [0, 0, 0];
    fc.assert(
      fc.property(structure, fc.integer(), fc.nat(40), fc.nat(30), (skeleton, seed, from, later) => {
        const draw = createDraw(seed);
        const { objects } = straight(skeleton);
        const score = filled({ objects }, draw);
        const engine = createEngine();
        engine.setStructure({ objects });
        const play = { type: 'play', run: 'r', at: 1000, by: 'a', from: from * 7_056_000, structure: hash({ objects }) };
        expect(engine.insert(play)).toBeDefined();
        const at = (1000 + later * 10) as MeshTime;
        const past = engine.past(at);
        const { running } = engine.advance(at);
        const isMine = (id: string): boolean => !id.endsWith('1');
        const one = chased(score, { ...past, running }, isMine);
        const other = chased(score, { assumed: undefined, since: past.all(), all: past.all, running }, isMine);
        expect([...one.left]).toEqual([...other.left]);
        for (const { interval } of running) expect(one.tweens.get(`c.${interval}`)).toEqual(other.tweens.get(`c.${interval}`));
        all++;
        if (past.assumed) looked++;
        found += one.left.size;
      }),
      runs(120),
    );
    expect(looked / all, 'share of jumps that are looked up').toBeGreaterThan(0.3);
    expect(found).toBeGreaterThan(all / 4);
  });
});
