import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { FAKES } from './pages/fakes.ts';
import { runs, sameScore, waits, writeChain } from './scenes.ts';
import { everywhere, until, useStage, whole } from './stage.ts';

/** The two scenes with which ossia announced its network: here they are whole, with who comes late, who may only look, and who tries alone. */

const stage = useStage('test');

/** All or nothing: a command that is refused fails the test. */
const edit = (page: Page, commands: readonly object[]): Promise<void> =>
  page.evaluate((all) => {
    const result = window.tutti.score.edit({ type: 'batch', commands: all as never });
    if ('issue' in result) throw new Error(result.issue.message);
  }, commands);
const idOf = (page: Page): Promise<string> => page.evaluate(() => window.tutti.peer.id);
const put = (page: Page, peer: string, group: string, isIn: boolean): Promise<void> =>
  page.evaluate(([id, name, is]) => window.tutti.groups.setMember(id, name, is), [peer, group, isIn] as const);
const isIn = (page: Page, group: string): Promise<unknown> => until(page, (name) => window.tutti.groups.of().includes(name), group);
const read = (page: Page, address: string): Promise<unknown> => page.evaluate((at) => window.tutti.devices.read(at), address);
const reads = (page: Page, address: string, value: unknown): Promise<unknown> =>
  until(page, ([at, wanted]) => window.tutti.devices.read(at) === wanted, [address, value] as const);

/** An automation over its whole interval, from `y` to `to` of its range. */
const curve = (id: string, interval: string, fields: { address: string; group: string }, y: number, to = y): readonly object[] => [
  { type: 'createProcess', interval, id, process: { type: 'automation', name: id, address: fields.address, min: 0, max: 1 } },
  { type: 'setPolicies', id, policies: { group: fields.group } },
  { type: 'setPoint', process: id, x: 0, y },
  { type: 'setPoint', process: id, x: 1, y: to },
];

/** Red, green and blue in the middle of the picture, as a person sees it, 0 to 1 each. */
async function pictured(page: Page): Promise<readonly number[]> {
  const shot = await page.getByRole('img', { name: 'Picture' }).screenshot();
  return page.evaluate(async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const copy = document.createElement('canvas').getContext('2d')!;
    copy.drawImage(bitmap, -bitmap.width / 2, -bitmap.height / 2);
    return [...copy.getImageData(0, 0, 1, 1).data].slice(0, 3).map((byte) => byte / 255);
  }, shot.toString('base64'));
}

interface Count {
  /** Who was ever seen to put something into it. */
  readonly by: readonly string[];
  /** Different values that came from it. */
  readonly values: number;
}
/** What comes into two pits, as this page sees it, from now on until the returned function is asked. */
async function countPits(page: Page, pits: readonly string[]): Promise<() => Promise<Readonly<Record<string, Count>>>> {
  await page.evaluate((names) => {
    const seen = Object.fromEntries(names.map((name) => [name, { by: new Set<string>(), values: new Set<unknown>() }]));
    const look = (): void => {
      for (const [name, { by, values }] of Object.entries(seen))
        for (const { peer, value } of window.tutti.pits.contributions(name)) {
          by.add(peer);
          values.add(value);
        }
    };
    window.tutti.on('pits', look);
    const counted = (): unknown =>
      Object.fromEntries(Object.entries(seen).map(([name, { by, values }]) => [name, { by: [...by], values: values.size }]));
    Object.assign(window, { counted });
  }, pits);
  return () => page.evaluate(() => (window as unknown as { counted(): Readonly<Record<string, Count>> }).counted());
}

describe('two automations in two groups on one shader', () => {
  it('[GR1, PF4, PT6] each page computes only its own; both shaders show both, at one time; a change of group moves the work', async () => {
    const { pages } = await stage.room(2);
    const [ada, bela] = pages as [Page, Page];
    const [adaId, belaId] = [await idOf(ada), await idOf(bela)];
    const pit = (id: string): readonly object[] => [
      { type: 'createProcess', interval: 'scene', id, process: { type: 'pit', name: id, isAligned: true, output: `visual:/light/${id}` } },
    ];
    const shader = { type: 'shader', name: 'Light', source: 'return vec4(warm, cold, near, 1.0);' };
    await edit(ada, [
      { type: 'createGroup', id: 'left', name: 'Left' },
      { type: 'createGroup', id: 'right', name: 'Right' },
      { type: 'createInterval', id: 'scene', at: 0, duration: 60_000, name: 'Scene' },
      { type: 'createProcess', interval: 'scene', id: 'light', process: shader },
      ...['warm', 'cold', 'near'].map((name) => ({ type: 'setInput', process: 'light', name, value: 0, min: 0, max: 1 })),
      ...pit('warm'),
      ...pit('cold'),
      ...curve('warms', 'scene', { address: 'pit:/warm', group: 'left' }, 0.2, 1),
      ...curve('cools', 'scene', { address: 'pit:/cold', group: 'right' }, 0.9, 0.1),
      // What goes to the shader directly is seen only where it is computed.
      ...curve('nears', 'scene', { address: 'visual:/light/near', group: 'left' }, 0.5),
    ]);
    await put(ada, adaId, 'left', true);
    await put(ada, belaId, 'right', true);
    await sameScore(pages);
    await isIn(bela, 'right');
    const counts = await Promise.all(pages.map((page) => countPits(page, ['warm', 'cold'])));
    for (const page of pages) await page.getByRole('tab', { name: 'Picture' }).click();
    await ada.evaluate(() => window.tutti.run.play());
    for (const page of pages) {
      await runs(page, 'scene');
      await until(page, () => Number(window.tutti.devices.read('visual:/light/cold')) > 0.5, undefined);
      await until(page, () => Number(window.tutti.devices.read('visual:/light/warm')) > 0.2, undefined);
      await until(page, () => (window.tutti.pits.epoch('warm')?.k ?? 0) > 0 && (window.tutti.run.position() ?? 0) > 1500, undefined);
    }
    for (const count of counts) {
      const { warm, cold } = await count();
      expect([warm?.by, cold?.by]).toEqual([[adaId], [belaId]]);
      expect(Math.min(warm?.values ?? 0, cold?.values ?? 0)).toBeGreaterThan(10);
    }
    expect([await read(ada, 'visual:/light/near'), await read(bela, 'visual:/light/near')]).toEqual([0.5, 0]);

    await ada.evaluate(() => window.tutti.run.pause());
    await Promise.all(pages.map((page) => until(page, () => window.tutti.run.state === 'paused', undefined)));
    // A value is as good as another only when it is the last one, everywhere.
    const held = (): string => ['warm', 'cold'].map((name) => String(window.tutti.devices.read(`visual:/light/${name}`))).join();
    await expect.poll(async () => new Set(await everywhere(pages, held)).size, { timeout: 5000 }).toBe(1);
    const [warm = 0, cold = 0] = (await ada.evaluate(held)).split(',').map(Number);
    for (const [page, near] of [
      [ada, 0.5],
      [bela, 0],
    ] as const) {
      const colour = await pictured(page);
      for (const [i, part] of [warm, cold, near].entries())
        expect(Math.abs((colour[i] ?? 2) - part), `${colour.join()}`).toBeLessThan(0.03);
    }

    await put(ada, belaId, 'right', false);
    await put(ada, adaId, 'right', true);
    await ada.evaluate(() => window.tutti.run.resume());
    await Promise.all(
      pages.map((page) => until(page, (id) => window.tutti.pits.contributions('cold').some(({ peer }) => peer === id), adaId)),
    );
  });
});

describe('a joystick on one page drives successive automations on another that has none', () => {
  it('[XP4, GR4, DV12] with a latecomer, a page that may only look, and one that tries something alone', async () => {
    const ada = await stage.open({ name: 'Ada', script: FAKES });
    await ada.getByRole('button', { name: 'New room' }).click();
    await until(ada, () => (window as Partial<Window>).tutti?.rights.isOwner === true, undefined);
    await ada.getByRole('button', { name: /^Share/ }).click();
    const link = await ada.getByRole('textbox', { name: 'Link to this room' }).inputValue();
    await ada.keyboard.press('Escape');
    const code = link.slice(link.indexOf('#') + 1);
    const bela = await stage.open({ name: 'Béla', code });
    await Promise.all([whole(ada, 2), whole(bela, 2)]);

    const { intervals, syncs } = await writeChain(ada, [500, 500, 60_000], ['%gamepad:/0/button/0% > 0.5', '%gamepad:/0/axis/1% < -0.5']);
    const [first = '', second = '', third = ''] = intervals;
    const [press = '', push = ''] = syncs;
    await edit(ada, [
      { type: 'createTrack', id: 'lead', track: { key: 'lead', name: 'Lead' } },
      { type: 'createGroup', id: 'hands', name: 'Hands' },
      { type: 'createGroup', id: 'stage', name: 'Stage' },
      ...syncs.map((id) => ({ type: 'setPolicies', id, policies: { group: 'hands', consensus: 'all' } })),
      ...curve('one', first, { address: 'sound:/lead/pan', group: 'stage' }, 0.25),
      ...curve('two', second, { address: 'sound:/lead/pan', group: 'stage' }, 0.5),
      ...curve('three', third, { address: 'sound:/lead/pan', group: 'stage' }, 0.75),
      // The stick itself goes where there is none: into a pit here, out of it through a mapping there.
      {
        type: 'createProcess',
        interval: 'root',
        id: 'stick',
        process: { type: 'pit', name: 'stick', input: 'gamepad:/0/axis/0', min: -1 },
      },
      {
        ...{ type: 'createProcess', interval: third, id: 'follow' },
        process: { type: 'mapping', input: 'pit:/stick', sourceMin: -1, address: 'sound:/lead/reverb', points: LINE },
      },
      { type: 'setPolicies', id: 'follow', policies: { group: 'stage' } },
    ]);
    const adaId = await idOf(ada);
    await put(ada, adaId, 'hands', true);
    await put(ada, await idOf(bela), 'stage', true);
    await ada.evaluate(() => {
      window.tutti.groups.setNewcomer('stage', true);
      window.fakes.plugPad();
    });
    await sameScore([ada, bela]);
    await isIn(bela, 'stage');
    await bela.evaluate(() => window.tutti.run.play());
    await Promise.all([ada, bela].map((page) => waits(page, press)));
    await reads(bela, 'sound:/lead/pan', 0.25);

    // The pad that drives is Ada's; what it drives is at Béla's alone.
    await ada.evaluate(() => window.fakes.movePad([0, 0], [1, 0]));
    await Promise.all([ada, bela].map((page) => runs(page, second)));
    await reads(bela, 'sound:/lead/pan', 0.5);
    expect(await read(ada, 'sound:/lead/pan')).toBe(0);
    expect(await read(bela, 'gamepad:/0/button/0')).toBeUndefined();

    // Clara comes in the middle of the second one, into the stage as newcomers are, and may only look from then on.
    const clara = await stage.open({ name: 'Clara', code, script: FAKES });
    const all = [ada, bela, clara];
    await Promise.all(all.map((page) => whole(page, 3)));
    await runs(clara, second);
    await isIn(clara, 'stage');
    await reads(clara, 'sound:/lead/pan', 0.5);
    const claraId = await idOf(clara);
    await ada.evaluate((id) => void window.tutti.rights.set(id, { view: true, edit: false, control: false }), claraId);
    await Promise.all(all.map((page) => until(page, (id) => !window.tutti.rights.of(id).control, claraId)));
    // In `hands` all must agree: who may not control is none of them.
    await put(ada, claraId, 'hands', true);
    await isIn(clara, 'hands');
    await waits(clara, push);
    const refused = await clara.evaluate((sync) => {
      window.fakes.plugPad();
      window.fakes.movePad([0.9, -1], [0, 0]);
      return window.tutti.run.trigger(sync);
    }, push);
    expect(refused).toHaveProperty('message');
    for (const log of await everywhere(all, () => window.tutti.run.log().filter(({ type }) => type === 'fired').length))
      expect(log).toBe(1);

    await ada.evaluate(() => window.fakes.movePad([1, -1], [0, 0]));
    await Promise.all(all.map((page) => runs(page, third)));
    await Promise.all([reads(bela, 'sound:/lead/pan', 0.75), reads(clara, 'sound:/lead/pan', 0.75)]);
    await Promise.all(
      [bela, clara].map((page) => until(page, () => Number(window.tutti.devices.read('sound:/lead/reverb')) === 1, undefined)),
    );
    expect(await read(ada, 'sound:/lead/pan')).toBe(0);
    expect(await read(ada, 'sound:/lead/reverb')).toBeLessThan(0.5);

    // Béla tries another third automation for himself, while it runs; then for all.
    await bela.evaluate(() => {
      window.tutti.score.setSending('none');
      const [point] = (window.tutti.score.read().objects['three'] as unknown as { points: { id: string }[] }).points;
      window.tutti.score.edit({ type: 'setPoint', process: 'three', id: point?.id ?? '', x: 0, y: 0.125 });
      window.tutti.score.edit({ type: 'set', id: 'three', fields: { max: 0.5 } });
    });
    await until(bela, () => Number(window.tutti.devices.read('sound:/lead/pan')) < 0.4, undefined);
    expect(await read(clara, 'sound:/lead/pan')).toBe(0.75);
    await bela.evaluate(() => window.tutti.score.publish());
    await until(clara, () => Number(window.tutti.devices.read('sound:/lead/pan')) < 0.4, undefined);
    await sameScore(all);
    const players = await everywhere([ada, bela], () => window.tutti.pits.contributions('stick').map(({ peer }) => peer));
    expect(players).toEqual([[adaId], [adaId]]);
  });
});

/** From corner to corner. */
const LINE = [
  { id: 'a', x: 0, y: 0, curve: 1 },
  { id: 'b', x: 1, y: 1, curve: 1 },
];
