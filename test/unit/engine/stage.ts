import type { MeshTime } from '../../../src/base.ts';
import { flicks } from '../../../src/base.ts';
import type { Score } from '../../../src/crdt/score.ts';
import type { Address, Value } from '../../../src/crdt/value.ts';
import { createPerformer } from '../../../src/engine/performer.ts';
import { createEngine } from '../../../src/engine/run.ts';
import type { Engine } from '../../../src/engine/run.ts';
import { compile } from '../../../src/engine/structure.ts';

const mesh = (at: number): MeshTime => at as MeshTime;
const round = (at: number): number => Math.round(at * 1000) / 1000;

export interface Stage {
  readonly engine: Engine;
  readonly log: string[];
  /** Ticks every 25 ms up to and with `to`. */
  to(to: number): string[];
  say(fact: object): void;
  /** No tick for so many ms. */
  sleep(ms: number): void;
  /** Lines of leaving at `at`. */
  leave(at: number): string[];
  readonly mine: Set<string>;
  readonly pits: (readonly string[])[];
  /** What devices of this peer say. */
  readonly inputs: Map<Address, Value>;
  /** What a hand set in parameters of processes. */
  readonly controls: Map<string, ReadonlyMap<string, Value>>;
}

/** log lines: `note 60 @1000-1050 a@0`, `cut a@0 @1500`, `sound:/volume=3 @1016`; play at 1000. */
export function stage(
  score: Score,
  { begin = 900, from = 0, engine = createEngine(), since = undefined as number | undefined } = {},
): Stage {
  const log: string[] = [];
  const pits: (readonly string[])[] = [];
  const structureHash = engine.setStructure(compile(score));
  const inputs = new Map<Address, Value>();
  const controls = new Map<string, ReadonlyMap<string, Value>>();
  const away = new Set<string>();
  const performer = createPerformer({
    ...(since !== undefined && { since: since as MeshTime }),
    engine,
    score: () => score,
    isMine: (id) => !away.has(id),
    controls: (process) => controls.get(process),
    show: (process, value) => log.push(`show ${process}=${String(value)}`),
    onPits: (running) => pits.push(running),
    devices: {
      send: (address, value, at) => log.push(`${address}=${String(value)} @${round(at)}`),
      note: (address, note) =>
        log.push(
          `note ${note.pitch} @${round(note.at)}-${round(note.until)} ${note.occurrence}${address === 'sound:/lead' ? '' : ` ${address}`}`,
        ),
      play: (address, it) =>
        log.push(`play ${address} ${it.media} @${round(it.at)}-${round(it.until)} from ${round(it.offset)} ×${it.rate} ${it.occurrence}`),
      read: (address) => inputs.get(address),
      cut: (occurrence, at) => log.push(`cut ${occurrence} @${round(at)}`),
    },
  });
  let now = begin;
  engine.insert({ type: 'play', run: 'r', at: 1000, by: 'p', from: flicks(from), structure: structureHash });
  return {
    ...{ engine, log, pits, mine: away, inputs, controls },
    to(to) {
      const before = log.length;
      for (; now <= to; now += 25) performer.perform(mesh(now));
      return log.slice(before);
    },
    sleep: (ms) => void (now += ms),
    say: (fact) => void engine.insert({ run: 'r', by: 'p', ...fact }),
    leave(at) {
      const before = log.length;
      performer.close(mesh(at));
      return log.slice(before);
    },
  };
}

export const only = (lines: readonly string[], word: string): string[] => lines.filter((line) => line.startsWith(word));
