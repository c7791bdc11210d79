import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const PAGES = ['index.html', 'examples/companion.html'];
/** As in production: a page that is not isolated has a coarse clock. */
const ISOLATION = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
/** Where `npm run dev` keeps the signalling server. */
const SIGNALLING = `http://127.0.0.1:${process.env['TUTTI_SIGNALLING_PORT'] ?? '8081'}`;
/** Browsers that know oklch(): the canvas reads colours as they are written, so they must not be rewritten. */
const CSS_TARGET = ['chrome111', 'firefox113', 'safari16.4'];
const SOCKET = { target: SIGNALLING, ws: true };

/** Writes `x.js.gz` beside `x.js`, which sirv serves to who takes it: a workshop's Wi-Fi is slow. */
function precompress(): Plugin {
  const folder = here('dist/app');
  return {
    name: 'precompress',
    apply: (config, { command }) => command === 'build' && config.build?.ssr === undefined,
    closeBundle() {
      for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
        if (/\.(js|css|html|svg|json)$/.test(path))
          writeFileSync(join(folder, `${path}.gz`), gzipSync(readFileSync(join(folder, path)), { level: 9 }));
    },
  };
}

/** Browser tests in which nothing is timed: two files at once. */
const CALM = [
  ...[
    'accessible',
    'announcement',
    'axes',
    'automation',
    'budget',
    'by-hand',
    'devices',
    'devices-midi',
    'midi-pit',
    'devices-rules',
    'expected-device',
    'groups',
    'hostile',
  ],
  ...[
    'calls',
    'live-pits',
    'inspector',
    'object',
    'interface',
    'opt-out',
    'ossia',
    'paused-jump',
    'persistence',
    'run-by-hand',
    'scripting-docs',
    'timeline',
    'together',
    'transport',
    'wrong-input',
  ],
  ...['rights', '../interop/companion'],
].map((name) => join('test/e2e', `${name}.test.ts`));
/** Of these `npm run check` tries a part: see test/property/runs.ts. */
const DEEP = [
  ...[
    'clock',
    'crdt-score',
    'decoders',
    'engine',
    'engine-flow',
    'engine-jump',
    'engine-left',
    'engine-structure',
    'ossia-hostile',
    'ossia-grafts',
    'extremes',
  ].map((name) => `test/property/${name}.test.ts`),
  'test/unit/mesh/clock.test.ts',
];
/** A shared machine stalls now and then for longer than a page may; what fails twice is broken. */
const BROWSER = { retry: process.env['CI'] === undefined ? 0 : 1, testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [svelte({ configFile: false }), precompress()],
  resolve: { dedupe: ['yjs'] },
  worker: { format: 'es' },
  server: {
    headers: ISOLATION,
    proxy: { '/signal': SOCKET, '/companion': SOCKET, '/peerjs': SOCKET, '/healthz': SIGNALLING, '/config.json': SIGNALLING },
  },
  build: isSsrBuild
    ? {
        outDir: 'dist/server',
        target: 'node20',
        rolldownOptions: {
          input: { main: here('signalling/main.ts'), headless: here('src/headless.ts') },
          output: { entryFileNames: '[name].js' },
        },
      }
    : {
        outDir: 'dist/app',
        target: 'es2023',
        cssTarget: CSS_TARGET,
        rolldownOptions: { input: PAGES.map(here).filter((page) => existsSync(page)) },
      },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{unit,property,contract}/**/*.test.ts'],
          // Nothing here leaves globals behind: one world for all files of a worker, and each module is read once.
          isolate: false,
          setupFiles: ['test/property/seed.ts'],
          testTimeout: 20_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Virtual time, but too long for `npm run check`; it may have to wait for browsers beside it.
        extends: true,
        test: {
          name: 'long',
          include: ['test/long/**/*.test.ts', ...DEEP],
          env: { TUTTI_RUNS: 'all' },
          setupFiles: ['test/property/seed.ts'],
          testTimeout: 600_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      { extends: true, test: { name: 'calm', include: CALM, ...BROWSER, maxWorkers: 2, sequence: { groupOrder: 3 } } },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/{e2e,interop}/**/*.test.ts'],
          exclude: CALM,
          ...BROWSER,
          // Timing between pages is measured: nothing else may run meanwhile.
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
}));
