#!/usr/bin/env node
/** `npm run convert -- file.score ...`: between scores of ossia and of Tutti. */
import { install, runTool } from './ground.mjs';

// Whoever calls it without npm means the folder where that happens.
process.env.INIT_CWD ??= process.cwd();
await install();
const { code } = await runTool('tsx/dist/cli.mjs', ['src/convert.node.ts', ...process.argv.slice(2)]);
// Whatever else went wrong, it was not opened.
process.exitCode = code === 0 ? 0 : 2;
