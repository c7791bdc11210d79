import type { Fact } from '../../../src/engine/fact.ts';
import { strike } from '../faults.ts';
import type { FaultName } from '../options.ts';
import { createDraw, type Draw } from '../random.ts';
import { createWorld, type Machine, type World } from '../world.ts';
import { audit } from './audit.ts';
import type { AxisRow } from './rows.ts';
import { axisScore, GATE, layoutOf, MIN_MS, nextOf, PARTS, PASS_MS, type Part } from './score.ts';
import { createSentries } from './sentries.ts';

/** One row of the axes with whole peers: one time round with its fault, and, when all are together again, one in peace. */
export interface Performance {
  readonly row: AxisRow;
  readonly violations: readonly string[];
  readonly world: World;
}

export interface Act {
  readonly row: AxisRow;
  readonly world: World;
  readonly draw: Draw;
  /** Presses for this time round, by mesh time of who pressed; latest last. */
  readonly presses: Press[];
  report(what: string): void;
}

export interface Press {
  readonly machine: Machine;
  readonly at: number;
  /** It was told why nothing happens. */
  readonly isRefused: boolean;
}

const TOGETHER_MAX_MS = 25_000;
const STEP_MS = 20;
/** ms from the beginning of a time round: first press, between presses, end of what is looked at. */
const FIRST_MS = MIN_MS + 500;
const BETWEEN_MS = 250;
const LOOK_MS = 6500;
const FAULT_MS = 1800;

export function performRow(row: AxisRow, seed: number): Performance {
  const draw = createDraw(seed);
  const world = createWorld({ seed, path: draw.pick(['lan', 'wifi', 'wan']) });
  const violations: string[] = [];
  const act: Act = { row, world, draw, presses: [], report: (what) => void (violations.length < 12 && violations.push(what)) };
  const file = axisScore(row, draw.fork('score'));
  const machines = layoutOf(row).members.map(() => world.add({ initial: file }));
  for (const machine of machines) machine.join();
  together(act, 'at first');
  for (const [i, groups] of layoutOf(row).members.entries())
    for (const group of groups) machines[0]!.peer.groups.setMember(machines[i]!.id, group, true);
  if (row.condition === 'of one') machines[1]!.page.input.set('sim:/open', true);
  world.pass(4000);

  begin(act, true);
  round(act, () => disturb(act, file));
  world.heal();
  together(act, 'after the fault');
  world.pass(4000);
  release(act);
  begin(act, false);
  const since = Math.min(...world.present().map(({ peer }) => peer.clock.now()));
  round(act);
  audit(act, since);
  return { row, violations, world };
}

function together({ world, report }: Act, when: string): void {
  if (!world.until(() => world.isTogether(), TOGETHER_MAX_MS)) report(`not together ${when}`);
}

/** What a machine runs of the scenario in question. */
export const partsOf = ({ peer }: Machine): readonly Part[] => {
  const runs = new Set(peer.run.view().running.map(({ interval }) => interval));
  return PARTS.filter((part) => runs.has(part));
};

/** Facts that this machine obeys. */
export const factsOf = ({ peer, id }: Machine): readonly Fact[] =>
  peer.run.log().filter((fact) => !('scope' in fact && fact.scope === 'own') || fact.by === id);

/** Comes back where all of it begins, or did a moment ago. */
function begin({ row, world, draw }: Act, isFirst: boolean): void {
  const { run } = draw.pick(world.present()).peer;
  const position = (): number => world.present()[0]?.peer.run.position() ?? -1;
  if (isFirst || row.again === 'play') {
    run.stop();
    world.until(() => world.present().every(({ peer }) => peer.run.view().state === 'idle'), 3000);
    run.play();
    world.until(() => position() >= 0, 3000);
  } else if (row.again === 'seek') {
    run.seek(0);
    world.until(() => position() < 500, 3000);
  } else world.until(() => position() % PASS_MS < 100, PASS_MS + 100);
}

/** One time round: who has no say presses first, then those who have, one after the other. */
function round(act: Act, meanwhile?: () => void): void {
  const { row, world, draw } = act;
  act.presses.length = 0;
  const sentries = createSentries(act);
  const startedAt = world.now();
  const passTo = (ms: number): void => {
    for (let left = startedAt + ms - world.now(); left > 0; left -= STEP_MS) {
      world.pass(Math.min(left, STEP_MS));
      sentries.sample();
    }
  };
  const isOf = (machine: Machine): boolean => isIn(machine, layoutOf(row).gate);
  const [voters, others] = [world.present().filter(isOf), world.present().filter((machine) => !isOf(machine))];
  let at = FIRST_MS;
  for (const machine of row.cause === 'max' ? [] : [...others, ...shuffled(voters, draw)]) {
    passTo(at);
    // A hand that wavers votes for nobody.
    if (
      row.cause === 'expression' &&
      row.share !== 'free' &&
      row.consensus !== 'first' &&
      machine === voters[0] &&
      act.presses.length === others.length
    )
      waver(act, machine);
    else press(act, machine);
    at += BETWEEN_MS;
    if (at > FAULT_MS) {
      meanwhile?.();
      meanwhile = undefined;
    }
  }
  passTo(Math.max(at, FAULT_MS));
  meanwhile?.();
  // Who was away, or has come back, presses again.
  passTo(4500);
  if (row.cause !== 'max')
    for (const machine of world.present()) if (!machine.page.host.isFrozen() && partsOf(machine).includes('before.a')) press(act, machine);
  passTo(LOOK_MS);
}

const shuffled = (machines: readonly Machine[], draw: Draw): readonly Machine[] =>
  machines
    .map((machine) => ({ machine, rank: draw.next() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ machine }) => machine);

/** As the room document says, wherever one looks. */
export const isIn = (machine: Machine, group: string): boolean => group === 'all' || machine.peer.groups.of(machine.id).includes(group);

function press({ row, presses }: Act, machine: Machine): void {
  if (!machine.isPresent || machine.page.host.isFrozen()) return;
  const at = machine.peer.clock.now();
  if (row.cause === 'expression') machine.page.input.set('sim:/go', true);
  // To press again would take back a vote.
  const hasVoted = machine.peer.run.view().waiting.some(({ sync, tally }) => sync === GATE && tally?.isPressed === true);
  const issue = row.cause === 'click' && !hasVoted ? machine.peer.run.trigger(GATE) : undefined;
  presses.push({ machine, at, isRefused: issue !== undefined });
}

function waver({ world }: Act, { page }: Machine): void {
  page.input.set('sim:/go', true);
  world.pass(50);
  page.input.set('sim:/go', false);
}

function release({ world }: Act): void {
  for (const { page } of world.present()) page.input.set('sim:/go', false);
}

const STRIKES: Readonly<Record<string, FaultName>> = {
  loss: 'bad weather',
  partition: 'partition',
  reload: 'reload',
  leave: 'someone leaves',
  'master dies': 'master dies',
  freeze: 'freeze',
  'late joiner': 'someone joins',
};
const LASTING_MS = 1500;

function disturb({ row, world, draw }: Act, initial: unknown): void {
  const name = STRIKES[row.fault];
  const newcomer = (): Machine => world.add({ initial });
  if (name !== undefined) strike(world, draw, { name, at: 0, lasting: LASTING_MS }, { newcomer, isSomePairApart: false });
  if (row.fault === 'none' || name !== undefined) return;
  const [one, other] = [draw.pick(world.present()), draw.pick(world.present())];
  if (row.fault === 'edit') one.peer.score.edit({ type: 'resizeInterval', id: draw.pick(nextOf(row)), duration: draw.int(20_000, 90_000) });
  else other.peer.groups.setMember(one.id, 'strings', !isIn(one, 'strings'));
  world.disturb(row.fault, [one]);
}
