import { FLICKS_PER_MS, type Flicks } from '../../base.ts';

const FLICKS_PER_SECOND = FLICKS_PER_MS * 1000;

/** What part of the score is in view. Screen px have their origin at the canvas's top left; the ruler covers the top. */
export interface Camera {
  /** px per second */
  readonly scale: number;
  /** Seconds of the root interval at the left edge; slightly negative at the start, so that date 0 keeps a margin. */
  readonly left: number;
  /** Score px that are scrolled away above the ruler's lower edge. */
  readonly top: number;
  /** px of the canvas */
  readonly width: number;
  readonly height: number;
}

/** What a camera may see: seconds and px of the whole score. */
export interface Extent {
  readonly seconds: number;
  readonly height: number;
}

export const RULER_HEIGHT = 44;
/** A day fits on a small screen. */
const SCALE_MIN = 0.01;
const SCALE_MAX = 4000;
const MARGIN = 32;
/** px left and right of what is fitted */
const FIT_MARGIN = 32;

export const INITIAL_CAMERA: Camera = { scale: 60, left: -MARGIN / 60, top: 0, width: 1, height: 1 };

export const secondsOf = (at: Flicks): number => at / FLICKS_PER_SECOND;
export const flicksOf = (seconds: number): Flicks => Math.round(seconds * FLICKS_PER_SECOND) as Flicks;
export const toX = (camera: Camera, at: Flicks): number => (secondsOf(at) - camera.left) * camera.scale;
export const toDate = (camera: Camera, x: number): Flicks => flicksOf(x / camera.scale + camera.left);
export const toScreenY = (camera: Camera, y: number): number => y - camera.top + RULER_HEIGHT;
export const toScoreY = (camera: Camera, y: number): number => y + camera.top - RULER_HEIGHT;
/** How long a stretch of px is. */
export const spanOf = (camera: Camera, px: number): Flicks => flicksOf(px / camera.scale);

const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), Math.max(low, high));

/** The nearest camera that shows no void: a screen of air after the end, half a screen below. */
export function limit(camera: Camera, extent: Extent): Camera {
  const scale = clamp(camera.scale, SCALE_MIN, SCALE_MAX);
  const left = clamp(camera.left, -MARGIN / scale, extent.seconds - (0.25 * camera.width) / scale);
  const top = clamp(camera.top, 0, extent.height - (camera.height - RULER_HEIGHT) * 0.5);
  return { ...camera, scale, left, top };
}

/** Zooms in time; what is under `x` stays under it [TL2]. */
export function zoomAt(camera: Camera, factor: number, x: number): Camera {
  const scale = clamp(camera.scale * factor, SCALE_MIN, SCALE_MAX);
  return { ...camera, scale, left: camera.left + x / camera.scale - x / scale };
}

export const panBy = (camera: Camera, dx: number, dy: number): Camera => ({
  ...camera,
  left: camera.left + dx / camera.scale,
  top: camera.top + dy,
});

/** Shows a stretch of time, and with `top` a height, as large as it goes. */
export function fit(camera: Camera, start: Flicks, end: Flicks, top = 0): Camera {
  const seconds = Math.max(0.05, secondsOf(end) - secondsOf(start));
  const scale = clamp((camera.width - 2 * FIT_MARGIN) / seconds, SCALE_MIN, SCALE_MAX);
  return { ...camera, scale, left: secondsOf(start) - FIT_MARGIN / scale, top };
}

/** Brings a playhead back into view a page at a time, as a page turner does; the same camera while it is in view. */
export function follow(camera: Camera, at: Flicks): Camera {
  const x = toX(camera, at);
  if (x >= 0 && x <= camera.width * 0.9) return camera;
  return { ...camera, left: secondsOf(at) - (camera.width * 0.1) / camera.scale };
}
