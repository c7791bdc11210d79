import { compare } from '../../../src/base.ts';
import type { Fact } from '../../../src/engine/fact.ts';
import type { Machine } from '../world.ts';
import { factsOf, isIn, partsOf, type Act, type Press } from './perform.ts';
import { GATE, groupOf, layoutOf, nextOf, PARTS, type Part } from './score.ts';

/** ms: rounding, and a turn of a page. */
const TURN_MS = 60;
/** ms after the beginning of a part in which some note of it must have been played. */
const EARS_MS = 2500;

/**
 * One time round in peace, against what the axes mean: who has what at the end, who pressed last before it fired, one date
 * for all, and who played. Told from the row and from what hands did, not from what peers think.
 */
export function audit(act: Act, since: number): void {
  const { row, world, report } = act;
  const { gate } = layoutOf(row);
  const present = world.present();
  const isFree = row.share === 'free';
  const runs = (machine: Machine): boolean => !isFree || isIn(machine, gate);
  const electorate = present.filter((machine) => isIn(machine, gate));
  const pressesOf = (machines: readonly Machine[]): readonly Press[] => act.presses.filter(({ machine }) => machines.includes(machine));

  /** The press that decides, for a machine; undefined when none does. */
  const decisive = (machine: Machine): Press | undefined => {
    if (row.cause === 'max') return undefined;
    const presses = pressesOf(isFree ? [machine] : electorate);
    if (isFree || row.consensus === 'first') return presses[0];
    const needed = row.consensus === 'all' ? electorate.length : Math.floor(electorate.length / 2) + 1;
    const voters = new Set<Machine>();
    return electorate.length === 0 ? undefined : presses.find((each) => voters.add(each.machine).size === needed);
  };
  const follows = (machine: Machine): boolean => row.share !== 'mixed' || nextOf(row).some((part) => isIn(machine, groupOf(row, part)));
  const goesOn = (machine: Machine): boolean =>
    runs(machine) && (row.cause === 'max' || (decisive(machine) !== undefined && (isFree || follows(machine))));

  const firings = (machine: Machine): readonly { readonly at: number; readonly path: string; readonly by: string }[] =>
    machine.peer.run.view().fired.filter(({ sync, at }) => sync === GATE && at > since);

  /** Whoever decides the condition says whether that one machine is here and has it so. */
  const isOpen = (machine: Machine): boolean => {
    if (row.condition === 'none') return true;
    const open = (id: string | undefined): boolean => present.find((each) => each.id === id)?.page.input.read('sim:/open') === true;
    if (isFree) return open(machine.id);
    // In a mixed scenario those of its group who are there; where none is, whoever is [GR41].
    const there = row.share === 'mixed' ? electorate.filter(goesOn) : electorate;
    const asked = there.length === 0 ? present.filter(goesOn) : there;
    const members = asked.map(({ id }) => id).toSorted(compare);
    const by = firings(machine)[0]?.by ?? '';
    return open(members.find((id) => id === by) ?? members[0]);
  };
  const expected = (machine: Machine): readonly Part[] => {
    if (!runs(machine)) return [];
    if (!goesOn(machine)) return ['before.a', 'before.b'];
    return nextOf(row).filter((part) => part !== 'after.b' || isOpen(machine));
  };

  const facts = (machine: Machine): readonly Fact[] =>
    factsOf(machine).filter((fact) => 'sync' in fact && fact.sync === GATE && fact.at > since);

  for (const machine of present) {
    const who = `machine ${machine.number}`;
    const [has, should] = [partsOf(machine).join(), expected(machine).join()];
    if (has !== should) report(`${who} has ${has || 'nothing'}, not ${should || 'nothing'}`);
    const count = firings(machine).length;
    if (count !== (goesOn(machine) ? 1 : 0)) report(`${who} has seen it fire ${count} times`);
    const press = decisive(machine);
    const first = facts(machine)[0];
    if (goesOn(machine) && press && first && first.at < press.at - TURN_MS)
      report(`it fired ${(press.at - first.at).toFixed(0)} ms before the press that decides, on ${who}`);
    if (goesOn(machine) && press && first && first.at > press.at + 700)
      report(`it fired ${(first.at - press.at).toFixed(0)} ms after the press that decides`);
  }
  for (const { machine, isRefused } of act.presses)
    if (!isFree && row.cause === 'click' && !isIn(machine, gate) && !isRefused)
      report(`machine ${machine.number} is in no group that may press, and is not told so`);

  const followers = present.filter(goesOn);
  if (!isFree) {
    const dates = new Set(followers.map((machine) => firings(machine)[0]?.at));
    if (dates.size > 1) report(`dates: ${[...dates].join(', ')}`);
    const [stated] = present.map((machine) => JSON.stringify(facts(machine)));
    if (present.some((machine) => JSON.stringify(facts(machine)) !== stated)) report('facts of the trigger differ');
  }
  if (row.order === 'sync' && !isFree)
    for (const machine of followers) {
      const [ended, begun] = ['ending', 'fired'].map((type) => facts(machine).find((fact) => fact.type === type));
      if (row.cause !== 'max' && !ended) report(`order: nothing says that what stood before ends, on machine ${machine.number}`);
      if (ended && begun && begun.at < ended.at) report('order: what follows begins before what stood before ends');
      if (ended && begun && begun.at - ended.at > 1500) report(`order: ${(begun.at - ended.at).toFixed(0)} ms between, in peace`);
    }

  for (const machine of present)
    for (const part of PARTS) {
      const mine = isIn(machine, groupOf(row, part)) && runs(machine);
      const begins = part.startsWith('before') ? since : (firings(machine)[0]?.at ?? Infinity);
      const isLived = part.startsWith('before') ? runs(machine) : expected(machine).includes(part);
      const until = Math.min(machine.peer.clock.now(), begins + EARS_MS);
      const heard = machine.page.sound.played().filter(({ address, at }) => address === `sound:/${part}.notes` && at > since);
      if (!(mine && isLived) && heard.length > 0) report(`machine ${machine.number} plays ${part}, which is not its own`);
      if (mine && isLived && !heard.some(({ at }) => at <= until))
        report(`machine ${machine.number} does not play ${part}, which is its own`);
    }
}
