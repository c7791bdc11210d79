import type { MeshTime } from '../base.ts';
import type { ObjectId, Process } from '../crdt/score.ts';
import type { Address, Value } from '../crdt/value.ts';
import { chased } from './chase.ts';
import { contentsOf } from './contents.ts';
import { flowOf } from './flow-graph.ts';
import { withParameters } from './flow.ts';
import { createFlows } from './flows.ts';
import { createLayers } from './layers.ts';
import { metreOf } from './metres.ts';
import { instrumentsOf, noteCablesOf } from './note-cables.ts';
import { createOutbox } from './outbox.ts';
import type { Part } from './part.ts';
import { cutPart, performPart } from './part.ts';
import type { PerformerDeps } from './performer-deps.ts';
import type { Plan, PlannedOccurrence } from './plan.ts';

/**
 * Turns what runs into what sounds. At every tick the near future is planned as if no further fact came, and devices
 * are told what they have not been told yet; where the plan differs from what they were told, it is cut there and told
 * anew. Nothing here decides anything: what a peer plays follows from the run, the score and its groups.
 */
export interface Performer {
  /** Called every `TICK_MS` and after every fact; `now` never goes back. */
  perform(now: MeshTime): void;
  /** A hidden page gets its ticks late: plan further ahead. */
  setVisible(isVisible: boolean): void;
  /** Ends all that was told. */
  close(now: MeshTime): void;
}

export type { PerformerDeps };

/** Gather what all give; live while their intervals run, whoever runs them. */
const PITS: ReadonlySet<Process['type']> = new Set(['pit', 'midiPit', 'audioPit', 'videoPit']);
export const TICK_MS = 25;
export const NOTE_HORIZON_MS = 600;
export const HIDDEN_HORIZON_MS = 1500;
/** States and curves are told this far ahead: devices can take back a note, but not a value. */
export const VALUE_HORIZON_MS = 100;
/** How far back a late fact still has its messages sent one by one; who slept longer chases. */
const LOOKBACK_MS = 1000;
/** A note this late is still played; later it would be out of time. */
const LATE_NOTE_MS = 150;

/** One run from its beginning or from one jump on. */
interface Session {
  readonly key: string;
  readonly run: Plan['run'];
  /** It follows another of the same run: what was said before is of another past. */
  readonly isJump: boolean;
  /** Infinity while it is paused: it begins when the run goes on. */
  readonly begins: MeshTime;
  /** Nothing that started before is played; never ahead of the turn that set it. */
  readonly floor: MeshTime;
  isChased: boolean;
  /** Date of which the past is known. */
  chasedTo: MeshTime;
  /** Addresses that were told anything of it. */
  readonly said: Set<Address>;
  /** Where tweens that run began. */
  tweens: ReadonlyMap<ObjectId, Value>;
}

export function createPerformer(deps: PerformerDeps): Performer {
  const parts = new Map<string, Part>();
  const post = createOutbox(deps.devices);
  const outbox: typeof post = {
    ...post,
    send(address, value, at, rank) {
      if (session && (at > session.begins || (at === session.begins && rank !== 'ended'))) session.said.add(address);
      post.send(address, value, at, rank);
    },
    sendState(address, value, at, key) {
      if (session && at >= session.begins) session.said.add(address);
      post.sendState(address, value, at, key);
    },
  };
  const layers = createLayers({ devices: outbox });
  const flows = createFlows(deps, outbox);
  const told = { score: deps.score, devices: outbox };
  const sent = new Map<string, MeshTime>();
  let session: Session | undefined;
  /** What states had written into processes when the session began. */
  let written: ReadonlyMap<Address, Value> = new Map();
  let last = -Infinity;
  let horizon = NOTE_HORIZON_MS;
  let pits = '';

  const enter = (plan: Plan, now: MeshTime): void => {
    const key = `${plan.run}|${plan.epoch}`;
    const isAwake = now - last <= LOOKBACK_MS;
    if (session?.key === key && session.begins === plan.begins && isAwake) return;
    const known = session?.key === key && isAwake ? session : undefined;
    const isLate = now - plan.begins > LATE_NOTE_MS;
    const floor = isLate ? now : (Math.max(deps.since ?? -Infinity, Math.min(now, plan.begins)) as MeshTime);
    session = {
      ...{ key, run: plan.run, begins: plan.begins, floor },
      isJump: known?.isJump ?? (plan.run !== undefined && session?.run === plan.run),
      isChased: known?.isChased ?? false,
      chasedTo: known?.chasedTo ?? plan.begins,
      said: known?.said ?? new Set(),
      tweens: known?.tweens ?? new Map(),
    };
    flows.enter(known ? written : new Map());
  };

  /** Once per session, as soon as its beginning is near, or at once where it begins in a pause. */
  const chase = (plan: Plan, now: MeshTime): void => {
    if (!session || session.isChased) return;
    const isPaused = plan.begins === Infinity && deps.engine.preview(now).state === 'paused';
    if (!isPaused && plan.begins > now + VALUE_HORIZON_MS) return;
    session.isChased = true;
    chaseTo(session, plan, isPaused ? now : (Math.max(now, plan.begins) as MeshTime));
  };

  const chaseTo = (to: Session, plan: Plan, at: MeshTime): void => {
    const { left, tweens } = chased(deps.score(), deps.engine.entry(at), deps.isMine);
    written = new Map([...left].filter(([address]) => address.startsWith('process:')));
    for (const [address, value] of left) if (!written.has(address)) outbox.send(address, value, at, 'state');
    to.tweens = tweens;
    to.chasedTo = at;
    flows.enter(written);
    for (const { event, path, at: date } of plan.events) if (date < at) sent.set(`${plan.run}|${event}@${path}`, date);
  };

  /** Who was there when the run jumped knows no more of what was before than who comes later [PR8]. */
  const beginOf = (process: ObjectId, address: Address, from: MeshTime): Value | undefined => {
    if (!session) return undefined;
    const { tweens, chasedTo, isJump, said } = session;
    const isEntered = from < chasedTo || (from === chasedTo && (isJump || tweens.has(process)));
    if (isEntered) return tweens.get(process);
    return isJump && !said.has(address) ? undefined : outbox.read(address, from);
  };

  const sendStates = (plan: Plan, now: MeshTime): void => {
    const contents = contentsOf(deps.score());
    for (const { event, path, at } of plan.events) {
      const key = `${plan.run}|${event}@${path}`;
      if (at > now + VALUE_HORIZON_MS || sent.has(key)) continue;
      sent.set(key, at);
      if (!deps.isMine(event)) continue;
      for (const { messages } of contents.statesOf(event)) {
        // What is written into processes flows there by itself.
        for (const { address, value } of messages) if (!address.startsWith('process:')) outbox.sendState(address, value, at, key);
      }
    }
    for (const [key, at] of sent) if (at < now - 2 * LOOKBACK_MS) sent.delete(key);
  };

  /** Processes to perform, as they are set now; shaders are shown by `layers`, pits are reported, what is cabled flows. */
  const ownProcesses = ({ interval }: PlannedOccurrence): readonly Process[] => {
    const contents = contentsOf(deps.score());
    const inside = contents.processesIn(interval);
    if (inside.length === 0 || contents.isMuted(interval)) return [];
    return inside.flatMap((it) => (deps.isMine(it.id) || hasTaker(it.id) ? [setNow(it)] : []));
  };
  /** Somebody of ours plays its notes. */
  const hasTaker = (id: ObjectId): boolean =>
    noteCablesOf(deps.score())
      .takersOf(id)
      .some((it) => deps.isMine(it.id));
  const setNow = (process: Process): Process => {
    const controls = deps.controls?.(process.id);
    return controls ? withParameters(process, controls) : process;
  };

  const reportPits = (plan: Plan, now: MeshTime): void => {
    const contents = contentsOf(deps.score());
    const { isFedByPit } = noteCablesOf(deps.score());
    const ids = new Set<ObjectId>();
    for (const { interval, from, to } of plan.occurrences) {
      if (from > now || now >= to || contents.isMuted(interval)) continue;
      for (const { id, type } of contents.processesIn(interval)) if (PITS.has(type) || isFedByPit(id)) ids.add(id);
    }
    const running = [...ids].sort();
    if (running.join() === pits) return;
    pits = running.join();
    deps.onPits?.(running);
  };

  const tell = (plan: Plan, now: MeshTime, since: MeshTime): void => {
    const window = { now, since, to: (now + horizon) as MeshTime, valuesTo: (now + VALUE_HORIZON_MS) as MeshTime };
    const floor = Math.max(session?.floor ?? now, now - LATE_NOTE_MS) as MeshTime;
    const { componentOf } = flowOf(deps.score());
    /** Notes and media are told by their occurrence, whatever else is cabled. */
    const isFlowing = ({ id, type }: Process): boolean => componentOf.has(id) && type !== 'notes' && type !== 'pattern' && type !== 'sound';
    const planned = new Map<string, { readonly occurrence: PlannedOccurrence; readonly processes: readonly Process[] }>();
    for (const occurrence of plan.occurrences) {
      const processes = ownProcesses(occurrence);
      const key = `${plan.run}|${occurrence.interval}@${occurrence.path}`;
      // Most that runs says nothing.
      if (processes.length > 0 || parts.has(key)) planned.set(key, { occurrence, processes });
    }
    for (const [key, part] of parts) {
      if (planned.has(key)) continue;
      cutPart(told, part, window);
      parts.delete(key);
    }
    for (const [key, { occurrence, processes }] of planned) {
      const part = parts.get(key) ?? {
        name: `${occurrence.interval}@${occurrence.path}`,
        told: occurrence.from < last ? occurrence.pieces : [],
        toldTo: since,
        notes: new Map(),
        curves: new Map(),
        takers: new Map(),
      };
      parts.set(key, part);
      performPart(told, part, {
        ...{ occurrence, window: { ...window, floor } },
        processes: processes.filter((process) => !isFlowing(process)),
        metre: (at) => metreOf(deps.score(), plan, occurrence, at),
        instruments: (process) => instrumentsOf(deps.score(), plan, process, deps.isMine),
        tween: beginOf,
      });
    }
    if (plan.run !== undefined) flows.perform(plan, { ...window, floor });
    layers.show(
      [...planned].map(
        ([
          key,
          {
            occurrence: { from, to },
            processes,
          },
        ]) => ({ key, from, to, processes }),
      ),
      window,
    );
  };

  return {
    perform(now) {
      const since = (now - LOOKBACK_MS) as MeshTime;
      const plan = deps.engine.plan(since, (now + horizon) as MeshTime, now);
      enter(plan, now);
      if (plan.run !== undefined) {
        chase(plan, now);
        sendStates(plan, now);
      }
      tell(plan, now, since);
      const dates = new Map(plan.events.map(({ event, path, at }) => [`${plan.run}|${event}@${path}`, at]));
      outbox.flush(now, (key, at) => dates.get(key) === at);
      reportPits(plan, now);
      last = now;
    },
    setVisible(isVisible) {
      horizon = isVisible ? NOTE_HORIZON_MS : HIDDEN_HORIZON_MS;
    },
    close(now) {
      // Mesh time may have stepped: the dates that devices were told mean nothing any more, so all is cut, whatever they say.
      for (const part of parts.values()) if (part.notes.size > 0) outbox.cut(part.name, now);
      parts.clear();
      tell({ run: undefined, epoch: undefined, begins: now, occurrences: [], events: [] }, now, now);
      outbox.flush(now, () => false);
    },
  };
}
