import { toMs } from '../../base.ts';
import type { Command, NewProcess } from '../../crdt/command.ts';
import { INSTRUMENTS, ROOT, type Interval, type ObjectId, type ProcessType, type Score } from '../../crdt/score.ts';
import type { Studio } from '../studio.svelte.ts';
import { starter } from './starters.ts';

const NEW_INTERVAL_MS = 4000;

const createId = (): ObjectId =>
  crypto.getRandomValues(new Uint8Array(9)).reduce((id, byte) => id + byte.toString(36).padStart(2, '0'), '');

/** The interval that additions go into: the selected one, or the one that the selected process lies in, else the whole score. */
export function targetInterval(score: Score, held: readonly ObjectId[]): Interval | undefined {
  const lead = held.at(-1) ?? ROOT.interval;
  return score.intervals.get(lead) ?? score.intervals.get(score.processes.get(lead)?.interval ?? ROOT.interval);
}

/** Continues after what is selected, or begins a new row at the score's start. */
export function addInterval({ score, held, edit, selection }: Studio): void {
  const lead = held.at(-1) ?? '';
  const before = score.intervals.get(lead);
  const from = before && before.id !== ROOT.interval ? before.end : score.states.has(lead) ? lead : undefined;
  const lanes = [...score.intervals.values()].filter(({ scenario }) => scenario === ROOT.scenario).map(({ lane }) => lane);
  const place = from
    ? { from, lane: before?.lane ?? score.states.get(lead)?.lane ?? 0 }
    : { at: 0, lane: Math.ceil(Math.max(-1, ...lanes)) + 1 };
  const [made] = edit({ type: 'createInterval', duration: NEW_INTERVAL_MS, name: `Part ${score.intervals.size}`, ...place });
  if (made) selection.set([made]);
}

export function addProcess(studio: Studio, type: ProcessType): void {
  const { score, held, edit, selection } = studio;
  const interval = targetInterval(score, held);
  if (!interval) return;
  const id = createId();
  const commands: Command[] = [];
  const track = [...score.tracks.values()][0];
  const key = track?.key ?? 'lead';
  if ((type === 'notes' || type === 'pattern' || type === 'midiPit') && !track)
    commands.push({ type: 'createTrack', track: { key, name: 'Lead', instrument: 'poly' } });
  commands.push({ type: 'createProcess', id, interval: interval.id, process: starter(type, { track: key, tempo: score.tempo }) });
  if (edit({ type: 'batch', commands }).length) selection.set([id]);
}

export function addTrack({ score, edit }: Studio): void {
  const instrument = INSTRUMENTS[score.tracks.size % INSTRUMENTS.length] ?? 'poly';
  edit({ type: 'createTrack', track: { name: `Track ${score.tracks.size + 1}`, instrument } });
}

/** Words where *Play* begins; what they say is written in the inspector. */
export function addComment({ start, edit, selection }: Studio): void {
  const [made] = edit({ type: 'createComment', text: 'Comment', at: start });
  if (made) selection.set([made]);
}

export const addGroup = ({ score, edit }: Studio): void => void edit({ type: 'createGroup', name: `Group ${score.groups.size + 1}` });

/** Copies each selected interval, with its processes, to directly after it. */
export function duplicate({ score, held, edit, selection }: Studio): void {
  const copies = held.flatMap((id) => score.intervals.get(id) ?? []).filter(({ id }) => id !== ROOT.interval);
  const made = new Map(copies.map(({ id }) => [id, createId()]));
  const commands = copies.flatMap((interval): Command[] => {
    const id = made.get(interval.id)!;
    const inside = [...score.processes.values()].filter((process) => process.interval === interval.id && process.type !== 'scenario');
    return [
      {
        type: 'createInterval',
        id,
        duration: toMs(interval.nominal),
        lane: interval.lane,
        name: interval.name,
        from: interval.end,
        ...(interval.policies.group && { group: interval.policies.group }),
      },
      ...inside.map((process): Command => {
        const { id: _id, kind: _kind, interval: _interval, rank: _rank, ...fields } = process;
        if ('key' in fields) delete (fields as { key?: string }).key;
        return { type: 'createProcess', interval: id, process: fields as NewProcess };
      }),
    ];
  });
  if (!commands.length) return;
  if (edit({ type: 'batch', commands }).length) selection.set([...made.values()]);
}

/** The root stays; everything else that is selected goes. */
export function removeSelected({ held, edit, selection }: Studio): void {
  const fixed: readonly ObjectId[] = Object.values(ROOT);
  const ids = held.filter((id) => !fixed.includes(id));
  if (!ids.length) return;
  edit({ type: 'delete', ids });
  selection.clear();
}

export function selectAll({ score, selection }: Studio): void {
  selection.set([...score.intervals.values()].filter(({ id }) => id !== ROOT.interval).map(({ id }) => id));
}
