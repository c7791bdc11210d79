import type { Issue, PeerId, Unsubscribe } from '../base.ts';
import type { Score } from '../crdt/score.ts';
import type { Host } from '../mesh/host.ts';
import { NO_CLEANING, type Caller, type CallPort, type LineSettings, type Place } from './call-port.ts';
import type { Calls, CallState, CallView } from './calls-api.ts';
import { createIncoming } from './calls-in.ts';
import { decodeTold, encodeTold, LIVE_KINDS, type Told, type ToldWay } from './calls-message.ts';
import { createOutgoing, keyOf } from './calls-out.ts';
import { livePits, planCalls, type CallCircumstances, type LiveKind, type LivePit, type PlannedCall } from './calls-plan.ts';
import { createGiveWay, shareOf } from './give-way.ts';

/**
 * Live calls between pages: what is planned is dialled, what falls is dialled again, what nobody planned is refused.
 * The server that introduces callers is believed nothing: each page has a certificate for all its calls and tells its
 * fingerprint over links that are proven, and on a call whose certificate is another nothing is sent and nothing is played.
 */
export interface CallDesk extends Calls {
  /** The score, groups, rights, who is here or what runs may be others. */
  refresh(): void;
  receive(from: PeerId, payload: Uint8Array): void | 'refused';
  joined(): void;
  left(peer: PeerId): void;
  close(): void;
}

export interface CallDeps extends Omit<CallCircumstances, 'present' | 'isOn'> {
  /** Where this peer stands: its interval runs, or it is always on. */
  isOn(pit: LivePit): boolean;
  readonly host: Pick<Host, 'clock' | 'timer'>;
  readonly self: PeerId;
  /** Absent: this peer has no calls. */
  readonly port?: CallPort | undefined;
  score(): Score;
  /** Within reach, self included, in order. */
  here(): readonly PeerId[];
  nameOf(peer: PeerId): string;
  /** ms that messages now take longer than at their best, over the worst link. */
  delay(): number;
  broadcast(payload: Uint8Array): void;
  changed(): void;
  notify(notice: Issue & { readonly level: 'warning' | 'error' }): void;
}

const TURN_MS = 500;
const GIVE_WAY_MS = 1000;
/** Changes that come together are told together. */
const GATHER_MS = 100;
const REFRESH_MS = 5000;
/** Nobody is shown the same again and again. */
const NOTICE_MS = 30_000;
const GAIN_MAX = 4;
const NO_CALLS: Issue = { message: 'This peer has no microphone and no camera to send.' };

export function createCalls(deps: CallDeps): CallDesk {
  const { self, port } = deps;
  const { clock, timer } = deps.host;
  const told = new Map<PeerId, Told>();
  const noticedAt = new Map<string, number>();
  const muted = new Set<PeerId>();
  const gains = new Map<PeerId, number>();
  const chosen = new Map<LiveKind, string>();
  const giveWay = createGiveWay();
  let cleaning = NO_CLEANING;
  let plan: readonly PlannedCall[] = [];
  let onHere = '';
  let [saidAt, turnedAt] = [-Infinity, -Infinity];
  let cancelSay: Unsubscribe | undefined;
  let isClosed = false;

  const warn = (about: string, message: string, level: 'warning' | 'error' = 'warning'): void => {
    if (clock.now() - (noticedAt.get(about) ?? -Infinity) < NOTICE_MS) return;
    noticedAt.set(about, clock.now());
    deps.notify({ level, message });
  };
  const wrong = (peer: PeerId): void => {
    const name = deps.nameOf(peer);
    const message = `A live call with ${name} was refused: its certificate is not the one that ${name} told. Somebody in between may want to listen.`;
    warn(`wrong ${peer}`, message, 'error');
  };
  const callerOf = (peer: PeerId): Caller | undefined => {
    const word = told.get(peer);
    return word && word.id !== '' ? word : undefined;
  };
  const changedSoon = (): void => {
    tellSoon();
    deps.changed();
  };

  const incoming = createIncoming({
    ...{ clock, callerOf, wrong, changed: changedSoon },
    peersOf: (caller) => [...told].filter(([, { id }]) => id === caller).map(([peer]) => peer),
    sentAway(from) {
      if (from === undefined) return warn('stranger', 'Somebody who is not in this room called, and was not let in.');
      warn(`uncalled ${from}`, `${deps.nameOf(from)} called, but sends nothing here by the score or by right, and was not let in.`);
    },
  });
  const outgoing =
    port && createOutgoing({ ...{ clock, port, callerOf, wrong, changed: deps.changed }, settings: settingsOf, isRefusedThere });

  const pitOf = (id: string): LivePit | undefined => livePits(deps.score()).find((pit) => pit.id === id);
  const isPlanned = (kind: LiveKind, from: PeerId, to: PeerId): boolean =>
    plan.some((call) => call.kind === kind && call.from === from && call.to === to);

  function isRefusedThere(kind: LiveKind, to: PeerId): boolean {
    return told.get(to)?.ways.some((way) => way.kind === kind && way.from === self && way.state === 'refused') ?? false;
  }
  function settingsOf(kind: LiveKind, to: PeerId): LineSettings {
    const pits = plan.filter((call) => call.from === self && call.to === to && call.kind === kind).flatMap((call) => pitOf(call.pit) ?? []);
    const [share, sound, narrow] = [giveWay.share(), giveWay.sound(), outgoing?.narrow(kind, to)];
    return shareOf(pits, { kind, lines: outgoing?.count(kind) ?? 0, share, sound, narrow });
  }
  const placesOf = (from: PeerId): readonly Place[] =>
    plan
      .filter((call) => call.to === self && call.from === from && call.kind === 'audio')
      .flatMap(({ pit: id }) => {
        const pit = pitOf(id);
        const own = muted.has(from) ? 0 : (gains.get(from) ?? 1);
        return pit?.type === 'audioPit' ? [{ output: pit.output, gain: pit.gain * own }] : [];
      });

  /** Of somebody's way to this page: what this page knows of it. */
  function hearing({ kind, from }: PlannedCall): { readonly state: CallState; readonly latencyMs: number | undefined } {
    const call = incoming.find(kind, from);
    if (!call) return { state: incoming.isRefused(kind, from) ? 'refused' : idle(kind, from), latencyMs: undefined };
    const isLive = call.isVerified && call.isLive;
    return { state: isLive ? 'live' : 'connecting', latencyMs: isLive ? call.line.latency() : undefined };
  }
  /** Why nothing comes from there. */
  function idle(kind: LiveKind, from: PeerId): CallState {
    const word = from === self ? ownWord() : told.get(from);
    if (!word) return 'waiting';
    return word.id === '' && isAbsent(from) ? 'absent' : word.inputs.has(kind) ? 'waiting' : 'noInput';
  }
  const isAbsent = (peer: PeerId): boolean => (peer === self ? port === undefined : told.get(peer)?.id === '');
  const wayOf = ({ kind, from, to }: PlannedCall): ToldWay | undefined =>
    told.get(to)?.ways.find((way) => way.kind === kind && way.from === from);
  /** Of a call to somebody else: what they tell, and what is known here sooner. */
  function elsewhere(call: PlannedCall): CallState {
    const { kind, from, to } = call;
    if (from === self && outgoing?.isRefused(kind, to) === true) return 'refused';
    if (from === self && port?.hasInput(kind) !== true) return 'noInput';
    return wayOf(call)?.state ?? idle(kind, from);
  }
  function viewOf(call: PlannedCall): CallView {
    const { kind, from, to } = call;
    const isHere = to === self;
    const line = isHere && kind === 'audio' ? incoming.find(kind, from) : undefined;
    const found = isHere ? hearing(call) : { state: elsewhere(call), latencyMs: wayOf(call)?.latencyMs };
    const state = isAbsent(from) || isAbsent(to) ? 'absent' : found.state;
    return {
      ...call,
      state,
      latencyMs: found.latencyMs,
      level: line?.isVerified === true ? line.line.level() : undefined,
      isMuted: isHere ? muted.has(from) : (wayOf(call)?.isMuted ?? false),
      gain: isHere ? (gains.get(from) ?? 1) : 1,
      isVerified: state === 'live',
    };
  }

  /** What runs elsewhere tell those who stand there; what is not told yet is taken to be as here. */
  function isOn(pit: LivePit, hearer: PeerId): boolean {
    const word = hearer === self ? undefined : told.get(hearer);
    return word ? word.on.has(pit.id) : deps.isOn(pit);
  }
  const ownPits = (): readonly string[] =>
    livePits(deps.score())
      .filter((pit) => deps.isOn(pit))
      .map(({ id }) => id);
  function ownWord(): Told {
    const here = new Map(plan.filter(({ to }) => to === self).map((call) => [keyOf(call.kind, call.from), call]));
    return {
      ...(port?.own ?? { id: '', fingerprint: '' }),
      inputs: new Set(LIVE_KINDS.filter((kind) => port?.hasInput(kind))),
      ways: [...here.values()].map((call) => ({ kind: call.kind, from: call.from, ...hearing(call), isMuted: muted.has(call.from) })),
      on: new Set(ownPits()),
    };
  }
  const say = (): void => {
    cancelSay?.();
    cancelSay = undefined;
    // Who will have calls in a moment does not say that it has none.
    if (port && !port.own) return;
    saidAt = clock.now();
    deps.broadcast(encodeTold(ownWord()));
  };
  const isConcerned = (): boolean => plan.length > 0 || livePits(deps.score()).length > 0;
  function tellSoon(): void {
    if (!isClosed && isConcerned()) cancelSay ??= timer.after(GATHER_MS, say);
  }

  const handlers = {
    changed() {
      refresh();
      changedSoon();
    },
    incoming(...[caller, kind, line]: Parameters<typeof incoming.knock>) {
      incoming.knock(caller, kind, line);
      refresh();
    },
  };
  function refresh(): void {
    if (isClosed) return;
    const before = plan;
    plan = planCalls(deps.score(), {
      present: deps.here(),
      isOn,
      isMember: (peer, group) => deps.isMember(peer, group),
      groupOf: (pit) => deps.groupOf(pit),
      mayControl: (peer) => deps.mayControl(peer),
      mayView: (peer) => deps.mayView(peer),
    });
    if (plan.some(({ from, to }) => from === self || to === self)) port?.open(handlers);
    const isToGo = (kind: LiveKind, to: PeerId): boolean => port?.hasInput(kind) === true && isPlanned(kind, self, to);
    outgoing?.keep(isToGo);
    for (const { kind, to } of plan) if (isToGo(kind, to)) outgoing?.dial(kind, to);
    outgoing?.tune(settingsOf);
    incoming.follow((kind, from) => isPlanned(kind, from, self));
    incoming.place(placesOf);
    const pits = ownPits().join(' ');
    if (pits === onHere && isSamePlan(before, plan)) return;
    onHere = pits;
    changedSoon();
  }

  function forget(peer: PeerId): void {
    incoming.forget(peer);
    outgoing?.forget(peer);
  }
  const stop = timer.every(TURN_MS, () => {
    if (plan.length === 0 && outgoing?.isEmpty() !== false && incoming.isEmpty()) return;
    const now = clock.now();
    if (now - turnedAt >= GIVE_WAY_MS) {
      turnedAt = now;
      const [hasPictures, hasSound] = [outgoing?.isLive('video') === true, outgoing?.isLive('audio') === true];
      giveWay.turn({ delay: hasPictures || hasSound ? deps.delay() : 0, hasPictures });
    }
    refresh();
    if (plan.length > 0 && now - saidAt >= REFRESH_MS) say();
  });
  const heardOtherwise = (): void => {
    incoming.place(placesOf);
    changedSoon();
  };

  function setInput(...[kind, device, done = () => undefined]: Parameters<Calls['setInput']>): void {
    if (!port) return done(NO_CALLS);
    port.setInput(kind, device === undefined ? undefined : { device, cleaning }, (issue) => {
      if (device === undefined || issue) chosen.delete(kind);
      else chosen.set(kind, device);
      handlers.changed();
      done(issue);
    });
  }

  return {
    get state() {
      return port?.state ?? 'absent';
    },
    list: () => plan.map(viewOf),
    mute(from, isMuted) {
      if (isMuted) muted.add(from);
      else muted.delete(from);
      heardOtherwise();
    },
    setGain(from, gain) {
      gains.set(from, Math.min(GAIN_MAX, Math.max(0, gain)));
      heardOtherwise();
    },
    setInput,
    clean(change, done = () => undefined) {
      cleaning = { ...cleaning, ...change };
      deps.changed();
      // What a browser does to a stream is decided when it is opened.
      const device = chosen.get('audio');
      if (device === undefined) done(undefined);
      else setInput('audio', device, done);
    },
    cleaning: () => cleaning,
    input: (kind) => chosen.get(kind),
    inputs: (kind, done) => (port ? port.inputs(kind, done) : done([])),
    level: () => port?.level() ?? 0,
    refresh,
    receive(from, payload) {
      const word = decodeTold(payload);
      if (!word) return 'refused';
      // Nobody else is called as this page is.
      if (word.id !== '' && word.id === port?.own?.id) return 'refused';
      if (told.get(from)?.id !== word.id) forget(from);
      told.set(from, word);
      refresh();
      deps.changed();
      return undefined;
    },
    joined() {
      refresh();
      tellSoon();
    },
    left(peer) {
      told.delete(peer);
      forget(peer);
      refresh();
    },
    close() {
      isClosed = true;
      stop();
      cancelSay?.();
      outgoing?.close();
      incoming.close();
      port?.close();
    },
  };
}

const isSamePlan = (a: readonly PlannedCall[], b: readonly PlannedCall[]): boolean =>
  a.length === b.length &&
  a.every((call, i) => call.pit === b[i]?.pit && call.kind === b[i].kind && call.from === b[i].from && call.to === b[i].to);
