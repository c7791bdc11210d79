import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openHeadless, type HeadlessPeer } from './headless.node.ts';
import { readHeadlessOptions, USAGE, type CommandOptions } from './headless-options.node.ts';
import { endRtc } from './mesh/rtc.node.ts';
import type { Console } from './console.ts';

/** A peer on the command line: enters a room, runs a script if there is one, and says goodbye when it is told to end. */
async function start(): Promise<void> {
  const options = readHeadlessOptions(process.argv.slice(2), process.env);
  if ('wrong' in options) return refuse([...options.wrong, '', USAGE].join('\n'));
  let opened: HeadlessPeer;
  try {
    opened = await openHeadless(options);
  } catch (error) {
    return refuse(messageOf(error));
  }
  let isLeaving = false;
  const leave = async (code: number): Promise<void> => {
    // Who is told twice goes at once.
    if (isLeaving) process.exit(code);
    isLeaving = true;
    await opened.close();
    endRtc();
    process.exit(code);
  };
  const fail = (error: unknown): void => {
    console.error(error);
    void leave(1);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void leave(0));
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  opened.peer.on('notice', ({ level, message }) => (level === 'hint' ? say : console.error)(message));
  const say = options.isQuiet ? (): void => undefined : console.log;
  if (!options.isQuiet) report(opened, say);
  if (options.script !== undefined) await runScript(options, opened.tutti);
}

function refuse(text: string): void {
  console.error(text);
  process.exitCode = 1;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Who comes and goes, and whether the server is there; a line each. */
function report({ peer }: HeadlessPeer, say: (line: string) => void): void {
  say(`${peer.self.name} (${peer.self.id}) enters ${peer.room.code}`);
  const present = new Map<string, string>();
  peer.on('peers', () => {
    const whole = new Map(peer.room.peers().flatMap(({ id, name, link }) => (link === 'whole' ? [[id as string, name] as const] : [])));
    for (const [id, name] of whole) if (!present.has(id)) say(`${name} is here`);
    for (const [id, name] of present) if (!whole.has(id)) say(`${name} is gone`);
    present.clear();
    for (const [id, name] of whole) present.set(id, name);
  });
  let state = peer.room.state;
  peer.on('room', () => {
    if (peer.room.state !== state) say(`server: ${peer.room.state}`);
    state = peer.room.state;
  });
}

/** `tutti` is a global, as in a page; what the module exports by default is called with it. */
async function runScript({ script = '' }: CommandOptions, tutti: Console): Promise<void> {
  Object.defineProperty(globalThis, 'tutti', { value: tutti });
  const module = (await import(/* @vite-ignore */ pathToFileURL(resolve(script)).href)) as { readonly default?: unknown };
  if (typeof module.default === 'function') await (module.default as (tutti: Console) => unknown)(tutti);
}

void start();
