/**
 * Rows in which every two choices of different axes meet at least once (all-pairs testing): most faults need two things
 * to come together, and all combinations would be millions. Greedy, and the same for the same axes: each row begins with
 * a pair that has not met, and then takes of each axis what meets most that it has not met, or else what came least so far.
 */
export type AxisChoices = Readonly<Record<string, readonly string[]>>;
export type Row<T extends AxisChoices> = { readonly [K in keyof T]: T[K][number] };

export function pairs<T extends AxisChoices>(axes: T): readonly Row<T>[] {
  const names = Object.keys(axes);
  const left = new Map<string, readonly [string, string, string, string]>();
  for (const [i, a] of names.entries())
    for (const b of names.slice(i + 1)) for (const x of axes[a]!) for (const y of axes[b]!) left.set(keyOf(a, x, b, y), [a, x, b, y]);

  const rows: Row<T>[] = [];
  const used = new Map<string, number>();
  const usedOf = (...it: readonly string[]): number => used.get(keyOf(...it)) ?? 0;
  for (const [key, [a, x, b, y]] of left) {
    if (!left.has(key)) continue;
    let row: Record<string, string> = { [a]: x, [b]: y };
    for (const name of names.filter((each) => each !== a && each !== b)) {
      const known = row;
      const gain = (choice: string): number =>
        Object.entries(known).filter(
          ([other, its]) => left.has(keyOf(name, choice, other, its)) || left.has(keyOf(other, its, name, choice)),
        ).length;
      const [best] = axes[name]!.toSorted((one, two) => gain(two) - gain(one) || usedOf(name, one) - usedOf(name, two));
      row = { ...known, ...(best !== undefined && { [name]: best }) };
    }
    rows.push(Object.fromEntries(names.map((name) => [name, row[name]])) as Row<T>);
    for (const [name, choice] of Object.entries(row)) used.set(keyOf(name, choice), usedOf(name, choice) + 1);
    for (const [one, its] of Object.entries(row))
      for (const [two, others] of Object.entries(row)) left.delete(keyOf(one, its, two, others));
  }
  return rows;
}

const keyOf = (...parts: readonly string[]): string => parts.join('|');
