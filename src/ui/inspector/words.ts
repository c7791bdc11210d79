import { QUANTISATIONS, type Quantisation } from '../../crdt/score.ts';

/** A grid as people say it: `as around it`, `free`, `8 bars`, `1 bar`, `1/16`. */
export function gridText(rate: Quantisation): string {
  if (rate === -1) return 'as around it';
  if (rate === 0) return 'free';
  if (rate > 1) return `1/${rate}`;
  return rate === 1 ? '1 bar' : `${1 / rate} bars`;
}

/** Those that a menu offers, with their words. */
export const GRIDS = QUANTISATIONS.map((rate) => ({ rate, text: gridText(rate) }));

/** `backInOut` as `back in out`. */
export const choiceText = (choice: string): string => choice.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
