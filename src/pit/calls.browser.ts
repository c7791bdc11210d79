import type { MediaConnection, Peer as PeerJs } from 'peerjs';
import type { PeerId } from '../base.ts';
import type { LiveMeter, LiveSound, LiveSounds, LiveTrack } from '../engine/devices/sound-live.browser.ts';
import type { Host } from '../mesh/host.ts';
import type { IceServer } from '../mesh/signal.ts';
import type { Caller, CallPort, CallPortHandlers, IncomingLine, Line, LineHandlers, LineSettings, Place } from './call-port.ts';
import type { LiveKind } from './calls-plan.ts';
import { limit, readCertificates, readStats } from './line-stats.browser.ts';
import { explain, listInputs, openInput } from './live-inputs.browser.ts';
import { createNarrow } from './narrow.ts';
import { createJudge, type Role } from './judge.ts';
import { fingerprintsIn, stereoAnswer, stereoOffer } from './sdp.ts';

/**
 * Calls by PeerJS, over the PeerServer of the room's own server. The page has one name and one certificate for all its
 * calls, both made anew with the page; the name, too, when somebody else took it. PeerJS comes when the first call is due.
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
  let id = randomName();
  const token = randomName();
  const inputs = new Map<LiveKind, Input>();
  const pictures = new Map<PeerId, MediaStream>();
  const pictureListeners = new Set<() => void>();
  const outgoing = new Set<{ readonly kind: LiveKind; replace(input: Input): void }>();
  let handlers: CallPortHandlers | undefined;
  let certificate: RTCCertificate | undefined;
  let fingerprint: string | undefined;
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
    fingerprint ??= await fingerprintOf(certificate);
    own = { id, fingerprint };
    if (isClosed) return;
    const { hostname, port, protocol } = location;
    const isSecure = protocol === 'https:';
    const made = new Peer(id, {
      ...{ host: hostname, port: Number(port) || (isSecure ? 443 : 80), path: PATH, secure: isSecure, token, debug: 0 },
      config: { iceServers: iceServers().map((server) => ({ ...server })), certificates: [certificate] },
    });
    peer = made;
    made.on('open', () => {
      tries = 0;
      setState('open');
    });
    made.on('call', incoming);
    // Nobody has business with us but calls.
    made.on('connection', (stranger) => stranger.close());
    made.on('disconnected', lost);
    made.on('close', lost);
    // What matters of it shows as a lost server or a line that ends.
    made.on('error', ({ type }) => {
      // Somebody took the name while the server was away: another, which is told to all, is as good.
      if (type !== 'unavailable-id' || isClosed) return;
      id = randomName();
      made.destroy();
    });
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
  function watch(call: MediaConnection, role: Role, line: LineHandlers, isClosedHere: () => boolean): RTCPeerConnection {
    const rtc = call.peerConnection;
    const described = (fingerprints: readonly string[]): void => {
      if (!isClosedHere()) line.described(fingerprints);
    };
    const judge = createJudge(role, described);
    let isOver = false;
    const over = (): void => {
      if (isOver || isClosedHere()) return;
      isOver = true;
      line.ended();
    };
    rtc.addEventListener('signalingstatechange', () => judge(rtc.signalingState, rtc.remoteDescription));
    rtc.addEventListener('connectionstatechange', () => {
      if (isClosedHere()) return;
      if (rtc.connectionState === 'connected') {
        void readCertificates(rtc).then((used) => used.length > 0 && described(used));
        line.live();
      } else if (rtc.connectionState === 'failed' || rtc.connectionState === 'closed') over();
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
    let isOver = false;
    let endStats = (): void => undefined;
    const play = (): void => {
      if (!stream || isOver || from === undefined) return;
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
      answer(line) {
        call.on('stream', (found) => {
          stream = found;
          play();
        });
        call.answer(undefined, { sdpTransform: (sdp: string) => stereoAnswer(sdp, call.peerConnection.remoteDescription?.sdp ?? '') });
        const rtc = watch(call, 'callee', { ...line, ended: () => (end(), line.ended()) }, () => isOver);
        endStats = host.timer.every(STATS_MS, () => {
          void readStats(rtc, kind).then((found) => {
            if (found?.trip !== undefined) latency = found.trip / 2 + found.buffer;
          });
        });
      },
      admit(peerId) {
        from = peerId;
        play();
      },
      tune: () => undefined,
      narrow: () => undefined,
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
    let mono: LiveTrack | undefined;
    let isMixed = false;
    const narrow = createNarrow();
    let endStats = (): void => undefined;
    // Its own, so that nothing but silence leaves before it is known who listens.
    let track = input?.track.clone();
    if (track) track.enabled = false;
    const call =
      track && peer?.call(to, new MediaStream([track]), { metadata: { kind }, ...(first.isStereo && { sdpTransform: stereoOffer }) });
    const end = (): void => {
      isOver = true;
      endStats();
      track?.stop();
      mono?.close();
      outgoing.delete(entry);
    };
    const sender = (): RTCRtpSender | undefined =>
      isOver ? undefined : call?.peerConnection?.getSenders().find((each) => each.track?.kind === kind);
    const entry = {
      kind,
      replace(next: Input) {
        const it = sender();
        const former = [track, mono] as const;
        track = next.track.clone();
        track.enabled = isAdmitted;
        mono = isMixed ? sounds()?.mix(new MediaStream([track])) : undefined;
        void it?.replaceTrack(mono?.track ?? track).catch(() => undefined);
        former[0]?.stop();
        former[1]?.close();
      },
    };
    /** Sound of two channels goes as one where there is little room. */
    const mix = (isOne: boolean): void => {
      if (isOne === isMixed || !track) return;
      isMixed = isOne;
      const it = sender();
      const former = mono;
      mono = isOne ? sounds()?.mix(new MediaStream([track])) : undefined;
      void it?.replaceTrack(mono?.track ?? track).catch(() => undefined);
      former?.close();
    };
    const apply = (): void => {
      const text = JSON.stringify(settings);
      const it = sender();
      if (!isAdmitted || text === applied || !it || !track) return;
      applied = text;
      mix(first.isStereo && !settings.isStereo);
      void limit(it, track, settings).catch(() => (applied = ''));
    };
    if (call) {
      outgoing.add(entry);
      const rtc = watch(call, 'caller', { ...line, ended: () => (end(), line.ended()) }, () => isOver);
      endStats = host.timer.every(STATS_MS, () => void readStats(rtc, kind).then((found) => found && narrow.turn(found)));
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
      narrow: () => narrow.room(),
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
    setInput(kind, choice, done) {
      const number = (asked.get(kind) ?? 0) + 1;
      asked.set(kind, number);
      if (choice === undefined) {
        release(kind);
        return done(undefined);
      }
      openInput(kind, choice).then(
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
