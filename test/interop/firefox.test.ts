import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { ahead, FAULTS, firedEverywhere, played, runs, sameScore, spreadOf, waits, writeChain } from '../e2e/scenes.ts';
import { closeAll, createStage, everywhere, NAMES, until, whole } from '../e2e/stage.ts';
import type { Stage } from '../e2e/stage.ts';
import { findFirefox, inviteFirefox } from './firefox.ts';
import type { Guest } from './firefox.ts';

/** A reading of a playhead is rounded to 1/60 ms in Firefox, and its worker's stamps to more. */
const APART_MAX_MS = 5;

const firefox = findFirefox();
let stage: Stage;
let guest: Guest | undefined;
beforeAll(async () => {
  stage = await createStage();
  if (firefox !== undefined) guest = await inviteFirefox(stage, firefox);
}, 60_000);
afterAll(async () => {
  await guest?.close();
  await stage?.close();
});

/** Without a Firefox this is reported as skipped; `npm test` says so once more. */
it.skipIf(firefox === undefined)(
  'Firefox and Chromium write and perform one score in one room, and Firefox comes back after a reload',
  async () => {
    const { code, pages: seated } = await stage.room(1, FAULTS);
    const [ada] = seated as [Page];
    const fox = await (guest as Guest).open({ name: NAMES[1] ?? '', code, fault: FAULTS[1] ?? '' });
    const bela = await stage.open({ name: NAMES[2] ?? '', code, fault: FAULTS[2] ?? '' });
    const pages = [ada, fox, bela];
    await Promise.all(pages.map((page) => whole(page, 3)));
    const second = await (guest as Guest).open({ name: NAMES[3] ?? '', code });
    pages.push(second);
    await Promise.all(pages.map((page) => whole(page, 4)));
    expect(await fox.evaluate(() => crossOriginIsolated)).toBe(true);

    const { intervals, syncs } = await writeChain(fox, [200, 400, 60_000]);
    await sameScore([fox, ada, bela, second]);
    await ada.evaluate(() => {
      const made = window.tutti.score.edit({
        type: 'createProcess',
        interval: 'root',
        process: { type: 'pit', key: 'mood', combination: 'sum', isAlways: true, min: 0, max: 1 },
      });
      if ('issue' in made) throw new Error(made.issue.message);
    });
    await sameScore(pages);
    await fox.evaluate(() => window.tutti.run.play());
    await Promise.all(pages.map(played));
    for (const [i, sync] of syncs.entries()) {
      await Promise.all(pages.map((page) => waits(page, sync)));
      await pages[i]?.evaluate((id) => void window.tutti.run.trigger(id), sync);
    }
    await Promise.all(pages.map((page) => runs(page, intervals[2] ?? '')));
    await Promise.all(pages.map((page) => until(page, () => window.tutti.clock.spread < 3, undefined)));
    expect(spreadOf(await ahead(pages))).toBeLessThan(APART_MAX_MS);
    const logs = await firedEverywhere(pages);
    expect(logs[0]?.split('\n')).toHaveLength(2);
    expect(new Set(logs).size).toBe(1);

    await everywhere(pages, () => void window.tutti.pits.put('mood', 0.25));
    await Promise.all(pages.map((page) => until(page, () => window.tutti.pits.read('mood') === 1, undefined)));

    const me = await fox.evaluate(() => window.tutti.peer.id);
    await fox.reload();
    await Promise.all(pages.map((page) => whole(page, 4)));
    expect(await fox.evaluate(() => window.tutti.peer.id)).toBe(me);
    await runs(fox, intervals[2] ?? '');
    await until(fox, () => window.tutti.clock.spread < 3, undefined);
    expect(spreadOf(await ahead(pages))).toBeLessThan(APART_MAX_MS);

    const hung = fox.evaluate(() => {
      const end = performance.now() + 2500;
      while (performance.now() < end);
    });
    // Its pings go on meanwhile: its channels are in a worker.
    await until(
      ada,
      (id) => window.tutti.room.peers.some(({ id: other, isFrozen, link }) => other === id && isFrozen && link === 'whole'),
      me,
    );
    await hung;
    await until(ada, () => window.tutti.room.peers.every(({ isFrozen }) => !isFrozen), undefined);
    await fox.close();
    await Promise.all([ada, bela, second].map((page) => whole(page, 3)));
    expect(guest?.errors).toEqual([]);
    await second.close();
    await closeAll([ada, bela]);
  },
);
