import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { everywhere, until, useStage, whole, NAMES } from './stage.ts';

/** Clocks that are wrong by up to an hour and 300 ppm: pages of one machine would otherwise agree by themselves. */
const FAULTS = ['3600000,300', '-3600000,-300', '1234567,40'];

const stage = useStage('test');
let pages: readonly Page[] = [];

const [first, second, third] = [0, 1, 2].map((i) => () => {
  const page = pages[i];
  if (!page) throw new Error(`no page ${i}`);
  return page;
}) as [() => Page, () => Page, () => Page];

const enter = async (count: number, faults: readonly string[] = FAULTS): Promise<string> => {
  const room = await stage.room(count, faults);
  pages = room.pages;
  return room.code;
};

const evaluate = <T, A>(page: Page, f: (argument: A) => T, argument: A): Promise<T> =>
  page.evaluate(f as never, argument as never) as Promise<T>;

/** An interval of 800 ms, a trigger, an interval of 60 s; returns the trigger's sync. */
const writeTriggered = async (expression: string): Promise<string> =>
  evaluate(
    first(),
    (text) => {
      const { score } = window.tutti;
      const made = score.edit({ type: 'createInterval', at: 0, duration: 800, name: 'before' });
      if (!('created' in made)) throw new Error(made.issue.message);
      const before = score.read().objects[made.created[0] ?? ''] as unknown as { end: string };
      const event = (score.read().objects[before.end] as unknown as { event: string }).event;
      const sync = (score.read().objects[event] as unknown as { sync: string }).sync;
      const results = [
        score.edit({ type: 'setTrigger', id: sync, expression: text }),
        score.edit({ type: 'createInterval', from: before.end, duration: 60_000, name: 'after' }),
      ];
      for (const result of results) if ('issue' in result) throw new Error(result.issue.message);
      return sync;
    },
    expression,
  );

const sameScore = async (): Promise<void> => {
  const text = await first().evaluate(() => window.tutti.score.save());
  await Promise.all(pages.map((page) => until(page, (wanted) => window.tutti.score.save() === wanted, text)));
};

const played = (page: Page): Promise<unknown> => until(page, () => (window.tutti.run.position() ?? -1) >= 0, undefined);

/** Position minus what this very page's mesh clock says it should be, ms. */
const playStart = (): number => {
  const play = window.tutti.run.log().find(({ type }) => type === 'play');
  return play?.at ?? Number.NaN;
};

describe('three browsers', () => {
  it('see one another, names and all, within 2 s of the last arrival', async () => {
    await enter(2);
    const code = await first().evaluate(() => window.tutti.room.code);
    const late = await stage.open({ name: 'Clara', code, fault: FAULTS[2] ?? '0,0' });
    pages = [...pages, late];
    await late.waitForFunction(() => (window as Partial<Window>).tutti !== undefined);
    const began = Date.now();
    await Promise.all(pages.map((page) => whole(page, 3)));
    expect(Date.now() - began).toBeLessThan(2000);
    for (const names of await everywhere(pages, () => window.tutti.room.peers.map(({ name }) => name).sort()))
      expect(names).toEqual(NAMES.slice(0, 3));
  });

  it('write one score; each undoes only its own; a reload keeps it', async () => {
    await enter(3);
    await first().evaluate(() => void window.tutti.score.edit({ type: 'createInterval', at: 0, duration: 2000, name: 'mine' }));
    await until(second(), () => window.tutti.score.save().includes('"mine"'), undefined);
    await second().evaluate(() => void window.tutti.score.edit({ type: 'createInterval', at: 3000, duration: 2000, name: 'yours' }));
    await sameScore();
    expect(await first().evaluate(() => window.tutti.score.undo())).toBe(true);
    await sameScore();
    const text = await third().evaluate(() => window.tutti.score.save());
    expect(text).toContain('"yours"');
    expect(text).not.toContain('"mine"');
    await third().reload();
    await whole(third(), 3);
    await sameScore();
  });

  it('start at one instant of mesh time and stop together, whatever their clocks say', async () => {
    await enter(3);
    await second().evaluate(() => window.tutti.run.play());
    await Promise.all(pages.map(played));
    const starts = await everywhere(pages, playStart);
    expect(new Set(starts).size).toBe(1);
    const before = performance.now();
    const positions = await everywhere(pages, () => ({
      position: window.tutti.run.position() ?? Number.NaN,
      elapsed: window.tutti.clock.now() - (window.tutti.run.log().find(({ type }) => type === 'play')?.at ?? Number.NaN),
    }));
    const between = performance.now() - before;
    for (const { position, elapsed } of positions) expect(Math.abs(position - elapsed)).toBeLessThan(5);
    expect(Math.max(...positions.map(({ position }) => position)) - Math.min(...positions.map(({ position }) => position))).toBeLessThan(
      between + 5,
    );
    await third().evaluate(() => window.tutti.run.stop());
    await Promise.all(pages.map((page) => until(page, () => window.tutti.run.position() === undefined, undefined)));
  });

  it('go on without the master, position true to elapsed time within 5 ms', async () => {
    await enter(3);
    await first().evaluate(() => window.tutti.run.play());
    await Promise.all(pages.map(played));
    const masters = await everywhere(pages, () => window.tutti.clock.isMaster);
    const master = masters.indexOf(true);
    const rest = pages.filter((_, i) => i !== master);
    const skews = [300, -300, 40].filter((_, i) => i !== master);
    // True time comes from the browser's unfalsified clock: all pages of this machine share it.
    const read = (): { position: number; truth: number } => ({
      truth: performance.timeOrigin + performance.now(),
      position: window.tutti.run.position() ?? Number.NaN,
    });
    const before = await everywhere(rest, read);
    await pages[master]?.context().close();
    await Promise.all(rest.map((page) => whole(page, 2)));
    await rest[0]?.waitForTimeout(2000);
    const after = await everywhere(rest, read);
    expect((await everywhere(rest, () => window.tutti.clock.isMaster)).filter(Boolean)).toHaveLength(1);
    after.forEach(({ position, truth }, i) => {
      const elapsed = truth - (before[i]?.truth ?? 0);
      const advanced = position - (before[i]?.position ?? 0);
      // Mesh time is the founder's: up to 600 ppm off truth by the falsified skews, 2 to 4 ms in this span.
      const allowance = elapsed * 600e-6;
      expect(Math.abs(advanced - elapsed), `skew ${skews[i]}`).toBeLessThan(5 + allowance);
    });
    pages = rest;
  });

  it('run only their own groups, and everybody sees who runs what', async () => {
    await enter(3);
    const id = await first().evaluate(() => {
      const { score } = window.tutti;
      score.edit({ type: 'createGroup', id: 'left', name: 'Left' });
      const made = score.edit({ type: 'createInterval', at: 0, duration: 60_000, group: 'left', name: 'left only' });
      if (!('created' in made)) throw new Error(made.issue.message);
      const interval = made.created[0] ?? '';
      const process = score.edit({
        type: 'createProcess',
        interval,
        process: { type: 'automation', address: 'pit:/probe', min: 0, max: 1, points: [] },
      });
      const pit = score.edit({
        type: 'createProcess',
        interval: 'root',
        process: { type: 'pit', key: 'probe', combination: 'list', isAlways: true },
      });
      if ('issue' in process) throw new Error(process.issue.message);
      if ('issue' in pit) throw new Error(pit.issue.message);
      score.edit({ type: 'setPoint', process: process.created[0] ?? '', x: 0, y: 0.5 });
      window.tutti.groups.setMember(window.tutti.peer.id, 'left', true);
      return interval;
    });
    await sameScore();
    const member = await first().evaluate(() => window.tutti.peer.id);
    await Promise.all(pages.map((page) => until(page, (wanted) => window.tutti.groups.members('left').join() === wanted, member)));
    await third().evaluate(() => window.tutti.run.play());
    await until(second(), (interval) => window.tutti.run.running().includes(interval), id);
    // The automation writes into a pit: a peer that ran it would contribute.
    await Promise.all(pages.map((page) => until(page, () => window.tutti.pits.contributions('probe').length > 0, undefined)));
    await second().waitForTimeout(1500);
    for (const contributors of await everywhere(pages, () => window.tutti.pits.contributions('probe').map(({ peer }) => peer))) {
      expect(contributors).toEqual([member]);
    }
  });

  it.each([
    ['a click', '', (page: Page, sync: string) => page.evaluate((id) => void window.tutti.run.trigger(id), sync)],
    ['a key', '%keys:/space% == true', (page: Page) => page.locator('body').press('Space')],
  ])('wait at a trigger that %s on any page fires for all, once', async (_, expression, act) => {
    await enter(3);
    const sync = await writeTriggered(expression);
    await sameScore();
    await first().evaluate(() => window.tutti.run.play());
    await Promise.all(pages.map((page) => until(page, (id) => window.tutti.run.waiting().includes(id), sync)));
    await act(second(), sync);
    await Promise.all(pages.map((page) => until(page, (id) => !window.tutti.run.waiting().includes(id), sync)));
    const facts = await Promise.all(
      pages.map((page) => evaluate(page, (id) => window.tutti.run.log().filter((fact) => fact.type === 'fired' && fact.sync === id), sync)),
    );
    for (const fired of facts) expect(fired).toEqual(facts[0]);
    expect(facts[0]).toHaveLength(1);
  });

  it('wait at a trigger on a gamepad that only one page has', async () => {
    await enter(3);
    const sync = await writeTriggered('%gamepad:/0/button/0% > 0.5');
    await sameScore();
    await first().evaluate(() => window.tutti.run.play());
    await Promise.all(pages.map((page) => until(page, (id) => window.tutti.run.waiting().includes(id), sync)));
    await third().evaluate(() => {
      const pad = {
        id: 'fake',
        index: 0,
        connected: true,
        mapping: 'standard',
        axes: [0, 0],
        buttons: [{ pressed: true, touched: true, value: 1 }],
        timestamp: 1,
      };
      navigator.getGamepads = () => [pad] as unknown as (Gamepad | null)[];
      window.dispatchEvent(Object.assign(new Event('gamepadconnected'), { gamepad: pad }));
    });
    await Promise.all(pages.map((page) => until(page, (id) => !window.tutti.run.waiting().includes(id), sync)));
  });

  it('put faders into a pit; all read the same list, average and sum; who leaves drops out', async () => {
    await enter(3);
    const pit = await first().evaluate(() => {
      const made = window.tutti.score.edit({
        type: 'createProcess',
        interval: 'root',
        process: { type: 'pit', key: 'energy', combination: 'average', isAlways: true, min: 0, max: 10 },
      });
      if (!('created' in made)) throw new Error(made.issue.message);
      return made.created[0] ?? '';
    });
    await sameScore();
    for (const [i, page] of pages.entries()) await evaluate(page, (value) => void window.tutti.pits.put('energy', value), i + 1);
    const reads = (expected: number): Promise<unknown> =>
      Promise.all(pages.map((page) => until(page, (wanted) => window.tutti.pits.read('energy') === wanted, expected)));
    await reads(2);
    await first().evaluate((id) => void window.tutti.score.edit({ type: 'set', id, fields: { combination: 'sum' } }), pit);
    await reads(6);
    await first().evaluate((id) => void window.tutti.score.edit({ type: 'set', id, fields: { combination: 'list' } }), pit);
    await Promise.all(pages.map((page) => until(page, () => (window.tutti.pits.read('energy') as number[]).length === 3, undefined)));
    await first().evaluate((id) => void window.tutti.score.edit({ type: 'set', id, fields: { combination: 'sum' } }), pit);
    await third().context().close();
    pages = pages.slice(0, 2);
    await reads(3);
  });

  it('edit while the score runs without moving anybody’s playhead', async () => {
    await enter(3);
    const sync = await writeTriggered('');
    await sameScore();
    await first().evaluate(() => window.tutti.run.play());
    await Promise.all(pages.map(played));
    const watch = everywhere(pages, () => {
      const jumps: number[] = [];
      // A reading that the machine interrupted says nothing: both clocks are read around it.
      const read = (): { ahead: number } | undefined => {
        const before = window.tutti.clock.now();
        const position = window.tutti.run.position() ?? 0;
        return window.tutti.clock.now() - before < 0.5 ? { ahead: position - before } : undefined;
      };
      let last = read();
      return new Promise<number>((resolve) => {
        const look = setInterval(() => {
          const next = read();
          if (last && next) jumps.push(Math.abs(next.ahead - last.ahead));
          last = next ?? last;
        }, 10);
        setTimeout(() => {
          clearInterval(look);
          resolve(Math.max(...jumps));
        }, 2500);
      });
    });
    for (const page of pages) {
      await page.evaluate(() => void window.tutti.score.edit({ type: 'createInterval', at: 5000, duration: 1000 }));
      await page.evaluate((id) => void window.tutti.score.edit({ type: 'moveSync', id, at: 1500 + Math.random() * 1000 }), sync);
    }
    for (const jump of await watch) expect(jump).toBeLessThan(2);
    await sameScore();
  });
});
