import type { PeerId } from '../../base.ts';
import type { PeerView } from '../../peer-api.ts';
import { percentText, plural, spreadText } from '../format.ts';

/** What someone should know or do something about. */
export interface Trouble {
  readonly peer: PeerId;
  readonly level: 'warning' | 'danger';
  readonly message: string;
}

/** ms; a link that takes longer than this does not come by itself. */
const LINK_LATE = 6000;
/** Part of the pings; below it, copies of facts hide every loss. */
const LOSS_MUCH = 0.05;
/** ms; a beat that is off by this is heard. */
export const SPREAD_POOR = 20;
/** One odd message is no news, a stream of them is. */
const REFUSED_MANY = 10;

/** At most one of each person, the gravest. Dangers first, else in the order of people. */
export function troublesOf(people: readonly PeerView[]): readonly Trouble[] {
  const all = people.flatMap((person) => {
    const found = person.isSelf ? undefined : troubleOf(person);
    return found === undefined ? [] : [{ peer: person.id, ...found }];
  });
  return [...all.filter(({ level }) => level === 'danger'), ...all.filter(({ level }) => level === 'warning')];
}

function troubleOf(person: PeerView): Omit<Trouble, 'peer'> | undefined {
  const { name, link, age, health, spread, refused, document } = person;
  const loss = health?.loss ?? 0;
  if (link === 'silent') return danger(`${name} is not heard`);
  if (document === 'differs') return danger(`${name}’s score differs from yours`);
  if (person.isFrozen) return warning(`${name}’s page hangs or sleeps`);
  if (link === 'connecting') return age > LINK_LATE ? warning(`No way to ${name} is found`) : undefined;
  if (document === 'healing') return warning(`${name}’s score is being made the same again`);
  if (loss >= LOSS_MUCH) return warning(`${percentText(loss)} of what is sent to ${name} is lost`);
  if (spread !== undefined && spread >= SPREAD_POOR) return warning(`${name}’s clock is known to ${spreadText(spread)} only`);
  if (refused >= REFUSED_MANY) return warning(`${plural(refused, 'message')} of ${name} made no sense and were refused`);
  return undefined;
}

const warning = (message: string): Omit<Trouble, 'peer'> => ({ level: 'warning', message });
const danger = (message: string): Omit<Trouble, 'peer'> => ({ level: 'danger', message });

/** What is said where there is no trouble. */
export function wellText(people: readonly PeerView[]): string {
  const others = people.filter(({ isSelf }) => !isSelf);
  const relayed = others.filter(({ link }) => link === 'relayed');
  if (others.length === 0) return 'Nobody else is here yet';
  if (relayed.length === 0) return 'Everyone is linked, and nothing needs attention';
  const who = relayed.length === 1 ? `${relayed[0]?.name} over another` : `${relayed.length} of them over others`;
  return `Everyone is reached, ${who}; nothing needs attention`;
}

/** The room at a glance: the worst of all who are linked and awake; undefined where nothing is known. */
export interface Vitals {
  /** Everyone but self. */
  readonly others: number;
  /** ms */
  readonly spread: number | undefined;
  readonly roundTrip: number | undefined;
  readonly loss: number | undefined;
  /** How many of those with whom scores are compared have ours; who is relayed is compared by its neighbours. */
  readonly alike: number;
  readonly compared: number;
}

export function vitalsOf(people: readonly PeerView[]): Vitals {
  const others = people.filter(({ isSelf }) => !isSelf);
  const heard = others.filter(({ link, isFrozen }) => (link === 'whole' || link === 'relayed') && !isFrozen);
  return {
    others: others.length,
    spread: most(heard.map(({ spread }) => spread)),
    roundTrip: most(heard.map(({ roundTrip }) => roundTrip)),
    loss: most(heard.map(({ health }) => health?.loss)),
    alike: others.filter(({ document }) => document === 'same').length,
    compared: others.filter(isCompared).length,
  };
}

export const isCompared = ({ link, document }: PeerView): boolean => link !== 'relayed' || document !== 'comparing';

function most(figures: readonly (number | undefined)[]): number | undefined {
  const known = figures.filter((figure) => figure !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** A wish to be master that outdoes everyone's: who said so last is meant. */
export const WISH_MAX = 255;
export const nextWish = (people: readonly PeerView[]): number =>
  Math.min(WISH_MAX, 1 + Math.max(0, ...people.flatMap(({ isSelf, preference }) => (isSelf ? [] : [preference]))));
