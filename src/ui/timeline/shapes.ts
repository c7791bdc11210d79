/**
 * Everything the canvas shows but text, as coloured quads in one growing buffer: one upload and one draw call for any
 * number of bars, lines and curves. Edges of slanted and round things fade over a px of their own, so that the picture
 * is smooth without the cost of multisampling, and what is upright stays exactly on the pixel.
 */
export interface Shapes {
  /** x, y of four corners per quad, in order round the quad. */
  readonly positions: Float32Array;
  /** 0xAABBGGRR per corner: bytes r, g, b, a in memory; not premultiplied. */
  readonly colours: Uint32Array;
  /** Quads in use. */
  readonly count: number;
  /** Counts changes. */
  readonly revision: number;
  clear(): void;
  rect(x: number, y: number, width: number, height: number, ink: Ink): void;
  /** Corners round a convex quad. */
  quad(corners: Corners, ink: Ink): void;
  /** A quad whose corners fade: one alpha per corner, times the ink's. */
  fade(corners: Corners, ink: Ink, alphas: readonly [number, number, number, number]): void;
}

export type Corners = readonly [number, number, number, number, number, number, number, number];

export interface Ink {
  /** 0xrrggbb */
  readonly colour: number;
  /** 0 to 1, default 1 */
  readonly alpha?: number;
}

const CAPACITY = 256;
/** 16 MB of corners; what is beyond is not drawn. */
const QUADS_MAX = 400_000;

const pack = (colour: number, alpha: number): number =>
  ((Math.round(Math.min(1, Math.max(0, alpha)) * 255) << 24) | ((colour & 0xff) << 16) | (colour & 0xff00) | (colour >>> 16)) >>> 0;

export function createShapes(): Shapes {
  let positions = new Float32Array(CAPACITY * 8);
  let colours = new Uint32Array(CAPACITY * 4);
  let count = 0;
  let revision = 0;
  const grow = (): void => {
    const largerPositions = new Float32Array(positions.length * 2);
    largerPositions.set(positions);
    positions = largerPositions;
    const largerColours = new Uint32Array(colours.length * 2);
    largerColours.set(colours);
    colours = largerColours;
  };
  const push = (corners: Corners, a: number, b: number, c: number, d: number): void => {
    if (count >= QUADS_MAX) return;
    if (count * 8 >= positions.length) grow();
    positions.set(corners, count * 8);
    const at = count * 4;
    colours[at] = a;
    colours[at + 1] = b;
    colours[at + 2] = c;
    colours[at + 3] = d;
    count += 1;
    revision += 1;
  };
  const quad = (corners: Corners, ink: Ink): void => {
    const one = pack(ink.colour, ink.alpha ?? 1);
    push(corners, one, one, one, one);
  };
  return {
    get positions() {
      return positions;
    },
    get colours() {
      return colours;
    },
    get count() {
      return count;
    },
    get revision() {
      return revision;
    },
    clear() {
      count = 0;
      revision += 1;
    },
    rect: (x, y, width, height, ink) => {
      if (width > 0 && height > 0) quad([x, y, x + width, y, x + width, y + height, x, y + height], ink);
    },
    quad,
    fade(corners, { colour, alpha = 1 }, [a, b, c, d]) {
      push(corners, pack(colour, alpha * a), pack(colour, alpha * b), pack(colour, alpha * c), pack(colour, alpha * d));
    },
  };
}

/** Mix of two colours 0xrrggbb: 0 is all `a`, 1 is all `b`. */
export function mix(a: number, b: number, t: number): number {
  const channel = (shift: number): number => {
    const from = (a >> shift) & 0xff;
    return Math.round(from + (((b >> shift) & 0xff) - from) * t) << shift;
  };
  return channel(16) | channel(8) | channel(0);
}
