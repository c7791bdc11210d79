import * as v from 'valibot';
import type { NtpServer } from './ntp.ts';
import type { IceServer } from '../src/mesh/signal.ts';

/** What the environment says about this server. */
export interface Configuration {
  readonly port: number;
  readonly host: string;
  readonly iceServers: readonly IceServer[];
  /** Whom to ask for UTC; undefined: nobody. */
  readonly ntp: NtpServer | undefined;
  /** Pages may then be given a false clock. */
  readonly isTest: boolean;
}

const HOST = /^[0-9A-Za-z.:_-]+$/;

const IceServers = v.array(
  v.object({
    urls: v.union([v.string(), v.array(v.string())]),
    username: v.exactOptional(v.string()),
    credential: v.exactOptional(v.string()),
  }),
);

/**
 * PORT (0 to 65535, default 8080; 0 takes a free one), HOST (default 0.0.0.0), ICE_SERVERS (JSON array of RTCIceServer,
 * default none), NTP_SERVER (name or IPv4 address, with :port or without; default none), TUTTI_TEST (1 or nothing). A list of what is wrong, in words for who starts it, if anything is [SG11].
 */
export function readConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
): Configuration | { readonly wrong: readonly string[] } {
  const wrong: string[] = [];
  const { PORT, HOST: hostText, ICE_SERVERS, NTP_SERVER, TUTTI_TEST } = environment;
  const port = PORT === undefined || PORT === '' ? 8080 : Number(PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) wrong.push(`PORT must be a whole number from 0 to 65535, not "${PORT}".`);
  const host = hostText === undefined || hostText === '' ? '0.0.0.0' : hostText;
  if (!HOST.test(host)) wrong.push(`HOST must be a name or address of this machine, such as 0.0.0.0 or localhost, not "${host}".`);
  const iceServers = readIceServers(ICE_SERVERS);
  if (iceServers === undefined) wrong.push('ICE_SERVERS must be a JSON array such as [{"urls":"stun:stun.example.org"}].');
  const ntp = readNtpServer(NTP_SERVER);
  if (ntp === null) wrong.push('NTP_SERVER must be a name or an IPv4 address such as pool.ntp.org or 192.168.1.1:123.');
  if (TUTTI_TEST !== undefined && !['', '0', '1'].includes(TUTTI_TEST)) wrong.push(`TUTTI_TEST must be 1 or nothing, not "${TUTTI_TEST}".`);
  return wrong.length > 0 ? { wrong } : { port, host, iceServers: iceServers ?? [], ntp: ntp ?? undefined, isTest: TUTTI_TEST === '1' };
}

const NTP_PORT = 123;

/** null: what cannot be meant. */
function readNtpServer(text: string | undefined): NtpServer | undefined | null {
  if (text === undefined || text === '') return undefined;
  const [, host, port = NTP_PORT] = /^([0-9A-Za-z._-]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const number = Number(port);
  return host === undefined || number < 1 || number > 65_535 ? null : { host, port: number };
}

function readIceServers(text: string | undefined): readonly IceServer[] | undefined {
  if (text === undefined || text === '') return [];
  try {
    return v.parse(IceServers, JSON.parse(text));
  } catch {
    return undefined;
  }
}
