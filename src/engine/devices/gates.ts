/** One gate per (track, occurrence): all notes of an occurrence pass it, so that a cut closes one thing at one date. */
export interface Gates<G> {
  /** The gate that is open for this occurrence at `at`, if there is one. */
  find(track: string, occurrence: string, at: number): G | undefined;
  add(track: string, occurrence: string, gate: G): void;
  /** Gates of an occurrence that were open at `at`; later notes of it get new ones (a seek back, a resume). */
  cut(occurrence: string, at: number): readonly G[];
  /** Takes out what `isSilent`; returns it to be freed. */
  sweep(isSilent: (gate: G) => boolean): readonly G[];
  all(): readonly G[];
}

interface Entry<G> {
  readonly track: string;
  readonly occurrence: string;
  readonly gate: G;
  closesAt: number;
}

export function createGates<G>(): Gates<G> {
  let entries: Entry<G>[] = [];
  return {
    find: (track, occurrence, at) =>
      entries.find((entry) => entry.track === track && entry.occurrence === occurrence && at < entry.closesAt)?.gate,
    add(track, occurrence, gate) {
      entries.push({ track, occurrence, gate, closesAt: Infinity });
    },
    cut(occurrence, at) {
      const open = entries.filter((entry) => entry.occurrence === occurrence && at < entry.closesAt);
      for (const entry of open) entry.closesAt = at;
      return open.map((entry) => entry.gate);
    },
    sweep(isSilent) {
      const [silent, kept] = [entries.filter((entry) => isSilent(entry.gate)), entries.filter((entry) => !isSilent(entry.gate))];
      entries = kept;
      return silent.map((entry) => entry.gate);
    },
    all: () => entries.map((entry) => entry.gate),
  };
}
