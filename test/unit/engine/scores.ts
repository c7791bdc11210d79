import type { Flicks } from '../../../src/base.ts';
import { INFINITE } from '../../../src/base.ts';
import type { Cable, Event, Interval, Process, Quantisation, Score, Signature, State, Sync } from '../../../src/crdt/score.ts';
import type { Structure } from '../../../src/engine/structure.ts';

/** A score around a structure: what execution does not look at gets defaults. */
export function scoreOf(
  structure: Structure,
  more: {
    readonly processes?: readonly Process[];
    readonly states?: readonly State[];
    readonly muted?: readonly string[];
    readonly cables?: readonly Cable[];
    readonly signatures?: Readonly<Record<string, readonly Signature[]>>;
  } = {},
): Score {
  const intervals = new Map<string, Interval>();
  const syncs = new Map<string, Sync>();
  const events = new Map<string, Event>();
  const processes = new Map<string, Process>();
  for (const [id, it] of Object.entries(structure.objects)) {
    if (it.kind === 'interval') {
      intervals.set(id, {
        ...{
          ...it,
          id,
          policies: {},
          name: '',
          lane: 0,
          date: 0 as Flicks,
          isRigid: false,
          isMinNull: false,
          ...{ signatures: more.signatures?.[id] ?? [], quantisation: (it.quantisation ?? -1) as Quantisation },
          isMaxInfinite: it.max === null,
        },
        ...{
          isMuted: more.muted?.includes(id) ?? false,
          min: it.min as Flicks,
          nominal: it.nominal as Flicks,
          max: it.max === null ? INFINITE : (it.max as Flicks),
        },
      });
    } else if (it.kind === 'sync') {
      const { trigger, ...rest } = it;
      syncs.set(id, {
        ...rest,
        quantisation: (it.quantisation ?? -1) as Quantisation,
        ...(trigger !== null && { trigger }),
        id,
        policies: {},
        name: '',
        date: 0 as Flicks,
      });
    } else if (it.kind === 'event') {
      events.set(id, { ...it, id, policies: {}, scenario: null });
    } else {
      processes.set(id, { ...base(id, it.interval), type: 'scenario', isExclusive: it.isExclusive, startSync: it.startSync });
    }
  }
  for (const it of more.processes ?? []) processes.set(it.id, it);
  const states = new Map((more.states ?? []).map((it) => [it.id, it]));
  return {
    id: 'score',
    title: '',
    tempo: 120,
    syncTimeout: 2000,
    intervals,
    syncs,
    events,
    states,
    processes,
    ...{ comments: new Map(), cables: new Map((more.cables ?? []).map((it) => [it.id, it])), devices: new Map() },
    groups: new Map(),
    tracks: new Map(),
    issues: [],
  };
}

export const base = (id: string, interval: string) => ({
  ...{ kind: 'process' as const, id, interval, policies: {}, name: '', rank: id, isLooping: false },
  ...{ loopDuration: 0 as Flicks, startOffset: 0 as Flicks },
});

export const stateOf = (event: string, ...messages: [string, number | boolean | string][]): State => ({
  ...{ kind: 'state', id: `state.${event}`, scenario: null, event, name: '', lane: 0 },
  messages: messages.map(([address, value], i) => ({ id: `${i}`, address, value })),
});

/** `a>b`, `a>b.frequency`; `~` at the end: delayed, `!`: strict. */
export function cableOf(text: string): Cable {
  const [, from = '', to = '', port = 'in', kind = ''] = /^(\w+)>(\w+)(?:\.(\w+))?([~!]*)$/.exec(text) ?? [];
  const timing = kind.includes('~') ? 'delayed' : 'immediate';
  return { id: text, from: { process: from, port: 'out' }, to: { process: to, port }, timing, isStrict: kind.includes('!') };
}
