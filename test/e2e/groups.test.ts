import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { runs, sameScore } from './scenes.ts';
import { closeAll, createStage, until } from './stage.ts';
import type { Stage } from './stage.ts';

let stage: Stage;
let pages: readonly Page[] = [];
beforeAll(async () => {
  stage = await createStage();
}, 60_000);
beforeEach(async () => {
  pages = (await stage.room(2)).pages;
});
afterEach(() => closeAll(pages));
afterAll(() => stage?.close());

describe('[UI32] groups by hand', () => {
  it('what nobody runs is told; who is away is stood in for, and newcomers have a place', async () => {
    const [me, other] = pages as [Page, Page];
    await me.evaluate(() => {
      const { score, groups } = window.tutti;
      const edits = [
        { type: 'createGroup', id: 'light', name: 'Light' },
        { type: 'createGroup', id: 'sound', name: 'Sound' },
        { type: 'createInterval', id: 'long', at: 0, duration: 120_000, name: 'Long', group: 'light' },
        { type: 'createProcess', id: 'words', interval: 'long', process: { type: 'text', name: 'Words' } },
      ] as const;
      for (const edit of edits) if ('issue' in score.edit(edit)) throw new Error(edit.type);
      groups.setMember(window.tutti.peer.id, 'sound', true);
    });
    await sameScore(pages);
    const otherId = await other.evaluate(() => window.tutti.peer.id);
    await me.evaluate((id) => window.tutti.groups.setMember(id, 'light', true), otherId);
    await me.evaluate(() => window.tutti.run.play());
    await Promise.all(pages.map((page) => runs(page, 'long')));
    await me.getByRole('tab', { name: 'Network' }).click();
    expect(await me.getByText('runs nowhere').count()).toBe(0);
    await me.getByRole('checkbox', { name: 'Newcomers in Sound' }).check({ force: true });
    await until(other, () => window.tutti.groups.newcomers().includes('sound'), undefined);
    await other.close();
    await me.getByText(/nobody of it is here, so “Words” runs nowhere/).waitFor();
    await me.getByRole('button', { name: 'Take it over' }).click();
    await me.getByText('runs nowhere').waitFor({ state: 'detached' });
    await until(me, () => window.tutti.groups.of().includes('light'), undefined);
    expect(await me.evaluate(() => window.tutti.groups.standIns().map(({ group, of }) => [group, of]))).toEqual([['light', otherId]]);
    await me.getByRole('button', { name: 'Step back' }).click();
    await me.getByText('runs nowhere').waitFor();
    await me.getByRole('button', { name: 'Light', exact: false }).first().click();
    await me.getByRole('button', { name: 'Move to the right' }).click();
    await me.getByRole('button', { name: 'Delete the group' }).click();
    await me.getByText(/“Light” is deleted\. 1 object now is of what surrounds it/).waitFor();
    await me.keyboard.press('Escape');
    await me.evaluate(() => window.tutti.score.undo());
    await until(me, () => 'light' in window.tutti.score.read().groups, undefined);
  });
});
