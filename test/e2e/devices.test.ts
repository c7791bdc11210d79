import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestPage } from './pages/browser.ts';
import { openPage } from './pages/browser.ts';
import { FAKES } from './pages/fakes.ts';
import type {} from './pages/devices.ts';

let stage: TestPage;
beforeAll(async () => {
  stage = await openPage('/test/e2e/pages/devices.html', FAKES);
  await stage.page.evaluate(() => {
    const { harness } = window;
    Object.assign(window, { picture: harness.visual() });
  });
}, 90_000);
afterAll(() => stage?.close());

/** Colour in the middle of the picture as a person sees it, 0 to 255 each. */
async function middle(): Promise<readonly number[]> {
  await stage.page.evaluate(async () => {
    for (let i = 0; i < 6; i++) await new Promise(requestAnimationFrame);
  });
  const shot = await stage.page.locator('#stage').screenshot();
  return stage.page.evaluate(async (encoded) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${encoded}`)).blob());
    const copy = document.createElement('canvas').getContext('2d')!;
    copy.drawImage(bitmap, -bitmap.width / 2, -bitmap.height / 2);
    return [...copy.getImageData(0, 0, 1, 1).data].slice(0, 3);
  }, shot.toString('base64'));
}

const SHADER = {
  kind: 'process',
  type: 'shader',
  policies: {},
  interval: 'i',
  rank: 'a',
  isLooping: false,
  loopDuration: 1,
  startOffset: 0,
};
const setLayer = (source: string, key = 'one'): Promise<void> =>
  stage.page.evaluate(
    ([base, glsl, name]) =>
      (window as never as { picture: { setLayers(layers: unknown): void } }).picture.setLayers([
        {
          ...base,
          id: name,
          key: name,
          name,
          source: glsl,
          inputs: [
            { name: 'level', min: 0, max: 1, value: 0.2 },
            { name: 'a; } void main(){', min: 0, max: 1, value: 1 },
          ],
        },
      ]),
    [SHADER, source, key] as const,
  );
const sendPicture = (address: string, value: unknown, ms = 0): Promise<void> =>
  stage.page.evaluate(
    ([to, what, later]) => {
      const { picture, harness } = window as never as {
        picture: { send(a: string, v: unknown, at: number): void };
        harness: { meshNow(): number };
      };
      picture.send(to, what, harness.meshNow() + later);
    },
    [address, value, ms] as const,
  );
const near = (got: readonly number[], wanted: readonly number[]): void => {
  for (const [i, want] of wanted.entries()) expect(Math.abs(got[i]! - want), `${got} is not ${wanted}`).toBeLessThan(6);
};

describe('the visual device in Chromium', () => {
  it('[DV9] shows a layer once its date has come, with its inputs; names that are none stay out of the program', async () => {
    await stage.page.evaluate(() => {
      const { picture } = window as never as { picture: { attach(e: HTMLElement): void; isAvailable: boolean } };
      picture.attach(document.getElementById('stage')!);
    });
    await stage.page.waitForSelector('#stage canvas');
    await setLayer('return vec4(level, 0.4, uv.x > 0.0 ? 1.0 : 0.0, 1.0);');
    near(await middle(), [8, 9, 12]);
    await sendPicture('visual:/one/shown', true, 2000);
    near(await middle(), [8, 9, 12]);
    await sendPicture('visual:/one/shown', true);
    near(await middle(), [51, 102, 255]);
    await sendPicture('visual:/one/level', 0.8);
    await sendPicture('visual:/one/nothing', 0.8);
    near(await middle(), [204, 102, 255]);
    await sendPicture('visual:/one/opacity', 0.5);
    near(await middle(), [106, 55, 133]);
  }, 30_000);

  it('[DV10] a shader that does not compile says where, and the last good version goes on', async () => {
    await sendPicture('visual:/one/opacity', 1);
    await setLayer('float x = 1.0;\nreturn vec4(x, nonsense, 0.0, 1.0);');
    near(await middle(), [204, 102, 255]);
    expect(await stage.page.evaluate(() => window.harness.notices.at(-1))).toMatch(/“one”, line 2: .*nonsense/);
    await setLayer('float half_of(float x) { return x * 0.5; }\nvec4 render(vec2 uv) { return vec4(half_of(level), 0.0, 0.0, 1.0); }');
    near(await middle(), [102, 0, 0]);
  }, 30_000);

  it('[PT35] a shader has the live pictures of a video pit, all in tiles or one of them', async () => {
    await stage.page.evaluate(() => {
      const { harness } = window;
      harness.streams.set('cam', [harness.camera('#f00'), harness.camera('#00f')]);
    });
    const shows = async (source: string, wanted: readonly number[]): Promise<void> => {
      await setLayer(source);
      // The first picture takes its time.
      const coarse = (colour: readonly number[]): string => colour.map((x) => Math.round(x / 64)).join();
      let got = '';
      for (let i = 0; i < 40 && got !== coarse(wanted); i++) got = coarse(await middle());
      expect(got, source).toBe(coarse(wanted));
    };
    await shows('return video_cam(vec2(0.25, 0.5));', [255, 0, 0]);
    await shows('return video_cam(vec2(0.75, 0.5));', [0, 0, 255]);
    await shows('return video_cam(vec2(0.5), 1);', [0, 0, 255]);
    await shows('return video_cam(vec2(0.5), 2) + vec4(0.0, videos_cam / 2.0, 0.0, 0.0);', [0, 255, 0]);
    // Above the picture of a tile it is dark: it is seen whole.
    await shows('return video_cam(vec2(0.5, 0.99), 0) + video_nobody(uv) + vec4(0.0, 0.0, 0.5, 0.0);', [0, 0, 128]);
    // Its sender goes.
    await stage.page.evaluate(() => window.harness.streams.set('cam', window.harness.streams.get('cam')!.slice(1)));
    await shows('return video_cam(vec2(0.5), 0);', [0, 0, 255]);
    await setLayer('return vec4(level * 0.5, 0.0, 0.0, 1.0);');
  }, 30_000);

  it('[DV10] a lost graphics context is built anew', async () => {
    await stage.page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('#stage canvas')!;
      canvas.id = 'lost';
      canvas.getContext('webgl2')!.getExtension('WEBGL_lose_context')!.loseContext();
    });
    await stage.page.waitForFunction(() => document.querySelector('#stage canvas:not(#lost)') && !document.querySelector('#lost'));
    near(await middle(), [102, 0, 0]);
  }, 30_000);
});

type Seen = readonly (readonly [string, unknown])[];
const seen = (): Promise<Seen> =>
  stage.page.evaluate(() => window.harness.values.splice(0).map(([address, value]) => [address, value] as const));

describe('what hands reach, in Chromium', () => {
  it('[DV11] keys are named by place, silent while someone types, and let go when the window is left', async () => {
    await stage.page.evaluate(() => void window.harness.keys());
    await stage.page.keyboard.down('Space');
    await stage.page.keyboard.down('KeyA');
    await stage.page.keyboard.up('Space');
    await stage.page.evaluate(() => dispatchEvent(new Event('blur')));
    await stage.page.keyboard.up('KeyA');
    await stage.page.focus('#field');
    await stage.page.keyboard.type('b1');
    expect(await seen()).toEqual([
      ['keys:/space', true],
      ['keys:/a', true],
      ['keys:/space', false],
      ['keys:/a', false],
    ]);
  });

  it('[DV12] a gamepad tells changes only, rests in its dead zone, and lets go of all when unplugged', async () => {
    await stage.page.evaluate(() => {
      window.harness.gamepad();
      window.fakes.plugPad();
    });
    const move = (axes: number[], buttons: number[]): Promise<void> =>
      stage.page.evaluate(
        async ([a, b]) => {
          window.fakes.movePad(a, b);
          for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
        },
        [axes, buttons] as const,
      );
    await move([0.05, 0], [0, 0]);
    await move([0.05, -1], [1, 0]);
    await move([0.05, -1], [1, 0]);
    expect(await seen()).toEqual([
      ['gamepad:/0/axis/1', -1],
      ['gamepad:/0/button/0', 1],
    ]);
    await stage.page.evaluate(() => window.fakes.unplugPad());
    expect(await seen()).toEqual([
      ['gamepad:/0/axis/1', 0],
      ['gamepad:/0/button/0', 0],
    ]);
  });

  it('[DV13] MIDI is asked for only by enable(); notes and controllers come in, scored notes go out and are ended', async () => {
    const found = await stage.page.evaluate(async () => {
      const { harness, fakes } = window;
      const midi = harness.midi();
      const askedBefore = fakes.midiAsked();
      const issue = await midi.enable();
      fakes.midiIn([0x90, 60, 127]);
      fakes.midiIn([0xb2, 7, 0]);
      fakes.midiIn([0xf8]);
      const now = harness.meshNow();
      const note = { occurrence: 'a', velocity: 1, at: now, until: (now + 5000) as typeof now };
      midi.note!('midi:/fake-keys/1', { ...note, pitch: 64 });
      midi.note!('midi:/fake-keys/1', { ...note, pitch: 65, at: (now + 2000) as typeof now });
      midi.cut!('a', now);
      midi.send('midi:/fake-keys/16/cc/1', 1, now);
      await new Promise((done) => setTimeout(done, 60));
      const { inputs, outputs } = midi.ports();
      fakes.unplugMidi();
      await new Promise((done) => setTimeout(done, 20));
      return { askedBefore, issue, inputs, outputs, after: midi.ports(), sent: fakes.midiSent() };
    });
    expect(found).toMatchObject({ askedBefore: 0, inputs: ['fake-keys'], outputs: ['fake-keys'], after: { inputs: [], outputs: [] } });
    expect(found.issue).toBeUndefined();
    expect(found.sent).toEqual([
      [0x90, 64, 127],
      [0x80, 64, 0],
      [0xbf, 1, 127],
    ]);
    const values = await seen();
    expect(values.slice(0, 6)).toEqual([
      ['midi:/fake-keys/1/note/60', 1],
      ['midi:/any/1/note/60', 1],
      ['midi:/any/any/note/60', 1],
      ['midi:/fake-keys/3/cc/7', 0],
      ['midi:/any/3/cc/7', 0],
      ['midi:/any/any/cc/7', 0],
    ]);
    expect(values.slice(6)).toEqual([
      ['midi:/fake-keys/1/note/60', 0],
      ['midi:/any/1/note/60', 0],
      ['midi:/any/any/note/60', 0],
    ]);
  });

  it('complains of nothing in the console', () => {
    expect(
      stage.complaints.filter(
        (text) => !/AudioContext was not allowed|loseContext|CONTEXT_LOST|context lost|GPU stall due to ReadPixels/i.test(text),
      ),
    ).toEqual([]);
  });
});
