import type { MediaConnection, Peer as PeerJs } from 'peerjs';
import type { Issue, PeerId } from '../base.ts';
import type { LiveMeter, LiveSound, LiveSounds } from '../engine/devices/sound-live.browser.ts';
import type { Host } from '../mesh/host.ts';
import type { IceServer } from '../mesh/signal.ts';
import type { Caller, CallPort, CallPortHandlers, IncomingLine, Line, LineHandlers, LineSettings, LiveInput, Place } from './call-port.ts';
import type { LiveKind } from './calls-plan.ts';
import { fingerprintsIn, stereoAnswer, stereoOffer } from './sdp.ts';

/**
 * Calls by PeerJS, over the PeerServer of the room's own server. The page has one name and one certificate for all its
 * calls, both made anew with the page. PeerJS comes when the first call is due.
 */
export interface BrowserCalls extends CallPort {
  /** Pictures of somebody, oneself included; undefined while none come. */
  picture(peer: PeerId): MediaStream | undefined;
  onPicture(f: () => void): () => void;
}

export interface BrowserCallOptions {
  readonly host: Host;
  readonly self: PeerId;
  readonly iceServers: () => readonly IceServer[];
  /** Undefined where this page has no sound. */
  readonly sounds: () => LiveSounds | undefined;
}

const PATH = '/peerjs';
const STATS_MS = 1000;
const RECONNECT_MS = [500, 1000, 2000, 5000] as const;
const CERTIFICATE: EcKeyGenParams = { name: 'ECDSA', namedCurve: 'P-256' };

interface Input {
  readonly stream: MediaStream;
  readonly track: MediaStreamTrack;
  readonly meter: LiveMeter | undefined;
}

export const hasCalls = (): boolean => typeof RTCPeerConnection !== 'undefined';

export function createBrowserCalls({ host, self, iceServers, sounds }: BrowserCallOptions): BrowserCalls {
  const id = randomName();
  const token = randomName();
  const inputs = new Map<LiveKind, Input>();
  const pictures = new Map<PeerId, MediaStream>();
  const pictureListeners = new Set<() => void>();
  const outgoing = new Set<{ readonly kind: LiveKind; replace(input: Input): void }>();
  let handlers: CallPortHandlers | undefined;
  let certificate: RTCCertificate | undefined;
  let own: Caller | undefined;
  let peer: PeerJs | undefined;
  let state: CallPort['state'] = 'idle';
  let tries = 0;
  let isClosed = false;
  const asked = new Map<LiveKind, number>();

  const setState = (next: CallPort['state']): void => {
    if (isClosed || state === next) return;
    state = next;
    handlers?.changed();
  };
  const show = (from: PeerId, stream: MediaStream | undefined): void => {
    if (stream) pictures.set(from, stream);
    else pictures.delete(from);
    for (const f of pictureListeners) f();
  };

  async function connect(): Promise<void> {
    const { Peer } = await import('peerjs');
    certificate ??= await RTCPeerConnection.generateCertificate(CERTIFICATE);
    own ??= { id, fingerprint: await fingerprintOf(certificate) };
    if (isClosed) return;
    const { hostname, port, protocol } = location;
    const isSecure = protocol === 'https:';
    peer = new Peer(id, {
      ...{ host: hostname, port: Number(port) || (isSecure ? 443 : 80), path: PATH, secure: isSecure, token, debug: 0 },
      config: { iceServers: iceServers().map((server) => ({ ...server })), certificates: [certificate] },
    });
    peer.on('open', () => {
      tries = 0;
      setState('open');
    });
    peer.on('call', incoming);
    // Nobody has business with us but calls.
    peer.on('connection', (stranger) => stranger.close());
    peer.on('disconnected', lost);
    peer.on('close', lost);
    // What matters of it shows as a lost server or a line that ends.
    peer.on('error', () => undefined);
  }
  const begin = (): void => {
    connect().catch(lost);
  };
  let isReturning = false;
  function lost(): void {
    if (isClosed) return;
    setState('away');
    if (isReturning) return;
    isReturning = true;
    host.timer.after(RECONNECT_MS[Math.min(tries++, RECONNECT_MS.length - 1)]!, () => {
      isReturning = false;
      if (isClosed || state === 'open') return;
      if (peer && !peer.destroyed && peer.disconnected) {
        peer.reconnect();
        // It tells of no failure but by being disconnected again.
        host.timer.after(RECONNECT_MS[0], () => peer?.disconnected === true && lost());
      } else if (!peer || peer.destroyed) begin();
      else lost();
    });
  }

  function incoming(call: MediaConnection): void {
    const kind = (call.metadata as { readonly kind?: unknown } | null)?.kind === 'video' ? 'video' : 'audio';
    handlers?.incoming(call.peer, kind, answering(call, kind));
  }

  /** What both ends watch. */
  function watch(call: MediaConnection, line: LineHandlers, isClosedHere: () => boolean): RTCPeerConnection {
    const rtc = call.peerConnection;
    let isDescribed = false;
    let isOver = false;
    const over = (): void => {
      if (isOver || isClosedHere()) return;
      isOver = true;
      line.ended();
    };
    rtc.addEventListener('signalingstatechange', () => {
      const sdp = rtc.remoteDescription?.sdp;
      if (isDescribed || sdp === undefined || isClosedHere()) return;
      isDescribed = true;
      line.described(fingerprintsIn(sdp));
    });
    rtc.addEventListener('connectionstatechange', () => {
      if (isClosedHere()) return;
      if (rtc.connectionState === 'connected') line.live();
      else if (rtc.connectionState === 'failed' || rtc.connectionState === 'closed') over();
    });
    call.on('close', over);
    call.on('error', over);
    return rtc;
  }

  function answering(call: MediaConnection, kind: LiveKind): IncomingLine {
    let from: PeerId | undefined;
    let stream: MediaStream | undefined;
    let sound: LiveSound | undefined;
    let places: readonly Place[] = [];
    let latency: number | undefined;
    let [isAdmitted, isOver] = [false, false];
    let endStats = (): void => undefined;
    const play = (): void => {
      if (!isAdmitted || !stream || isOver || from === undefined) return;
      if (kind === 'video') return show(from, stream);
      sound ??= sounds()?.hear(stream);
      sound?.place(places);
    };
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      endStats();
      sound?.close();
      if (from !== undefined && stream && pictures.get(from) === stream) show(from, undefined);
    };
    return {
      answer(peerId, line) {
        from = peerId;
        call.on('stream', (found) => {
          stream = found;
          play();
        });
        call.answer(undefined, { sdpTransform: (sdp: string) => stereoAnswer(sdp, call.peerConnection.remoteDescription?.sdp ?? '') });
        const rtc = watch(call, { ...line, ended: () => (end(), line.ended()) }, () => isOver);
        endStats = host.timer.every(STATS_MS, () => void latencyOf(rtc, kind).then((found) => (latency = found ?? latency)));
      },
      admit() {
        isAdmitted = true;
        play();
      },
      tune: () => undefined,
      place(next) {
        places = next;
        sound?.place(next);
      },
      level: () => sound?.level() ?? 0,
      latency: () => latency,
      close() {
        end();
        call.close();
      },
    };
  }

  function calling(to: string, kind: LiveKind, first: LineSettings, line: LineHandlers): Line {
    const input = inputs.get(kind);
    let isOver = false;
    let isAdmitted = false;
    let settings = first;
    let applied = '';
    // Its own, so that nothing but silence leaves before it is known who listens.
    let track = input?.track.clone();
    if (track) track.enabled = false;
    const call =
      track && peer?.call(to, new MediaStream([track]), { metadata: { kind }, ...(first.isStereo && { sdpTransform: stereoOffer }) });
    const end = (): void => {
      isOver = true;
      track?.stop();
      outgoing.delete(entry);
    };
    const sender = (): RTCRtpSender | undefined =>
      isOver ? undefined : call?.peerConnection?.getSenders().find((each) => each.track?.kind === kind);
    const entry = {
      kind,
      replace(next: Input) {
        const former = track;
        track = next.track.clone();
        track.enabled = isAdmitted;
        void sender()
          ?.replaceTrack(track)
          .catch(() => undefined);
        former?.stop();
      },
    };
    const apply = (): void => {
      const text = JSON.stringify(settings);
      const it = sender();
      if (!isAdmitted || text === applied || !it || !track) return;
      applied = text;
      void limit(it, track, settings).catch(() => (applied = ''));
    };
    if (call) {
      outgoing.add(entry);
      watch(call, { ...line, ended: () => (end(), line.ended()) }, () => isOver);
    } else queueMicrotask(() => isOver || (end(), line.ended()));
    return {
      admit() {
        isAdmitted = true;
        if (track) track.enabled = true;
        apply();
      },
      tune(next) {
        settings = next;
        apply();
      },
      close() {
        end();
        call?.close();
      },
    };
  }

  function take(kind: LiveKind, stream: MediaStream): void {
    const [track] = kind === 'audio' ? stream.getAudioTracks() : stream.getVideoTracks();
    if (!track) return;
    const input: Input = { stream, track, meter: kind === 'audio' ? sounds()?.measure(stream) : undefined };
    release(kind);
    inputs.set(kind, input);
    track.addEventListener('ended', () => {
      if (inputs.get(kind) !== input) return;
      release(kind);
      handlers?.changed();
    });
    for (const line of outgoing) if (line.kind === kind) line.replace(input);
    if (kind === 'video') show(self, stream);
  }
  function release(kind: LiveKind): void {
    const input = inputs.get(kind);
    inputs.delete(kind);
    input?.meter?.close();
    for (const track of input?.stream.getTracks() ?? []) track.stop();
    if (kind === 'video' && input) show(self, undefined);
  }

  return {
    open(given) {
      handlers = given;
      if (state !== 'idle' || isClosed) return;
      state = 'connecting';
      begin();
    },
    get state() {
      return state;
    },
    get own() {
      return own;
    },
    hasInput: (kind) => inputs.has(kind),
    setInput(kind, device, done) {
      const number = (asked.get(kind) ?? 0) + 1;
      asked.set(kind, number);
      if (device === undefined) {
        release(kind);
        return done(undefined);
      }
      openInput(kind, device).then(
        (stream) => {
          // A later choice overtook it, or the room was left.
          if (isClosed || asked.get(kind) !== number) return stream.getTracks().forEach((track) => track.stop());
          take(kind, stream);
          done(undefined);
        },
        (error: unknown) => done(explain(kind, error)),
      );
    },
    inputs(kind, done) {
      listInputs(kind).then(done, () => done([]));
    },
    level: () => inputs.get('audio')?.meter?.level() ?? 0,
    call: calling,
    picture: (of) => pictures.get(of),
    onPicture(f) {
      pictureListeners.add(f);
      return () => pictureListeners.delete(f);
    },
    close() {
      isClosed = true;
      peer?.destroy();
      for (const kind of ['audio', 'video'] as const) release(kind);
      pictures.clear();
      pictureListeners.clear();
    },
  };
}

const randomName = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** As a description says it, since not every browser tells it of a certificate. */
async function fingerprintOf(certificate: RTCCertificate): Promise<string> {
  const rtc = new RTCPeerConnection({ certificates: [certificate] });
  rtc.createDataChannel('');
  const { sdp = '' } = await rtc.createOffer();
  rtc.close();
  return fingerprintsIn(sdp)[0] ?? '';
}

function openInput(kind: LiveKind, device: string): Promise<MediaStream> {
  const deviceId = device === '' ? {} : { deviceId: { exact: device } };
  // An instrument is no telephone: what cleans speech spoils music.
  const sound = { ...deviceId, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  return navigator.mediaDevices.getUserMedia(kind === 'audio' ? { audio: sound } : { video: { ...deviceId, height: { ideal: 480 } } });
}

async function listInputs(kind: LiveKind): Promise<readonly LiveInput[]> {
  const wanted = kind === 'audio' ? 'audioinput' : 'videoinput';
  const found = await navigator.mediaDevices.enumerateDevices();
  return found.filter((each) => each.kind === wanted).map(({ deviceId, label }) => ({ id: deviceId, label }));
}

function explain(kind: LiveKind, error: unknown): Issue {
  const what = kind === 'audio' ? 'microphone' : 'camera';
  const name = error instanceof Error ? error.name : '';
  if (!isSecureContext) return { message: `Browsers give a ${what} only to pages that come by https, or from this machine.` };
  if (name === 'NotAllowedError') return { message: `This page may not use the ${what}: allow it in the address bar, then choose again.` };
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return { message: `There is no such ${what} here.` };
  if (name === 'NotReadableError') return { message: `The ${what} is there but gives nothing: another program may hold it.` };
  return { message: `The browser gave no ${what}.` };
}

/** Caps what is sent; pictures go behind all else. */
async function limit(sender: RTCRtpSender, track: MediaStreamTrack, { bitrate, height, rate }: LineSettings): Promise<void> {
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings;
  if (!encoding) throw new Error('not negotiated yet');
  encoding.maxBitrate = bitrate * 1000;
  encoding.priority = track.kind === 'video' ? 'very-low' : 'medium';
  if (track.kind === 'video') {
    encoding.maxFramerate = rate;
    encoding.scaleResolutionDownBy = Math.max(1, (track.getSettings().height ?? height) / height);
  }
  await sender.setParameters(parameters);
}

/** ms: half a round trip and what the jitter buffer holds. */
async function latencyOf(rtc: RTCPeerConnection, kind: LiveKind): Promise<number | undefined> {
  if (rtc.connectionState !== 'connected') return undefined;
  let [trip, buffer]: [number | undefined, number] = [undefined, 0];
  (await rtc.getStats()).forEach((report: Readonly<Record<string, unknown>>) => {
    const number = (field: string): number => (typeof report[field] === 'number' ? report[field] : 0);
    if (report['type'] === 'candidate-pair' && report['state'] === 'succeeded' && report['nominated'] === true)
      trip = number('currentRoundTripTime') * 500;
    if (report['type'] === 'inbound-rtp' && report['kind'] === kind && number('jitterBufferEmittedCount') > 0)
      buffer = (number('jitterBufferDelay') / number('jitterBufferEmittedCount')) * 1000;
  });
  return trip === undefined ? undefined : trip + buffer;
}
