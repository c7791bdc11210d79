import type { Theme } from './memory.ts';

/** Puts a theme on the page; `system` follows the machine, also when it changes. Returns how to stop following. */
export function applyTheme(theme: Theme): () => void {
  const wantsLight = matchMedia('(prefers-color-scheme: light)');
  const wantsContrast = matchMedia('(prefers-contrast: more)');
  const apply = (): void => {
    const own = wantsContrast.matches ? 'contrast' : wantsLight.matches ? 'light' : 'dark';
    document.documentElement.dataset['theme'] = theme === 'system' ? own : theme;
  };
  apply();
  wantsLight.addEventListener('change', apply);
  wantsContrast.addEventListener('change', apply);
  return () => {
    wantsLight.removeEventListener('change', apply);
    wantsContrast.removeEventListener('change', apply);
  };
}
