/** `npm run dev`: vite at PORT (8080), with the signalling server behind it, both following edits. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { install, refuse, ROOT } from './ground.mjs';

await install();
const port = Number(process.env.PORT ?? 8080);
if (!Number.isInteger(port) || port < 1 || port > 65_534) refuse(`PORT must be a whole number from 1 to 65534, not "${process.env.PORT}".`);
const behind = `${port + 1}`;

// Of the server only what goes wrong is told: the address to open is vite's.
const tool = (entry, args, { isHeard, ...env }) =>
  spawn(process.execPath, [join(ROOT, 'node_modules', entry), ...args], {
    cwd: ROOT,
    stdio: ['ignore', isHeard ? 'inherit' : 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  });

const children = [
  tool('tsx/dist/cli.mjs', ['watch', '--clear-screen=false', 'signalling/main.ts'], { PORT: behind, HOST: '127.0.0.1', isHeard: false }),
  tool('vite/bin/vite.js', ['--host', process.env.HOST ?? '0.0.0.0', '--port', `${port}`, '--strictPort'], {
    TUTTI_SIGNALLING_PORT: behind,
    isHeard: true,
  }),
];
const stop = () => children.forEach((child) => child.kill());
for (const child of children) child.on('exit', (code) => ((process.exitCode ||= code ?? 0), stop()));
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
