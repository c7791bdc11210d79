/** What the package has, of which it has no types itself. */
declare module 'ntp-client' {
  const client: {
    /** ms */
    ntpReplyTimeout: number;
    getNetworkTime(server: string, port: number, callback: (error: unknown, date: Date | null) => void): void;
  };
  export default client;
}
