import { describe, expect, it } from 'vitest';
import { until, useStage, whole } from './stage.ts';

const stage = useStage('test');

describe('rights', () => {
  it('[RI4, RI3, UI80, UI72, UI85, UI121] a page that may only look changes nothing anywhere, by console or by hand; the owner says so with a switch', async () => {
    const owner = await stage.open({ name: 'Ann' });
    await owner.getByRole('button', { name: 'New room' }).click();
    await until(owner, () => window.tutti?.rights.isOwner, undefined);
    await owner.getByRole('button', { name: /^Share/ }).click();
    const link = await owner.getByRole('textbox', { name: 'Link to this room' }).inputValue();
    expect(link).toMatch(/#[a-z]+(-[a-z]+){4}~[A-Za-z0-9_-]{22}$/);
    await owner.keyboard.press('Escape');
    const guest = await stage.open({ name: 'Ben', code: link.slice(link.indexOf('#') + 1) });
    await Promise.all([whole(owner, 2), whole(guest, 2)]);
    expect(await guest.evaluate(() => [window.tutti.rights.isOwner, window.tutti.rights.of().edit])).toEqual([false, true]);

    await owner.getByRole('tab', { name: 'Network' }).click();
    await owner.getByRole('tab', { name: 'Topology' }).click();
    await owner.getByRole('checkbox', { name: 'Ben: Edit' }).uncheck();
    await owner.getByRole('checkbox', { name: 'Ben: Control' }).uncheck();
    await until(guest, () => !window.tutti.rights.of().edit && !window.tutti.rights.of().control, undefined);
    await guest.getByRole('tab', { name: 'Network' }).click();
    await guest.getByText('You may only look: Ann gives rights in this room.').waitFor();
    expect(await guest.getByRole('button', { name: 'Add the first group' }).isDisabled()).toBe(true);
    expect(await guest.getByRole('checkbox', { name: 'Ben: Edit' }).isDisabled()).toBe(true);

    // Why not is said where it was tried: at the button, and on the timeline.
    const answer = guest.getByRole('alert').filter({ hasText: 'You may not control' });
    const saidAt = async (x: number, y: number): Promise<void> => {
      await answer.waitFor();
      const { x: left, y: top, width } = (await answer.boundingBox())!;
      expect([left <= x && x <= left + width, Math.abs(top - y) < 60]).toEqual([true, true]);
    };
    const play = (await guest.getByRole('button', { name: /^Play/ }).first().boundingBox())!;
    await guest.mouse.click(play.x + 40, play.y + 10);
    await saidAt(play.x + 40, play.y + 10);
    await owner.evaluate(() => window.tutti.run.play());
    await until(guest, () => window.tutti.run.state === 'playing', undefined);
    const canvas = (await guest.getByRole('application').boundingBox())!;
    await guest.mouse.click(canvas.x + 200, canvas.y + 8);
    await saidAt(canvas.x + 200, canvas.y + 8);
    expect(await guest.locator('.toasts').getByText('You may not control').count()).toBe(0);
    await owner.evaluate(() => window.tutti.run.stop());
    await until(guest, () => window.tutti.run.state === 'idle', undefined);

    // Whatever changes the score is shut, with why; the way to an object is not.
    const inspector = guest.getByRole('complementary', { name: 'Inspector' });
    await inspector.getByText('You may not edit: Ann gives rights in this room.', { exact: false }).waitFor();
    expect(await inspector.getByRole('combobox', { name: 'Consensus' }).isDisabled()).toBe(true);
    await guest.getByRole('button', { name: 'Library and devices' }).click();
    expect(await guest.getByRole('button', { name: /^Interval/ }).isDisabled()).toBe(true);
    await inspector.getByRole('button', { name: 'Go to its first state' }).click();
    await inspector.getByRole('button', { name: 'Go to its time sync' }).waitFor();
    expect(await inspector.getByRole('textbox').first().isDisabled()).toBe(true);

    // What performs for others is shut, too, and silence is one's own.
    await owner.evaluate(() =>
      window.tutti.score.edit({ type: 'createProcess', interval: 'root', process: { type: 'pit', name: 'Swell' } }),
    );
    await guest.getByRole('tab', { name: 'Pits' }).click();
    const swell = guest.getByRole('region', { name: 'Pit Swell' });
    await swell.getByText('You may not control: Ann gives rights in this room.').waitFor();
    expect(await swell.getByRole('slider').getAttribute('aria-disabled')).toBe('true');
    await guest.getByRole('button', { name: 'Panic: silence everything' }).click();
    await guest.getByText('Silenced on this machine. To silence all, ask Ann.').waitFor();

    const before = await owner.evaluate(() => window.tutti.score.save());
    const outcome = await guest.evaluate(() => {
      window.tutti.run.play();
      return window.tutti.score.edit({ type: 'setTitle', title: 'mine' });
    });
    expect(outcome).toHaveProperty('issue');
    // What is said after it has come, so it would have come, too.
    await owner.evaluate(() => window.tutti.score.edit({ type: 'createInterval', id: 'marker', at: 0, duration: 1000 }));
    await until(guest, () => 'marker' in window.tutti.score.read().objects, undefined);
    expect(await owner.evaluate(() => [window.tutti.score.read().title, window.tutti.run.state])).toEqual([
      (JSON.parse(before) as { readonly title: string }).title,
      'idle',
    ]);
    expect(await guest.evaluate(() => window.tutti.run.state)).toBe('idle');

    await owner.getByRole('checkbox', { name: 'Ben: Edit' }).check();
    await until(guest, () => window.tutti.rights.of().edit, undefined);
    expect(await inspector.getByRole('textbox').first().isEnabled()).toBe(true);
    expect(await guest.getByRole('button', { name: /^Interval/ }).isEnabled()).toBe(true);
    await guest.evaluate(() => window.tutti.score.edit({ type: 'setTitle', title: 'ours' }));
    await until(owner, () => window.tutti.score.read().title === 'ours', undefined);
  });
});
