import type * as Y from 'yjs';
import type { Issue } from '../base.ts';
import { SCHEMA, SEED, rootMap } from './doc.ts';

/**
 * Documents outlive versions of Tutti. An older one is brought up when it is opened, step by step; steps write the same
 * whoever does them, so two peers may do them at once. A newer one is shown as far as it is understood, and not edited,
 * but for replacing it by a file.
 */
const STEPS: Readonly<Record<number, (doc: Y.Doc) => void>> = {
  1: nameWaveforms,
};

/** undefined: nobody said. */
export function schemaOf(meta: { get(field: string): unknown } | undefined): number | undefined {
  const schema = meta?.get('schema');
  return Number.isInteger(schema) && (schema as number) >= 1 && (schema as number) <= 1000 ? (schema as number) : undefined;
}

export const NEWER: Issue = {
  message: 'This score was written by a newer version of Tutti. Update to edit it; until then it can be seen and played.',
};
export const isNewer = (meta: { get(field: string): unknown } | undefined): boolean => (schemaOf(meta) ?? SCHEMA) > SCHEMA;

/** Brings a document up to this version, in one transaction that nobody can undo; or says why it is left as it is [SC14]. */
export function migrate(doc: Y.Doc): Issue | undefined {
  const meta = rootMap(doc, 'meta');
  const from = schemaOf(meta) ?? SCHEMA;
  if (from > SCHEMA) return NEWER;
  if (from === SCHEMA) return undefined;
  doc.transact(() => {
    for (let version = from; version < SCHEMA; version++) STEPS[version]?.(doc);
    meta?.set('schema', SCHEMA);
  }, SEED);
  return undefined;
}

/** Waveform 'random' got the name that ossia has for it. */
function nameWaveforms(doc: Y.Doc): void {
  rootMap(doc, 'objects')?.forEach((entry) => {
    const fields = entry as Partial<Y.Map<unknown>> | undefined;
    if (fields?.get?.('type') === 'lfo' && fields.get('waveform') === 'random') fields.set?.('waveform', 'sampleAndHold');
  });
}
