/** Somebody may use it who may not change the score: ways to other objects, what performs. */
const FREE = '[data-free]';
const CONTROLS = 'button, input, select, textarea';
/** Curves, rolls and pads are no controls of the browser, which knows no disabled ones. */
const SURFACES = '[role="application"], [role="slider"], [tabindex="0"], svg[role="group"], .keyboard';

/**
 * Shuts all controls inside, those that come later too, but for `data-free`. What was shut stays so: who gets the right
 * makes the part anew, since only its components know which of their controls are open then.
 */
export function lock(node: HTMLElement): () => void {
  /** What is free in a part around this one is not free in here. */
  const isFree = (at: Element): boolean => {
    const free = at.closest(FREE);
    return free !== null && node.contains(free);
  };
  const shut = (): void => {
    for (const control of node.querySelectorAll<HTMLInputElement>(CONTROLS))
      if (!control.disabled && !isFree(control)) control.disabled = true;
    for (const surface of node.querySelectorAll<HTMLElement>(SURFACES)) if (!isFree(surface)) surface.setAttribute('aria-disabled', 'true');
  };
  /** A part of the page that is no control of its own would still be pressed, dragged and typed at. */
  const keepOut = (event: Event): void => {
    const at = event.target;
    const isKey = event instanceof KeyboardEvent;
    if (!(at instanceof Element) || !at.closest(SURFACES) || isFree(at) || (isKey && event.key === 'Tab')) return;
    event.stopPropagation();
    event.preventDefault();
  };
  const kinds = ['pointerdown', 'dblclick', 'keydown', 'wheel', 'drop'] as const;
  for (const kind of kinds) node.addEventListener(kind, keepOut, { capture: true });
  const observer = new MutationObserver(shut);
  observer.observe(node, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
  shut();
  return () => {
    observer.disconnect();
    for (const kind of kinds) node.removeEventListener(kind, keepOut, { capture: true });
  };
}
