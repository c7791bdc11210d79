import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { FAKES } from './pages/fakes.ts';
import { FAULTS, firedEverywhere, runs, sameScore, waits, writeChain } from './scenes.ts';
import { everywhere, randomCode, until, useStage, whole, NAMES } from './stage.ts';

/** Devices have a place of their own beside the score. */
const WIDE = { width: 1440, height: 900 };

const stage = useStage('test');
let pages: Page[] = [];

/** Three pages in browsers that have a MIDI keyboard each, as far as the browser says. */
async function enter(): Promise<[Page, Page, Page]> {
  const code = randomCode();
  pages = await Promise.all(FAULTS.map((fault, i) => stage.open({ name: NAMES[i] ?? '', code, fault, script: FAKES, viewport: WIDE })));
  await Promise.all(pages.map((page) => whole(page, 3)));
  return pages as [Page, Page, Page];
}

async function connect(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Connect MIDI' }).click();
  await page.getByRole('button', { name: 'Connect MIDI' }).waitFor({ state: 'hidden' });
}

const send = (page: Page, ...bytes: number[]): Promise<void> => page.evaluate((data) => window.fakes.midiIn(data), bytes);
const NOTE_ON = 0x90;
const CONTROLLER = 0xb2;

describe('a MIDI keyboard that one page connected', () => {
  it('is not even asked for before the click, and then by that page alone', async () => {
    const [, second] = await enter();
    expect(await everywhere(pages, () => window.fakes.midiAsked())).toEqual([0, 0, 0]);
    await connect(second);
    expect(await everywhere(pages, () => window.fakes.midiAsked())).toEqual([0, 1, 0]);
  });

  it('advances all three by a note and moves a pit for all by a controller', async () => {
    const [first, second] = await enter();
    const { syncs, intervals } = await writeChain(first, [200, 60_000], ['%midi:/any/any/note/60% > 0']);
    await first.evaluate(() => {
      const made = window.tutti.score.edit({
        type: 'createProcess',
        interval: 'root',
        process: { type: 'pit', key: 'breath', combination: 'sum', isAlways: true, min: 0, max: 1, input: 'midi:/any/3/cc/7' },
      });
      if ('issue' in made) throw new Error(made.issue.message);
    });
    await sameScore(pages);
    await connect(second);
    await first.evaluate(() => window.tutti.run.play());
    await Promise.all(pages.map((page) => waits(page, syncs[0] ?? '')));
    await send(second, NOTE_ON, 61, 100);
    await send(second, CONTROLLER, 7, 127);
    await Promise.all(pages.map((page) => until(page, () => window.tutti.pits.read('breath') === 1, undefined)));
    // Another note is not this trigger's.
    for (const waiting of await everywhere(pages, () => window.tutti.run.waiting().length)) expect(waiting).toBe(1);
    await send(second, NOTE_ON, 60, 100);
    await Promise.all(pages.map((page) => runs(page, intervals[1] ?? '')));
    const logs = await firedEverywhere(pages);
    for (const log of logs) expect(log).toBe(logs[0]);
    await send(second, CONTROLLER, 7, 0);
    await Promise.all(pages.map((page) => until(page, () => window.tutti.pits.read('breath') === 0, undefined)));
  });
});

it.each([
  ['forbidden', 'SecurityError', /MIDI was not allowed/],
  ['broken', 'InvalidStateError', /no access to MIDI/],
])('MIDI that is %s is explained beneath the button, and may be tried again', async (_, name, sentence) => {
  const script = `navigator.requestMIDIAccess = async () => { throw new DOMException('no', '${name}'); }`;
  const page = await stage.open({ name: 'Ada', code: randomCode(), script, viewport: WIDE });
  pages = [page];
  await whole(page, 1);
  await page.getByRole('button', { name: 'Connect MIDI' }).click();
  await page.getByRole('alert').filter({ hasText: sentence }).waitFor();
  expect(await page.getByRole('button', { name: 'Connect MIDI' }).isVisible()).toBe(true);
});
