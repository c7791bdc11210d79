import { policiesOf } from '../../../src/crdt/policies.ts';
import type { RecordedNote } from '../devices.ts';
import type { Machine, Page } from '../world.ts';
import type { Check, Watch } from './check.ts';

/** ms; two notes of one pitch, place and occurrence nearer than this are one note played twice. */
const SAME_MS = 5;
/** ms; how late the performer may still play a note, and how far ahead it tells, ticks included. */
const LATE_MAX = 180;
const AHEAD_MAX = 660;
/** ms before and after a note within which nothing may have happened for everyone to be expected to play it. */
const BEFORE_MS = 2500;
const AFTER_MS = 300;
/** After these it takes longer until links are there again: sockets and links are opened anew every 5 s at worst. */
const SLOW_TO_HEAL: ReadonlySet<string> = new Set(['server away', 'partition', 'sleep', 'clogging']);
const HEALING_MS = 8000;

interface Life {
  readonly machine: Machine;
  readonly page: Page;
}

/** What the sound devices were told: who plays what, once, and neither too late nor left out. */
export function soundCheck({ world, score, report }: Watch): Check {
  const factDates = new Set<number>();
  let hasDiverged = false;
  const lives = (): readonly Life[] => world.machines.flatMap((machine) => machine.pages.map((page) => ({ machine, page })));
  const groupsOf = ({ id }: Machine): readonly string[] => world.present()[0]?.peer.groups.of(id) ?? [];
  const groupOf = ({ address }: RecordedNote): string => score.groupOf.get(address) ?? 'all';

  /** Who changed group played what was its own then. */
  const hasMoved = ({ number }: Machine): boolean =>
    world.disturbances.some(({ what, machines }) => what === 'group' && machines?.includes(number) === true);

  const ownOnly = ({ machine, page }: Life): void => {
    if (hasMoved(machine)) return;
    const groups = groupsOf(machine);
    const foreign = page.sound.notes.find((note) => !groups.includes(groupOf(note)));
    if (foreign) report(`machine ${machine.number} plays ${foreign.address}, which belongs to ${groupOf(foreign)}`);
  };

  const onceEach = ({ machine, page }: Life): void => {
    const seen = new Map<string, RecordedNote[]>();
    for (const note of page.sound.played()) {
      const key = `${note.occurrence} ${note.address} ${note.pitch}`;
      const before = seen.get(key) ?? [];
      seen.set(key, before);
      // Where mesh time stepped back, a date comes twice, and so does what it brings.
      const isTwice = before.some((other) => Math.abs(other.at - note.at) < SAME_MS && Math.abs(lead(other) - lead(note)) < SAME_MS);
      if (isTwice) report(`machine ${machine.number} plays ${key} twice at ${note.at.toFixed(1)}`);
      before.push(note);
    }
  };

  const inTime = ({ machine, page }: Life): void => {
    for (const { address, at, toldAt } of page.sound.notes) {
      if (at < toldAt - LATE_MAX) report(`machine ${machine.number} plays ${address} ${(toldAt - at).toFixed(0)} ms late`);
      if (at > toldAt + AHEAD_MAX) report(`machine ${machine.number} is told ${address} ${(at - toldAt).toFixed(0)} ms ahead`);
    }
  };

  /** Dates, by mesh time, around which a note may be missed by someone with reason. */
  const troubles = (toMesh: (trueTime: number) => number, facts: readonly number[]): ((at: number) => boolean) => {
    const spans = [
      ...world.disturbances.map(({ what, from, to }) => {
        const end = Math.min(to, world.now());
        return [toMesh(from), toMesh(end) + (SLOW_TO_HEAL.has(what) ? HEALING_MS : 0)] as const;
      }),
      ...facts.map((at) => [at, at] as const),
    ];
    return (at) => spans.some(([from, to]) => at > from - AFTER_MS && at < to + BEFORE_MS);
  };

  const nobodyMissing = (): void => {
    const [first] = world.present();
    if (!first) return;
    const { peer, host } = first.page;
    const toMesh = (trueTime: number): number => peer.fromLocal(host.localAt(trueTime));
    const isTroubled = troubles(toMesh, [...factDates]);
    const now = peer.clock.now();
    const all = world.present();
    const played = all.map(({ pages }) => pages.flatMap(({ sound }) => sound.played()));
    const heard = played.map((notes) => new Set(notes.map((note) => nameOf(note))));
    const cameAt = all.map(({ pages }) => toMesh(pages[0]?.bornAt ?? Infinity));
    // What lies in a scenario of another time is not everybody's, or was not always.
    const isCommon = ({ address }: RecordedNote): boolean => !hasDiverged || !score.inner.addresses.has(address);
    const names = new Map(
      played
        .flat()
        .filter(isCommon)
        .map((note) => [nameOf(note), note] as const),
    );
    for (const [name, note] of names) {
      if (isTroubled(note.at) || note.at > now) continue;
      const isExpected = (machine: Machine, i: number): boolean =>
        !hasMoved(machine) && (cameAt[i] ?? Infinity) < note.at - BEFORE_MS && groupsOf(machine).includes(groupOf(note));
      const missing = all.filter((machine, i) => isExpected(machine, i) && ![-1, 0, 1].some((step) => heard[i]?.has(nameOf(note, step))));
      if (missing.length > 0) report(`machine ${missing[0]?.number} does not play ${name}, which others play`);
    }
  };

  return {
    /** A log is of one run; who cut what in an earlier one is asked while it lasts. */
    sample() {
      hasDiverged ||= world.present().some(({ peer }) => policiesOf(peer.score.read(), score.inner.id).share !== 'shared');
      for (const { peer } of world.present().flatMap(({ pages }) => pages)) for (const { at } of peer.run.log()) factDates.add(at);
    },
    settled() {
      for (const life of lives()) {
        ownOnly(life);
        onceEach(life);
        inTime(life);
      }
      nobodyMissing();
    },
  };
}

/** ms by which the page's mesh time was before the truth. */
const lead = ({ toldAt, heardAt }: RecordedNote): number => toldAt - heardAt;

const nameOf = ({ occurrence, address, pitch, at }: RecordedNote, step = 0): string =>
  `${occurrence} ${address} ${pitch} at ${Math.round(at) + step}`;
