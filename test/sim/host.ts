import type { LocalTime } from '../../src/base.ts';
import type { Host } from '../../src/mesh/host.ts';
import type { Timeline } from './heap.ts';
import type { Draw } from './random.ts';

/** A machine whose clock is wrong in a known way and whose page can hang or die. */
export interface SimHost extends Host {
  /** The truth that the peer cannot see; after a step that of now on. */
  localAt(trueTime: number): LocalTime;
  trueAt(local: LocalTime): number;
  /** The page's turns wait until then; `worker` timers go on. */
  freeze(untilTrue: number): void;
  /** Page and worker wait; the clock goes on. */
  sleep(untilTrue: number): void;
  /** Its clock leaps, as where a machine was suspended or is set. */
  step(ms: number): void;
  /** Nothing of this machine ever runs again. */
  kill(): void;
  readonly isDead: boolean;
  isFrozen(): boolean;
  /** Timers of the page's worker: they do not freeze with it. */
  readonly worker: Host;
  /** Runs a turn of the page: at once, or when it thaws; never after death. */
  turn(f: () => void): void;
  /** The same for the worker. */
  workerTurn(f: () => void): void;
}

export interface ClockFault {
  /** ms */
  readonly offset: number;
  /** ppm */
  readonly skew: number;
  /** ppm by which the rate swings round its mean, once in two minutes, as with temperature. */
  readonly drift?: number;
}

const DRIFT_PERIOD_MS = 120_000;
/** What a drift of so many ppm adds to a clock and takes away again, ms. */
export const driftSwing = (drift: number): number => (drift * 1e-6 * DRIFT_PERIOD_MS) / (2 * Math.PI);

export function createSimHost(timeline: Timeline, fault: ClockFault, draw: Draw): SimHost {
  const rate = 1 + fault.skew * 1e-6;
  const swing = driftSwing(fault.drift ?? 0);
  const swungAt = (trueTime: number): number => swing * Math.sin((2 * Math.PI * trueTime) / DRIFT_PERIOD_MS);
  let { offset } = fault;
  const localAt = (trueTime: number): LocalTime => (trueTime * rate + offset + swungAt(trueTime)) as LocalTime;
  /** The swing is so slow that one round of correction is exact to nanoseconds. */
  const trueAt = (local: LocalTime): number => {
    const about = (local - offset) / rate;
    return about - swungAt(about) / rate;
  };
  let frozenUntil = 0;
  let asleepUntil = 0;
  let isDead = false;

  const turn = (f: () => void): void => {
    if (isDead) return;
    if (frozenUntil > timeline.now()) timeline.at(frozenUntil, () => turn(f));
    else f();
  };
  const workerTurn = (f: () => void): void => {
    if (isDead) return;
    if (asleepUntil > timeline.now()) timeline.at(asleepUntil, () => workerTurn(f));
    else f();
  };
  const clock = { now: () => localAt(timeline.now()) };

  const createHost = (run: (f: () => void) => void): Host => ({
    clock,
    random: draw,
    timer: {
      after(delayMs, f) {
        let isCancelled = false;
        const cancel = timeline.at(timeline.now() + delayMs / rate, () => run(() => isCancelled || f()));
        return () => {
          isCancelled = true;
          cancel();
        };
      },
      every(periodMs, f) {
        let isCancelled = false;
        let cancel = (): void => undefined;
        const again = (): void => {
          cancel = timeline.at(timeline.now() + periodMs / rate, () =>
            run(() => {
              if (isCancelled) return;
              again();
              f();
            }),
          );
        };
        again();
        return () => {
          isCancelled = true;
          cancel();
        };
      },
    },
  });

  return {
    ...createHost(turn),
    worker: createHost(workerTurn),
    localAt,
    trueAt,
    freeze(untilTrue) {
      frozenUntil = Math.max(frozenUntil, untilTrue);
    },
    sleep(untilTrue) {
      frozenUntil = Math.max(frozenUntil, untilTrue);
      asleepUntil = Math.max(asleepUntil, untilTrue);
    },
    step: (ms) => void (offset += ms),
    kill() {
      isDead = true;
    },
    get isDead() {
      return isDead;
    },
    isFrozen: () => frozenUntil > timeline.now(),
    turn,
    workerTurn,
  };
}
