import type { Rights } from '../../peer-api.ts';

/** The three switches: name, and what who has it does. */
export const RIGHTS: readonly (readonly [right: keyof Rights, name: string, meaning: string])[] = [
  ['view', 'See', 'gets the score'],
  ['edit', 'Edit', 'changes the score'],
  ['control', 'Control', 'plays, stops, triggers, votes and puts into pits'],
];
