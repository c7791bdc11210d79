/** What a trigger waits for and a condition asks: ossia's expressions, parsed, printed and interpreted. */
export { addresses, mentions, print } from './expression-tree.ts';
export type { Expression, Junction, Operand, Operator } from './expression-tree.ts';
export { parse } from './expression-parse.ts';
export type { Parsed } from './expression-parse.ts';
export type { Mistake } from './mistake.ts';
export { evaluate } from './expression-evaluate.ts';
export type { Environment } from './expression-evaluate.ts';
export { fromTree } from './expression-import.ts';
