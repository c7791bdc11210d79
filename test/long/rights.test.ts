import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { edit } from '../../src/crdt/edit.ts';
import { encodeSync, toFragments } from '../../src/crdt/sync/messages.ts';
import { factId } from '../../src/engine/codec.ts';
import type { Fact } from '../../src/engine/fact.ts';
import { encodeAny } from '../../src/mesh/any.ts';
import { identityFrom } from '../../src/mesh/identity.ts';
import { fingerprintOf } from '../../src/mesh/fingerprint.ts';
import { change, encodeChain } from '../../src/mesh/rights.ts';
import { decodeMessage, TOPIC } from '../../src/mesh/wire.ts';
import { ALL, createOwnedRoom, EDIT, LOOK, runOf, titleOf } from '../sim/owned.ts';
import { createDraw } from '../sim/random.ts';
import { createVandal, type Vandal } from '../sim/vandal.ts';
import { KEYS, type Machine, type World } from '../sim/world.ts';

const saved = ({ peer }: Machine): string => peer.score.save();
const shared = ({ peer }: Machine): Y.Doc => (peer.score as unknown as { readonly shared: Y.Doc }).shared;
const areAlike = (machines: readonly Machine[]): boolean => new Set(machines.map(saved)).size === 1;

/** Looks seldom, for writing a score out takes a while. */
function becomes(world: World, isDone: () => boolean, limit: number): boolean {
  for (let left = limit; left > 0 && !isDone(); left -= 500) world.pass(500);
  return isDone();
}

/** An edit that no rights of one's own hold back. */
const forceEdit = (doc: Y.Doc, title: string, seed: number): void =>
  void edit(doc, { type: 'setTitle', title }, { bytes: (n: number) => createDraw(seed).bytes(n) } as never, undefined);

function shoutEdit(vandal: Vandal, title: string): void {
  const doc = new Y.Doc();
  Y.applyUpdateV2(doc, Y.encodeStateAsUpdateV2(vandal.score()));
  const before = Y.encodeStateVector(doc);
  forceEdit(doc, title, title.length);
  const update = Y.encodeStateAsUpdateV2(doc, before);
  for (const part of toFragments(encodeSync({ kind: 'update', document: 0, update }))) vandal.say('state', TOPIC.sync, part);
}

/** Into the room document, past all that would hold a page of good will back. */
function writeFact(vandal: Vandal, fact: Fact): void {
  const doc = vandal.room();
  const before = Y.encodeStateVector(doc);
  doc.getMap('facts').set(factId(fact), vandal.entry(fact));
  const update = Y.encodeStateAsUpdateV2(doc, before);
  for (const part of toFragments(encodeSync({ kind: 'update', document: 1, update }))) vandal.say('state', TOPIC.sync, part);
}

describe('rights against who has none', () => {
  it('[RI22] who keeps the right to edit cannot write facts of before into the room; what it stated before holds for all, for who comes late, too', () => {
    const { world, machines, owner } = createOwnedRoom(3);
    const vandal = createVandal(world);
    expect(world.until(() => vandal.peer.room.peers().filter(({ link }) => link === 'whole').length === 3, 10_000)).toBe(true);
    world.pass(3000);
    vandal.peer.run.play();
    world.pass(2000);
    vandal.peer.run.seek(3000);
    world.pass(1000);
    const log = runOf(owner);
    expect(log).toHaveLength(2);
    owner.peer.rights.set(vandal.id, EDIT);
    const until = owner.peer.rights.of(vandal.id) as { readonly until?: { readonly at: number } };
    world.pass(1500);
    const { run } = owner.peer.run.log()[0]!;
    const at = until.until!.at - 300;
    writeFact(vandal, { type: 'stop', run, by: vandal.id, at } as unknown as Fact);
    writeFact(vandal, { type: 'seek', run, by: vandal.id, at: at - 5, to: 705_600_000 * 20 } as unknown as Fact);
    world.pass(25_000);
    for (const machine of [...machines]) {
      expect(runOf(machine)).toEqual(log);
      expect(machine.peer.run.view().state).toBe('playing');
    }
    // What it wrote is in the document: it is edits that it may still make.
    expect(JSON.stringify(vandal.room().getMap('facts').toJSON())).toContain('"stop"');
    const late = world.add({ root: owner.peer.rights.fingerprint ?? '' });
    late.join();
    expect(world.until(() => runOf(late).length === 2, 15_000)).toBe(true);
    // Whoever vouched may go, or lose its own rights: others vouch.
    owner.peer.rights.set(machines[1]!.id, EDIT);
    world.pass(8000);
    for (const machine of [owner, machines[2]!, late]) expect(runOf(machine)).toEqual(log);
    // Given back, all of it counts again.
    owner.peer.rights.set(vandal.id, ALL);
    expect(world.until(() => [owner, late].every((machine) => machine.peer.run.view().state !== 'playing'), 10_000)).toBe(true);
  });

  it('[RI4, RI8] who may only look, and sends edits, facts, votes, pits and panics through raw channels, changes nothing anywhere', () => {
    const { world, machines, owner } = createOwnedRoom(3);
    expect(owner.peer.rights.setNewcomers(LOOK)).toBeUndefined();
    for (const { id } of machines.slice(1)) owner.peer.rights.set(id, ALL);
    world.pass(500);
    const vandal = createVandal(world);
    expect(world.until(() => vandal.peer.room.peers().filter(({ link }) => link === 'whole').length === 3, 10_000)).toBe(true);
    expect(world.until(() => vandal.peer.score.save() === saved(owner), 10_000)).toBe(true);
    owner.peer.run.play();
    world.pass(1500);
    const before = saved(owner);
    const log = runOf(owner);
    expect(log).toHaveLength(1);
    const run = owner.peer.run.log()[0]!.run;
    // What a page of good will would not do.
    expect(vandal.peer.score.edit({ type: 'setTitle', title: 'by hand' })).toHaveProperty('issue');
    vandal.peer.run.stop();
    vandal.peer.groups.setMember(vandal.id, 'strings', true);
    vandal.peer.pits.put('level', 0.3);
    // And what it cannot be kept from.
    forceEdit(vandal.score(), 'forced', 3);
    const at = owner.peer.clock.now() + 200;
    const stop = { type: 'stop', run, by: vandal.id, at } as unknown as Fact;
    for (let i = 0; i < 20; i++) {
      shoutEdit(vandal, `title ${i}`);
      vandal.say('event', TOPIC.fact, vandal.statement({ ...stop, at: (at + i) as never }));
      vandal.say('event', TOPIC.vote, encodeAny([run, '', 'one', true, i + 1]));
      vandal.say('event', TOPIC.panic, new Uint8Array());
      vandal.say('fast', TOPIC.pit, encodeAny([['level', 1e9 + i, owner.peer.clock.now(), 0.9]]));
      world.pass(100);
    }
    world.pass(5000);
    for (const machine of machines) {
      expect(saved(machine)).toBe(before);
      expect(runOf(machine)).toEqual(log);
      expect(machine.peer.groups.of(vandal.id)).toEqual(['all']);
      expect(machine.peer.pits.contributions('level').map(({ peer }) => peer)).not.toContain(vandal.id);
      expect(machine.peer.room.peers().find(({ id }) => id === vandal.id)?.refused ?? 0).toBeGreaterThan(20);
    }
    machines[1]!.peer.score.edit({ type: 'setTitle', title: 'still ours' });
    expect(world.until(() => machines.every((machine) => titleOf(machine) === 'still ours'), 5000)).toBe(true);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    '[RI6] revocation racing 50 edits with relays: all have the same score in the end (seed %i)',
    (seed) => {
      // Every other one writes on past its own interface; then what it has itself is its own affair.
      const isCheating = seed % 2 === 0;
      // The owner and the editor are not linked: what they say passes through others.
      const { world, machines, owner } = createOwnedRoom(4, { seed, shut: [[0, 1]] });
      const editor = machines[1]!;
      const draw = createDraw(seed);
      const revokedAt = draw.int(5, 45);
      for (let i = 0; i < 50; i++) {
        if (i === revokedAt) owner.peer.rights.set(editor.id, LOOK);
        const command = { type: 'createInterval', id: `late-${i}`, at: 20_000 + 500 * i, duration: 400 } as const;
        if ('issue' in editor.peer.score.edit(command) && isCheating)
          edit(shared(editor), command, { bytes: (n: number) => draw.bytes(n) } as never, undefined);
        if (draw.chance(0.3)) machines[2]!.peer.score.edit({ type: 'setTitle', title: `Title ${i}` });
        world.pass(draw.int(0, 40));
      }
      const honest = machines.filter((machine) => machine !== editor || !isCheating);
      expect(becomes(world, () => areAlike(honest), 15_000)).toBe(true);
      world.pass(3000);
      expect(areAlike(honest)).toBe(true);
      const count = [...owner.peer.score.read().intervals.keys()].filter((id) => id.startsWith('late-')).length;
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThan(50);
      if (isCheating) return;
      expect(world.until(() => world.isTogether(), 15_000)).toBe(true);
      // Given back, it counts again.
      owner.peer.rights.set(editor.id, ALL);
      world.pass(1000);
      editor.peer.score.edit({ type: 'setTitle', title: 'again' });
      expect(world.until(() => machines.every((machine) => titleOf(machine) === 'again'), 10_000)).toBe(true);
    },
  );

  it('[RI5] facts racing a revocation, in a room that was parted meanwhile, are the same for all in the end', () => {
    const { world, machines, owner } = createOwnedRoom(4);
    owner.peer.run.play();
    world.pass(1500);
    const [, player, near, far] = machines as [Machine, Machine, Machine, Machine];
    world.part([
      [owner, near],
      [player, far],
    ]);
    world.pass(300);
    owner.peer.rights.set(player.id, EDIT);
    player.peer.run.seek(2000);
    world.pass(3000);
    player.peer.run.stop();
    world.pass(500);
    expect(far.peer.run.view().state).toBe('idle');
    expect(owner.peer.run.view().state).toBe('playing');
    world.heal();
    expect(world.until(() => world.isTogether(), 40_000)).toBe(true);
    world.pass(8000);
    for (const machine of machines) {
      expect(runOf(machine)).toEqual(runOf(owner));
      expect(machine.peer.run.view().state).toBe(owner.peer.run.view().state);
    }
    expect(owner.peer.run.log().filter(({ type }) => type === 'stop')).toEqual([]);
  });

  it('[RI3] by a link nobody but who it names is believed; a spoken code goes back to what most say, and drops what it took', () => {
    const { world, machines, owner } = createOwnedRoom(3);
    owner.peer.rights.setNewcomers(LOOK);
    for (const { id } of machines.slice(1)) owner.peer.rights.set(id, ALL);
    world.pass(500);
    const vandal = createVandal(world);
    world.pass(3000);
    const secret = identityFrom(new Uint8Array(32).fill(77));
    const invented = change(undefined, { identity: secret, tag: KEYS.tag, until: { session: '', at: 0 } }, {})!;
    const [byLink, byCode] = [world.add({ root: owner.peer.rights.fingerprint ?? '' }), world.add()];
    // The vandal is met first.
    world.part([machines, [byLink, byCode]]);
    vandal.tamper = (_, bytes) => (decodeMessage(bytes)?.topic === TOPIC.rights ? undefined : bytes);
    for (const machine of [byLink, byCode]) machine.join();
    const lie = (): void => vandal.say('state', TOPIC.rights, encodeChain(invented));
    for (let i = 0; i < 20; i++, world.pass(100)) lie();
    expect(byLink.peer.rights.owner).toBeUndefined();
    expect(byCode.peer.rights.owner).toBe(secret.id);
    for (let i = 0; i < 5; i++) shoutEdit(vandal, `lie ${i}`);
    world.pass(300);
    world.heal();
    expect(world.until(() => [byLink, byCode].every(({ peer }) => peer.rights.owner === owner.id), 8000)).toBe(true);
    expect(becomes(world, () => areAlike(world.present()) && world.isTogether(), 30_000)).toBe(true);
    expect(titleOf(owner)).not.toContain('lie');
    for (const { peer, page } of [byLink, byCode]) {
      expect(fingerprintOf(peer.rights.owner ?? '')).toBe(owner.peer.rights.fingerprint);
      expect(page.notices.filter(({ level }) => level === 'error')).toEqual([]);
    }
  });
});
