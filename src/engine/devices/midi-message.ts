/**
 * MIDI 1.0 channel messages ↔ addresses and values. Channels 1 to 16, notes and controllers 0 to 127; values 0 to 1, bend −1 to 1.
 *   midi:/<port>/<channel>/note/<n> · /cc/<n> · /pitchbend · /pressure · /program
 */
import type { Address, Value } from '../../crdt/value.ts';

export interface MidiValue {
  /** Below the port: `1/cc/7`. */
  readonly path: string;
  readonly value: number;
}

/** Undefined for what is no channel message or not whole. Source: MIDI 1.0 detailed specification, table I. */
export function decodeMidi(bytes: ArrayLike<number>): MidiValue | undefined {
  const [status = 0, first = -1, second = -1] = Array.from(bytes).slice(0, 3);
  const channel = (status & 15) + 1;
  if (!isData(first)) return undefined;
  if (status >> 4 === 0xd) return { path: `${channel}/pressure`, value: first / 127 };
  if (status >> 4 === 0xc) return { path: `${channel}/program`, value: first };
  if (!isData(second)) return undefined;
  switch (status >> 4) {
    case 0x8:
      return { path: `${channel}/note/${first}`, value: 0 };
    case 0x9:
      return { path: `${channel}/note/${first}`, value: second / 127 };
    case 0xb:
      return { path: `${channel}/cc/${first}`, value: second / 127 };
    case 0xe:
      return { path: `${channel}/pitchbend`, value: bend(first + 128 * second) };
    default:
      return undefined;
  }
}

export interface MidiTarget {
  readonly port: string;
  readonly channel: number;
  /** `notes` is the channel itself: an instrument to send scored notes to. */
  readonly kind: 'notes' | 'note' | 'cc' | 'pitchbend' | 'pressure' | 'program';
  readonly number: number;
}

const TARGET = /^midi:\/([a-z0-9-]+)\/(\d{1,2})(?:\/(?:(note|cc)\/(\d{1,3})|(pitchbend|pressure|program)))?$/;

export function midiTarget(address: Address): MidiTarget | undefined {
  const match = TARGET.exec(address);
  if (!match) return undefined;
  const [, port = '', channelText, numbered, numberText = '0', plain] = match;
  const [channel, number] = [Number(channelText), Number(numberText)];
  const kind = (numbered ?? plain ?? 'notes') as MidiTarget['kind'];
  return channel >= 1 && channel <= 16 && number <= 127 ? { port, channel, kind, number } : undefined;
}

/** Bytes for a value; undefined where the value is none for this address. */
export function encodeMidi(target: MidiTarget, value: Value): readonly number[] | undefined {
  if (typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  const channel = target.channel - 1;
  const unit = data(Number(value) * 127);
  switch (target.kind) {
    case 'note':
      return [(unit > 0 ? 0x90 : 0x80) | channel, target.number, unit];
    case 'cc':
      return [0xb0 | channel, target.number, unit];
    case 'pressure':
      return [0xd0 | channel, unit];
    case 'program':
      return [0xc0 | channel, data(Number(value))];
    case 'pitchbend': {
      const raw = Math.min(Math.max(Math.round(8192 + Number(value) * (Number(value) < 0 ? 8192 : 8191)), 0), 16383);
      return [0xe0 | channel, raw & 127, raw >> 7];
    }
    case 'notes':
      return undefined;
  }
}

const bend = (raw: number): number => (raw < 8192 ? (raw - 8192) / 8192 : (raw - 8192) / 8191);
const isData = (byte: number): boolean => byte >= 0 && byte <= 127;
const data = (value: number): number => Math.min(Math.max(Math.round(value), 0), 127) || 0;
