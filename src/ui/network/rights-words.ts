import type { Rights } from '../../peer-api.ts';
import { listText } from '../axes/cast.ts';

/** `Ann and Ben take Cleo for the owner of this room; here it is Dora. It was given away twice.` */
export const rivalText = (rival: string, of: readonly string[], owner: string | undefined): string =>
  `${listText(of, NAMED_MAX)} ${of.length === 1 ? 'takes' : 'take'} ${rival} for the owner of this room; here it is ${owner ?? 'nobody'}. It was given away twice.`;
const NAMED_MAX = 3;

/** The three switches: name, and what who has it does. */
export const RIGHTS: readonly (readonly [right: keyof Rights, name: string, meaning: string])[] = [
  ['view', 'See', 'gets the score'],
  ['edit', 'Edit', 'changes the score'],
  ['control', 'Control', 'plays, stops, triggers, votes and puts into pits'],
];
