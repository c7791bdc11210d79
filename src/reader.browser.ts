import { readForeign } from './reader.ts';
import type { Read, Reading } from './reader.ts';

/** A file that takes longer than this, of whatever make, is given up. */
const PATIENCE_MS = 60_000;
const SLOW: Read = { issue: { message: 'reading it took longer than a minute.' } };
const BROKEN: Read = { issue: { message: 'it is too much for this device.' } };

/**
 * Reads a score of ossia in a worker: 64 MB take seconds, and a page that stands still for one is taken for frozen by
 * the others. So whatever a file holds, the performance goes on, and what cannot be read within a minute is refused.
 */
export function readAside(reading: Reading, patienceMs = PATIENCE_MS): Promise<Read> {
  const worker = start();
  if (!worker) return Promise.resolve(readForeign(reading));
  return new Promise((resolve) => {
    const end = (read: Read): void => {
      clearTimeout(timer);
      worker.terminate();
      resolve(read);
    };
    const timer = setTimeout(() => end(SLOW), patienceMs);
    worker.onmessage = ({ data }: MessageEvent<Read>) => end(data);
    worker.onerror = () => end(BROKEN);
    worker.postMessage(reading);
  });
}

function start(): Worker | undefined {
  try {
    return new Worker(new URL('./reader.worker.browser.ts', import.meta.url), { type: 'module' });
  } catch {
    return undefined;
  }
}
