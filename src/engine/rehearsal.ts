import type { MeshTime, PeerId } from '../base.ts';
import { flicks, toMs } from '../base.ts';
import { ROOT } from '../crdt/score.ts';
import type { Score } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import { createDevices } from './devices.ts';
import type { DeviceRegistry } from './devices.ts';
import { evaluate, parse } from './expression.ts';
import type { Environment } from './expression.ts';
import type { Moment, OpenCondition, WaitingTrigger } from './moment.ts';
import { TICK_MS, createPerformer } from './performer.ts';
import { createEngine } from './run.ts';
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
  readonly pressed: readonly { readonly at: number; readonly sync: string }[];
  /** ms of the run where it stopped. */
  readonly ms: number;
  /** end: nothing was left to happen. Else it would have gone on, perhaps for ever: time, as long as was asked for; values, more
   *  than are kept; patience, who asked has waited long enough. */
  readonly stopped: 'end' | 'time' | 'values' | 'patience';
}
/** at: ms of the run. */
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
  const devices = createDevices();
  devices.declare(score.devices.values());
  const sent: Sent[] = [];
  const performer = createPerformer({ engine, score: () => score, isMine: () => true, devices: recording(devices, sent) });
  const structure = engine.setStructure(compile(score));
  engine.insert({ type: 'play', run: RUN, at: BEGIN, by: HAND, from: flicks(0), structure });
  const pressed: { at: number; sync: string }[] = [];
  let now = BEGIN;
  let stopped: Rehearsal['stopped'] = 'time';
  let still = 0;
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
    const due = pressed.length < pressesMax ? moment.waiting.filter((waiting) => isDue(waiting, devices, now)) : [];
    for (const { sync, path } of due) {
      if (engine.insert({ type: 'fired', run: RUN, at: now + 1, by: HAND, path, sync, reason: 'click' }))
        pressed.push({ at: now + 1 - BEGIN, sync });
    }
    const isStill = due.length === 0 && moment.pending.length === 0 && isOver(score, moment, now);
    still = isStill ? still + 1 : 0;
    if (still > LAST_TURNS) {
      stopped = 'end';
      // Who stops it hears what its end says.
      engine.insert({ type: 'stop', run: RUN, at: now, by: HAND });
      performer.perform(now as MeshTime);
      break;
    }
  }
  performer.close(now as MeshTime);
  devices.close();
  return { sent: sent.sort((a, b) => a.at - b.at), pressed, ms: Math.max(0, Math.min(now - BEGIN, msMax) - still * TICK_MS), stopped };
}

/** Told to the devices, and written down. */
function recording(devices: DeviceRegistry, sent: Sent[]): Pick<DeviceRegistry, 'send' | 'note' | 'play' | 'cut' | 'read'> {
  return {
    send(address, value, at) {
      sent.push({ at: at - BEGIN, address, value });
      devices.send(address, value, at);
    },
    note: (address, note) =>
      void sent.push({ at: note.at - BEGIN, address, value: [note.pitch, note.velocity], untilMs: note.until - BEGIN }),
    play: (address, sound) => void sent.push({ at: sound.at - BEGIN, address, value: sound.media, untilMs: sound.until - BEGIN }),
    cut: (occurrence, at) => devices.cut(occurrence, at),
    read: (address) => devices.read(address),
  };
}

const environmentOf = (devices: DeviceRegistry): Environment => ({
  read: (address) => devices.read(address),
  impulse: () => false,
  matching: (pattern) => devices.matching(pattern),
  unitOf: (address) => devices.unitOf(address),
});
const holds = (text: string, devices: DeviceRegistry): boolean => {
  const parsed = parse(text);
  return 'expression' in parsed && evaluate(parsed.expression, environmentOf(devices));
};

function decide(engine: Engine, devices: DeviceRegistry, { event, path, at, condition }: OpenCondition, now: MeshTime): void {
  if (at > now) return;
  engine.insert({ type: 'decided', run: RUN, at, by: HAND, path, event, holds: condition.trim() === '' || holds(condition, devices) });
}

/** The end of the whole is pressed by nobody, but what its trigger asks for may come: it is where the rehearsal ends. */
const isDue = ({ sync, since, expression }: WaitingTrigger, devices: DeviceRegistry, now: number): boolean =>
  (sync !== ROOT.endSync && now - since >= PATIENCE) || (expression !== '' && holds(expression, devices));

/** Nothing runs but the root, which has no more to say: it is as long as it was drawn, or nothing is in it. */
function isOver(score: Score, { state, running, waiting, position }: Moment, now: number): boolean {
  if (now <= BEGIN + TICK_MS) return false;
  if (state === 'idle') return true;
  const root = score.intervals.get(ROOT.interval)!;
  const isStill = running.every(({ interval }) => interval === ROOT.interval) && waiting.every(({ sync }) => sync === ROOT.endSync);
  return isStill && toMs(position ?? root.nominal) >= toMs(root.nominal);
}
