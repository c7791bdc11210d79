/** Web MIDI, in and out. The browser is asked only in `enable()`, which belongs into a click; system exclusive never. */
import type { Input, MessageEvent, Output } from 'webmidi';
import { WebMidi } from 'webmidi';
import type { Issue, LocalTime, MeshTime } from '../../base.ts';
import type { Address, Value } from '../../crdt/value.ts';
import type { Device, Parameter } from '../device.ts';
import { decodeMidi, encodeMidi, midiTarget } from './midi-message.ts';
import type { MidiOut } from './midi-queue.ts';
import { createMidiQueue } from './midi-queue.ts';
import type { DeviceNotice } from './notice.ts';
import { uniqueSlug } from './slug.ts';
import { createValueSource } from './value-source.ts';

export interface MidiDevice extends Device {
  /** Asks the browser; undefined when done, else why not, in words. Never rejects. */
  enable(): Promise<Issue | undefined>;
  isEnabled(): boolean;
  /** Names of the ports that are there, as in addresses. */
  ports(): { readonly inputs: readonly string[]; readonly outputs: readonly string[] };
}

export interface MidiOptions {
  now(): MeshTime;
  toMesh(performanceMs: number): MeshTime;
  toLocal(at: MeshTime): LocalTime;
  /** Needed to date what is sent: ports count in `performance.now()`. */
  fromPerformance(ms: number): LocalTime;
  onNotice(notice: DeviceNotice): void;
}

const ABSENT =
  'This browser has no Web MIDI (Chrome, Edge, Opera and Firefox have it): use keys or a gamepad, or let someone else in the room bring the controller.';
const REFUSED = 'MIDI was not allowed. Allow it in the site settings beside the address, then try again; keys and gamepad work meanwhile.';
const FAILED = 'The system gives no access to MIDI: close other programs that hold the controller, then try again.';

/** ms: what may be sent ahead, and how often we look. */
const HORIZON = 30;
const PERIOD = 10;

interface Port<P> {
  readonly id: string;
  readonly slug: string;
  readonly port: P;
}

export function createMidiDevice(options: MidiOptions): MidiDevice {
  const source = createValueSource();
  const inputs = new Map<string, Port<Input>>();
  const outputs = new Map<string, Port<Output>>();
  const queue = createMidiQueue();
  let timer: ReturnType<typeof setInterval> | undefined;
  let enabling: Promise<Issue | undefined> | undefined;
  let isClosed = false;
  let isListening = false;

  function heard(slug: string, event: MessageEvent): void {
    const decoded = decodeMidi(event.message.data);
    if (!decoded) return;
    const at = options.toMesh(event.timestamp);
    const [channel, ...rest] = decoded.path.split('/');
    for (const port of [`${slug}/${channel}`, `any/${channel}`, 'any/any'])
      source.emit(`midi:/${port}/${rest.join('/')}`, decoded.value, at);
  }
  /** Notes that a vanished port left sounding are ended. */
  function hush(slug: string): void {
    for (const address of [...source.addresses()]) {
      const isNote = address.startsWith(`midi:/${slug}/`) && address.includes('/note/');
      if (!isNote || source.read(address) === 0) continue;
      const [, , channel, , note] = address.split('/');
      for (const port of [`${slug}/${channel}`, `any/${channel}`, 'any/any']) source.change(`midi:/${port}/note/${note}`, 0, options.now());
    }
  }
  function refresh(): void {
    if (isClosed || !WebMidi.enabled) return;
    follow(
      inputs,
      WebMidi.inputs,
      (port) => port.port.addListener('midimessage', (event) => heard(port.slug, event)),
      (port) => {
        port.port.removeListener('midimessage');
        hush(port.slug);
      },
    );
    follow(
      outputs,
      WebMidi.outputs,
      () => undefined,
      () => undefined,
    );
  }
  const refreshSoon = (): void => void setTimeout(refresh, 0);
  async function enable(): Promise<Issue | undefined> {
    if (!('requestMIDIAccess' in navigator)) return { message: ABSENT };
    try {
      await WebMidi.enable();
    } catch (error) {
      const isRefused = error instanceof Error && (error.name === 'SecurityError' || error.name === 'NotAllowedError');
      return { message: isRefused ? REFUSED : FAILED };
    }
    if (!isListening) {
      WebMidi.addListener('connected', refresh);
      // WebMidi.js tells only of some ways to go, and hears of them in the same event as we do.
      WebMidi.interface.addEventListener('statechange', refreshSoon);
    }
    isListening = true;
    refresh();
    if (inputs.size === 0 && outputs.size === 0)
      options.onNotice({ level: 'hint', message: 'MIDI is on, but nothing is plugged in: a controller works as soon as it is.' });
    return undefined;
  }
  function transmit(messages: readonly MidiOut[]): void {
    for (const { port, bytes, at } of messages) {
      const output = [...outputs.values()].find((candidate) => candidate.slug === port);
      // performance.now() of a date: local time less what local time is ahead of it.
      const ahead = options.fromPerformance(performance.now()) - performance.now();
      if (output?.port.state === 'connected')
        output.port.send([...bytes], { time: Math.max(options.toLocal(at) - ahead, performance.now()) });
    }
  }
  function pump(): void {
    transmit(queue.take((options.now() + HORIZON) as MeshTime));
    if (queue.size === 0) {
      clearInterval(timer);
      timer = undefined;
    } else timer ??= setInterval(pump, PERIOD);
  }
  return {
    name: 'midi',
    enable: () => (enabling ??= enable().finally(() => (enabling = undefined))),
    isEnabled: () => WebMidi.enabled,
    ports: () => ({ inputs: slugs(inputs), outputs: slugs(outputs) }),
    parameters: () => [
      ...[...source.addresses()].map((address) => parameter(address, 'get')),
      ...slugs(outputs).map((slug) => ({ address: `midi:/${slug}/1`, type: 'notes' as const, access: 'set' as const })),
    ],
    read: (address) => source.read(address),
    send(address, value: Value, at) {
      const target = midiTarget(address);
      const bytes = target && encodeMidi(target, value);
      if (bytes) transmit([{ port: target.port, bytes, at }]);
    },
    note(address, note) {
      const target = midiTarget(address);
      if (target?.kind !== 'notes') return;
      const { port, channel } = target;
      const at = note.occurrence === '' ? (Math.max(options.now(), note.at) as MeshTime) : note.at;
      queue.release({ port, channel, pitch: note.occurrence === '' ? note.pitch : -1 }, at);
      if (note.velocity > 0)
        queue.add({ port, channel, pitch: note.pitch, velocity: note.velocity, occurrence: note.occurrence, at, until: note.until });
      pump();
    },
    cut(occurrence, at) {
      queue.cut(occurrence, at);
      pump();
    },
    panic() {
      transmit(queue.panic(options.now()));
      for (const slug of slugs(outputs))
        for (let channel = 0; channel < 16; channel++) transmit([{ port: slug, bytes: [0xb0 | channel, 123, 0], at: options.now() }]);
    },
    onValue: source.onValue,
    close() {
      transmit(queue.panic(options.now()));
      isClosed = true;
      clearInterval(timer);
      for (const { port } of inputs.values()) port.removeListener('midimessage');
      if (!isListening) return;
      WebMidi.removeListener('connected', refresh);
      WebMidi.interface.removeEventListener('statechange', refreshSoon);
    },
  };
}

/** Brings our list of ports in line with the browser's; by id, for a port that is told of twice is still one. */
function follow<P extends Input | Output>(
  known: Map<string, Port<P>>,
  present: readonly P[],
  came: (port: Port<P>) => void,
  went: (port: Port<P>) => void,
): void {
  const ids = new Set(present.filter((port) => port.state === 'connected').map((port) => port.id));
  for (const [id, port] of known) {
    if (ids.has(id)) continue;
    known.delete(id);
    went(port);
  }
  for (const port of present) {
    if (known.has(port.id) || !ids.has(port.id)) continue;
    const entry = { id: port.id, port, slug: uniqueSlug(port.name, (slug) => slug === 'any' || slugs(known).includes(slug)) };
    known.set(port.id, entry);
    came(entry);
  }
}

const slugs = (ports: ReadonlyMap<string, { readonly slug: string }>): readonly string[] => [...ports.values()].map(({ slug }) => slug);

function parameter(address: Address, access: 'get'): Parameter {
  return { address, type: 'number', access, min: address.endsWith('/pitchbend') ? -1 : 0, max: address.endsWith('/program') ? 127 : 1 };
}
