import { afterEach, describe, expect, it } from 'vitest';
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
import { everywhere, shoot, until, useStage, whole, NAMES } from './stage.ts';

/** Playheads move by true time: what skewed clocks may add in a reading of 10 ms is far below this. */
const JUMP_MAX_MS = 2;

const stage = useStage('test');
let pages: Page[] = [];

async function enter(): Promise<string> {
  const room = await stage.room(3, FAULTS);
  pages = [...room.pages];
  return room.code;
}

async function playLong(): Promise<void> {
  await pages[0]?.evaluate(() => {
    window.tutti.score.edit({ type: 'createInterval', at: 0, duration: 60_000 });
  });
  await sameScore(pages);
  await pages[0]?.evaluate(() => window.tutti.run.play());
  await Promise.all(pages.map(played));
}

/** The clock master's page, and the other two. */
async function parted(): Promise<{ readonly master: Page; readonly rest: readonly Page[] }> {
  const isMaster = await everywhere(pages, () => window.tutti.clock.isMaster);
  const master = pages[isMaster.indexOf(true)];
  if (!master) throw new Error('no master');
  return { master, rest: pages.filter((page) => page !== master) };
}

const oneMaster = async (among: readonly Page[]): Promise<void> => {
  await Promise.all(
    among.map((page) => until(page, () => window.tutti.room.peers.some(({ isMaster, isFrozen }) => isMaster && !isFrozen), undefined)),
  );
  expect((await everywhere(among, () => window.tutti.clock.isMaster)).filter(Boolean)).toHaveLength(1);
};

/** Since `before`, every page's position advanced by true elapsed time, within 5 ms and what the false clocks' rates allow. */
async function isTrue(among: readonly Page[], before: readonly number[], since: number): Promise<void> {
  const after = await ahead(among);
  const allowance = 5 + (Date.now() - since) * 600e-6;
  for (const [i, figure] of after.entries()) expect(Math.abs(figure - (before[i] ?? Number.NaN))).toBeLessThan(allowance);
  expect(spreadOf(after)).toBeLessThan(5);
}

describe('a run that loses its clock master', () => {
  it.each([
    ['closes', (page: Page) => page.close()],
    ['is shot', shoot],
  ])('goes on without a jump when the page %s, and the room is whole again when it returns', async (_, end) => {
    const code = await enter();
    await playLong();
    const { master, rest } = await parted();
    const [before, since] = [await ahead(rest), Date.now()];
    const endWatch = await watchPlayheads(rest);
    await end(master);
    await Promise.all(rest.map((page) => whole(page, 2)));
    await oneMaster(rest);
    const back = await stage.open({ name: NAMES[3] ?? '', code, fault: '-2000000,250' });
    pages.push(back);
    const present = [...rest, back];
    await Promise.all(present.map((page) => whole(page, 3)));
    await played(back);
    await until(back, () => window.tutti.clock.spread < 3, undefined);
    for (const { jump, readings } of await endWatch()) {
      expect(readings).toBeGreaterThan(50);
      expect(jump).toBeLessThan(JUMP_MAX_MS);
    }
    await isTrue(rest, before, since);
    expect(spreadOf(await ahead(present))).toBeLessThan(5);
    await oneMaster(present);
  });

  it('goes on without a jump when the page hangs for 3 s while its worker lives; then it is back', async () => {
    await enter();
    await playLong();
    const { master, rest } = await parted();
    const [before, since] = [await ahead(pages), Date.now()];
    const endWatch = await watchPlayheads(rest);
    const hung = master.evaluate(() => {
      const end = performance.now() + 3000;
      while (performance.now() < end);
    });
    await Promise.all(rest.map((page) => until(page, () => window.tutti.room.peers.some(({ isFrozen }) => isFrozen), undefined, 3000)));
    await oneMaster(rest);
    await hung;
    await Promise.all(pages.map((page) => until(page, () => window.tutti.room.peers.every(({ isFrozen }) => !isFrozen), undefined, 2000)));
    await Promise.all(pages.map((page) => whole(page, 3)));
    await isTrue(pages, before, since);
    await oneMaster(pages);
    for (const { jump } of await endWatch()) expect(jump).toBeLessThan(JUMP_MAX_MS);
  });
});

describe('a run whose server is gone', () => {
  afterEach(() => stage.startServer().catch(() => undefined));

  it('goes on, edits and triggers too; when a new server comes, so may newcomers', async () => {
    const code = await enter();
    const { intervals, syncs } = await writeChain(pages[0] as Page, [200, 60_000]);
    await sameScore(pages);
    await pages[0]?.evaluate(() => window.tutti.run.play());
    await Promise.all(pages.map((page) => waits(page, syncs[0] ?? '')));
    const errors = collectErrors(pages);
    const endWatch = await watchPlayheads(pages);
    await stage.stopServer();
    await Promise.all(pages.map((page) => until(page, () => window.tutti.room.state === 'offline', undefined)));
    await pages[1]?.evaluate(() => void window.tutti.score.edit({ type: 'setTitle', title: 'without a server' }));
    await Promise.all(pages.map((page) => until(page, () => window.tutti.score.read().title === 'without a server', undefined)));
    await pages[2]?.evaluate((id) => void window.tutti.run.trigger(id), syncs[0] ?? '');
    await Promise.all(pages.map((page) => runs(page, intervals[1] ?? '')));
    await stage.startServer();
    await Promise.all(pages.map((page) => until(page, () => window.tutti.room.state === 'open', undefined, 20_000)));
    const late = await stage.open({ name: NAMES[3] ?? '', code, fault: '500000,-200' });
    pages.push(late);
    await Promise.all(pages.map((page) => whole(page, 4)));
    await runs(late, intervals[1] ?? '');
    await until(late, () => window.tutti.clock.spread < 3, undefined);
    expect(spreadOf(await ahead(pages))).toBeLessThan(5);
    await sameScore(pages);
    for (const { jump } of await endWatch()) expect(jump).toBeLessThan(JUMP_MAX_MS);
    expect(errors).toEqual([]);
  });
});

describe('three people at once', () => {
  it('press one trigger within a few ms, twenty times: it fires once, at one date', async () => {
    await enter();
    const [first] = pages as [Page];
    const { intervals, syncs } = await writeChain(first, [50, 60_000]);
    const sync = syncs[0] ?? '';
    await sameScore(pages);
    for (let round = 0; round < 20; round++) {
      await pages[round % 3]?.evaluate(() => window.tutti.run.play());
      await Promise.all(pages.map((page) => waits(page, sync)));
      const at = Date.now() + 40;
      await Promise.all(
        pages.map((page) =>
          page.evaluate(
            ([id, date]) => {
              while (Date.now() < date);
              window.tutti.run.trigger(id);
            },
            [sync, at] as const,
          ),
        ),
      );
      await Promise.all(pages.map((page) => runs(page, intervals[1] ?? '')));
      // Each page holds the facts of all who pressed in time. They are about one and the same firing, and as the least
      // of them holds, the same log means the same date.
      await expect.poll(async () => new Set(await firedEverywhere(pages)).size, { message: `round ${round}` }).toBe(1);
      const firings = await everywhere(pages, () =>
        window.tutti.run.log().flatMap((fact) => (fact.type === 'fired' ? [`${fact.run} ${fact.path} ${fact.sync}`] : [])),
      );
      for (const fired of firings) expect(new Set(fired).size, `round ${round}`).toBe(1);
      expect(spreadOf(await ahead(pages)), `round ${round}`).toBeLessThan(5);
      await pages[(round + 1) % 3]?.evaluate(() => window.tutti.run.stop());
      await Promise.all(pages.map((page) => until(page, () => window.tutti.run.state === 'idle', undefined)));
    }
  });

  it('rebuild the score while it runs: all perform the same structure, what is past stays past, no playhead jumps', async () => {
    await enter();
    const { intervals, syncs } = await writeChain(pages[0] as Page, [300, 300, 60_000], ['', '']);
    await sameScore(pages);
    await pages[0]?.evaluate(() => window.tutti.run.play());
    await Promise.all(pages.map((page) => waits(page, syncs[0] ?? '')));
    await pages[0]?.evaluate((id) => void window.tutti.run.trigger(id), syncs[0] ?? '');
    await Promise.all(pages.map((page) => waits(page, syncs[1] ?? '')));
    const endWatch = await watchPlayheads(pages);
    const seenAgain = everywhere(pages, () => 0).then(() =>
      Promise.all(
        pages.map((page) =>
          page.evaluate((past) => {
            const seen = { again: false };
            setInterval(() => (seen.again ||= window.tutti.run.running().includes(past)), 5);
            Object.assign(window, { seen });
          }, intervals[0] ?? ''),
        ),
      ),
    );
    await seenAgain;
    await Promise.all(
      pages.map((page, i) =>
        page.evaluate(
          async ([me, past, last]) => {
            const { score } = window.tutti;
            for (let step = 0; step < 5; step++) {
              score.edit({ type: 'createInterval', at: 0, duration: 20_000 + me * 100, name: `${me}.${step}` });
              score.edit({ type: 'resizeInterval', id: past, duration: 500 + 100 * me + step });
              score.edit({ type: 'resizeInterval', id: last, duration: 50_000 + 1000 * me });
              await new Promise((resolve) => setTimeout(resolve, 40));
            }
          },
          [i, intervals[0] ?? '', intervals[2] ?? ''] as const,
        ),
      ),
    );
    await sameScore(pages);
    await pages[1]?.evaluate((id) => void window.tutti.run.trigger(id), syncs[1] ?? '');
    await Promise.all(pages.map((page) => runs(page, intervals[2] ?? '')));
    const facts = (): Promise<string[]> =>
      everywhere(pages, () =>
        window.tutti.run
          .log()
          .map((fact) => JSON.stringify(fact))
          .sort()
          .join('\n'),
      );
    await expect.poll(async () => new Set(await facts()).size).toBe(1);
    expect((await facts())[0]).toContain('"adopt"');
    await expect.poll(async () => new Set(await everywhere(pages, () => [...window.tutti.run.running()].sort().join())).size).toBe(1);
    for (const again of await everywhere(pages, () => (window as unknown as { seen: { again: boolean } }).seen.again))
      expect(again).toBe(false);
    for (const { jump } of await endWatch()) expect(jump).toBeLessThan(JUMP_MAX_MS);
    expect(spreadOf(await ahead(pages))).toBeLessThan(5);
  });
});
