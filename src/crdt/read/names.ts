import type { ObjectId, Process } from '../score.ts';
import { complain } from './table.ts';
import type { Table } from './table.ts';

/** Unique keys: who comes first by id keeps its own, the others get the next free number [SC9]. */
export function uniqueKeys(keys: readonly (readonly [ObjectId, string])[], fallback: string): ReadonlyMap<ObjectId, string> {
  const owners = new Map<string, ObjectId>();
  for (const [id, key] of keys) if (key !== '' && !owners.has(key)) owners.set(key, id);
  const counts = new Map<string, number>();
  const unique = new Map<ObjectId, string>();
  for (const [id, key] of keys) {
    if (owners.get(key) === id) continue;
    const stem = (key || fallback).slice(0, 56);
    let count = counts.get(stem) ?? (key === '' ? 1 : 2);
    while (owners.has(`${stem}-${count}`)) count++;
    counts.set(stem, count + 1);
    owners.set(`${stem}-${count}`, id);
    unique.set(id, `${stem}-${count}`);
  }
  return unique;
}

export function nameProcesses(table: Table, order: readonly ObjectId[]): void {
  for (const type of ['shader', 'pit', 'audioPit', 'videoPit'] as const) {
    const keyed = order.flatMap((id) => {
      const process = table.processes.get(id);
      return process?.type === type ? [process] : [];
    });
    for (const [id, key] of uniqueKeys(
      keyed.map((process) => [process.id, process.key]),
      type,
    )) {
      const process = table.processes.get(id)!;
      if ('key' in process && process.key !== '') complain(table, id, `Two had the key ${process.key}; this one is ${key} now.`);
      table.processes.set(id, { ...process, key } as Process);
    }
  }
}
