#!/usr/bin/env node
/** `npm run headless -- --room five-words ...`: a peer without a page; installs and builds what is missing or out of date. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, install, ROOT } from './ground.mjs';

await install();
await build();
await import(pathToFileURL(join(ROOT, 'dist/server/headless.js')).href);
