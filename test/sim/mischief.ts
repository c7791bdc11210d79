import * as Y from 'yjs';
import { encodeSync, toFragments } from '../../src/crdt/sync/messages.ts';
import type { Fact } from '../../src/engine/fact.ts';
import { encodeAny } from '../../src/mesh/any.ts';
import { CHANNELS } from '../../src/mesh/transport.ts';
import { TOPIC } from '../../src/mesh/wire.ts';
import type { Draw } from './random.ts';
import type { Vandal } from './vandal.ts';

/** One bad deed, of those that must not show in what the others do. */
export function misbehave(vandal: Vandal, draw: Draw): void {
  if (vandal.links() > 0) draw.pick(DEEDS)(vandal, draw);
}

const only = (draw: Draw): number | undefined => (draw.chance(0.5) ? draw.int(0, 3) : undefined);

function state(vandal: Vandal, draw: Draw, back: number): void {
  const run = vandal.peer.run.log()[0]?.run;
  if (run === undefined) return;
  const at = vandal.peer.clock.now() - back;
  const fact = {
    type: 'fired',
    run,
    at,
    by: vandal.id,
    path: `${draw.int(7, 9)}`,
    sync: draw.pick(['one', 'two', 'none']),
    reason: 'click',
  };
  vandal.say(draw.pick(['event', 'fast']), TOPIC.fact, vandal.statement(fact as Fact), only(draw));
}

/** An update with one byte wrong, or one that lacks what came before it. */
function spoil(vandal: Vandal, draw: Draw): void {
  const doc = new Y.Doc();
  doc.getMap('objects').set('first', 1);
  const known = Y.encodeStateVector(doc);
  doc.getMap('nowhere').set('x', draw.int(0, 1000));
  const update = Y.encodeStateAsUpdateV2(doc, draw.chance(0.5) ? known : undefined);
  if (draw.chance(0.5)) update[draw.int(0, update.length - 1)] = draw.int(0, 255);
  for (const fragment of toFragments(encodeSync({ kind: 'update', document: 0, update })))
    vandal.say('state', TOPIC.sync, fragment, only(draw));
}

const DEEDS: readonly ((vandal: Vandal, draw: Draw) => void)[] = [
  (vandal, draw) => vandal.shout(draw.pick(CHANNELS), draw.bytes(draw.int(1, 400)), only(draw)),
  (vandal, draw) => vandal.say(draw.pick(CHANNELS), draw.int(5, 40), draw.bytes(draw.int(0, 200)), only(draw)),
  (vandal, draw) => vandal.ping(Uint8Array.of(draw.int(0, 1), ...draw.bytes(draw.int(12, 60)))),
  (vandal, draw) => state(vandal, draw, 0),
  (vandal, draw) => state(vandal, draw, draw.between(500, 20_000)),
  (vandal, draw) => vandal.say('event', TOPIC.vote, encodeAny(['none', '0', 'one', true, draw.int(0, 9)]), only(draw)),
  (vandal, draw) => vandal.say('fast', TOPIC.pit, encodeAny([[`p${draw.int(0, 99)}`, 1, 0, 1]]), only(draw)),
  (vandal, draw) => vandal.say('state', TOPIC.structure, encodeAny([draw.int(0, 3), 'x', 0, 1, draw.bytes(20)]), only(draw)),
  (vandal, draw) =>
    vandal.say(
      'event',
      TOPIC.fact,
      vandal.statement({
        ...{ type: 'adopt', run: vandal.peer.run.log()[0]?.run ?? 'none', at: vandal.peer.clock.now() as never, by: vandal.id },
        ...{ structure: 'f'.repeat(32), changes: [], fired: [] },
      }),
      only(draw),
    ),
  (vandal) => {
    vandal.tamper = (channel, bytes) => (channel === 'state' && bytes[0] === TOPIC.sync ? undefined : bytes);
  },
  spoil,
];
