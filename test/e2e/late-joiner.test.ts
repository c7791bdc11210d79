import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import {
  ahead,
  collectErrors,
  FAULTS,
  firedEverywhere,
  played,
  runs,
  sameScore,
  spreadOf,
  waits,
  watchPlayheads,
  writeChain,
} from './scenes.ts';
import type { Chain } from './scenes.ts';
import { everywhere, until, useStage, whole, NAMES } from './stage.ts';

declare global {
  interface Window {
    /** How many voices of the synths were started. */
    readonly voices: () => number;
  }
}

const stage = useStage('test');
let pages: Page[] = [];

/** A room in a run that is past two triggers; the second part sounds on the track `lead`, whose panning it leaves at 0.75. */
async function pastTwoTriggers(count: number): Promise<{ readonly code: string; readonly chain: Chain }> {
  const room = await stage.room(count, FAULTS);
  pages = [...room.pages];
  const [first] = pages as [Page];
  const chain = await writeChain(first, [200, 400, 60_000]);
  await first.evaluate(([, middle]) => {
    const { score, groups, peer } = window.tutti;
    const end = (score.read().objects[middle ?? ''] as unknown as { end: string }).end;
    const results = [
      score.edit({ type: 'createTrack', track: { key: 'lead', name: 'Lead', instrument: 'pluck' } }),
      score.edit({ type: 'setMessage', state: end, address: 'sound:/lead/pan', value: 0.75 }),
      score.edit({ type: 'createGroup', id: 'left', name: 'Left' }),
      score.edit({ type: 'createInterval', at: 0, duration: 60_000, group: 'left', name: 'left only', id: 'left-only' }),
      score.edit({
        type: 'createProcess',
        interval: 'left-only',
        id: 'fade',
        process: { type: 'automation', address: 'sound:/lead/volume', min: -40, max: 0 },
      }),
      score.edit({ type: 'setPoint', process: 'fade', x: 0, y: 0.25 }),
    ];
    for (const result of results) if ('issue' in result) throw new Error(result.issue.message);
    groups.setMember(peer.id, 'left', true);
  }, chain.intervals);
  await sameScore(pages);
  await first.evaluate(() => window.tutti.run.play());
  for (const [i, sync] of chain.syncs.entries()) {
    await Promise.all(pages.map((page) => waits(page, sync)));
    await pages[i % count]?.evaluate((id) => void window.tutti.run.trigger(id), sync);
  }
  await Promise.all(pages.map((page) => runs(page, chain.intervals[2] ?? '')));
  return { code: room.code, chain };
}

/** Where everyone else is, with what they know. */
async function isThere(page: Page, chain: Chain): Promise<void> {
  await runs(page, chain.intervals[2] ?? '');
  await until(page, () => window.tutti.clock.spread < 3, undefined);
  expect(spreadOf(await ahead(pages))).toBeLessThan(5);
  const logs = await firedEverywhere(pages);
  expect(logs[0]?.split('\n')).toHaveLength(2);
  for (const log of logs) expect(log).toBe(logs[0]);
  const running = await everywhere(pages, () => [...window.tutti.run.running()].sort().join());
  for (const set of running) expect(set).toBe(running[0]);
}

describe('who comes late', () => {
  it('is simply there: place, log, last values; and moves nobody', async () => {
    const { code, chain } = await pastTwoTriggers(2);
    const end = await watchPlayheads(pages);
    const late = await stage.open({ name: NAMES[2] ?? '', code, fault: FAULTS[2] ?? '' });
    pages.push(late);
    const errors = collectErrors(pages);
    await whole(late, 3);
    await isThere(late, chain);
    for (const { jump, readings } of await end()) {
      expect(readings).toBeGreaterThan(50);
      expect(jump).toBeLessThan(2);
    }
    await until(late, () => window.tutti.devices.read('sound:/lead/pan') === 0.75, undefined);
    // It is not in the group that moves the volume.
    const volumes = await everywhere(pages, () => window.tutti.devices.read('sound:/lead/volume'));
    expect(volumes).toEqual([-30, 0, 0]);
    expect(errors).toEqual([]);
  });

  it('after a reload is itself again: id, name, groups, place', async () => {
    const { code, chain } = await pastTwoTriggers(2);
    const [first, second] = pages as [Page, Page];
    const me = await first.evaluate(() => window.tutti.peer.id);
    const end = await watchPlayheads([second]);
    // Without the name in the address: it must be remembered.
    await first.goto(`${stage.url}/?fault=${FAULTS[0] ?? ''}#${code}`);
    await whole(first, 2);
    await whole(second, 2);
    expect(await first.evaluate(() => [window.tutti.peer.id, window.tutti.peer.name])).toEqual([me, NAMES[0]]);
    await Promise.all(pages.map((page) => until(page, (id) => window.tutti.groups.members('left').join() === id, me)));
    await isThere(first, chain);
    expect((await end())[0]?.jump).toBeLessThan(2);
  });

  it('is back within 2 s when its page hung for 3 s, and the others did not notice', async () => {
    const { chain } = await pastTwoTriggers(3);
    const [first, second, third] = pages as [Page, Page, Page];
    const end = await watchPlayheads([first, third]);
    await second.evaluate(() => {
      const until = performance.now() + 3000;
      while (performance.now() < until);
    });
    const back = Date.now();
    await isThere(second, chain);
    await Promise.all(pages.map((page) => whole(page, 3)));
    await until(first, () => window.tutti.room.peers.every(({ isFrozen }) => !isFrozen), undefined);
    expect(Date.now() - back).toBeLessThan(2000);
    for (const { jump } of await end()) expect(jump).toBeLessThan(2);
  });

  it('is back within 2 s when the browser froze its page for 3 s', async () => {
    const { chain } = await pastTwoTriggers(3);
    const [first, second, third] = pages as [Page, Page, Page];
    const end = await watchPlayheads([first, third]);
    const session = await second.context().newCDPSession(second);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await first.waitForTimeout(3000);
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    const back = Date.now();
    await isThere(second, chain);
    await Promise.all(pages.map((page) => whole(page, 3)));
    expect(Date.now() - back).toBeLessThan(2000);
    for (const { jump } of await end()) expect(jump).toBeLessThan(2);
  });

  it('hears no note again, and the next one with the others', async () => {
    const script = (): void => {
      let count = 0;
      const start = AudioBufferSourceNode.prototype.start;
      // A snare begins with noise.
      AudioBufferSourceNode.prototype.start = function (...when: number[]) {
        count++;
        start.apply(this, when as [number]);
      };
      Object.assign(window, { voices: () => count });
    };
    const room = await stage.room(1);
    pages = [...room.pages];
    const [first] = pages as [Page];
    await first.evaluate(() => {
      const { score } = window.tutti;
      score.edit({ type: 'createTrack', track: { key: 'kit', name: 'Kit', instrument: 'drums' } });
      score.edit({ type: 'createInterval', at: 0, duration: 60_000, id: 'beat' });
      score.edit({ type: 'createProcess', interval: 'beat', id: 'notes', process: { type: 'notes', address: 'sound:/kit' } });
      for (let i = 0; i < 20; i++) score.edit({ type: 'setNote', process: 'notes', start: i * 50, duration: 40, pitch: 38, velocity: 1 });
      window.tutti.run.play();
    });
    await until(first, () => (window.tutti.run.position() ?? 0) > 1500, undefined);
    const late = await stage.open({ name: NAMES[1] ?? '', code: room.code, script });
    pages.push(late);
    await whole(late, 2);
    await runs(late, 'beat');
    await played(late);
    await late.mouse.click(5, 5);
    const before = await late.evaluate(() => window.voices());
    await late.waitForTimeout(500);
    expect(await late.evaluate(() => window.voices())).toBe(before);
    await first.evaluate(() => {
      const start = (window.tutti.run.position() ?? 0) + 1000;
      window.tutti.score.edit({ type: 'setNote', process: 'notes', start, duration: 40, pitch: 38, velocity: 1 });
    });
    await until(late, (count) => window.voices() > count, before);
  });
});
