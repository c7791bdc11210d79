import type { LocalTime, MeshTime, PeerId } from './base.ts';
import { createConsole } from './console.ts';
import { createCompanionHost } from './crdt/companion.browser.ts';
import { demoFile } from './crdt/demo.ts';
import { createDocumentStore } from './crdt/store.browser.ts';
import { createGamepadDevice } from './engine/devices/gamepad.browser.ts';
import { createKeysDevice } from './engine/devices/keys.browser.ts';
import { createMidiDevice } from './engine/devices/midi.browser.ts';
import type { SoundDevice } from './engine/devices/sound.browser.ts';
import type { VisualDevice } from './engine/devices/visual.browser.ts';
import { sounded } from './groups/placement.ts';
import type { BrowserHost } from './mesh/host.browser.ts';
import { claimInstance, loadIdentity } from './mesh/identity.browser.ts';
import { peerIdOf } from './mesh/identity.ts';
import { fingerprintOf } from './mesh/fingerprint.ts';
import { deriveKeys, printInvitation } from './mesh/room-code.ts';
import { createWebrtcTransport } from './mesh/webrtc.browser.ts';
import { createPeer } from './peer.ts';
import { createBrowserCalls, hasCalls } from './pit/calls.browser.ts';
import { sendersOf } from './pit/senders.ts';
import type { PerformingPeer } from './peer.ts';
import { readAside } from './reader.browser.ts';
import type { OpenRoom, RoomOptions } from './ui/deps.ts';

/** A room entered from a page: a peer on real ports, with the page's devices. Comes when someone enters, not with the door. */
export async function openRoom(host: BrowserHost, code: string, options: RoomOptions): Promise<OpenRoom> {
  const origin = location.origin.replace(/^http/, 'ws');
  const transport = createWebrtcTransport(host, { url: `${origin}/signal` });
  const instance = await claimInstance();
  const identity = loadIdentity(host.random);
  const root = options.isMade === true ? fingerprintOf(identity.id) : options.root;
  let sound: SoundDevice | undefined = undefined;
  const calls = hasCalls()
    ? createBrowserCalls({
        host,
        self: peerIdOf(identity, instance.number),
        iceServers: () => peer.iceServers(),
        sounds: () => sound?.live,
      })
    : undefined;
  const peer: PerformingPeer = createPeer(
    {
      host,
      transport,
      store: createDocumentStore((message) => peer.notify({ level: 'warning', message })),
      ...(calls && { calls }),
      // y-webrtc seals with crypto.subtle, which other pages lack.
      ...(isSecureContext && {
        companion: createCompanionHost({
          signalling: `${origin}/companion`,
          iceServers: () => peer.iceServers(),
          onNotice: (message) => peer.notify({ level: 'warning', message }),
        }),
      }),
    },
    {
      identity,
      instance: instance.number,
      code,
      keys: deriveKeys(code),
      profile: { name: options.name, hue: options.hue },
      ...(root !== undefined && { root }),
      ...(options.isDemo && { initial: demoFile() }),
    },
  );
  const toMesh = (ms: number): MeshTime => peer.fromLocal(host.fromPerformance(ms));
  const timing = {
    now: () => peer.clock.now(),
    toMesh,
    toLocal: (at: MeshTime): LocalTime => peer.toLocal(at),
    fromPerformance: (ms: number) => host.fromPerformance(ms),
    onNotice: (notice: Parameters<typeof peer.notify>[0]) => peer.notify(notice),
  };
  const midi = createMidiDevice(timing);
  for (const device of [createKeysDevice(timing), createGamepadDevice(timing), midi]) peer.devices.add(device);
  const [openedSound, visual] = await openStage(peer, timing, (from) => calls?.picture(from)).catch((error: unknown) => {
    // Nobody may be left standing in a room without a page that could leave it.
    peer.close();
    instance.release();
    throw error;
  });

  sound = openedSound;

  const seen = (): void => peer.setVisible(!document.hidden);
  document.addEventListener('visibilitychange', seen);
  // A link may be opened in the background.
  seen();
  const leave = (): void => peer.close();
  addEventListener('pagehide', leave);
  Object.defineProperty(window, 'tutti', { value: createConsole(peer), configurable: true });
  if (options.isDemo) startDemo(peer);

  return {
    peer,
    sound: soundSwitch(sound),
    visual: {
      isAvailable: visual?.isAvailable ?? false,
      attach: (element) => visual?.attach(element) ?? (() => undefined),
    },
    midi: { enable: () => midi.enable(), isEnabled: () => midi.isEnabled() },
    pictures: { of: (of) => calls?.picture(of), onChange: (f) => calls?.onPicture(f) ?? (() => undefined) },
    readForeign: (reading) => readAside(reading),
    get link() {
      const { fingerprint } = peer.rights;
      return `${location.origin}/#${printInvitation({ code, ...(fingerprint !== undefined && { root: fingerprint }) })}`;
    },
    close() {
      removeEventListener('pagehide', leave);
      document.removeEventListener('visibilitychange', seen);
      Reflect.deleteProperty(window, 'tutti');
      peer.close();
      instance.release();
    },
  };
}

/** Sound and picture are large, so they come with the room; without either, all else goes on. */
async function openStage(
  peer: PerformingPeer,
  timing: Parameters<typeof import('./engine/devices/sound.browser.ts').createSoundDevice>[0] & { now(): MeshTime },
  pictureOf: (peer: PeerId) => MediaStream | undefined,
): Promise<readonly [SoundDevice | undefined, VisualDevice | undefined]> {
  const [{ createSoundDevice }, { createVisualDevice }] = await Promise.all([
    import('./engine/devices/sound.browser.ts'),
    import('./engine/devices/visual.browser.ts'),
  ]);
  const sound = createSoundDevice({ ...timing, media: (id, done) => peer.media.fetch(id, done) });
  const visual = createVisualDevice({
    ...timing,
    pictures: (word) => sendersOf(word, peer.score.read(), peer.calls.list(), peer.self.id).flatMap((from) => pictureOf(from) ?? []),
  });
  const dress = (): void => {
    const { tracks, processes } = peer.score.read();
    sound?.setTracks(sounded(tracks.values(), peer.groups.isMine));
    visual.setLayers([...processes.values()].filter((process) => process.type === 'shader'));
  };
  dress();
  peer.on('score', dress);
  peer.on('groups', dress);
  if (sound) peer.devices.add(sound);
  peer.devices.add(visual);
  return [sound, visual];
}

/** The demo plays by itself once its score and a clock are there. */
function startDemo(peer: PerformingPeer): void {
  let isStarted = false;
  const begin = (): void => {
    const { processes, groups } = peer.score.read();
    if (isStarted || processes.size <= 1) return;
    isStarted = true;
    for (const id of groups.keys()) peer.groups.setMember(peer.self.id, id, true);
    peer.run.play();
  };
  begin();
  peer.on('score', begin);
}

const soundSwitch = (sound: SoundDevice | undefined): OpenRoom['sound'] => ({
  resume: async () => sound?.resume(),
  state() {
    if (!sound) return 'absent';
    return sound.state() === 'running' ? 'running' : 'locked';
  },
  latency: () => sound?.latency(),
  level: (key) => 10 ** ((sound?.level(key === '' ? 'master' : key) ?? -Infinity) / 20),
});
