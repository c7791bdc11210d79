import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { WebSocket } from 'ws';
import { everywhere, randomCode, until, useStage, whole, NAMES } from './stage.ts';

/** Live sound between real pages: an oscillator for a microphone, and a meter where the loudspeaker would be. */
const stage = useStage('test');

declare global {
  interface Window {
    /** What goes to the loudspeaker: the strongest frequency in Hz, and its level in dB. */
    heard(): { readonly hertz: number; readonly level: number };
    /** Whether the browser was asked for an input. */
    asked: number;
    /** What was last asked of a microphone. */
    wanted: unknown;
    forge: boolean;
    /** The server hands on the true answer as a provisional one, then one with a certificate of its own. */
    eavesdrop: boolean;
    /** What it heard, 0 to 1. */
    leaked: number;
  }
}

/** An oscillator of 440 Hz times (1 + number in the name of the device); before anything of the page's own. */
function prepare(): void {
  window.asked = 0;
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...given: unknown[]) => unknown;
  AudioNode.prototype.connect = function (this: AudioNode, ...given: unknown[]) {
    if (given[0] instanceof AudioDestinationNode && this.context instanceof AudioContext) {
      const analyser = this.context.createAnalyser();
      analyser.fftSize = 8192;
      analyser.smoothingTimeConstant = 0;
      connect.call(this, analyser);
      const bins = new Float32Array(analyser.frequencyBinCount);
      window.heard = () => {
        analyser.getFloatFrequencyData(bins);
        const top = bins.reduce((best, level, i) => (level > bins[best]! ? i : best), 0);
        return { hertz: (top * this.context.sampleRate) / analyser.fftSize, level: bins[top]! };
      };
    }
    return connect.call(this, ...given);
  } as typeof AudioNode.prototype.connect;
  navigator.mediaDevices.getUserMedia = ({ audio, video } = {}) => {
    window.asked++;
    window.wanted = audio;
    if (video !== undefined) {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [640, 480];
      const pen = canvas.getContext('2d')!;
      setInterval(() => {
        pen.fillStyle = '#00ff00';
        pen.fillRect(0, 0, 640, 480);
      }, 50);
      return Promise.resolve(canvas.captureStream(15));
    }
    const context = new AudioContext();
    const oscillator = context.createOscillator();
    const device = typeof audio === 'object' && typeof audio.deviceId === 'object' ? (audio.deviceId as { exact: string }).exact : '';
    oscillator.frequency.value = 440 * (1 + Number(device || 0));
    const gain = context.createGain();
    gain.gain.value = 0.5;
    const out = context.createMediaStreamDestination();
    oscillator.connect(gain).connect(out);
    oscillator.start();
    return Promise.resolve(out.stream);
  };
  // Somebody between: what is said of the certificate in descriptions is another's.
  const { setRemoteDescription } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.setRemoteDescription = function (this: RTCPeerConnection, description: RTCSessionDescriptionInit) {
    const isMedia = /^m=(audio|video)/m.test(description.sdp ?? '');
    const sdp = (description.sdp ?? '').replace(
      /^(a=fingerprint:sha-256 )(..)/gm,
      (_, head: string, byte: string) => head + (byte === 'AA' ? 'BB' : 'AA'),
    );
    const apply = setRemoteDescription as (this: RTCPeerConnection, given: RTCSessionDescriptionInit) => Promise<void>;
    if (isMedia && window.eavesdrop && description.type === 'answer') return listenIn(this, description);
    return apply.call(this, isMedia && window.forge ? { type: description.type, sdp } : description);
  } as typeof RTCPeerConnection.prototype.setRemoteDescription;
  async function listenIn(caller: RTCPeerConnection, answer: RTCSessionDescriptionInit): Promise<void> {
    const apply = setRemoteDescription as (this: RTCPeerConnection, given: RTCSessionDescriptionInit) => Promise<void>;
    const ear = new RTCPeerConnection();
    window.leaked = 0;
    ear.addEventListener('track', ({ track }) => {
      const element = new Audio();
      element.muted = true;
      element.srcObject = new MediaStream([track]);
      void element.play();
      setInterval(
        () =>
          void ear.getStats().then((stats) =>
            stats.forEach((report: { type: string; audioLevel?: number }) => {
              if (report.type === 'inbound-rtp') window.leaked = Math.max(window.leaked, report.audioLevel ?? 0);
            }),
          ),
        100,
      );
    });
    // All of its ways stand in the descriptions, so that no candidates need to be carried.
    const gathered = (rtc: RTCPeerConnection): Promise<void> =>
      new Promise((done) => {
        const look = (): void => (rtc.iceGatheringState === 'complete' ? done() : void setTimeout(look, 20));
        look();
      });
    await gathered(caller);
    await apply.call(ear, caller.localDescription!);
    await ear.setLocalDescription();
    await gathered(ear);
    await apply.call(caller, { type: 'pranswer', sdp: answer.sdp! });
    await apply.call(caller, { type: 'answer', sdp: ear.localDescription!.sdp });
  }
}

async function enter(count: number): Promise<readonly Page[]> {
  const code = randomCode();
  const pages = await Promise.all(NAMES.slice(0, count).map((name) => stage.open({ name, code, script: prepare })));
  await Promise.all(pages.map((page) => whole(page, count)));
  return pages;
}

/** An audio pit that is always on, of which the first page sends. */
const writePit = (page: Page, sender: string | undefined, type = 'audioPit'): Promise<string> =>
  page.evaluate(
    ([peer, kind]) => {
      const made = window.tutti.score.edit({
        type: 'createProcess',
        interval: 'root',
        process: { type: kind, name: 'Voices', isAlways: true, peers: peer === undefined ? [] : [peer] } as never,
      });
      if ('issue' in made) throw new Error(made.issue.message);
      return made.created[0]!;
    },
    [sender, type] as const,
  );
const idOf = (page: Page): Promise<string> => page.evaluate(() => window.tutti.peer.id);
const speak = (page: Page, device: string | null = '', kind: 'audio' | 'video' = 'audio'): Promise<void> =>
  page.evaluate(
    ([chosen, which]) =>
      new Promise<void>((done, failed) =>
        window.tutti.calls.setInput(which, chosen, (issue) => (issue ? failed(new Error(issue.message)) : done())),
      ),
    [device, kind] as const,
  );
const hears = (page: Page, hertz: number): Promise<unknown> =>
  until(page, (wanted) => Math.abs(window.heard().hertz - wanted) < 12 && window.heard().level > -50, hertz, 20_000);
/** Of the picture on the page. */
const isGreen = (): boolean => {
  const video = document.querySelector('video');
  if (!video || video.videoWidth === 0) return false;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [8, 8];
  const pen = canvas.getContext('2d')!;
  pen.drawImage(video, 0, 0, 8, 8);
  const [red, green, blue] = pen.getImageData(4, 4, 1, 1).data as unknown as readonly [number, number, number];
  return red < 60 && green > 180 && blue < 60;
};
const isSilent = (page: Page): Promise<unknown> => until(page, () => window.heard().level < -80, undefined, 20_000);
const isState = (page: Page, from: string, to: string, state: string): Promise<unknown> =>
  until(
    page,
    ([a, b, wanted]) => window.tutti.pits.calls().some((call) => call.from === a && call.to === b && call.state === wanted),
    [from, to, state] as const,
    20_000,
  );

/** As soon as the server is there again. */
async function takeName(name: string): Promise<{ close(): void }> {
  for (;;) {
    const socket = new WebSocket(`${stage.url.replace('http', 'ws')}/peerjs/peerjs?key=peerjs&id=${name}&token=thief`);
    const said = await new Promise<string>((done) => {
      socket.on('message', (frame: Buffer) => done(frame.toString()));
      socket.on('error', () => done(''));
    });
    if (said !== '') {
      expect(said).toContain('OPEN');
      // Long enough that the page finds its name taken.
      return { close: () => void setTimeout(() => socket.close(), 6000) };
    }
    await new Promise((done) => setTimeout(done, 5));
  }
}

describe('an audio pit', () => {
  it('[PT20] [PT24] [PT28] is heard on the other page as it is played: mute, another input, a cleaned one, none; a video pit shows its camera', async () => {
    const [ada, bela] = (await enter(2)) as [Page, Page];
    const from = await idOf(ada);
    const to = await idOf(bela);
    await writePit(bela, from);
    await isState(bela, from, to, 'noInput');
    // Nobody's microphone is opened by a score.
    expect(await everywhere([ada, bela], () => window.asked)).toEqual([0, 0]);
    await speak(ada);
    await isState(bela, from, to, 'live');
    await hears(bela, 440);
    const call = await bela.evaluate(() => window.tutti.pits.calls()[0]);
    expect(call).toMatchObject({ kind: 'audio', isVerified: true, isMuted: false, gain: 1 });
    expect(call?.level).toBeGreaterThan(0.1);
    expect((await ada.evaluate(() => window.heard())).level).toBeLessThan(-80);
    await until(bela, () => window.tutti.pits.calls()[0]?.latencyMs !== undefined, undefined);
    // Who plays sees the same.
    await isState(ada, from, to, 'live');

    await bela.evaluate((id) => window.tutti.calls.mute(id, true), from);
    await isSilent(bela);
    await until(ada, () => window.tutti.pits.calls()[0]?.isMuted === true, undefined);
    await bela.evaluate((id) => window.tutti.calls.mute(id, false), from);
    await hears(bela, 440);
    await speak(ada, '1');
    await hears(bela, 880);
    expect(await ada.evaluate(() => window.wanted)).toMatchObject({
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
    });
    await ada.getByRole('tab', { name: 'Pits' }).click();
    const switches = ada.getByRole('group', { name: 'For speech' });
    await switches.getByRole('button', { name: 'No echo', pressed: false }).click();
    await switches.getByRole('button', { name: 'No echo', pressed: true }).waitFor();
    expect(await ada.evaluate(() => [window.asked, window.wanted])).toMatchObject([3, { echoCancellation: true, autoGainControl: false }]);
    await hears(bela, 880);
    await speak(ada, null);
    await isSilent(bela);
    await isState(bela, from, to, 'noInput');

    // Pictures of the same two: what a camera that sees green gives is green there.
    await writePit(ada, from, 'videoPit');
    await speak(ada, '', 'video');
    await bela.getByRole('tab', { name: 'Pits' }).click();
    await bela.getByLabel('Picture of Ada').waitFor();
    await until(bela, isGreen, undefined, 20_000);
    await speak(ada, null, 'video');
    await bela.getByLabel('Picture of Ada').waitFor({ state: 'detached' });
  });

  it('[PT20] [PT21] two who play are muted each by itself, on each page by itself; who may not control any more is not heard; calls are built anew when a page reloads, and end with it', async () => {
    const ada = await stage.open({ name: 'Ada', script: prepare });
    await ada.getByRole('button', { name: 'New room' }).click();
    await until(ada, () => (window as Partial<Window>).tutti?.rights.isOwner === true, undefined);
    await ada.getByRole('button', { name: /^Share/ }).click();
    const link = await ada.getByRole('textbox', { name: 'Link to this room' }).inputValue();
    await ada.keyboard.press('Escape');
    const code = link.slice(link.indexOf('#') + 1);
    const bela = await stage.open({ name: 'Béla', code, script: prepare });
    // Another tab of the same browser: another peer.
    const clara = await stage.open({ name: 'Clara', code, script: prepare, context: ada.context() });
    const pages = [ada, bela, clara];
    await Promise.all(pages.map((page) => whole(page, 3)));
    const [from, other] = await Promise.all([idOf(bela), idOf(clara)]);
    await writePit(ada, undefined);
    await Promise.all([speak(bela), speak(clara, '1')]);
    const mute = (page: Page, whom: string, isMuted: boolean): Promise<void> =>
      page.evaluate(([id, on]) => window.tutti.calls.mute(id, on), [whom, isMuted] as const);
    await mute(ada, from, true);
    await hears(ada, 880);
    await hears(clara, 440);
    await hears(bela, 880);
    await mute(ada, from, false);
    await mute(ada, other, true);
    await hears(ada, 440);

    await ada.evaluate((id) => window.tutti.rights.set(id, { view: true, edit: true, control: false }), from);
    await Promise.all([isSilent(ada), isSilent(clara)]);
    await until(bela, (id) => window.tutti.pits.calls().every((call) => call.from !== id), from);
    await hears(bela, 880);
    await ada.evaluate((id) => window.tutti.rights.set(id, { view: true, edit: true, control: true }), from);
    await hears(ada, 440);
    await hears(clara, 440);

    // A page that comes back hears again; who goes is heard no more.
    await clara.reload();
    await whole(clara, 3);
    await hears(clara, 440);
    await bela.close();
    await Promise.all([isSilent(ada), isSilent(clara)]);
    await until(ada, (id) => window.tutti.pits.calls().every((call) => call.from !== id && call.to !== id), from, 20_000);
  });

  it('[PT22] [PT23] [PT50] is refused where the certificate is not the one that was told; goes on without the server, while who comes to play waits', async () => {
    const [ada, bela] = (await enter(2)) as [Page, Page];
    const [from, to] = await Promise.all([idOf(ada), idOf(bela)]);
    const names: string[] = [];
    bela.on('websocket', (socket) => {
      const name = /[?&]id=([^&]+)/.exec(socket.url())?.[1];
      if (socket.url().includes('/peerjs') && name !== undefined) names.push(name);
    });
    await bela.evaluate(() => (window.forge = true));
    await writePit(ada, undefined);
    await speak(ada);
    await isState(bela, from, to, 'refused');
    expect(await bela.evaluate(() => window.heard().level)).toBeLessThan(-80);
    await bela
      .getByText(/its certificate is not the one that Ada told/)
      .first()
      .waitFor();
    await bela.evaluate(() => (window.forge = false));
    await hears(bela, 440);

    // The true answer and then another: refused by who calls, and not a sound is heard in between.
    await speak(ada, null);
    await isState(bela, from, to, 'noInput');
    await ada.evaluate(() => (window.eavesdrop = true));
    await speak(ada);
    await isState(ada, from, to, 'refused');
    await ada
      .getByText(/its certificate is not the one that Béla told/)
      .first()
      .waitFor();
    expect(await ada.evaluate(() => window.leaked)).toBe(0);
    await ada.evaluate(() => (window.eavesdrop = false));
    await hears(bela, 440);
    expect(await ada.evaluate(() => window.leaked)).toBe(0);

    // From here on without the server.
    await stage.stopServer();
    await until(bela, () => window.tutti.calls.state === 'away', undefined);
    await speak(bela, '2');
    await isState(bela, to, from, 'waiting');
    await hears(bela, 440);
    // Somebody is quicker, and takes the name that Béla's page had: it comes back by another.
    const thief = takeName(names[0]!);
    await stage.startServer();
    (await thief).close();
    await hears(ada, 1320);
    await hears(bela, 440);
    expect(names.at(-1)).not.toBe(names[0]);
  });
});

it('[PT26] stock PeerJS clients meet at our PeerServer and hear each other', async () => {
  const pages = await Promise.all(['Ada', 'Béla'].map((name) => stage.open({ name, script: prepare })));
  const [ada, bela] = pages as [Page, Page];
  for (const page of pages) await page.addScriptTag({ path: 'node_modules/peerjs/dist/peerjs.min.js' });
  const open = (page: Page): Promise<string> =>
    page.evaluate(
      () =>
        new Promise<string>((done, failed) => {
          const { Peer } = (window as never as { peerjs: typeof import('peerjs') }).peerjs;
          const peer = new Peer({ host: location.hostname, port: Number(location.port), path: '/peerjs', config: {} });
          Object.assign(window, { stock: peer });
          peer.on('open', done);
          peer.on('error', failed);
          peer.on('call', (call) => {
            call.on('stream', (stream) => {
              const element = new Audio();
              element.muted = true;
              element.srcObject = stream;
              const context = new AudioContext();
              context.createMediaStreamSource(stream).connect(context.destination);
            });
            call.answer();
          });
        }),
    );
  await open(ada);
  const to = await open(bela);
  await ada.evaluate(async (id) => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    (window as never as { stock: import('peerjs').Peer }).stock.call(id, stream);
  }, to);
  await until(bela, () => 'heard' in window && Math.abs(window.heard().hertz - 440) < 12, undefined, 20_000);
});
