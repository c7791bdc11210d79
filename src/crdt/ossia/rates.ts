import { QUANTISATIONS } from '../score.ts';
import type { Quantisation } from '../score.ts';
import type { Place } from './part.ts';

/** A rate of the list: exactly, or the nearest above 0 by ratio, with a note. */
export function toRate(rate: number, place: Place): Quantisation {
  const known = QUANTISATIONS.find((each) => each === rate);
  if (known !== undefined) return known;
  if (!(rate > 0)) return rate < 0 ? -1 : 0;
  place.note(`the quantisation ${Math.round(rate * 1000) / 1000} becomes the nearest there is`);
  const distance = (each: number): number => Math.abs(Math.log(each / rate));
  return QUANTISATIONS.filter((each) => each > 0).reduce((best, each) => (distance(each) < distance(best) ? each : best));
}
