import { mount, unmount } from 'svelte';
import './tokens.css';
import './base.css';
import App from './app.svelte';
import type { AppDeps } from './deps.ts';

/** Shows the door, or the room that the address names; returns how to take everything away. */
export function mountApp(target: HTMLElement, deps: AppDeps): { close(): void } {
  const app = mount(App, { target, props: { deps } });
  return { close: () => void unmount(app) };
}
