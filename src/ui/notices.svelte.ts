import { untrack } from 'svelte';
import type { Notice } from '../peer-api.ts';

export interface Toast extends Notice {
  readonly id: number;
}

/** What happened elsewhere, said for a while: hints leave by themselves, errors stay until dismissed. */
export interface Notices {
  readonly list: readonly Toast[];
  add(notice: Notice): void;
  dismiss(id: number): void;
}

const SHOWN_MAX = 4;
const HINT_MS = 5000;
const WARNING_MS = 10_000;

const isSame = (told: Notice, now: Notice): boolean =>
  told.message === now.message || (now.about !== undefined && told.about === now.about);

export function createNotices(): Notices {
  let list = $state.raw<readonly Toast[]>([]);
  let next = 0;
  const dismiss = (id: number): void => {
    list = list.filter((toast) => toast.id !== id);
  };
  return {
    get list() {
      return list;
    },
    add(notice) {
      const id = next++;
      // The same sentence twice is one toast, newest in place; so is what has become untrue by what is told now.
      // Notices come from anywhere, also from inside an effect, which must not come to depend on them.
      const shown = untrack(() => list);
      list = [...shown.filter((toast) => !isSame(toast, notice)), { ...notice, id }].slice(-SHOWN_MAX);
      if (notice.level !== 'error') setTimeout(dismiss, notice.level === 'hint' ? HINT_MS : WARNING_MS, id);
    },
    dismiss,
  };
}
