import type { Attachment } from 'svelte/attachments';

/** How a control's value answers to hands: drag, shift for fine, wheel, double-click for the default, arrows, Enter to type. */
export interface Gesture {
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** Smallest change by key or wheel. */
  readonly step: number;
  readonly initial?: number | undefined;
  /** Pixels of a drag from min to max. */
  readonly travel: number;
  readonly axis: 'up' | 'right';
  /** The value while the hand moves; not yet written. */
  preview(value: number): void;
  /** The value when the hand lets go: one edit. */
  commit(value: number): void;
  type?(): void;
}

const FINE = 0.1;
const LARGE_STEPS = 10;
const WHEEL_REST_MS = 250;

/** Rounds to the step, counted from min, and keeps within the range; infinite bounds do not limit. */
export function snap(value: number, { min, max, step }: Pick<Gesture, 'min' | 'max' | 'step'>): number {
  const from = Number.isFinite(min) ? min : 0;
  const rounded = from + Math.round((value - from) / step) * step;
  return Math.min(max, Math.max(min, Number(rounded.toPrecision(12))));
}

/** The value after a key, undefined for keys that mean nothing here. Alt is fine, Shift and Page are large. */
export function keyed(
  key: string,
  gesture: Gesture,
  modifiers: { readonly isFine: boolean; readonly isLarge: boolean },
): number | undefined {
  const { value, min, max, step } = gesture;
  const by = step * (modifiers.isFine ? FINE : modifiers.isLarge ? LARGE_STEPS : 1);
  const exact = { min, max, step: modifiers.isFine ? step * FINE : step };
  if (key === 'ArrowUp' || key === 'ArrowRight') return snap(value + by, exact);
  if (key === 'ArrowDown' || key === 'ArrowLeft') return snap(value - by, exact);
  if (key === 'PageUp') return snap(value + step * LARGE_STEPS, exact);
  if (key === 'PageDown') return snap(value - step * LARGE_STEPS, exact);
  if (key === 'Home' && Number.isFinite(min)) return min;
  if (key === 'End' && Number.isFinite(max)) return max;
  return undefined;
}

export function gesture(read: () => Gesture): Attachment<HTMLElement> {
  return (element) => {
    let held: { readonly pointer: number; last: number; exact: number } | undefined;
    let resting: ReturnType<typeof setTimeout> | undefined;
    let pending: number | undefined;

    const down = (event: PointerEvent): void => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      const now = read();
      held = { pointer: event.pointerId, last: place(event, now), exact: now.value };
    };
    const move = (event: PointerEvent): void => {
      if (held?.pointer !== event.pointerId) return;
      const now = read();
      const at = place(event, now);
      const span = Number.isFinite(now.max - now.min) ? now.max - now.min : now.step * now.travel;
      held.exact += ((at - held.last) / now.travel) * span * (event.shiftKey ? FINE : 1);
      held.exact = Math.min(now.max, Math.max(now.min, held.exact));
      held.last = at;
      pending = snap(held.exact, event.shiftKey ? { ...now, step: now.step * FINE } : now);
      now.preview(pending);
    };
    const up = (event: PointerEvent): void => {
      if (held?.pointer !== event.pointerId) return;
      held = undefined;
      flush();
    };
    const flush = (): void => {
      if (pending !== undefined) read().commit(pending);
      pending = undefined;
    };
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const now = read();
      const fine = event.shiftKey || event.altKey;
      const turn = Math.sign(event.deltaY || event.deltaX);
      pending = snap((pending ?? now.value) - turn * now.step * (fine ? FINE : 1), fine ? { ...now, step: now.step * FINE } : now);
      now.preview(pending);
      clearTimeout(resting);
      resting = setTimeout(flush, WHEEL_REST_MS);
    };
    const double = (): void => {
      const { initial, commit } = read();
      if (initial !== undefined) commit(initial);
    };
    const key = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.target !== element) return;
      const now = read();
      const next = keyed(event.key, now, { isFine: event.altKey, isLarge: event.shiftKey });
      if (next === undefined && !(event.key === 'Enter' && now.type)) return;
      event.preventDefault();
      event.stopPropagation();
      if (next === undefined) now.type?.();
      else now.commit(next);
    };
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('dblclick', double);
    element.addEventListener('keydown', key);
    return () => {
      clearTimeout(resting);
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('dblclick', double);
      element.removeEventListener('keydown', key);
    };
  };
}

const place = (event: PointerEvent, { axis }: Gesture): number => (axis === 'up' ? -event.clientY : event.clientX);
