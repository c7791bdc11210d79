import * as Y from 'yjs';
import type { Random } from '../../mesh/host.ts';
import { createDocument } from '../doc.ts';
import { applyChecked } from './apply.ts';

/** A document that came whole, with the same roots as ours; undefined when it is none. */
export function openCheckpoint(random: Random, update: Uint8Array, ours: Y.Doc): Y.Doc | undefined {
  const theirs = createDocument(random);
  if (applyChecked(theirs, update, undefined) !== 'done') return undefined;
  for (const [name, root] of ours.share) if (root instanceof Y.Map) theirs.getMap(name);
  return theirs;
}
