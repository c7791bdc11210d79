import { PATHS, type PathName } from './network.ts';
import type { Draw } from './random.ts';

/** What happens in one simulated rehearsal; all of it follows from the seed. */
export interface Options {
  readonly peers: number;
  readonly path: PathName;
  /** Everyone in the same millisecond, or over some seconds. */
  readonly isJoinAtOnce: boolean;
  /** How likely one edit is in 100 ms. */
  readonly edits: number;
  /** How likely a press is in 100 ms while a trigger waits. */
  readonly presses: number;
  /** How likely a pause, a jump or a stop is in 100 ms. */
  readonly transport: number;
  /** How likely someone changes group, and someone opts out or in, in 100 ms. */
  readonly groups: number;
  readonly forks: number;
  /** Consensus of triggers, as the score says it; undefined: the default. */
  readonly consensus: 'majority' | 'all' | undefined;
  /** ppm by which clock rates swing. */
  readonly drift: number;
  /** What packets suffer besides, all the time. */
  readonly duplication: number;
  readonly reordering: number;
  /** The pair of machines that no candidate ever joins. */
  readonly apart: readonly [number, number] | undefined;
  /** Somebody among them means harm. */
  readonly isBesieged: boolean;
  /** What the score says of distribution beyond groups; undefined: nothing. */
  readonly axes: Axes | undefined;
  readonly faults: readonly Fault[];
}

export interface Axes {
  /** Of the scenario within the second part. */
  readonly share: 'shared' | 'mixed' | 'free';
  /** Triggers whose order is `sync`. */
  readonly ordered: readonly string[];
  /** Group of what follows the trigger in there, and of that trigger. */
  readonly follows: string | undefined;
  readonly decides: string | undefined;
  /** Machines may be in both groups. */
  readonly isOverlapping: boolean;
  /** Policies are edited in the run. */
  readonly areEdited: boolean;
}

export const FAULTS = [
  ...(['master leaves', 'master dies', 'someone leaves', 'someone dies', 'freeze', 'master freezes', 'sleep', 'reload'] as const),
  ...(['partition', 'one-way partition', 'server restarts', 'someone joins', 'bad weather', 'clogging'] as const),
] as const;
/** Of the machines themselves; one of these comes besides, now and then. */
export const STRAINS = ['a clock steps', "the master's clock steps", 'master is slow', 'someone is slow', 'all are starved'] as const;
export type FaultName = (typeof FAULTS)[number] | (typeof STRAINS)[number];

export interface Fault {
  readonly name: FaultName;
  /** ms after the play, and how long it lasts where it lasts. */
  readonly at: number;
  readonly lasting: number;
}

const FAULTS_MAX = 3;
const PATH_NAMES = Object.keys(PATHS) as PathName[];

export function createOptions(draw: Draw): Options {
  const kinds = [...FAULTS];
  const faults = Array.from({ length: draw.int(0, FAULTS_MAX) }, (): Fault => {
    const [name = 'freeze'] = kinds.splice(draw.int(0, kinds.length - 1), 1);
    return { name, at: draw.between(500, 9000), lasting: draw.between(300, 4000) };
  });
  // A swarm: each seed has only some of all that may happen, so that one thing does not always hide another.
  const has = (probability: number): boolean => draw.chance(probability);
  const options = {
    peers: draw.int(3, 5),
    path: draw.pick(PATH_NAMES),
    isJoinAtOnce: draw.chance(0.4),
    edits: draw.pick([0, 0.03, 0.1]),
    presses: draw.pick([0.05, 0.15, 0.5]),
    transport: draw.pick([0, 0, 0.02]),
    groups: has(0.3) ? 0.03 : 0,
    forks: has(0.25) ? 0.03 : 0,
    consensus: has(0.35) ? draw.pick(['majority', 'all']) : undefined,
    drift: has(0.3) ? 10 : 0,
    duplication: has(0.3) ? 0.1 : 0,
    reordering: has(0.3) ? 0.1 : 0,
    apart: has(0.25) ? [0, draw.int(1, 2)] : undefined,
    isBesieged: has(0.25),
  } satisfies Omit<Options, 'faults' | 'axes'>;
  // Drawn last, so that seeds from before still say the rest.
  const strain: Fault = { name: draw.pick(STRAINS), at: draw.between(500, 9000), lasting: draw.between(1500, 6000) };
  return { ...options, faults: draw.chance(0.35) ? [...faults, strain] : faults, axes: axesBy(draw.fork('distribution')) };
}

function axesBy(draw: Draw): Axes | undefined {
  if (draw.chance(0.5)) return undefined;
  return {
    share: draw.pick(['shared', 'mixed', 'free', 'mixed', 'free'] as const),
    ordered: ['one', 'two', 'three'].filter(() => draw.chance(0.4)),
    follows: draw.chance(0.5) ? draw.pick(['strings', 'winds']) : undefined,
    decides: draw.chance(0.5) ? draw.pick(['strings', 'all']) : undefined,
    isOverlapping: draw.chance(0.5),
    areEdited: draw.chance(0.4),
  };
}
