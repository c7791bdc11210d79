import { expect, it } from 'vitest';
import { createOrchestra, FILTER, type Orchestra } from '../sim/orchestra.ts';
import { firedOf } from '../sim/run-together.ts';

const PEERS = 16;

/** One count, one value, on every machine and at all times, whatever happens to whom. */
function mustCountAlike({ outcome }: Orchestra): void {
  for (const [count, values] of outcome.counts) expect([...values], count).toHaveLength(1);
}

/** Who misses a count has the next a moment later: one look in a hundred may fall between. */
function mustSoundAlike({ outcome }: Orchestra): void {
  expect(outcome.differences.length, outcome.differences.join('\n')).toBeLessThanOrEqual(outcome.looks / 100);
  expect(outcome.ahead.filter((ms) => ms <= 0).length).toBeLessThanOrEqual(outcome.ahead.length / 100);
}

it('[PT8] [PT9] an aligned pit drives the filter of sixteen laptops, all at the same time, while they come and go', () => {
  const orchestra = createOrchestra({ peers: PEERS });
  const { world, outcome } = orchestra;
  const sent = () => world.present().map(({ number }) => [number, world.cables.sentBy(number)] as const);
  world.pass(8000);
  world.present()[3]?.peer.run.play();
  orchestra.rehearse(1000);
  const before = new Map(sent());
  orchestra.rehearse(6000);
  // All faders move, and nobody sends more than its budget.
  for (const [number, packets] of sent()) expect((packets - before.get(number)!) / 6).toBeLessThanOrEqual(250);
  expect(outcome.counts.size).toBeGreaterThan(50);
  expect(outcome.held).toBe(0);
  mustCountAlike(orchestra);
  mustSoundAlike(orchestra);

  const master = world.present().find(({ peer }) => peer.clock.isMaster());
  const [, second, , fourth, fifth, sixth] = world.present().filter((machine) => machine !== master);
  master?.kill();
  orchestra.rehearse(1000);
  second?.leave();
  fourth?.reload();
  orchestra.newcomer().join();
  orchestra.rehearse(1000);
  fifth?.freeze(1500);
  sixth?.peer.pits.withdraw('energy');
  orchestra.rehearse(6000);
  world.pass(1000);
  mustCountAlike(orchestra);
  mustSoundAlike(orchestra);
  // Another counts now, what the gone had put in is out of it, and the newcomer has what all have.
  const epochs = world.present().map(({ peer }) => peer.pits.epoch('energy'));
  expect(new Set(epochs.map((epoch) => JSON.stringify(epoch))).size).toBe(1);
  expect(epochs[0]?.isHeld).toBe(false);
  const gone = [master, second].map((machine) => machine?.id.slice(0, 8));
  expect(epochs[0]?.contributors.filter((name) => gone.includes(name))).toEqual([]);
  expect(epochs[0]?.contributors.length).toBeGreaterThanOrEqual(PEERS - 3);
  expect(epochs[0]?.by).toBe(world.present()[0]?.peer.clock.master());

  // As an operand: the trigger waits for all faders to be up, and is one for all.
  expect(world.present().flatMap(({ peer }) => peer.run.view().fired.filter(({ sync }) => sync === 'one'))).toEqual([]);
  for (const { peer } of world.present()) peer.pits.put('energy', 1);
  world.pass(1500);
  expect(new Set(world.present().map(firedOf)).size).toBe(1);
  expect(
    world
      .present()[0]
      ?.peer.run.view()
      .fired.filter(({ sync }) => sync === 'one'),
  ).toHaveLength(1);
  for (const { page } of world.present()) expect(page.sound.values.findLast(({ address }) => address === FILTER)?.value).toBe(1);
  for (const { page } of world.present()) expect(page.notices.filter(({ level }) => level === 'error')).toEqual([]);
}, 240_000);

it('[PT8] so it is in a full mesh over a long way', () => {
  const orchestra = createOrchestra({ peers: 5, path: 'wan', seed: 4 });
  orchestra.world.pass(8000);
  orchestra.world.present()[1]?.peer.run.play();
  orchestra.rehearse(8000);
  expect(orchestra.outcome.counts.size).toBeGreaterThan(80);
  mustCountAlike(orchestra);
  mustSoundAlike(orchestra);
}, 120_000);
