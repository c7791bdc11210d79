import * as Y from 'yjs';
import type { Unsubscribe } from '../base.ts';
import { policyField } from './fields.ts';
import { FIXED_IDS } from './ids.ts';
import { registerKey } from './read/registers.ts';

/** What listeners are told of a transaction. */
export interface Change {
  /** The temporal skeleton is touched, or may be; else only values, names, places. */
  readonly isStructural: boolean;
}

/** Fields that decide when and whether something happens. */
const TEMPORAL: ReadonlySet<string | null> = new Set([
  'kind',
  'type',
  'scenario',
  'interval',
  'start',
  'end',
  'sync',
  'event',
  'nominal',
  'min',
  'max',
  'isRigid',
  'isMinNull',
  'isMaxInfinite',
  'isTransition',
  'speed',
  'trigger',
  'isStart',
  'isRetriggering',
  'date',
  'condition',
  'offset',
  'isExclusive',
  'isLooping',
  'loopDuration',
  'startOffset',
  'signatures',
  'quantisation',
  // Whose time it is, for whom, and what is waited for.
  ...(['group', 'share', 'order'] as const).map(policyField),
]);

/** The score's tempo is the unit of every other tempo, and of its bars. */
const TEMPO = registerKey('score', 'tempo');

/** Points of a tempo process. */
function isTempoCurve(type: { readonly parent: unknown }): boolean {
  const { parent } = type;
  return parent instanceof Y.Map && parent.get('type') === 'tempo';
}

/** Once per transaction that changed something. */
export function watch(doc: Y.Doc, f: (change: Change) => void): Unsubscribe {
  const listen = (transaction: Y.Transaction): void => {
    if (transaction.changed.size === 0) return;
    const fixed = new Set<unknown>([...FIXED_IDS].map((id) => doc.share.get(id)));
    const objects: unknown = doc.share.get('objects');
    const registers: unknown = doc.share.get('registers');
    const groups: unknown = doc.share.get('groups');
    let isStructural = false;
    for (const [type, keys] of transaction.changed) {
      // What names a group that is not there inherits another.
      if ((type as unknown) === objects || (type as unknown) === groups) isStructural = true;
      else if (type === registers) isStructural ||= [...keys].some((key) => key?.startsWith(TEMPO));
      else if (isTempoCurve(type)) isStructural = true;
      else if (fixed.has(type) || (type.parent as unknown) === objects) isStructural ||= [...keys].some((key) => TEMPORAL.has(key));
    }
    f({ isStructural });
  };
  doc.on('afterTransaction', listen);
  return () => doc.off('afterTransaction', listen);
}
