/** Keeps a picture from eating the machine: slow frames cost resolution, hopeless ones the layer. */
export interface FrameBudget {
  /** What one frame cost in ms; returns what to do about it. */
  spend(cost: number): 'keep' | 'lower' | 'off';
  /** Share of the full resolution, 1 down to 1/8. */
  readonly scale: number;
  /** A layer was changed or taken off: judge afresh. */
  reset(): void;
}

const SLOW = 50;
const HOPELESS = 500;
/** Frames in a row: one slow frame is the machine's, several are the shader's. */
const SLOW_FRAMES = 4;
const HOPELESS_FRAMES = 2;
const SCALE_MIN = 1 / 8;

export function createFrameBudget(): FrameBudget {
  let scale = 1;
  let slow = 0;
  let hopeless = 0;
  return {
    get scale() {
      return scale;
    },
    spend(cost) {
      slow = cost > SLOW ? slow + 1 : 0;
      hopeless = cost > HOPELESS ? hopeless + 1 : 0;
      if (hopeless >= HOPELESS_FRAMES) {
        slow = hopeless = 0;
        return 'off';
      }
      if (slow < SLOW_FRAMES || scale <= SCALE_MIN) return 'keep';
      slow = 0;
      scale = Math.max(SCALE_MIN, scale / Math.SQRT2);
      return 'lower';
    },
    reset() {
      slow = hopeless = 0;
    },
  };
}
