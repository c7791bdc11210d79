import { readForeign } from './reader.ts';
import type { Reading } from './reader.ts';

/** Reads the file that it is sent, beside the page. */
self.onmessage = (event: MessageEvent<Reading>) => self.postMessage(readForeign(event.data));
