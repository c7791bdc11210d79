import type { LocalTime } from '../base.ts';
import { createBucket } from './bucket.ts';
import { encodeHello, readHello, type Hello, type Speaker } from './hello.ts';
import type { Host } from './host.ts';
import { decodeProfile, encodeProfile, type Profile } from './profile.ts';
import type { IceServer } from './signal.ts';
import type { Sample } from './time.ts';
import { CHANNELS, MESSAGE_BYTES_MAX, type Beat, type Channel, type Transport } from './transport.ts';
import { decodeFrame, decodeMessage, encodeFrame, encodeMessage, FIRST_MESH_TOPIC, FRAME_BYTES_MAX, TOPIC } from './wire.ts';

/**
 * One connection from its first signal to its end. "Connected" is not believed: after the signed hello a probe has to
 * come back on each channel before anything of the room travels, and from then on a beat has to be heard every second.
 *
 *   opening → greeting → probing → whole ⇄ silent → ended
 */
export type Phase = 'opening' | 'greeting' | 'probing' | 'whole' | 'silent' | 'ended';

/** Why it ended. `refused` and `incompatible` are for good, the others are redialled. */
export type EndReason = 'closed' | 'silent' | 'late' | 'bye' | 'refused' | 'incompatible' | 'replaced';

export interface Attempt {
  readonly phase: Phase;
  readonly hello: Hello | undefined;
  readonly isFrozen: boolean;
  /** When its worker was last heard. */
  readonly heardAt: LocalTime;
  signal(data: unknown): void;
  /** False unless whole, or when the channel is full. On fast: taken into the next frame. */
  send(channel: Channel, message: Uint8Array): boolean;
  /** Sends what fast has gathered; how many frames left since the last call. */
  flush(): number;
  buffered(channel: Channel): number;
  setBeacon(bytes: Uint8Array): void;
  setProfile(profile: Profile): void;
  /** To be called about ten times a second. */
  turn(): void;
  /** bye: the other side is told. `ended` is not called. */
  close(options?: { readonly bye?: boolean }): void;
}

export interface AttemptDeps {
  readonly host: Host;
  readonly transport: Transport;
  readonly speaker: () => Speaker;
  readonly tag: string;
}

export interface AttemptOptions {
  readonly isInitiator: boolean;
  readonly iceServers: readonly IceServer[];
}

export interface AttemptHandlers {
  signal(data: unknown): void;
  /** The hello holds; false cuts the link (our own id, for one). */
  verified(hello: Hello): boolean;
  /** Phase, frozenness or profile changed. */
  changed(): void;
  message(topic: number, payload: Uint8Array): void;
  sample(sample: Sample): void;
  beat(beat: Beat): void;
  /** Something was not well formed or came too fast. */
  refuse(): void;
  /** Once; nothing follows. name: of the other side, as far as known. */
  ended(reason: EndReason, name: string | undefined): void;
}

const SILENT_MS = 1000;
export const DEAD_MS = 1500;
const FROZEN_MS = 1000;
/** A turn that comes later than this says that we slept: then silence proves nothing about the others. */
const SLEPT_MS = 600;
/** Time for our own hello to reach who speaks another version. */
const PARTING_MS = 500;
const EARLY_MESSAGES_MAX = 256;
const EMPTY = new Uint8Array(0);
/** Far above what a peer sends by the budgets of pits, pings and sync. */
const MESSAGES = { perSecond: 3000, burst: 9000 };
const BYTES = { perSecond: 8_000_000, burst: 32_000_000 };

export function createAttempt(deps: AttemptDeps, options: AttemptOptions, handlers: AttemptHandlers): Attempt {
  const { host, transport } = deps;
  const echoed = new Set<Channel>();
  const probed = new Set<Channel>();
  const messages = createBucket(MESSAGES);
  const bytesIn = createBucket(BYTES);
  let phase: Phase = 'opening';
  let hello: Hello | undefined;
  /** Name of who speaks another version: whichever side cuts first, both say why. */
  let stranger: string | undefined;
  let isFrozen = false;
  let fingerprints: { readonly offerer: string; readonly answerer: string } | undefined;
  let heardAt = host.clock.now();
  let turnedAt = heardAt;
  let early: { readonly channel: Channel; readonly bytes: Uint8Array }[] = [];
  let fast: Uint8Array[] = [];
  let fastBytes = 0;
  let frames = 0;

  const connection = transport.connect(options, {
    signal: (data) => phase !== 'ended' && handlers.signal(data),
    open: (found) => phase === 'opening' && opened(found),
    message: (channel, bytes) => phase !== 'ended' && arrived(channel, bytes),
    sample: (sample) => phase !== 'ended' && handlers.sample(sample),
    heard: (beat) => phase !== 'ended' && heard(beat),
    closed: () => part(),
  });

  function setPhase(next: Phase): void {
    phase = next;
    handlers.changed();
  }

  function end(reason: EndReason, name = hello?.profile.name): void {
    if (phase === 'ended') return;
    phase = 'ended';
    connection.close();
    handlers.ended(reason, name);
  }

  const part = (): void => (stranger === undefined ? end('closed') : end('incompatible', stranger));

  function opened(found: { readonly local: string; readonly remote: string }): void {
    const { local, remote } = found;
    fingerprints = options.isInitiator ? { offerer: local, answerer: remote } : { offerer: remote, answerer: local };
    heardAt = host.clock.now();
    const around = { tag: deps.tag, isInitiator: options.isInitiator, fingerprints };
    setPhase('greeting');
    connection.send('event', encodeMessage(TOPIC.hello, encodeHello(deps.speaker(), around, host.random)));
    releaseEarly();
  }

  /** The two sides do not get there in the same moment: what comes before our own step waits, bounded [LK8]. */
  function keepEarly(channel: Channel, bytes: Uint8Array): void {
    if (early.length >= EARLY_MESSAGES_MAX) return end('closed');
    early.push({ channel, bytes });
  }

  function releaseEarly(): void {
    const waiting = early;
    early = [];
    for (const { channel, bytes } of waiting) if (phase !== 'ended') arrived(channel, bytes);
  }

  function arrived(channel: Channel, bytes: Uint8Array): void {
    if (phase === 'opening') return keepEarly(channel, bytes);
    if (bytes.length > MESSAGE_BYTES_MAX) return handlers.refuse();
    const parts = channel === 'fast' ? decodeFrame(bytes) : [bytes];
    if (parts === undefined) return handlers.refuse();
    for (const part of parts) if (phase !== 'ended') readPart(channel, part);
  }

  function readPart(channel: Channel, part: Uint8Array): void {
    const now = host.clock.now();
    if (!messages.take(1, now) || !bytesIn.take(part.length, now)) {
      handlers.refuse();
      return end('refused');
    }
    const message = decodeMessage(part);
    if (message === undefined) return handlers.refuse();
    if (message.topic < FIRST_MESH_TOPIC) readOwn(channel, message.topic, message.payload);
    else if (phase === 'whole' || phase === 'silent') handlers.message(message.topic, message.payload);
    else if (phase !== 'probing') handlers.refuse();
    // The other side may be whole a little before; what it says on fast meanwhile is lost, as it may be on any day.
    else if (channel !== 'fast') keepEarly(channel, part);
  }

  function readOwn(channel: Channel, topic: number, payload: Uint8Array): void {
    switch (topic) {
      case TOPIC.hello:
        return channel === 'event' && phase === 'greeting' ? meet(payload) : handlers.refuse();
      case TOPIC.probe:
        probed.add(channel);
        return hello === undefined ? undefined : answerProbe(channel);
      case TOPIC.echo:
        echoed.add(channel);
        return checkWhole();
      case TOPIC.bye:
        return hello === undefined ? undefined : end('bye');
      case TOPIC.profile:
        return rename(payload);
      default:
        handlers.refuse();
    }
  }

  function meet(payload: Uint8Array): void {
    if (fingerprints === undefined) return;
    const outcome = readHello(payload, { tag: deps.tag, isInitiator: !options.isInitiator, fingerprints });
    if (outcome.kind === 'incompatible') {
      stranger = outcome.name;
      host.timer.after(PARTING_MS, part);
      return;
    }
    if (outcome.kind !== 'verified') {
      handlers.refuse();
      return end('refused', outcome.kind === 'forged' ? outcome.name : undefined);
    }
    if (!handlers.verified(outcome.hello)) return end('refused', outcome.hello.profile.name);
    hello = outcome.hello;
    setPhase('probing');
    for (const channel of CHANNELS) post(channel, TOPIC.probe);
    for (const channel of probed) answerProbe(channel);
    checkWhole();
  }

  const answerProbe = (channel: Channel): void => post(channel, TOPIC.echo);

  /** Past the gathering of fast: our own topics do not wait. */
  function post(channel: Channel, topic: number, payload: Uint8Array = EMPTY): void {
    const message = encodeMessage(topic, payload);
    connection.send(channel, channel === 'fast' ? encodeFrame([message]) : message);
  }

  function checkWhole(): void {
    if (phase !== 'probing' || echoed.size < CHANNELS.length) return;
    heardAt = host.clock.now();
    setPhase('whole');
    releaseEarly();
  }

  function rename(payload: Uint8Array): void {
    const profile = decodeProfile(payload);
    if (hello === undefined || profile === undefined) return handlers.refuse();
    hello = { ...hello, profile };
    handlers.changed();
  }

  function heard(beat: Beat): void {
    heardAt = Math.max(heardAt, beat.receivedAt) as LocalTime;
    const isNowFrozen = beat.mainAge > FROZEN_MS;
    const isNews = isNowFrozen !== isFrozen;
    isFrozen = isNowFrozen;
    if (phase === 'silent') setPhase('whole');
    else if (isNews) handlers.changed();
    handlers.beat(beat);
  }

  function judgeSilence(now: LocalTime): void {
    if (now - turnedAt > SLEPT_MS) heardAt = Math.max(heardAt, now - SILENT_MS / 2) as LocalTime;
    const age = now - heardAt;
    if (age > DEAD_MS) end('silent');
    else if (age > SILENT_MS && phase === 'whole') setPhase('silent');
  }

  function sendFrame(): void {
    if (fast.length === 0) return;
    connection.send('fast', encodeFrame(fast));
    fast = [];
    fastBytes = 0;
    frames += 1;
  }

  function flush(): number {
    sendFrame();
    const left = frames;
    frames = 0;
    return left;
  }

  return {
    get phase() {
      return phase;
    },
    get hello() {
      return hello;
    },
    get isFrozen() {
      return isFrozen;
    },
    get heardAt() {
      return heardAt;
    },
    signal: (data) => connection.signal(data),
    send(channel, message) {
      if (phase !== 'whole' || message.length > MESSAGE_BYTES_MAX - 3) return false;
      if (channel !== 'fast') return connection.send(channel, message);
      if (fastBytes + message.length > FRAME_BYTES_MAX) sendFrame();
      fast.push(message);
      fastBytes += message.length + 2;
      return true;
    },
    flush,
    buffered: (channel) => connection.buffered(channel),
    setBeacon: (bytes) => connection.setBeacon(bytes),
    setProfile: (profile) => hello !== undefined && post('event', TOPIC.profile, encodeProfile(profile)),
    turn() {
      const now = host.clock.now();
      if (phase === 'whole' || phase === 'silent') judgeSilence(now);
      else if (phase === 'probing' && !echoed.has('fast')) post('fast', TOPIC.probe);
      turnedAt = now;
    },
    close({ bye = false } = {}) {
      if (phase === 'ended') return;
      if (bye && hello !== undefined) for (const channel of ['event', 'fast'] as const) post(channel, TOPIC.bye);
      phase = 'ended';
      connection.close();
    },
  };
}
