import type { MeshTime } from '../../src/base.ts';
import type { Address, Value } from '../../src/crdt/value.ts';
import type { Device, ScheduledNote } from '../../src/engine/device.ts';

/** A note as the sound device was told it, and what became of it. */
export interface RecordedNote extends ScheduledNote {
  readonly address: Address;
  /** When it was told, by this page's own mesh time. */
  readonly toldAt: MeshTime;
  /** When it was told in truth, ms: against it shows whether mesh time stepped. */
  readonly heardAt: number;
  /** Date of the first cut that was told afterwards and concerns it; undefined while none was. */
  cutAt: MeshTime | undefined;
}

export interface RecordedValue {
  readonly address: Address;
  readonly value: Value;
  readonly at: MeshTime;
  readonly toldAt: MeshTime;
}

/** Takes notes and values and keeps them; makes no sound. */
export interface Recorder extends Device {
  readonly notes: readonly RecordedNote[];
  readonly values: readonly RecordedValue[];
  /** Notes that were not taken back before they began. */
  played(): readonly RecordedNote[];
}

export function createRecorder(name: string, now: () => MeshTime, trueNow: () => number): Recorder {
  const notes: RecordedNote[] = [];
  const values: RecordedValue[] = [];
  const byOccurrence = new Map<string, RecordedNote[]>();
  return {
    name,
    notes,
    values,
    played: () => notes.filter(({ at, cutAt }) => cutAt === undefined || cutAt > at),
    parameters: () => [],
    read: (address) => values.findLast((each) => each.address === address)?.value,
    send: (address, value, at) => void values.push({ address, value, at, toldAt: now() }),
    note(address, note) {
      const recorded: RecordedNote = { ...note, address, toldAt: now(), heardAt: trueNow(), cutAt: undefined };
      notes.push(recorded);
      const own = byOccurrence.get(note.occurrence) ?? [];
      byOccurrence.set(note.occurrence, own);
      own.push(recorded);
    },
    cut(occurrence, at) {
      for (const note of byOccurrence.get(occurrence) ?? [])
        if (note.until > at && (note.cutAt === undefined || note.cutAt > at)) note.cutAt = at;
    },
    onValue: () => () => undefined,
    close: () => undefined,
  };
}

/** Buttons and faders of a simulated machine: `sim:/go` and whatever else is set. */
export interface SimInput extends Device {
  set(address: Address, value: Value): void;
}

export function createInput(now: () => MeshTime): SimInput {
  const values = new Map<Address, Value>();
  const listeners = new Set<(address: Address, value: Value, at: MeshTime) => void>();
  return {
    name: 'sim',
    set(address, value) {
      values.set(address, value);
      for (const f of listeners) f(address, value, now());
    },
    parameters: () => [{ address: 'sim:/go', type: 'boolean', access: 'get' }],
    read: (address) => values.get(address),
    send: () => undefined,
    onValue(f) {
      listeners.add(f);
      return () => listeners.delete(f);
    },
    close: () => listeners.clear(),
  };
}
