import type { Command } from '../../src/crdt/command.ts';
import type { Policies } from '../../src/crdt/score.ts';
import type { Draw } from './random.ts';
import type { Machine } from './world.ts';

/** One random edit by one person, of the kinds that happen while a score is performed. Refusals are none of our business. */
export function editAtRandom({ peer, number }: Machine, draw: Draw, arePoliciesEdited = false): void {
  if (draw.chance(0.1)) {
    peer.score.undo();
    return;
  }
  if (arePoliciesEdited && draw.chance(0.3)) {
    peer.score.edit({ type: 'setPolicies', id: draw.pick(POLICY_BEARERS), policies: draw.pick(POLICIES) });
    return;
  }
  peer.score.edit(draw.pick(COMMANDS)(draw, number));
}

const INTERVALS = ['first', 'second.strings', 'second.winds', 'third', 'tone'];

const POLICY_BEARERS = ['one', 'two', 'three', 'second.winds.scenario', 'second.winds'];
/** Groups stay: who plays what is known from the score that was opened. */
const POLICIES: readonly Policies[] = [
  ...(['shared', 'mixed', 'free'] as const).map((share) => ({ share })),
  ...(['sync', 'async'] as const).map((order) => ({ order })),
  ...(['immediate', 'compensated'] as const).map((date) => ({ date })),
  ...(['first', 'majority', 'all'] as const).map((consensus) => ({ consensus })),
];

const COMMANDS: readonly ((draw: Draw, number: number) => Command)[] = [
  (draw) => ({ type: 'set', id: draw.pick(INTERVALS), fields: { name: `Name ${draw.int(0, 99)}` } }),
  (draw) => ({ type: 'resizeInterval', id: draw.pick(INTERVALS), duration: draw.int(1000, 9000) }),
  (draw, number) => ({
    type: 'createInterval',
    id: `new-${number}-${draw.int(0, 3)}`,
    at: draw.int(12_000, 40_000),
    duration: draw.int(500, 4000),
  }),
  (draw, number) => ({ type: 'delete', ids: [`new-${number}-${draw.int(0, 3)}`] }),
  (draw) => ({ type: 'setTrigger', id: draw.pick(['two', 'five']), expression: draw.pick([null, '', '%sim:/go% == true']) }),
  (draw) => ({
    type: 'setNote',
    process: 'final',
    id: `extra-${draw.int(0, 3)}`,
    start: draw.int(0, 400),
    duration: 50,
    pitch: draw.int(90, 99),
  }),
  (draw) => ({ type: 'nudge', id: 'score', field: 'tempo', by: draw.int(-5, 5) }),
  (draw) => ({ type: 'setPoint', process: 'bow', id: 'b', x: 1, y: draw.next() }),
  (draw) => ({ type: 'setTitle', title: `Title ${draw.int(0, 99)}` }),
];
