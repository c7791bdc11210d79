/**
 * Notes on their way to MIDI outputs. What is sent to a port cannot be taken back, so little is sent ahead: notes wait
 * here, where a cut can still reach them; and every note that was begun is ended [DV13].
 */
import type { MeshTime } from '../../base.ts';

export interface QueuedNote {
  readonly port: string;
  /** 1 to 16 */
  readonly channel: number;
  readonly pitch: number;
  /** 0 to 1 */
  readonly velocity: number;
  readonly occurrence: string;
  readonly at: MeshTime;
  readonly until: MeshTime;
}

export interface MidiOut {
  readonly port: string;
  readonly bytes: readonly number[];
  readonly at: MeshTime;
}

export interface MidiQueue {
  /** False when too many wait. */
  add(note: QueuedNote): boolean;
  /** What is to be sent now: all whose date comes before `limit`, in order of date. */
  take(limit: MeshTime): readonly MidiOut[];
  /** Ends what sounds of an occurrence at `at` and forgets what would begin later. */
  cut(occurrence: string, at: MeshTime): void;
  /** Ends held notes of a pitch. */
  release(note: Pick<QueuedNote, 'port' | 'channel' | 'pitch'>, at: MeshTime): void;
  /** Note-offs for all that sounds; nothing waits afterwards. */
  panic(at: MeshTime): readonly MidiOut[];
  readonly size: number;
}

const NOTES_MAX = 4096;

interface Entry {
  readonly note: QueuedNote;
  until: MeshTime;
  isOn: boolean;
}

export function createMidiQueue(): MidiQueue {
  let entries: Entry[] = [];
  const end = (entry: Entry, at: MeshTime): void => {
    if (at < entry.until) entry.until = at;
  };
  return {
    get size() {
      return entries.length;
    },
    add(note) {
      if (entries.length >= NOTES_MAX) return false;
      entries.push({ note, until: note.until, isOn: false });
      return true;
    },
    take(limit) {
      const out: MidiOut[] = [];
      for (const entry of entries) {
        if (!entry.isOn && entry.note.at < limit && entry.note.at < entry.until) {
          entry.isOn = true;
          out.push(message(entry, 0x90, entry.note.at));
        }
        if (entry.isOn && entry.until < limit) out.push(message(entry, 0x80, entry.until));
      }
      entries = entries.filter((entry) => entry.until >= limit || (!entry.isOn && entry.note.at < entry.until));
      return out.toSorted((a, b) => a.at - b.at || a.bytes[0]! - b.bytes[0]!);
    },
    cut(occurrence, at) {
      for (const entry of entries) if (entry.note.occurrence === occurrence) end(entry, at);
      entries = entries.filter((entry) => entry.isOn || entry.note.at < entry.until);
    },
    release({ port, channel, pitch }, at) {
      for (const entry of entries)
        if (entry.until === Infinity && entry.note.port === port && entry.note.channel === channel && entry.note.pitch === pitch)
          end(entry, at);
    },
    panic(at) {
      const out = entries.filter((entry) => entry.isOn).map((entry) => message(entry, 0x80, at));
      entries = [];
      return out;
    },
  };
}

function message({ note }: Entry, kind: number, at: MeshTime): MidiOut {
  const velocity = kind === 0x90 ? Math.min(Math.max(Math.round(note.velocity * 127), 1), 127) : 0;
  return { port: note.port, bytes: [kind | (note.channel - 1), Math.min(Math.max(Math.round(note.pitch), 0), 127), velocity], at };
}
