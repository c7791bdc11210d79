import type { ObjectId } from '../crdt/score.ts';
import { ROOT } from '../crdt/score.ts';
import type { OccurrencePath } from './fact.ts';
import { scenarioKey } from './state.ts';
import { BASE } from './structure-index.ts';
import type { StructureIndex } from './structure-index.ts';

/**
 * path = [jump ":"] {count "."} count
 * The counts are those of the enclosing intervals, outermost first (the root interval, which runs once, has none), and
 * the object's own; `jump` is the run date in base 36 of the seek or transport loop that began the epoch.
 */
export const BASE_KEY = scenarioKey(BASE, '');

export const epochAt = (date: number): string => `${date.toString(36)}:`;

const split = (path: OccurrencePath): number => Math.max(path.lastIndexOf('.'), path.lastIndexOf(':')) + 1;

/** All but the own count. */
export const prefixOf = (path: OccurrencePath): string => path.slice(0, split(path));

/** NaN when it is no path. */
export const countOf = (path: OccurrencePath): number =>
  /^\d{1,9}$/.test(path.slice(split(path))) ? Number(path.slice(split(path))) : NaN;

/** The epoch that a path names, as `epochAt` writes it. */
export const jumpOf = (path: OccurrencePath): string => path.slice(0, path.indexOf(':') + 1);

export const isOfEpoch = (path: OccurrencePath, epoch: string): boolean => (epoch === '' ? !path.includes(':') : path.startsWith(epoch));

/** Path of a first occurrence of what lies in an interval's occurrence. */
export const pathWithin = (interval: ObjectId, path: OccurrencePath): OccurrencePath =>
  interval === ROOT.interval ? `${prefixOf(path)}0` : `${path}.0`;

/** Key of the scenario occurrence in which an object of this scenario and path lies. */
export function homeOf(index: StructureIndex, scenario: ObjectId, path: OccurrencePath): string {
  if (scenario === BASE) return BASE_KEY;
  const prefix = prefixOf(path);
  const isTop = index.scenarios.get(scenario)?.interval === ROOT.interval;
  return scenarioKey(scenario, isTop ? `${prefix}0` : prefix.slice(0, -1));
}
