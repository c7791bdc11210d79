import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { NAMES, randomCode, until, useStage, whole } from './stage.ts';

/** The Pits panel of two real pages with real calls; a tone for a microphone, a green wall before the camera. */
const stage = useStage('test');

function prepare(): void {
  navigator.mediaDevices.getUserMedia = ({ video } = {}) => {
    if (video !== undefined) {
      const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
      const pen = canvas.getContext('2d')!;
      setInterval(() => {
        pen.fillStyle = '#00ff00';
        pen.fillRect(0, 0, 640, 480);
      }, 50);
      return Promise.resolve(canvas.captureStream(15));
    }
    const context = new AudioContext();
    const oscillator = context.createOscillator();
    const out = context.createMediaStreamDestination();
    oscillator.connect(out);
    oscillator.start();
    return Promise.resolve(out.stream);
  };
}

const strip = (page: Page, kind: 'Audio' | 'Video') => page.getByRole('region', { name: new RegExp(`^${kind} pit`) });

it('[UI60] what one chooses in its strip is heard, seen and told in the other’s; on a phone nothing lies beside the screen', async () => {
  const code = randomCode();
  const pages = await Promise.all(NAMES.slice(0, 2).map((name) => stage.open({ name, code, script: prepare })));
  const [ada, bela] = pages as [Page, Page];
  await Promise.all(pages.map((page) => whole(page, 2)));
  const id = await ada.evaluate(() => window.tutti.peer.id);
  await bela.evaluate((from) => {
    for (const [type, name] of [
      ['audioPit', 'Voices'],
      ['videoPit', 'Faces'],
    ])
      window.tutti.score.edit({
        type: 'createProcess',
        interval: 'root',
        process: { type, name, isAlways: true, peers: [from] } as never,
      });
  }, id);
  for (const page of pages) await page.getByRole('tab', { name: /^Pits/ }).click();
  await strip(ada, 'Audio').getByText('You send nothing: choose an input.').waitFor();
  await strip(bela, 'Audio').getByText('sends nothing').first().waitFor();
  await strip(ada, 'Audio').getByLabel('My sound input').selectOption({ label: 'my microphone' });
  await strip(ada, 'Video').getByLabel('My camera').selectOption({ label: 'my camera' });

  const name = NAMES[0]!;
  await strip(bela, 'Audio')
    .getByRole('button', { name: `Mute ${name}, for me` })
    .waitFor({ timeout: 20_000 });
  await until(
    bela,
    (from) =>
      new DOMMatrix(getComputedStyle(document.querySelector(`[data-from="${from}"]`)!).scale.replace(/^(\S+).*$/, 'scale($1)')).a > 0.3,
    id,
  );
  await strip(ada, 'Audio').getByText(`${NAMES[1]!} gets your sound; nobody reaches you.`).waitFor();
  await strip(bela, 'Audio')
    .getByRole('button', { name: `Mute ${name}, for me` })
    .click();
  await strip(ada, 'Audio')
    .getByRole('table', { name: 'Who hears whom' })
    .getByText(/muted there/)
    .waitFor({ state: 'attached' });

  await until(
    bela,
    () => {
      const video = document.querySelector<HTMLVideoElement>('video[aria-label^="Picture of"]');
      if (!video?.videoWidth) return false;
      const pen = new OffscreenCanvas(4, 4).getContext('2d')!;
      pen.drawImage(video, 0, 0, 4, 4);
      const [red, green, blue] = pen.getImageData(2, 2, 1, 1).data as unknown as [number, number, number];
      return green > 200 && red < 60 && blue < 60;
    },
    undefined,
    20_000,
  );

  await bela.setViewportSize({ width: 390, height: 844 });
  for (const kind of ['Audio', 'Video'] as const) {
    const whom = strip(bela, kind);
    await whom.scrollIntoViewIfNeeded();
    const [all, matrix, state] = await Promise.all([
      whom.boundingBox(),
      whom.getByRole('table').boundingBox(),
      whom.getByRole('status').boundingBox(),
    ]);
    expect([all!.width, matrix!.x - all!.x < 20, matrix!.y > state!.y]).toEqual([390, true, true]);
  }
}, 60_000);
