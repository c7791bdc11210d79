import type { LocalTime, MeshTime, PeerId } from '../base.ts';
import type { Fact, RunId } from '../engine/fact.ts';
import type { Engine } from '../engine/run.ts';
import { toStructure } from '../engine/structure-change.ts';
import { createCompiler } from '../engine/structure-compile.ts';
import { createStructureExchange } from '../engine/structure-exchange.ts';
import { hash } from '../engine/structure-hash.ts';
import type { Draft } from './hands.ts';
import type { RunDeps } from './run-deps.ts';

/** The structure that a run obeys: found, asked for, adopted again after edits, and given up when nobody has it. */
export interface Structures {
  /** Makes the present score known to the engine and to who may ask; returns its hash. */
  holdScore(): string;
  /** Soon, by the clock master alone; edits of one gesture together [RN4]. */
  adoptSoon(): void;
  /** What is wanted may be another, or be here now. */
  renew(): void;
  /** Looks for what the run wants [RN5, RN9]. */
  turn(): void;
  receive(from: PeerId, payload: Uint8Array): void | 'refused';
  close(): void;
}

export interface StructuresDeps extends Pick<RunDeps, 'host' | 'linked' | 'sendStructure' | 'score' | 'isMaster' | 'changed'> {
  engine(): Engine;
  /** The run that is on. */
  run(): RunId | undefined;
  compensated(): MeshTime;
  state(run: RunId, draft: Draft<Fact>): void;
}

/** Structural edits of one gesture are adopted together. */
const ADOPT_AFTER_MS = 150;
/** A structure that nobody had for so long will not come: the clock master goes on with the score as it is. */
const NOWHERE_MS = 1500;

export function createStructures(deps: StructuresDeps): Structures {
  const compiled = createCompiler();
  const local = (): LocalTime => deps.host.clock.now();
  let adoptTimer: (() => void) | undefined;
  let seenWanted: string | undefined;
  let nowhereSince: LocalTime | undefined;

  /** Whoever stated a structure has it; of the others nobody knows. */
  const authorFirst = (): readonly PeerId[] => {
    const run = deps.run();
    const stated =
      run === undefined
        ? undefined
        : deps
            .engine()
            .log.of(run)
            .findLast(({ type }) => type === 'play' || type === 'adopt');
    const linked = deps.linked();
    return [...linked.filter((peer) => peer === stated?.by), ...linked.filter((peer) => peer !== stated?.by)];
  };

  const exchange = createStructureExchange(deps.host.timer, {
    peers: authorFirst,
    send: deps.sendStructure,
    accept(wanted, json) {
      const structure = toStructure(json);
      if (!structure || hash(structure) !== wanted) return false;
      deps.engine().setStructure(structure);
      exchange.hold(wanted, structure);
      adoptSoon();
      deps.changed();
      return true;
    },
  });

  const holdScore = (): string => {
    const structure = compiled(deps.score());
    const key = deps.engine().setStructure(structure);
    exchange.hold(key, structure);
    return key;
  };

  const adopt = (isRescue = false): void => {
    adoptTimer = undefined;
    const run = deps.run();
    if (run === undefined || !deps.isMaster()) return;
    const at = deps.compensated();
    const structure = compiled(deps.score());
    const adoption = deps.engine().adoption(structure, at, isRescue);
    if (!adoption) return;
    exchange.hold(adoption.structure, structure);
    deps.state(run, { type: 'adopt', at, ...adoption });
  };

  const adoptSoon = (): void => {
    if (deps.isMaster()) adoptTimer ??= deps.host.timer.after(ADOPT_AFTER_MS, () => adopt());
  };

  /** A play or an adoption may name what nobody has; nobody waits for ever [RN9]. */
  const rescue = (isNowhere: boolean): void => {
    nowhereSince = isNowhere ? (nowhereSince ?? local()) : undefined;
    if (nowhereSince === undefined || local() - nowhereSince < NOWHERE_MS) return;
    nowhereSince = undefined;
    adopt(true);
  };

  return {
    holdScore,
    adoptSoon,
    renew: () => void (seenWanted = undefined),
    turn() {
      const { wanted } = deps.engine().view();
      if (wanted === undefined) exchange.want(undefined);
      // Most often it is the score that this peer has just received.
      else if (wanted !== seenWanted && holdScore() !== wanted) exchange.want(wanted);
      seenWanted = wanted;
      rescue(wanted !== undefined && exchange.isNowhere());
    },
    receive: (from, payload) => exchange.receive(from, payload),
    close() {
      adoptTimer?.();
      exchange.close();
    },
  };
}
