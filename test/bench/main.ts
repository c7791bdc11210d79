/**
 * `npm run bench` [-- name ...]: every benchmark, or those named. `mesh`, `documents` and `calls`, which need a Chromium, and
 * `headless`, which keeps two cores busy for minutes, come only when named, or with `all`.
 */
import { cpus, loadavg } from 'node:os';
import { printTable } from './table.ts';
import type { Table } from './table.ts';

/** Each in a module of its own, so that one does not pay for what another loads. */
const BENCHES: Readonly<Record<string, () => Promise<() => Promise<readonly Table[]>>>> = {
  engine: async () => (await import('./engine.ts')).benchEngine,
  processes: async () => (await import('./processes.ts')).benchProcesses,
  crdt: async () => (await import('./crdt.ts')).benchCrdt,
  import: async () => (await import('./import.ts')).benchImport,
  clock: async () => (await import('./clock.ts')).benchClock,
  documents: async () => (await import('./documents.ts')).benchDocuments,
  mesh: async () => (await import('./mesh.ts')).benchMesh,
  calls: async () => (await import('./calls.ts')).benchCalls,
  headless: async () => (await import('./headless.ts')).benchHeadless,
  rooms: async () => (await import('./rooms.ts')).benchRooms,
};
const BY_DEFAULT = ['engine', 'processes', 'crdt', 'import', 'clock'];

const load = (): string => loadavg()[0]?.toFixed(1) ?? '?';

const asked = process.argv.slice(2).map((name) => name.replace(/^--/, ''));
const names = asked.includes('all') ? Object.keys(BENCHES) : asked.length > 0 ? asked : BY_DEFAULT;
const unknown = names.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`No benchmark is called ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}, all.`);
  process.exit(1);
}
console.log(
  `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${new Date().toISOString().slice(0, 10)}`,
);
for (const name of names) {
  const before = load();
  const run = await BENCHES[name]?.();
  const tables = (await run?.()) ?? [];
  console.log(`\n## ${name} (load of the machine ${before} before, ${load()} after)\n`);
  for (const table of tables) console.log(printTable(table));
}
