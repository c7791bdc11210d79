import { networkInterfaces } from 'node:os';
import { renderUnicodeCompact } from 'uqr';
import { createSignallingServer, type SignallingServer } from './server.ts';

/** Starts the server of this process, and prints where people find it. */
async function start(): Promise<void> {
  let server: SignallingServer;
  try {
    server = await createSignallingServer();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
    return;
  }
  console.log(announcement(server));
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    void server.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function announcement({ url, port }: SignallingServer): string {
  const lines = ['', `  Tutti is ready:      ${url}`];
  // Listening on one address only means that others have no way in.
  const outer = url.startsWith('http://localhost') && process.env['HOST'] !== 'localhost' ? outerAddresses() : [];
  for (const address of outer) lines.push(`  from other machines: http://${address}:${port}`);
  const [first] = outer;
  if (first !== undefined) lines.push('', renderUnicodeCompact(`http://${first}:${port}`, { border: 2 }));
  return [...lines, ''].join('\n');
}

/** IPv4, since a person may have to type it. */
const outerAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flat()
    .filter((found) => found !== undefined && found.family === 'IPv4' && !found.internal)
    .map((found) => found?.address ?? '');

void start();
