import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** Serves the harness alone: `npx vite --config test/ui/vite.config.ts`, then open /test/ui/. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  plugins: [svelte()],
  cacheDir: 'node_modules/.vite-harness-ui',
  server: { port: 5233, strictPort: true },
});
