import type { Run } from '../../src/peer-api.ts';
import type { Check, Watch } from './checks/check.ts';
import { budgetCheck } from './checks/budget.ts';
import { documentsCheck } from './checks/documents.ts';
import { pitsCheck } from './checks/pits.ts';
import { runCheck } from './checks/run.ts';
import { soundCheck } from './checks/sound.ts';
import { timeCheck } from './checks/time.ts';
import { editAtRandom } from './edits.ts';
import { strike } from './faults.ts';
import { misbehave } from './mischief.ts';
import { createOptions, type Options } from './options.ts';
import { createDraw, type Draw } from './random.ts';
import { createScore, type SimScore } from './score.ts';
import { createVandal, type Vandal } from './vandal.ts';
import { createWorld, type Machine, type Page, type World } from './world.ts';

export interface Violation {
  readonly seed: number;
  readonly what: string;
  /** True time, ms. */
  readonly at: number;
}

export interface Outcome {
  readonly seed: number;
  readonly options: Options;
  readonly violations: readonly Violation[];
  readonly trace: string;
  /** As it was left. */
  readonly world: World;
}

const STEP_MS = 100;
const RUN_MS = 13_000;
const TOGETHER_MAX_MS = 25_000;
/** For what is together to be quiet: repair of documents, ages of pit values, slewing. */
const SETTLE_MS = 6000;
const VIOLATIONS_MAX = 12;

/** `more` stands instead of what the seed says. Seed → random options → score → joins → play, presses, edits, faults → heal → settle → checks. */
export function rehearse(seed: number, more: Partial<Options> = {}): Outcome {
  const draw = createDraw(seed);
  const options = { ...createOptions(draw.fork('options')), ...more };
  const { drift, apart, duplication, reordering } = options;
  const world = createWorld({ seed, path: options.path, drift, shut: apart ? [apart] : [] });
  const usual = world.cables.path(-2, -2);
  world.cables.setFallback({ ...usual, reordering, duplication: Math.max(usual.duplication, duplication) });
  const violations: Violation[] = [];
  const seen = new Set<string>();
  const report = (what: string): void => {
    // One thing gone wrong is often seen again and again, with other figures.
    const kind = what.replaceAll(/\d+(\.\d+)?/g, '#');
    if (seen.has(kind) || violations.length >= VIOLATIONS_MAX) return;
    seen.add(kind);
    violations.push({ seed, what, at: world.now() });
  };
  try {
    perform({ world, report, draw, options, score: createScore(draw.fork('score'), options.consensus, options.axes) });
  } catch (error) {
    report(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  return { seed, options, violations, trace: world.trace.hash(), world };
}

interface Stage extends Watch {
  readonly draw: Draw;
  readonly options: Options;
  readonly score: SimScore;
  vandal?: Vandal;
}

function perform(stage: Stage): void {
  const { world, options, draw, report, score } = stage;
  const contributions = new Map<Page, number>();
  const checks: readonly Check[] = [
    timeCheck(stage),
    documentsCheck(stage),
    runCheck(stage),
    soundCheck(stage),
    pitsCheck(stage, contributions),
    budgetCheck(stage),
  ];
  const pass = (ms: number, act?: () => void): void => {
    for (let left = ms; left > 0; left -= STEP_MS) {
      act?.();
      world.pass(Math.min(left, STEP_MS));
      for (const check of checks) check.sample?.();
    }
  };
  const newcomer = (): Machine => world.add({ initial: score.file });

  enter(stage, newcomer, pass);
  if (options.isBesieged) stage.vandal = createVandal(world);
  prepare(stage, contributions);
  pass(1500);
  start(stage);
  const playedAt = world.now();
  for (const fault of options.faults)
    world.timeline.at(playedAt + fault.at, () => strike(world, draw, fault, { newcomer, isSomePairApart: options.apart !== undefined }));
  pass(RUN_MS, () => act(stage));
  pass(SETTLE_MS / 2);
  world.heal();
  for (const machine of world.present()) if (machine.peer.score.sending !== 'all') turnFork(world, machine, draw);
  if (!world.until(() => world.isTogether(), TOGETHER_MAX_MS))
    report(`not together ${TOGETHER_MAX_MS} ms after the last fault: ${together(world)}`);
  pass(SETTLE_MS);
  for (const check of checks) check.settled?.();
}

function enter({ world, options, draw, report }: Stage, newcomer: () => Machine, pass: (ms: number) => void): void {
  for (let i = 0; i < options.peers; i++) {
    newcomer().join();
    if (!options.isJoinAtOnce) pass(draw.int(1, 20) * 50);
  }
  if (!world.until(() => world.isTogether(), TOGETHER_MAX_MS))
    report(`not together ${TOGETHER_MAX_MS} ms after joining: ${together(world)}`);
}

/** Everyone takes a part, by whomever it is given; some put something into the pit. */
function prepare({ world, draw, score, options }: Stage, contributions: Map<Page, number>): void {
  for (const { id, page } of world.present()) {
    draw.pick(world.present()).peer.groups.setMember(id, draw.pick(score.groups), true);
    if (options.axes?.isOverlapping === true && draw.chance(0.4))
      for (const group of score.groups) page.peer.groups.setMember(id, group, true);
    if (draw.chance(0.3)) continue;
    const value = draw.int(0, 100) / 100;
    page.peer.pits.put(score.pit, value);
    contributions.set(page, value);
  }
}

/** Someone plays; now and then two at once. */
function start({ world, draw }: Stage): void {
  draw.pick(world.present()).peer.run.play();
  if (draw.chance(0.2)) world.timeline.at(world.now() + draw.between(0, 5), () => draw.pick(world.present()).peer.run.play());
}

function act({ world, draw, options, score, vandal }: Stage): void {
  if (vandal && draw.chance(0.5)) misbehave(vandal, draw);
  const awake = world.present().filter(({ page }) => !page.host.isFrozen());
  if (awake.length === 0) return;
  if (draw.chance(options.edits)) {
    const machine = draw.pick(awake);
    editAtRandom(machine, draw, options.axes?.areEdited);
    world.disturb('edit', []);
  }
  if (draw.chance(options.groups)) {
    const machine = draw.pick(world.present());
    world.disturb('group', [machine]);
    draw.pick(awake).peer.groups.setMember(machine.id, draw.pick(score.groups), draw.chance(0.7));
  }
  if (draw.chance(options.forks)) {
    turnFork(world, draw.pick(awake), draw);
  }
  if (draw.chance(options.transport)) {
    world.disturb('transport', []);
    turnKnobs(draw.pick(awake).peer.run, draw);
  }
  if (!draw.chance(options.presses)) return;
  const hands = draw.chance(0.3) ? [draw.pick(awake), draw.pick(awake)] : [draw.pick(awake)];
  const isClick = draw.chance(0.5);
  const sync = draw.pick(score.triggers);
  for (const hand of hands) world.timeline.at(world.now() + draw.between(0, 5), () => press(hand, isClick ? sync : undefined));
}

/** Who is opted out hears its own edits, so that what is played differs meanwhile. */
function turnFork(world: World, { peer: { score }, number }: Machine, draw: Draw): void {
  const what = `fork ${number}`;
  const isOut = score.sending !== 'all';
  if (!isOut) world.disturb(what, [], Infinity);
  else for (const each of world.disturbances) if (each.what === what) each.to = Math.min(each.to, world.now());
  const ids = score.unsent();
  if (ids.length > 0 && draw.chance(0.5)) draw.pick([() => score.publish([draw.pick(ids)]), () => score.drop([draw.pick(ids)])])();
  score.setSending(isOut ? 'all' : draw.pick(['none', 'edits']));
}

/** Pause and go on, jump, stop and begin anew. */
function turnKnobs(run: Run, draw: Draw): void {
  const { state } = run.view();
  if (state === 'paused') run.resume();
  else if (state === 'idle') run.play();
  else draw.pick([() => run.pause(), () => run.seek(draw.int(0, 8000)), () => run.stop()])();
}

/** A click on one trigger, or the button that the expressions speak of. */
function press(machine: Machine, sync: string | undefined): void {
  if (!machine.isPresent || machine.page.host.isFrozen()) return;
  const { peer, input, host } = machine.page;
  if (sync !== undefined) {
    peer.run.trigger(sync);
    return;
  }
  input.set('sim:/go', true);
  host.timer.after(80, () => input.set('sim:/go', false));
}

function together(world: World): string {
  return world
    .present()
    .map(({ number, peer }) => {
      const links = peer.room
        .peers()
        .map(
          ({ name, link, document, isFrozen }) =>
            `${name.slice(-1)} ${link}${document === 'same' ? '' : ' other score'}${isFrozen ? ' frozen' : ''}`,
        );
      return `${number} (${peer.room.state}, master ${peer.clock.master()?.slice(0, 4)}): ${links.join(', ')}`;
    })
    .join('; ');
}
