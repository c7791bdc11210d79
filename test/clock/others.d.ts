declare module '@ircam/sync' {
  type Receive = (id: number, sent: number, received: number, returned: number) => void;
  /** All times in seconds. */
  export class SyncClient {
    constructor(now: () => number, options?: Readonly<Record<string, unknown>>);
    start(send: (id: number, sent: number) => void, receive: (f: Receive) => void): void;
    stop(): void;
    getSyncTime(local?: number): number;
  }
}
