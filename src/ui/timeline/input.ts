import type { Pointer } from './gesture.ts';
import type { Key } from './keys.ts';

/** DOM events as plain pointers, wheels and keys. */
export interface InputTarget {
  press(pointer: Pointer): void;
  move(pointer: Pointer): void;
  release(pointer: Pointer): void;
  /** Escape, a lost pointer: whatever was begun never happened. False when nothing was. */
  cancel(): boolean;
  leave(): void;
  /** px */
  scroll(dx: number, dy: number): void;
  zoom(factor: number, x: number): void;
  /** False when the key is not the timeline's. */
  key(key: Key): boolean;
}

const DOUBLE_MS = 400;
const DOUBLE_PX = 6;
const ZOOM_PER_PX = 0.0035;
/** One notch of a wheel that counts in lines. */
const LINE_PX = 20;
const BUTTONS = ['left', 'middle', 'right'] as const;

const isField = (target: EventTarget | null): boolean => target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;

/** Returns what takes all listeners off again. */
export function listen(element: HTMLElement, target: InputTarget): () => void {
  const aborter = new AbortController();
  const { signal } = aborter;
  const touches = new Map<number, { x: number; y: number }>();
  let last = { time: -Infinity, x: 0, y: 0, clicks: 0 };
  const place = (event: MouseEvent): { x: number; y: number } => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const toPointer = (event: PointerEvent, clicks: number): Pointer => ({
    ...place(event),
    button: BUTTONS[event.button] ?? 'left',
    isShift: event.shiftKey,
    isFine: event.altKey || event.ctrlKey || event.metaKey,
    clicks,
    isTouch: event.pointerType === 'touch',
  });
  const countClicks = (event: PointerEvent): number => {
    const { x, y } = place(event);
    const isNear = event.timeStamp - last.time < DOUBLE_MS && Math.hypot(x - last.x, y - last.y) < DOUBLE_PX;
    last = { time: event.timeStamp, x, y, clicks: isNear && last.clicks === 1 ? 2 : 1 };
    return last.clicks;
  };

  element.addEventListener(
    'pointerdown',
    (event) => {
      if (isField(event.target)) return;
      element.setPointerCapture(event.pointerId);
      element.focus({ preventScroll: true });
      if (event.button === 1) event.preventDefault();
      if (event.pointerType === 'touch') {
        touches.set(event.pointerId, place(event));
        if (touches.size > 1) return void target.cancel();
      }
      target.press(toPointer(event, countClicks(event)));
    },
    { signal },
  );
  // The focus was given by the press: what it opened (a field for a name) must not lose it to the canvas again.
  element.addEventListener('mousedown', (event) => isField(event.target) || event.preventDefault(), { signal });
  element.addEventListener(
    'pointermove',
    (event) => {
      if (touches.size > 1 && touches.has(event.pointerId)) return pinch(touches, event.pointerId, place(event), target);
      const { x, y } = place(event);
      // A drag between two presses makes them two clicks, however fast.
      if (Math.hypot(x - last.x, y - last.y) >= DOUBLE_PX) last = { ...last, time: -Infinity };
      target.move(toPointer(event, 0));
    },
    { signal },
  );
  const end = (event: PointerEvent, isDone: boolean): void => {
    const wasPinch = touches.size > 1;
    touches.delete(event.pointerId);
    if (wasPinch) return;
    if (isDone) target.release(toPointer(event, 0));
    else target.cancel();
  };
  element.addEventListener('pointerup', (event) => end(event, true), { signal });
  element.addEventListener('pointercancel', (event) => end(event, false), { signal });
  element.addEventListener('pointerleave', () => target.leave(), { signal });
  element.addEventListener('wheel', (event) => wheel(event, place(event).x, target), { signal, passive: false });
  element.addEventListener(
    'keydown',
    (event) => {
      if (isField(event.target) || event.ctrlKey || event.metaKey) return;
      const isOurs =
        (event.key === 'Escape' && target.cancel()) || target.key({ key: event.key, isShift: event.shiftKey, isAlt: event.altKey });
      if (!isOurs) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { signal },
  );
  return () => aborter.abort();
}

/** A trackpad's pinch comes as a wheel with Ctrl. */
function wheel(event: WheelEvent, x: number, target: InputTarget): void {
  event.preventDefault();
  const unit = event.deltaMode === 0 ? 1 : LINE_PX;
  if (event.ctrlKey || event.metaKey) return target.zoom(Math.exp(-event.deltaY * unit * ZOOM_PER_PX), x);
  // Browsers already turn shift + wheel into deltaX on some systems only.
  const isSideways = event.shiftKey && event.deltaX === 0;
  target.scroll((isSideways ? event.deltaY : event.deltaX) * unit, (isSideways ? 0 : event.deltaY) * unit);
}

/** Two fingers: their middle pans, their distance zooms. */
function pinch(touches: Map<number, { x: number; y: number }>, id: number, to: { x: number; y: number }, target: InputTarget): void {
  const before = touches.get(id);
  const other = [...touches].find(([key]) => key !== id)?.[1];
  touches.set(id, to);
  if (!before || !other) return;
  target.scroll((before.x - to.x) / 2, (before.y - to.y) / 2);
  const [was, is] = [Math.abs(before.x - other.x), Math.abs(to.x - other.x)];
  if (was > 20 && is > 20) target.zoom(is / was, (to.x + other.x) / 2);
}
