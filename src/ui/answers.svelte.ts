import type { Notice } from '../peer-api.ts';
import type { Notices } from './notices.svelte.ts';

/** What was said against a press. x, y: where that was, px of the window. */
export interface Answer {
  readonly message: string;
  readonly x: number;
  readonly y: number;
}

/**
 * What may not be done says why where it was tried: what is said while a press is acted upon belongs to it, for all
 * that a press does is done before anything else happens. All else is told as what happened elsewhere.
 */
export interface Answers {
  /** The last; gone after a while, or with the next press. */
  readonly said: Answer | undefined;
  /** To be called before anybody acts on it. */
  press(event: MouseEvent): void;
  hear(notice: Notice): void;
}

const SAID_MS = 6000;

export function createAnswers(notices: Notices): Answers {
  let said = $state.raw<Answer>();
  let place: Omit<Answer, 'message'> | undefined;
  let fading: ReturnType<typeof setTimeout> | undefined;
  return {
    get said() {
      return said;
    },
    press(event) {
      if (event.type === 'pointerdown') said = undefined;
      place = placeOf(event);
      setTimeout(() => (place = undefined));
    },
    hear(notice) {
      // What went wrong stays until it was read.
      if (!place || notice.level === 'error') return notices.add(notice);
      said = { message: notice.message, ...place };
      clearTimeout(fading);
      fading = setTimeout(() => (said = undefined), SAID_MS);
    },
  };
}

/** A button that is pressed by a key has a place of its own. */
function placeOf({ clientX: x, clientY: y, detail, target, type }: MouseEvent): Omit<Answer, 'message'> {
  if (type !== 'click' || detail > 0 || !(target instanceof Element)) return { x, y };
  const { left, bottom } = target.getBoundingClientRect();
  return { x: left + 12, y: bottom - 8 };
}
