import type { MeshTime } from '../base.ts';
import type { Address, Value } from '../crdt/value.ts';
import type { PerformerDeps } from './performer-deps.ts';

/**
 * What devices are told in one turn, gathered so that of one date what ends is said first, then what states say, then what
 * begins or goes on: the last word of a date is heard [PF11]. Values go before notes, which take settings with them.
 */
export interface Outbox extends Pick<PerformerDeps['devices'], 'note' | 'cut'> {
  send(address: Address, value: Value, at: MeshTime, rank?: Rank): void;
  /** key: by which the state's event is known in the plan. */
  sendState(address: Address, value: Value, at: MeshTime, key: string): void;
  play(...sound: Parameters<NonNullable<PerformerDeps['devices']['play']>>): void;
  /** What an address has at a date, before what begins there says anything. */
  read(address: Address, at: MeshTime): Value | undefined;
  /** isDue: the event is still planned for that date, so that its message is said again behind what would have dropped it. */
  flush(now: MeshTime, isDue: (key: string, at: MeshTime) => boolean): void;
}

export type Rank = 'ended' | 'state' | 'running';

const ORDER: Readonly<Record<Rank, number>> = { ended: 0, state: 1, running: 2 };
/** ms: older ones are past changing. */
const KEPT_MS = 1000;

interface Message {
  readonly address: Address;
  readonly value: Value;
  readonly at: MeshTime;
  readonly rank: Rank;
}

interface Said extends Message {
  readonly key: string;
}

const byDate = (a: Message, b: Message): number => a.at - b.at || ORDER[a.rank] - ORDER[b.rank];
const isImpulse = (value: Value): boolean => typeof value === 'object' && 'impulse' in value;

/** Without what of its value is meant: a device has one row of dates for all of it. */
const parameterIn = (address: Address): Address => address.split('@', 1)[0]!;

export function createOutbox(devices: PerformerDeps['devices']): Outbox {
  let messages: Message[] = [];
  let sounding: (() => void)[] = [];
  /** Messages of states that were said lately or are said ahead, by parameter, in order of date. */
  const states = new Map<Address, Said[]>();

  /** A value drops those dated later at its address [DV2], also when it was merely said later: what a device reads, say. */
  const dropped = (now: MeshTime, isDue: (key: string, at: MeshTime) => boolean): readonly Message[] => {
    const first = new Map<Address, Message>();
    for (const message of messages) {
      const parameter = parameterIn(message.address);
      const known = first.get(parameter);
      if (states.has(parameter) && (!known || byDate(message, known) < 0)) first.set(parameter, message);
    }
    return [...first].flatMap(([address, message]) =>
      states
        .get(address)!
        .filter((it) => byDate(message, it) < 0 && isDue(it.key, it.at))
        .filter(({ value, at }) => at > now || !isImpulse(value)),
    );
  };
  const forget = (now: MeshTime): void => {
    for (const [address, list] of states) {
      const kept = list.filter(({ at }) => at > now - KEPT_MS);
      if (kept.length > 0) states.set(address, kept);
      else states.delete(address);
    }
  };

  let fresh: Said[] = [];
  return {
    send: (address, value, at, rank = 'running') => void messages.push({ address, value, at, rank }),
    sendState(address, value, at, key) {
      const message: Said = { address, value, at, rank: 'state', key };
      messages.push(message);
      fresh.push(message);
    },
    note: (address, note) => void sounding.push(() => devices.note(address, note)),
    play: (address, sound) => void sounding.push(() => devices.play?.(address, sound)),
    cut: (occurrence, at) => void sounding.push(() => devices.cut(occurrence, at)),
    read(address, at) {
      const before = messages.filter((it) => it.address === address && (it.at < at || (it.at === at && it.rank !== 'running')));
      return before.length > 0 ? before.sort(byDate).at(-1)!.value : devices.read?.(address);
    },
    flush(now, isDue) {
      const all = [...dropped(now, isDue), ...messages].sort(byDate);
      const others = sounding;
      for (const it of fresh) states.set(parameterIn(it.address), [...(states.get(parameterIn(it.address)) ?? []), it]);
      [messages, sounding, fresh] = [[], [], []];
      forget(now);
      for (const { address, value, at } of all) devices.send(address, value, at);
      for (const tell of others) tell();
    },
  };
}
