/** `npm start`: installs and builds what is missing or out of date, then serves. */
import { build, install, ROOT } from './ground.mjs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

await install();
await build();
await import(pathToFileURL(join(ROOT, 'dist/server/main.js')).href);
