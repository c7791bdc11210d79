import type { SimScore } from '../score.ts';
import type { Machine, World } from '../world.ts';

/** What is looked at from outside, where the truth is known; `report` once per thing that is wrong. */
export interface Check {
  /** Often, while everything goes on. */
  sample?(): void;
  /** Once, when faults are over and everyone has had time. */
  settled?(): void;
}

export interface Watch {
  readonly world: World;
  readonly score: SimScore;
  report(what: string): void;
}

/** Nothing was done to this machine, or to its surroundings, for so long. */
export const isCalm = ({ disturbances, timeline }: World, { number }: Machine, ms: number): boolean =>
  disturbances.every(({ to, machines }) => (machines !== undefined && !machines.includes(number)) || to < timeline.now() - ms);

/** Nothing was done to anyone for so long. */
export const isAllCalm = ({ disturbances, timeline }: World, ms: number): boolean =>
  disturbances.every(({ to }) => to < timeline.now() - ms);

/** Says what differs between machines that should be alike. */
export function mustAgree(watch: Watch, what: string, of: (machine: Machine) => string | undefined): void {
  const [first, ...others] = watch.world.present();
  if (!first) return;
  const expected = of(first) ?? 'nothing';
  for (const other of others) {
    const found = of(other) ?? 'nothing';
    if (found === expected) continue;
    watch.report(
      `${what} differs: machine ${first.number} has ${excerpt(expected, found)}, machine ${other.number} has ${excerpt(found, expected)}`,
    );
    return;
  }
}

/** The part where two texts begin to differ. */
function excerpt(text: string, other: string): string {
  let at = 0;
  while (at < text.length && text[at] === other[at]) at += 1;
  return `…${text.slice(Math.max(0, at - 40), at + 160)}…`;
}
