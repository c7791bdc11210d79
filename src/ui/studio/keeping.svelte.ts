import { plural } from '../format.ts';
import type { Studio } from '../studio.svelte.ts';

/** Where one's work is, in a sentence that is true. */
export interface Keeping {
  readonly text: string;
  /** Worth a look: something has been on this device alone for a while, or the server is away. */
  readonly isWarning: boolean;
}

const LOOK_MS = 500;
/** An edit is confirmed well within this while a link is whole. */
const LATE_MS = 3000;

/** To be called while a component is set up. The count has no event of its own, so a slow look is enough. */
export function createKeeping(studio: Studio): { readonly now: Keeping } {
  let unconfirmed = $state((() => studio.peer.score.unconfirmed())());
  let isLate = $state(false);
  $effect(() => {
    let looks = 0;
    const timer = setInterval(() => {
      unconfirmed = studio.peer.score.unconfirmed();
      looks = unconfirmed > 0 ? looks + 1 : 0;
      isLate = looks * LOOK_MS >= LATE_MS;
    }, LOOK_MS);
    return () => clearInterval(timer);
  });
  const holders = $derived(studio.people.filter(({ isSelf, document }) => !isSelf && document === 'same').length);
  const isAlone = $derived(studio.people.length < 2);
  const where = $derived(
    isAlone
      ? 'Saved on this device · nobody else is here'
      : unconfirmed > 0
        ? `${plural(unconfirmed, 'edit')} not yet on any other device`
        : `Saved on this device · ${plural(holders, 'peer holds', 'peers hold')} a copy`,
  );
  const server = $derived(
    studio.connection === 'offline'
      ? isAlone
        ? 'Server away · '
        : 'Server away, newcomers wait · '
      : studio.connection === 'connecting'
        ? 'Connecting · '
        : '',
  );
  const now = $derived({ text: server + where, isWarning: studio.connection === 'offline' || (isLate && !isAlone) });
  return {
    get now() {
      return now;
    },
  };
}
