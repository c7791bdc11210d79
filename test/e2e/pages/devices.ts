/** Real devices on a page of their own; the test calls what hangs on `window.harness`. */
import type { LocalTime, MeshTime } from '../../../src/base.ts';
import type { Track } from '../../../src/crdt/score.ts';
import { createGamepadDevice } from '../../../src/engine/devices/gamepad.browser.ts';
import { createKeysDevice } from '../../../src/engine/devices/keys.browser.ts';
import { createMidiDevice } from '../../../src/engine/devices/midi.browser.ts';
import { createSoundDevice } from '../../../src/engine/devices/sound.browser.ts';
import type { SoundOptions } from '../../../src/engine/devices/sound.browser.ts';
import { createVisualDevice } from '../../../src/engine/devices/visual.browser.ts';
import { record } from './recorder.ts';

/** The mesh of this page: half an hour ahead of `performance.now()`. */
const MESH_AHEAD = 1_800_000;
const meshNow = (): MeshTime => (performance.now() + MESH_AHEAD) as MeshTime;
const notices: string[] = [];
const onNotice = (notice: { message: string }): void => void notices.push(notice.message);
const values: [string, unknown, number][] = [];
const onValue = (address: string, value: unknown, at: number): void => void values.push([address, value, at - meshNow()]);
const options = {
  toLocal: (at: MeshTime) => (at - MESH_AHEAD) as LocalTime,
  fromPerformance: (ms: number) => ms as LocalTime,
  toMesh: (performanceMs: number) => (performanceMs + MESH_AHEAD) as MeshTime,
  now: meshNow,
  onNotice,
};

const track = (instrument: Track['instrument'], more: Partial<Track> = {}): Track => ({
  id: instrument,
  policies: {},
  key: instrument,
  name: instrument,
  hue: 0,
  rank: 'a',
  instrument,
  volume: 0,
  pan: 0,
  isMuted: false,
  ...more,
});

const harness = {
  notices,
  values,
  meshNow,
  track,
  record,
  sound: (media?: SoundOptions['media']) => createSoundDevice({ ...options, ...(media && { media }) })!,
  /** Live pictures come from here, by the word of a pit. */
  streams: new Map<string, readonly MediaStream[]>(),
  /** A camera that sees one colour. */
  camera(colour: string): MediaStream {
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
    const context = canvas.getContext('2d')!;
    setInterval(() => {
      context.fillStyle = colour;
      context.fillRect(0, 0, 64, 48);
    }, 50);
    return canvas.captureStream(20);
  },
  visual: () => createVisualDevice({ ...options, pictures: (word) => harness.streams.get(word) ?? [] }),
  keys: () => {
    const device = createKeysDevice(options);
    device.onValue(onValue);
    return device;
  },
  gamepad: () => {
    const device = createGamepadDevice(options);
    device.onValue(onValue);
    return device;
  },
  midi: () => {
    const device = createMidiDevice(options);
    device.onValue(onValue);
    return device;
  },
};
export type Harness = typeof harness;
declare global {
  interface Window {
    harness: Harness;
  }
}
window.harness = harness;
