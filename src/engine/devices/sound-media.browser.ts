/** Media that sound: fetched by hash, decoded once, and started where they would be by now if they came late. */
import type { ScheduledSound } from '../device.ts';
import type { DeviceNotice } from './notice.ts';
import type { Timbre } from './sound-voice.browser.ts';

export interface MediaPlayer {
  /** `start` is called as soon as it can sound: at once, or when it has come and the output runs. */
  play(scheduled: ScheduledSound, start: (buffer: AudioBuffer, until: number) => void): void;
  /** What has not begun by then does not begin any more, what waits ends then. at: mesh time. */
  cut(occurrence: string, at: number): void;
  forget(): void;
  close(): void;
}

/** Decoded media kept: minutes of stereo are tens of megabytes. */
const BUFFERS_MAX = 16;
const WAITING_MAX = 64;

interface Waiting {
  readonly scheduled: ScheduledSound;
  readonly start: (buffer: AudioBuffer, until: number) => void;
  until: number;
}

export function createMediaPlayer(
  raw: AudioContext,
  fetch: (media: string, done: (bytes: Uint8Array | undefined) => void) => void,
  notice: (notice: DeviceNotice) => void,
): MediaPlayer {
  const buffers = new Map<string, AudioBuffer>();
  const coming = new Set<string>();
  const silent = new Set<string>();
  let waiting: Waiting[] = [];

  const begin = (): void => {
    if (raw.state !== 'running') return;
    const ready = waiting.filter(({ scheduled }) => buffers.has(scheduled.media));
    waiting = waiting.filter(({ scheduled }) => !buffers.has(scheduled.media));
    for (const { scheduled, start, until } of ready) if (until > scheduled.at) start(buffers.get(scheduled.media)!, until);
  };
  const fail = (media: string, why: string): void => {
    coming.delete(media);
    waiting = waiting.filter(({ scheduled }) => scheduled.media !== media);
    if (silent.has(media)) return;
    silent.add(media);
    notice({ level: 'warning', message: `A sound of the score ${why}: it stays silent here.` });
  };
  const keep = (media: string, buffer: AudioBuffer): void => {
    coming.delete(media);
    buffers.set(media, buffer);
    const oldest = buffers.keys().next().value;
    if (buffers.size > BUFFERS_MAX && oldest !== undefined) buffers.delete(oldest);
    begin();
  };
  const load = (media: string): void => {
    if (buffers.has(media) || coming.has(media)) return;
    coming.add(media);
    fetch(media, (bytes) => {
      if (!bytes) return fail(media, 'is nowhere to be had');
      raw.decodeAudioData(bytes.slice().buffer).then(
        (buffer) => keep(media, buffer),
        () => fail(media, 'cannot be decoded'),
      );
    });
  };
  raw.addEventListener('statechange', begin);

  return {
    play(scheduled, start) {
      waiting.push({ scheduled, start, until: scheduled.until });
      if (waiting.length > WAITING_MAX) waiting.shift();
      load(scheduled.media);
      begin();
    },
    cut(occurrence, at) {
      for (const it of waiting) if (it.scheduled.occurrence === occurrence) it.until = Math.min(it.until, at);
      waiting = waiting.filter(({ until, scheduled }) => until > scheduled.at);
    },
    forget() {
      waiting = [];
    },
    close() {
      raw.removeEventListener('statechange', begin);
      waiting = [];
      buffers.clear();
    },
  };
}

/** A medium as a voice that begins `late` s after its date; undefined when it is over by then. */
export function mediumTimbre(
  raw: AudioContext,
  buffer: AudioBuffer,
  scheduled: ScheduledSound,
  { from, late }: { from: number; late: number },
): (Timbre & { readonly output: GainNode }) | undefined {
  const { rate, gain, loop, loopStart } = scheduled;
  const end = loop === undefined ? buffer.duration : Math.min(buffer.duration, loopStart + loop);
  const reached = scheduled.offset + late * rate;
  const length = end - loopStart;
  const offset = loop === undefined || reached < end || length <= 0 ? reached : loopStart + ((reached - loopStart) % length);
  if (offset >= buffer.duration) return undefined;
  const source = raw.createBufferSource();
  source.buffer = buffer;
  source.playbackRate.value = rate;
  if (loop !== undefined && length > 0) Object.assign(source, { loop: true, loopStart, loopEnd: end });
  const output = raw.createGain();
  output.gain.value = gain;
  source.connect(output);
  source.start(from, Math.max(0, offset));
  return {
    output,
    sources: [source],
    release: 0.02,
    life: loop === undefined ? (buffer.duration - offset) / rate : Infinity,
    isStruck: false,
  };
}
