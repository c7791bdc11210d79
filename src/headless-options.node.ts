import { parseArgs } from 'node:util';
import type { HeadlessOptions } from './headless.node.ts';
import { parseFault } from './mesh/fault.ts';
import { parseCode } from './mesh/room-code.ts';
import { nextAt } from './ui/network/time-of-day.ts';

export interface CommandOptions extends HeadlessOptions {
  readonly script?: string;
  /** Nothing is printed but what is wrong. */
  readonly isQuiet: boolean;
}

export const USAGE = `npm run headless -- --room <five-words or link> [--server <address>] [--name <name>]
  --room    five words joined by hyphens; or the link of a room, which says the server, too
  --server  http: or ws: address of the server that the room's pages come from; default http://localhost:8080
  --name    as the others see it; default Headless
  --hue     0 to 11
  --groups  names or ids of groups to be in, with commas between
  --folder  where its key and its copy of the score are kept; without it, it is somebody new each time
  --play-at start at this time of day, 20:00 or 20:00:30, by the clock on the wall here
  --script  a module to run, docs/headless.md
  --quiet   print only what is wrong`;

const DEFAULT_SERVER = 'http://localhost:8080';
const HUES = 12;

const TEXT = { type: 'string' } as const;
const OPTIONS = {
  ...{ room: TEXT, server: TEXT, name: TEXT, hue: TEXT, groups: TEXT, folder: TEXT, script: TEXT, fault: TEXT, 'play-at': TEXT },
  quiet: { type: 'boolean' },
} as const;

/** args: without Node's own two. A list of what is wrong, in words for who starts it, if anything is. */
export function readHeadlessOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CommandOptions | { readonly wrong: readonly string[] } {
  const wrong: string[] = [];
  const given = parse(args, wrong);
  const { room = '', name = 'Headless', hue = '0', groups = '', folder, script } = given;
  const parsed = parseCode(room);
  if (room === '') wrong.push('--room is missing.');
  else if ('issue' in parsed) wrong.push(`--room: ${parsed.issue.message}.`);
  const server = given.server ?? (/^(https?|wss?):/.test(room) ? room : DEFAULT_SERVER);
  const url = toSignalling(server);
  if (url === undefined) wrong.push(`--server must be an address such as ${DEFAULT_SERVER}, not "${server}".`);
  if (!/^\d+$/.test(hue) || Number(hue) >= HUES) wrong.push(`--hue must be a whole number from 0 to ${HUES - 1}, not "${hue}".`);
  const playAt = given['play-at'];
  if (playAt !== undefined && nextAt(playAt, 0) === undefined)
    wrong.push(`--play-at must be a time of day such as 20:00 or 20:00:30, not "${playAt}".`);
  const fault = given.fault === undefined ? undefined : parseFault(given.fault);
  if (given.fault !== undefined && (fault === undefined || environment['TUTTI_TEST'] !== '1'))
    wrong.push('--fault is for tests: TUTTI_TEST=1 and <offset ms>,<skew ppm>.');
  if (wrong.length > 0 || !('code' in parsed) || url === undefined) return { wrong };
  return {
    ...parsed,
    ...{ url, name, hue: Number(hue), isQuiet: given.quiet ?? false },
    groups: groups
      .split(',')
      .map((group) => group.trim())
      .filter((group) => group !== ''),
    ...(folder !== undefined && { folder }),
    ...(playAt !== undefined && { playAt }),
    ...(script !== undefined && { script }),
    ...(fault !== undefined && { fault }),
  };
}

type Given = { readonly [K in Exclude<keyof typeof OPTIONS, 'quiet'>]?: string } & { readonly quiet?: boolean };

function parse(args: readonly string[], wrong: string[]): Given {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error));
    return {};
  }
}

/** address: of the server, with or without a path of its own; undefined when it is none. */
function toSignalling(address: string): string | undefined {
  if (!/^(https?|wss?):\/\/./.test(address) || !URL.canParse(address)) return undefined;
  const url = new URL(address.replace(/^http/, 'ws'));
  url.hash = '';
  url.search = '';
  if (!url.pathname.endsWith('/signal')) url.pathname = `${url.pathname.replace(/\/$/, '')}/signal`;
  return url.href;
}
