import type { MeshTime } from '../../base.ts';
import type { Address, Value } from '../../crdt/value.ts';

/** Values kept per address; the oldest go first. */
const VALUES_MAX = 256;

/**
 * Values that wait for their date. What was decided last counts: a value drops those dated later at its address, so
 * that a branch cut by a trigger leaves no curve behind [DV2].
 */
export interface DatedValues {
  put(address: Address, value: Value, at: MeshTime): void;
  /** What holds at a date; undefined before the first. */
  read(address: Address, at: MeshTime): Value | undefined;
  /** What was said last, whatever its date. */
  last(address: Address): Value | undefined;
  /** Newest value per address whose date has come since the last call. */
  take(now: MeshTime): readonly (readonly [Address, Value])[];
  clear(): void;
}

interface Entry {
  readonly value: Value;
  readonly at: MeshTime;
  isTaken: boolean;
}

export function createDatedValues(): DatedValues {
  const entries = new Map<Address, Entry[]>();
  const due = (address: Address, at: MeshTime): Entry | undefined => entries.get(address)?.findLast((entry) => entry.at <= at);
  return {
    put(address, value, at) {
      const kept = (entries.get(address) ?? []).filter((entry) => entry.at < at).slice(1 - VALUES_MAX);
      kept.push({ value, at, isTaken: false });
      entries.set(address, kept);
    },
    read: (address, at) => due(address, at)?.value,
    last: (address) => entries.get(address)?.at(-1)?.value,
    take(now) {
      const taken: [Address, Value][] = [];
      for (const [address, list] of entries) {
        const entry = due(address, now);
        if (!entry || entry.isTaken) continue;
        entry.isTaken = true;
        entries.set(address, list.slice(list.indexOf(entry)));
        taken.push([address, entry.value]);
      }
      return taken;
    },
    clear: () => entries.clear(),
  };
}
