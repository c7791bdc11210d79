import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { LocalTime } from '../../src/base.ts';
import type { Sample } from '../../src/mesh/time.ts';

/**
 * What befell the pings between two machines whose clocks are both known: the truth that no peer sees. A trace is drawn once
 * and given to every way of reading the other's clock.
 */
export interface Trace {
  readonly pings: readonly Ping[];
  /** What the two clocks show, ms, at a true time in ms from 0 on. */
  readonly own: Course;
  readonly theirs: Course;
  readonly length: number;
}

export interface Ping {
  /** True time it was sent; ms underway. */
  readonly at: number;
  readonly there: number;
  readonly back: number;
  readonly isLost: boolean;
}

export type Course = (t: number) => number;
export type Draw = () => number;

export interface Profile {
  readonly title: string;
  /** ms underway for a ping sent at t. */
  readonly there: (draw: Draw, t: number) => number;
  readonly back: (draw: Draw, t: number) => number;
  readonly loss: number;
  /** Least delays of both directions are the same at any time. */
  readonly isSymmetric: boolean;
  /** Of the other's clock against a line, ms; 0 when left out. */
  readonly bend?: Course;
  /** ms to which both clocks are rounded down. */
  readonly grain?: readonly [own: number, theirs: number];
  /** ppm of the other's clock; several runs take them in turn. */
  readonly skews?: readonly number[];
}

const tail = (draw: Draw, mean: number): number => -mean * Math.log(1 - draw());
type Way = Profile['there'];
const both = (way: Way): Pick<Profile, 'there' | 'back' | 'isSymmetric'> => ({ there: way, back: way, isSymmetric: true });
const lan: Way = (draw) => 1 + tail(draw, 0.2);
const wan: Way = (draw) => 30 + tail(draw, 5);
/** A sleeping radio wakes for its beacon: what arrives meanwhile waits. */
const powerSave: Way = (draw) => 1.5 + (draw() < 0.1 ? 150 + 150 * draw() : tail(draw, 2));
const EVERY = 30_000;
const STEPS = [0, 400, -250, 60, 1500, 40];

/** Rates of machines of one make, and the worst that are sold. */
const SKEWS = [-300, -40, 0, 40, 300];

export const PROFILES = {
  lan: { title: 'LAN, 2 ms there and back', ...both(lan), loss: 0.01 },
  wan: { title: 'WAN, 60 ms, jitter of mean 5 ms each way', ...both(wan), loss: 0.01 },
  oneSided: { title: 'WAN, jitter of mean 5 ms one way only', there: wan, back: () => 30, isSymmetric: true, loss: 0.01 },
  asymmetric: {
    title: 'asymmetric: 40 ms there, 10 ms back',
    there: (draw) => 40 + tail(draw, 2),
    back: (draw) => 10 + tail(draw, 2),
    isSymmetric: false,
    loss: 0.01,
  },
  bursty: { title: 'bursty: 5 ms, three in ten + 30 ms', ...both((draw) => 5 + tail(draw, draw() < 0.3 ? 30 : 1)), loss: 0.02 },
  powerSave: { title: 'Wi-Fi power save: one in ten 150 to 300 ms late', ...both(powerSave), loss: 0.01 },
  skewed: { title: 'LAN, clocks ± 800 ppm apart', ...both(lan), loss: 0.01, skews: [-800, 800] },
  skewedWan: { title: 'WAN, clocks ± 800 ppm apart', ...both(wan), loss: 0.01, skews: [-800, 800] },
  stepping: {
    title: 'LAN, a clock stepped every 30 s by 40 to 1500 ms',
    ...both(lan),
    loss: 0.01,
    bend: (t) => STEPS[Math.floor(t / EVERY) % STEPS.length] ?? 0,
  },
  longer: {
    title: 'path 10 ms, after 90 s 60 ms',
    ...both((draw, t) => (t < 90_000 ? 5 : 30) + tail(draw, t < 90_000 ? 1 : 4)),
    loss: 0.01,
  },
  detour: {
    title: 'path 10 ms, after 90 s 40 ms there only',
    there: (draw, t) => (t < 90_000 ? 5 : 35) + tail(draw, 1),
    back: (draw) => 5 + tail(draw, 1),
    isSymmetric: false,
    loss: 0.01,
  },
  drifting: { title: 'LAN, rate wanders ± 20 ppm in two minutes', ...both(lan), loss: 0.01, bend: (t) => 0.4 * Math.sin(t / 20_000) },
  driftingWan: { title: 'WAN, rate wanders ± 20 ppm in two minutes', ...both(wan), loss: 0.01, bend: (t) => 0.4 * Math.sin(t / 20_000) },
  disciplined: {
    title: 'LAN, rate changed by 200 ppm every 40 s',
    ...both(lan),
    loss: 0.01,
    bend: (t) => 0.2 * Math.abs(((t / 1000 + 40) % 80) - 40),
  },
  coarse: { title: 'LAN, stamps of 1 ms on both sides', ...both(lan), loss: 0.01, grain: [1, 1] },
  halfCoarse: { title: 'LAN, stamps of 1 ms on one side', ...both(lan), loss: 0.01, grain: [0, 1] },
  loopback: { title: 'one machine, 0.5 ms there and back', ...both((draw) => 0.25 + tail(draw, 0.1)), loss: 0, grain: [0.1, 0.1] },
} satisfies Record<string, Profile>;
export type ProfileName = keyof typeof PROFILES;

export function createDraw(seed: number): Draw {
  const generator = xoroshiro128plus(seed);
  return () => uniformInt(generator, 0, 0x3fffffff) / 0x40000000;
}

/** Pings as the pinger sends them: 20 quick ones, then about 4 a second. */
export function createTrace(profile: Profile, seed: number, length: number): Trace {
  const draw = createDraw(seed);
  const { skews = SKEWS, bend = () => 0, grain = [0, 0] } = profile;
  const skew = (skews[seed % skews.length] ?? 0) * 1e-6;
  const [ownStart, theirStart] = [draw() * 1e6, draw() * 1e6];
  const round = (ms: number, to: number): number => (to === 0 ? ms : Math.floor(ms / to) * to);
  const pings: Ping[] = [];
  for (let at = 0, count = 0; at < length; count++) {
    at += (count < 20 ? 50 : 250) * (0.9 + 0.2 * draw());
    pings.push({ at, there: profile.there(draw, at), back: profile.back(draw, at), isLost: draw() < profile.loss });
  }
  return {
    pings,
    own: (t) => round(ownStart + t, grain[0]),
    theirs: (t) => round(theirStart + t * (1 + skew) + bend(t), grain[1]),
    length,
  };
}

/** The samples of a trace in order of their return, each with the true time of that. */
export function samplesOf({ pings, own, theirs }: Trace): { readonly at: number; readonly sample: Sample }[] {
  return pings
    .filter(({ isLost }) => !isLost)
    .map(({ at, there, back }) => {
      const stamp = (t: number, clock: Course): LocalTime => clock(t) as LocalTime;
      const [arrived, returned] = [at + there, at + there + back];
      const sample = {
        sent: stamp(at, own),
        received: stamp(arrived, theirs),
        returned: stamp(arrived, theirs),
        back: stamp(returned, own),
      };
      return { at: returned, sample };
    })
    .sort((a, b) => a.at - b.at);
}

/** Value below which a share of the figures lies. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = Float64Array.from(figures).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
