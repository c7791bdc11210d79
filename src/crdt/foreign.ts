import { FOREIGN_MAX, FOREIGN_TOTAL_MAX } from './field.ts';
import type { ScoreFile } from './file-entries.ts';

const lengthOf = (foreign: unknown): number => (typeof foreign === 'string' ? foreign.length : 0);

/**
 * A score carries along what it does not understand, but not everything: of what is too much the largest pieces go first.
 * Returns the file without them, and the ids of the objects, cables and devices that lost theirs.
 */
export function limitForeign(file: ScoreFile): { readonly file: ScoreFile; readonly dropped: ReadonlySet<string> } {
  const parts = [file.objects, file.cables, file.devices];
  const own = lengthOf(file.foreign);
  const dropped = new Set<string>();
  const sizes = parts.flatMap((part) =>
    Object.entries(part).flatMap(([id, { foreign }]) => (lengthOf(foreign) > 0 ? [{ id, size: lengthOf(foreign) }] : [])),
  );
  let total = sizes.reduce((sum, { size }) => sum + size, own);
  for (const { id, size } of sizes.sort((a, b) => b.size - a.size)) {
    if (size <= FOREIGN_MAX && total <= FOREIGN_TOTAL_MAX) break;
    dropped.add(id);
    total -= size;
  }
  if (dropped.size === 0 && own <= FOREIGN_MAX) return { file, dropped };
  const [objects, cables, devices] = parts.map((part) =>
    Object.fromEntries(
      Object.entries(part).map(([id, entry]) => [
        id,
        dropped.has(id) ? Object.fromEntries(Object.entries(entry).filter(([key]) => key !== 'foreign')) : entry,
      ]),
    ),
  );
  const { foreign, ...rest } = file;
  const limited = { ...rest, objects: objects!, cables: cables!, devices: devices! };
  return { file: foreign !== undefined && own <= FOREIGN_MAX ? { ...limited, foreign } : limited, dropped };
}
