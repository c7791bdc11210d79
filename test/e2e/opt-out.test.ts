import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { runs, sameScore } from './scenes.ts';
import { closeAll, createStage, everywhere, until, whole } from './stage.ts';
import type { Stage } from './stage.ts';

let stage: Stage;
let pages: readonly Page[] = [];
let me: Page;
let other: Page;
beforeAll(async () => {
  stage = await createStage();
}, 60_000);
beforeEach(async () => {
  pages = (await stage.room(2)).pages;
  [me, other] = pages as [Page, Page];
});
afterEach(() => closeAll(pages));
afterAll(() => stage?.close());

const write = (page: Page, id: string, at = 0): Promise<void> =>
  page.evaluate(
    ([name, date]) => {
      const result = window.tutti.score.edit({ type: 'createInterval', at: date, duration: 60_000, id: name, name });
      if ('issue' in result) throw new Error(result.issue.message);
    },
    [id, at] as const,
  );
const has = (page: Page, id: string): Promise<unknown> => until(page, (name) => name in window.tutti.score.read().objects, id);
const lacks = (page: Page, id: string): Promise<unknown> => until(page, (name) => !(name in window.tutti.score.read().objects), id);
/** What is sent now has arrived: a marker of the same channel came through. */
async function marked(from: Page, to: Page): Promise<void> {
  const name = `marker-${Math.floor(performance.now())}`;
  await write(from, name);
  await has(to, name);
}

describe('opted out', () => {
  beforeEach(async () => {
    await write(me, 'shared');
    await sameScore(pages);
    await me.getByTitle(/Your edits reach everyone/).click();
    await me.getByRole('radio', { name: /^Nothing/ }).check();
    await me.keyboard.press('Escape');
    await me.getByText('0 kept back').waitFor();
  });

  it('edits stay here, are counted, and what others write still comes', async () => {
    await write(me, 'private');
    await me.evaluate(() => void window.tutti.score.edit({ type: 'set', id: 'shared', fields: { name: 'renamed' } }));
    await me.getByText(/^[1-9]\d* kept back$/).waitFor();
    await marked(other, me);
    expect(
      await other.evaluate(() => [window.tutti.score.save().includes('renamed'), 'private' in window.tutti.score.read().objects]),
    ).toEqual([false, false]);
    expect(
      await me.evaluate(() => [window.tutti.score.save().includes('renamed'), 'private' in window.tutti.score.read().objects]),
    ).toEqual([true, true]);
  });

  it('published, all are equal; and one undo takes all of it back, for all', async () => {
    const before = await other.evaluate(() => window.tutti.score.save());
    await write(me, 'private');
    await me.evaluate(() => void window.tutti.score.edit({ type: 'set', id: 'shared', fields: { name: 'renamed' } }));
    await me.getByRole('button', { name: 'Publish' }).click();
    await has(other, 'private');
    await sameScore(pages);
    await me.getByText('0 kept back').waitFor();
    await me.evaluate(() => window.tutti.score.setSending('all'));
    expect(await me.evaluate(() => window.tutti.score.undo())).toBe(true);
    await lacks(other, 'private');
    await sameScore(pages);
    expect(await other.evaluate(() => window.tutti.score.save())).toBe(before);
  });

  it('object by object: one is published, one dropped, one is orphaned', async () => {
    await write(me, 'private');
    await write(me, 'other', 5000);
    await me.evaluate(() => void window.tutti.score.edit({ type: 'set', id: 'shared', fields: { name: 'renamed' } }));
    await other.evaluate(() => void window.tutti.score.edit({ type: 'delete', ids: ['shared'] }));
    await me.getByRole('button', { name: '3 kept back' }).click();
    await me.getByRole('listitem').filter({ hasText: 'renamed' }).getByText('orphaned').waitFor();
    await me.getByRole('button', { name: 'Publish private' }).click();
    await has(other, 'private');
    await me.getByRole('button', { name: 'Drop other' }).click();
    await lacks(me, 'other');
    await me.getByRole('button', { name: 'Drop renamed' }).click();
    await me.getByText('0 kept back').waitFor();
    await sameScore(pages);
  });

  it('everything but control changes: what is written goes out, a fader stays here', async () => {
    await other.evaluate(() => void window.tutti.score.edit({ type: 'createTrack', id: 'lead', track: { key: 'lead', name: 'Lead' } }));
    await until(me, () => 'lead' in window.tutti.score.read().tracks, undefined);
    await me.getByRole('button', { name: '0 kept back' }).click();
    await me.getByRole('radio', { name: /^Everything but/ }).check();
    await me.evaluate(() => void window.tutti.score.edit({ type: 'set', id: 'lead', fields: { volume: -12 } }));
    await marked(me, other);
    const volumes = await everywhere(pages, () => window.tutti.score.read().tracks['lead']?.volume);
    expect(volumes).toEqual([-12, 0]);
    await me.getByRole('listitem').filter({ hasText: 'Lead' }).waitFor();
  });

  it('dropped, it is gone; and later edits go out again', async () => {
    await write(me, 'private');
    await me.getByRole('button', { name: 'Drop' }).click();
    await lacks(me, 'private');
    await me.getByText('0 kept back').waitFor();
    await me.evaluate(() => window.tutti.score.setSending('all'));
    await marked(me, other);
    await sameScore(pages);
    expect(await other.evaluate(() => 'private' in window.tutti.score.read().objects)).toBe(false);
  });

  it('undo here touches only what is here, and never what was sent before', async () => {
    await write(me, 'private');
    expect(await me.evaluate(() => window.tutti.score.undo())).toBe(true);
    expect(await me.evaluate(() => 'private' in window.tutti.score.read().objects)).toBe(false);
    await me.evaluate(() => window.tutti.score.undo());
    await marked(other, me);
    for (const isThere of await everywhere(pages, () => 'shared' in window.tutti.score.read().objects)) expect(isThere).toBe(true);
  });

  it('control changes are played here alone', async () => {
    await other.evaluate(
      () => void window.tutti.score.edit({ type: 'createTrack', track: { key: 'lead', name: 'Lead', instrument: 'pluck' } }),
    );
    await until(me, () => window.tutti.devices.read('sound:/lead/pan') !== undefined, undefined);
    await me.evaluate(() => {
      const { score } = window.tutti;
      score.edit({
        type: 'createProcess',
        interval: 'shared',
        id: 'sweep',
        process: { type: 'automation', address: 'sound:/lead/pan', min: -1, max: 1 },
      });
      score.edit({ type: 'setPoint', process: 'sweep', x: 0, y: 0.75 });
    });
    await other.evaluate(() => window.tutti.run.play());
    await Promise.all(pages.map((page) => runs(page, 'shared')));
    await until(me, () => window.tutti.devices.read('sound:/lead/pan') === 0.5, undefined);
    expect(await other.evaluate(() => window.tutti.devices.read('sound:/lead/pan'))).toBe(0);
  });
});

it('a reload keeps what was kept back, and still keeps it back', async () => {
  await write(me, 'shared');
  await sameScore(pages);
  await me.evaluate(() => window.tutti.score.setSending('none'));
  await write(me, 'private');
  await me.waitForTimeout(300);
  await me.reload();
  await whole(me, 2);
  await has(me, 'private');
  expect(await me.evaluate(() => window.tutti.score.sending)).toBe('none');
  expect(await other.evaluate(() => 'private' in window.tutti.score.read().objects)).toBe(false);
});

describe('undo', () => {
  it('is one’s own: a step that someone else overtook stays theirs, and the person is told', async () => {
    await write(me, 'shared');
    await sameScore(pages);
    await me.evaluate(() => void window.tutti.score.edit({ type: 'set', id: 'shared', fields: { name: 'mine' } }));
    await until(other, () => window.tutti.score.save().includes('"mine"'), undefined);
    await other.evaluate(() => void window.tutti.score.edit({ type: 'set', id: 'shared', fields: { name: 'theirs' } }));
    await sameScore(pages);
    await me.locator('body').press('Control+z');
    await me.getByText(/Someone else changed this after you/).waitFor();
    for (const text of await everywhere(pages, () => window.tutti.score.save())) expect(text).toContain('"theirs"');
  });
});
