import { lookup } from 'node:dns';
import ntp from 'ntp-client';

/** An NTP server, by name or IPv4 address. */
export interface NtpServer {
  readonly host: string;
  readonly port: number;
}

const REPLY_MS = 3000;

/**
 * One question to an NTP server. The package reads only when the answer left there, in whole ms; what the way took is the
 * caller's to bound. It fails with texts and with errors, may call back twice, and leaves its socket open when that itself
 * fails; so the name is looked up before, and only addresses are asked.
 */
export function askNtp({ host, port }: NtpServer): (answer: (utc: number | { readonly why: string }) => void) => void {
  ntp.ntpReplyTimeout = REPLY_MS;
  return (answer) => {
    let isAnswered = false;
    const once = (utc: number | { readonly why: string }): void => {
      if (!isAnswered) answer(utc);
      isAnswered = true;
    };
    lookup(host, 4, (error, address) => {
      if (error) return once({ why: wordsOf(error) });
      try {
        ntp.getNetworkTime(address, port, (failure, date) => {
          const ms = date?.getTime() ?? NaN;
          once(failure === null && Number.isFinite(ms) ? ms : { why: wordsOf(failure) });
        });
      } catch (failure) {
        once({ why: wordsOf(failure) });
      }
    });
  };
}

const wordsOf = (failure: unknown): string =>
  failure instanceof Error ? failure.message : typeof failure === 'string' ? failure : 'its answer is no date';
