import type { Locator, Page } from 'playwright-core';
import axe from 'axe-core';
import { beforeAll, expect, it } from 'vitest';
import { randomCode, useStage, whole } from './stage.ts';

/** What a person sets in the inspector and the device tree arrives in the score; one page, one score. */

const stage = useStage('file');
let page: Page;
let inspector: Locator;
let panel: Locator;

beforeAll(async () => {
  page = await stage.open({ name: 'Ada', code: randomCode(), script: axe.source, viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(5000);
  await whole(page, 1);
  await page.getByRole('main', { name: 'Score' }).waitFor();
  inspector = page.getByRole('complementary', { name: 'Inspector' });
  panel = page.getByRole('complementary', { name: 'Library and devices' });
  await panel.getByText('More', { exact: true }).click();
}, 60_000);

const add = (name: string): Promise<void> => panel.getByText(name, { exact: true }).first().click();
/** What axe finds grave in the panels as they are. */
const grave = (): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(
      { include: [['aside']] },
      { resultTypes: ['violations'] },
    );
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`));
  });
/** A field that shows a number is typed into by a press. */
const type = async (label: string, text: string): Promise<void> => {
  await inspector.getByRole('spinbutton', { name: label, exact: true }).click();
  await inspector.getByRole('textbox', { name: label, exact: true }).fill(text);
  await page.keyboard.press('Enter');
};
interface Entry {
  readonly kind: string;
  readonly type?: string;
  readonly [field: string]: unknown;
}
/** Objects of a kind, or of a type of processes, as the score has them. */
const objects = (word: string): Promise<readonly Entry[]> =>
  page.evaluate(
    (wanted) =>
      Object.values(window.tutti.score.read().objects as unknown as Record<string, Entry>).filter(
        ({ kind, type: of }) => kind === wanted || of === wanted,
      ),
    word,
  );
const soon = async (word: string, wanted: object): Promise<void> =>
  expect.poll(() => objects(word), { timeout: 5000, interval: 30 }).toContainEqual(expect.objectContaining(wanted));

it('[UI25] an interval, its sync, event and state are written by hand, to the last flag', async () => {
  await add('Interval');
  await inspector.getByRole('button', { name: 'Add a signature' }).click();
  await type('Beats in a bar', '7');
  await inspector.getByLabel('Beat of a bar').selectOption('8');
  await inspector.getByLabel('Grid').selectOption({ label: '4 bars' });
  await type('Speed', '-0.5');
  await inspector.getByRole('checkbox', { name: 'Muted' }).check();
  await soon('interval', { quantisation: 0.25, speed: -0.5, isMuted: true, signatures: [{ date: 0, numerator: 7, denominator: 8 }] });

  await inspector.getByRole('button', { name: 'Go to its end' }).click();
  await inspector.getByRole('button', { name: 'Go to its event' }).click();
  await inspector.getByLabel('If jumped over').selectOption('evaluate');
  await soon('event', { offset: 'evaluate' });
  await inspector.getByRole('button', { name: 'Go to its time sync' }).click();
  await inspector.getByRole('switch').check();
  await inspector.getByRole('checkbox', { name: 'Start' }).check();
  await inspector.getByRole('checkbox', { name: 'Again' }).check();
  await inspector.getByLabel('Waits for').selectOption({ label: '1/16' });
  await soon('sync', { isStart: true, isRetriggering: true, quantisation: 16 });
});

it('[UI27] an address is found in the tree, dragged into a state, and said there with a value of its type', async () => {
  await page.evaluate(() => {
    const level = { type: 'number', min: 0, max: 1, unit: 'gain.linear', value: 0.25, description: 'Dimmer' } as const;
    const parameters = { '/front/level': level, '/mode': { type: 'text', values: ['dim', 'full'], value: 'dim' } } as const;
    window.tutti.score.edit({ type: 'createDevice', name: 'lights', parameters });
  });
  await inspector.getByRole('button', { name: 'Event 1' }).click();
  await inspector.getByRole('button', { name: 'State 1' }).click();
  await panel.getByLabel('Find an address').fill('dimmer');
  const address = panel.getByRole('button', { name: 'lights:/front/level', exact: true });
  expect(
    await panel
      .getByRole('listitem')
      .filter({ has: page.getByRole('button', { name: 'lights:/front/level', exact: true }) })
      .last()
      .innerText(),
  ).toContain('0.25');
  await address.dragTo(inspector.getByText(/^Nothing is sent here yet/));
  await soon('state', { messages: [expect.objectContaining({ address: 'lights:/front/level', value: 0.25 })] });

  await panel.getByLabel('Find an address').fill('mode');
  await panel.getByRole('button', { name: 'lights:/mode', exact: true }).click();
  await panel.getByText('text, one of dim · full').waitFor();
  await panel.getByRole('button', { name: 'Say it here' }).click();
  await inspector.getByLabel('Value of lights:/mode', { exact: true }).selectOption({ label: 'full' });
  await inspector.getByLabel('Type of the value of lights:/front/level').selectOption('list');
  await inspector.getByLabel('Value of lights:/front/level', { exact: true }).fill('0.5, "a"');
  await page.keyboard.press('Enter');
  await inspector.getByRole('button', { name: 'Send lights:/mode earlier' }).click();
  expect(await grave(), 'the state and the tree').toEqual([]);
  const said = [
    { address: 'lights:/mode', value: 'full' },
    { address: 'lights:/front/level', value: [0.5, 'a'] },
  ];
  await soon('state', { messages: said.map((message) => expect.objectContaining(message) as unknown) });
  await panel.getByLabel('Find an address').fill('');
});

it('[UI26] a curve takes an easing from the menu and exact numbers, a way and colours are drawn', async () => {
  await page.keyboard.press('Escape');
  await add('Automation');
  const curve = inspector.getByRole('group', { name: /^Curve/ });
  await curve.dblclick({ position: { x: 30, y: 90 } });
  await curve.dblclick({ position: { x: 220, y: 30 } });
  await inspector
    .getByRole('slider', { name: /^Point at/ })
    .first()
    .focus();
  await type('Place of the point', '12.5');
  await inspector.getByText('To the next').click();
  await inspector.getByRole('button', { name: 'Curve: elastic out', exact: true }).click();
  const bent: unknown = expect.objectContaining({ x: 0.125, curve: 'elasticOut' });
  await soon('automation', { points: [expect.anything(), bent, expect.anything(), expect.anything()] });
  expect(await grave(), 'the curve and its menu').toEqual([]);
  expect(await inspector.getByRole('button', { name: /^Curve: / }).count()).toBeGreaterThanOrEqual(34);

  await add('Spline');
  const way = inspector.getByRole('group', { name: /^Way/ });
  await way.dblclick({ position: { x: 120, y: 40 } });
  await inspector.getByRole('button', { name: 'Point 2 of the way' }).focus();
  await type('x of the point', '0.6');
  await inspector.getByRole('button', { name: 'Later' }).click();
  const later: unknown = expect.objectContaining({ x: 0.6 });
  await soon('spline', { points: [expect.anything(), expect.anything(), later, expect.anything(), expect.anything()] });

  await add('Gradient');
  const colours = inspector.getByRole('group', { name: /^Colours/ });
  await colours.dblclick({ position: { x: 20, y: 20 } });
  await inspector.getByLabel('Colour', { exact: true }).fill('#ff0000');
  await type('Opacity', '0.5');
  const red: unknown = expect.objectContaining({ color: [1, 0, 0, 0.5] });
  await soon('gradient', { stops: [expect.anything(), red, expect.anything()] });
});

it('[UI25] steps, tables, notes, loops and comments are written by hand', async () => {
  await page.keyboard.press('Escape');
  await add('Steps');
  await type('How many steps', '4');
  await inspector.getByRole('slider', { name: 'Step 2' }).focus();
  await type('Value of the step', '0.75');
  await soon('steps', { steps: [0, 0.75, 1, 0.5] });
  await inspector.getByRole('checkbox', { name: 'Loop' }).check();
  await type('Loop length', '2');
  await type('Start offset', '0.5');
  await soon('steps', { isLooping: true, loopDuration: 2000, startOffset: 500 });

  await add('Pattern');
  await inspector.getByRole('button', { name: 'Snare, step 3' }).click();
  await inspector.getByRole('button', { name: 'Snare, step 4' }).click({ modifiers: ['Shift'] });
  const hits = [expect.anything(), { note: 38, hits: '--121-------1---' }, expect.anything()];
  await soon('pattern', { patterns: [expect.objectContaining({ lanes: hits })] });
  await inspector.getByRole('button', { name: 'Add a table' }).click();
  expect(await grave(), 'the table').toEqual([]);
  await inspector.getByRole('button', { name: 'Play this table' }).click();
  await soon('pattern', { current: 1 });

  await add('Notes');
  const roll = inspector.getByRole('application', { name: /^Notes/ });
  await roll.click({ position: { x: 60, y: 60 } });
  await type('Pitch', '61.5');
  await soon('notes', { notes: [expect.objectContaining({ pitch: 61.5 })] });

  await add('Comment');
  await inspector.getByLabel('Words of the comment').fill('Wait for the dancer');
  await inspector.getByLabel('Words of the comment').blur();
  await soon('comment', { text: 'Wait for the dancer' });
});

it('[UI28] a sound says that its medium is missing until it is chosen', async () => {
  await page.keyboard.press('Escape');
  await add('Sound file');
  const name = inspector.getByLabel('Name of the sound file');
  await name.fill('rain.wav');
  await name.press('Enter');
  await inspector.getByText(/^Only its name is known/).waitFor();
  await inspector
    .getByLabel('Choose a sound file')
    .setInputFiles({ name: 'storm.wav', mimeType: 'audio/wav', buffer: Buffer.from('RIFF not really') });
  await inspector.getByText(/^It is here/).waitFor();
  await soon('sound', { file: 'storm.wav' });
  expect(((await objects('sound'))[0]?.['media'] as string).length).toBeGreaterThan(10);
  expect(await page.getByRole('alert').count()).toBe(0);
});
