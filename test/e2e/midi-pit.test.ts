import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { FAKES } from './pages/fakes.ts';
import { FAULTS, sameScore } from './scenes.ts';
import { closeAll, oneScore, randomCode, until, useStage, whole } from './stage.ts';

/** A MIDI pit in two pages with a MIDI keyboard and a synthesiser each, as far as the browser says. */
const stage = useStage('test');

const WIDE = { width: 1440, height: 900 };

async function enter(fields: object): Promise<readonly [Page, Page, string]> {
  const code = randomCode();
  const [first, second] = (await Promise.all(
    ['Ada', 'Béla'].map((name, i) => stage.open({ name, code, fault: FAULTS[i] ?? '', script: FAKES, viewport: WIDE })),
  )) as [Page, Page];
  await Promise.all([first, second].map((page) => whole(page, 2)));
  await oneScore([first, second]);
  const pit = await first.evaluate((more) => {
    const process = { type: 'midiPit' as const, name: 'Band', output: 'midi:/fake-keys', isAlways: true, ...more };
    const made = window.tutti.score.edit({ type: 'createProcess', interval: 'root', process });
    if ('issue' in made) throw new Error(made.issue.message);
    return made.created[0] ?? '';
  }, fields);
  await sameScore([first, second]);
  for (const page of [first, second]) {
    await page.getByRole('button', { name: 'Connect MIDI' }).click();
    await until(page, () => window.tutti.devices.addresses().some((address) => address.startsWith('midi:/fake-keys/')), undefined);
  }
  return [first, second, pit];
}

const play = (page: Page, ...bytes: number[]): Promise<void> => page.evaluate((data) => window.fakes.midiIn(data), bytes);
/** Until a port was sent a message, how often. */
const hears = (page: Page, bytes: readonly number[]): Promise<unknown> =>
  until(page, (wanted) => window.fakes.midiSent().some((it) => it.join() === wanted), bytes.join());
const heardOf = (page: Page, status: number): Promise<string[]> =>
  page.evaluate(
    (kind) =>
      window.fakes
        .midiSent()
        .filter(([first = 0]) => first >> 4 === kind)
        .map((it) => it.join()),
    status,
  );

it('[PT33] [UI61] plays the notes of one page on the synthesisers of both, on the channel that its player was given by name', async () => {
  const [first, second, pit] = await enter({ channels: 'each' });
  const ada = await first.evaluate(() => window.tutti.peer.id);
  await first.getByRole('tab', { name: 'Pits' }).click();
  await first.getByRole('button', { name: 'Band', exact: true }).first().click();
  await first.getByLabel('Channel of Ada').selectOption('5');
  await sameScore([first, second]);
  await play(first, 0x90, 64, 100);
  await Promise.all([first, second].map((page) => hears(page, [0x94, 64, 100])));
  await play(first, 0xb0, 7, 127);
  await hears(second, [0xb4, 7, 127]);
  expect(await second.evaluate((id) => window.tutti.pits.playing(id).map(({ pitches, heardOn }) => [pitches, heardOn]), pit)).toEqual([
    [[64], 5],
  ]);
  await second.getByRole('tab', { name: 'Pits' }).click();
  await second.getByRole('list', { name: 'Players' }).getByText('E4').waitFor();
  expect(await second.getByRole('list', { name: 'Players' }).innerText()).toMatch(/Ada\s+E4\s+ch 5/);
  // As it came.
  await first.evaluate(([id, peer]) => void window.tutti.score.edit({ type: 'set', id, fields: { players: [{ peer, channel: 0 }] } }), [
    pit,
    ada,
  ] as const);
  await sameScore([first, second]);
  await Promise.all([first, second].map((page) => hears(page, [0x84, 64, 0])));
  await play(first, 0x9b, 67, 90);
  await Promise.all([first, second].map((page) => hears(page, [0x9b, 67, 90])));
});

it('[PT31] ends what a page held when it is closed in the middle of it', async () => {
  const [first, second] = await enter({});
  await play(first, 0x90, 60, 80);
  await play(first, 0xb0, 64, 127);
  await hears(second, [0x90, 60, 80]);
  await hears(second, [0xb0, 64, 127]);
  await closeAll([first]);
  await hears(second, [0x80, 60, 0]);
  await hears(second, [0xb0, 64, 0]);
  expect((await heardOf(second, 9)).length).toBe((await heardOf(second, 8)).length);
});

it('[PT30] feeds a value of each page through a cable', async () => {
  const [first, second, pit] = await enter({ output: '', isCompensated: true });
  await first.evaluate((id) => {
    const { score } = window.tutti;
    const made = (it: object): string => {
      const done = score.edit(it as never);
      if ('issue' in done) throw new Error(done.issue.message);
      return done.created[0] ?? '';
    };
    made({ type: 'createInterval', duration: 600_000, at: 0 });
    const process = { type: 'micromap', expression: 'x / 128', address: 'midi:/fake-keys/1/cc/20' };
    const half = made({ type: 'createProcess', interval: 'root', process });
    made({ type: 'createCable', from: { process: id, port: 'out' }, to: { process: half, port: 'in' } });
  }, pit);
  await sameScore([first, second]);
  await first.evaluate(() => window.tutti.run.play());
  await Promise.all([first, second].map((page) => until(page, () => (window.tutti.run.position() ?? -1) > 0, undefined)));
  await play(second, 0x90, 64, 100);
  await Promise.all([first, second].map((page) => hears(page, [0xb0, 20, 64])));
});
