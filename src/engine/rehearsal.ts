import type { MeshTime, PeerId } from '../base.ts';
import { flicks, toMs } from '../base.ts';
import { ROOT } from '../crdt/score.ts';
import type { Score } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import { createDevices } from './devices.ts';
import type { DeviceRegistry } from './devices.ts';
import { evaluate, parse } from './expression.ts';
import type { Environment } from './expression.ts';
import { isPattern } from './pattern.ts';
import type { Moment, OpenCondition, WaitingTrigger } from './moment.ts';
import { TICK_MS, createPerformer } from './performer.ts';
import { createEngine } from './run.ts';
import { EVERYWHERE } from './viewpoint.ts';
import type { Engine } from './run.ts';
import { compile } from './structure.ts';

/**
 * A score performed by nobody, in no time: one peer, virtual time, a hand that presses each trigger as soon as it waits.
 * What would be sent is written down. Devices that the score declares keep what they are told, so that conditions can ask
 * for it; nothing else is there.
 */
export interface Rehearsal {
  /** In order of date. */
  readonly sent: readonly Sent[];
  /** Triggers that fired; isOwn: by what they ask for, not by the hand. */
  readonly pressed: readonly { readonly at: number; readonly sync: string; readonly isOwn: boolean }[];
  /** ms of the run where it ended or stopped. */
  readonly ms: number;
  /** end: nothing was left to happen. Else it would have gone on, perhaps for ever: time, as long as was asked for; values, more
   *  than are kept; patience, who asked has waited long enough. */
  readonly stopped: 'end' | 'time' | 'values' | 'patience';
}
/** What a parameter of a declared device got; to other devices, what was said to them. at: ms of the run. */
export interface Sent {
  readonly at: number;
  readonly address: Address;
  readonly value: Value;
  /** Of a note or a recording. */
  readonly untilMs?: number;
}

export interface RehearsalOptions {
  readonly msMax?: number;
  readonly pressesMax?: number;
  readonly valuesMax?: number;
  /** Whether whoever waits for it still does; asked at every turn, of which a second of the score has 40. */
  readonly isWaiting?: () => boolean;
}

const BEGIN = 1000;
const RUN = 'rehearsal';
const HAND = 'rehearsal' as PeerId;
/** What happens at the end itself is told a little later. */
const LAST_TURNS = 8;
/** What fits into memory and onto a screen. */
const SENT_MAX = 500_000;
/** ms that a trigger waits before it is pressed, so that what waits shows. */
const PATIENCE = 100;

export function rehearse(
  score: Score,
  { msMax = 600_000, pressesMax = 1000, valuesMax = SENT_MAX, isWaiting = () => true }: RehearsalOptions = {},
): Rehearsal {
  const engine = createEngine();
  engine.setViewpoint({ ...EVERYWHERE, self: HAND });
  const sent: Sent[] = [];
  const devices = createDevices({ told: (address, value, at) => void sent.push({ at: at - BEGIN, address, value }) });
  devices.declare(score.devices.values());
  const names = new Set([...score.devices.values()].map(({ name }) => name));
  const heard = new Map<Address, number>();
  devices.onValue((address, _, at) => heard.set(address, at));
  const performer = createPerformer({ engine, score: () => score, isMine: () => true, devices: recording(devices, sent, names) });
  const structure = engine.setStructure(compile(score));
  engine.insert({ type: 'play', run: RUN, at: BEGIN, by: HAND, from: flicks(0), structure });
  const pressed: Rehearsal['pressed'][number][] = [];
  let now = BEGIN;
  let stopped: Rehearsal['stopped'] = 'time';
  let still = 0;
  let ended = 0;
  for (; now <= BEGIN + msMax; now += TICK_MS) {
    const isFull = sent.length >= valuesMax;
    if (isFull || !isWaiting()) {
      stopped = isFull ? 'values' : 'patience';
      break;
    }
    const at = now as MeshTime;
    devices.turn(at);
    performer.perform(at);
    const moment = engine.advance(at);
    for (const open of moment.pending) decide(engine, devices, open, at);
    const due = pressed.length < pressesMax ? moment.waiting.filter((waiting) => isDue(waiting, devices, heard, now)) : [];
    for (const waiting of due) {
      const { sync, path, share } = waiting;
      const scope = share === 'free' && { scope: 'own' };
      const isOwn = isAsked(waiting, devices, heard);
      if (engine.insert({ type: 'fired', run: RUN, at: now + 1, by: HAND, path, sync, reason: isOwn ? 'expression' : 'click', ...scope }))
        pressed.push({ at: now + 1 - BEGIN, sync, isOwn });
    }
    const isStill = due.length === 0 && moment.pending.length === 0 && isOver(score, moment, now);
    if (isStill && still === 0) ended = endOf(score, moment, now) - BEGIN;
    still = isStill ? still + 1 : 0;
    if (still > LAST_TURNS) {
      stopped = 'end';
      // What has no end of its own went on while the last words were waited for; who stops it hears what its end says.
      const said = sent.splice(0).filter((it) => it.at <= ended + SAME_MS);
      engine.insert({ type: 'stop', run: RUN, at: now, by: HAND });
      performer.perform(now as MeshTime);
      for (const it of [...said, ...sent.splice(0).map((late) => ({ ...late, at: ended }))]) sent.push(it);
      break;
    }
  }
  performer.close(now as MeshTime);
  devices.close();
  const ms = stopped === 'end' ? Math.max(0, Math.min(ended, msMax)) : Math.min(now - BEGIN, msMax);
  return { sent: sent.sort((a, b) => a.at - b.at), pressed, ms, stopped };
}

/** ms: dates are floats. */
const SAME_MS = 0.5;

/** Told to the devices, and written down where that is not done there. */
function recording(
  devices: DeviceRegistry,
  sent: Sent[],
  names: ReadonlySet<string>,
): Pick<DeviceRegistry, 'send' | 'note' | 'play' | 'cut' | 'read'> {
  return {
    send(address, value, at) {
      const device = address.slice(0, address.indexOf(':'));
      if (!names.has(device) && !isPattern(device)) sent.push({ at: at - BEGIN, address, value });
      devices.send(address, value, at);
    },
    note: (address, note) =>
      void sent.push({ at: note.at - BEGIN, address, value: [note.pitch, note.velocity], untilMs: note.until - BEGIN }),
    play: (address, sound) => void sent.push({ at: sound.at - BEGIN, address, value: sound.media, untilMs: sound.until - BEGIN }),
    cut: (occurrence, at) => devices.cut(occurrence, at),
    read: (address) => devices.read(address),
  };
}

/** impulse: whether a message came to an address; none counts for who decides, but does not wait. */
const environmentOf = (devices: DeviceRegistry, impulse: Environment['impulse'] = () => false): Environment => ({
  read: (address) => devices.read(address),
  impulse,
  matching: (pattern) => devices.matching(pattern),
  unitOf: (address) => devices.unitOf(address),
});
const holds = (text: string, environment: Environment): boolean => {
  const parsed = parse(text);
  return 'expression' in parsed && evaluate(parsed.expression, environment);
};

function decide(engine: Engine, devices: DeviceRegistry, { event, path, at, condition, isOwn }: OpenCondition, now: MeshTime): void {
  if (at > now) return;
  const scope = isOwn && { scope: 'own' };
  engine.insert({
    ...{ type: 'decided', run: RUN, at, by: HAND, path, event, ...scope },
    holds: condition.trim() === '' || holds(condition, environmentOf(devices)),
  });
}

/** The end of the whole is pressed by nobody, but what its trigger asks for may come: it is where the rehearsal ends. */
const isDue = (waiting: WaitingTrigger, devices: DeviceRegistry, heard: ReadonlyMap<Address, number>, now: number): boolean =>
  (waiting.sync !== ROOT.endSync && now - waiting.since >= PATIENCE) || isAsked(waiting, devices, heard);

/** What its expression asks for is there. heard: when a value came to an address last. */
const isAsked = ({ since, expression }: WaitingTrigger, devices: DeviceRegistry, heard: ReadonlyMap<Address, number>): boolean =>
  expression !== '' &&
  holds(
    expression,
    environmentOf(devices, (address) => (heard.get(address) ?? -Infinity) >= since),
  );

/** When it was as long as it was drawn, or its end fired, whichever is known. */
function endOf(score: Score, { position, running, fired }: Moment, now: number): number {
  const root = score.intervals.get(ROOT.interval)!;
  const rate = running.find(({ interval }) => interval === ROOT.interval)?.rate ?? 0;
  if (position !== undefined && rate > 0) return now - Math.max(0, toMs(position) - toMs(root.nominal)) / rate;
  return fired.find(({ sync }) => sync === ROOT.endSync)?.at ?? now;
}

/** Nothing runs but the root, which has no more to say: it is as long as it was drawn, or nothing is in it. */
function isOver(score: Score, { state, running, waiting, position }: Moment, now: number): boolean {
  if (now <= BEGIN + TICK_MS) return false;
  if (state === 'idle') return true;
  const root = score.intervals.get(ROOT.interval)!;
  const isStill = running.every(({ interval }) => interval === ROOT.interval) && waiting.every(({ sync }) => sync === ROOT.endSync);
  return isStill && toMs(position ?? root.nominal) >= toMs(root.nominal);
}
