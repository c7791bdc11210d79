/** The colours of tokens.css as the canvas wants them: 0xrrggbb. */
export interface Tokens {
  readonly canvas: number;
  readonly panel: number;
  readonly control: number;
  readonly hover: number;
  readonly line: number;
  readonly lineStrong: number;
  readonly text: number;
  readonly text2: number;
  readonly text3: number;
  readonly accent: number;
  readonly onAccent: number;
  readonly running: number;
  readonly waiting: number;
  readonly warning: number;
  readonly danger: number;
  readonly onFill: number;
  /** Twelve, by number of hue. */
  readonly hues: readonly number[];
  /** Font families as CSS writes them. */
  readonly font: string;
  readonly mono: string;
  readonly isMotionReduced: boolean;
}

export const HUE_COUNT = 12;

const clamp01 = (x: number): number => Math.min(1, Math.max(0, x));
const encode = (linear: number): number => {
  const x = clamp01(linear);
  return Math.round(255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055));
};

/** 0xrrggbb of an OKLCH colour, clipped to sRGB. hue in degrees. Source: Ottosson 2020. */
export function oklchToRgb(lightness: number, chroma: number, hue: number): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const red = encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return (red << 16) | (green << 8) | blue;
}

/** 0xrrggbb of `oklch(l c h)`, lightness as number or per cent, or of `#rgb`, `#rrggbb` (a minifier may write black so); undefined for any other notation. */
export function parseColour(text: string): number | undefined {
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(text.trim())?.[1];
  if (hex) return parseInt(hex.length === 3 ? hex.replace(/./g, '$&$&') : hex, 16);
  const match = /^oklch\(\s*([\d.]+)(%?)\s+([\d.]+)\s+([\d.]+)(?:deg)?\s*\)$/.exec(text.trim());
  return match ? oklchToRgb(Number(match[1]) / (match[2] ? 100 : 1), Number(match[3]), Number(match[4])) : undefined;
}

/** Reads the tokens that hold at an element now; a name without a colour reads as mid grey. */
export function readTokens(element: Element = document.documentElement): Tokens {
  const style = getComputedStyle(element);
  const colour = (name: string): number => parseColour(style.getPropertyValue(name)) ?? 0x808080;
  return {
    canvas: colour('--canvas'),
    panel: colour('--panel'),
    control: colour('--control-ground'),
    hover: colour('--hover'),
    line: colour('--line'),
    lineStrong: colour('--line-strong'),
    text: colour('--text'),
    text2: colour('--text-2'),
    text3: colour('--text-3'),
    accent: colour('--accent'),
    onAccent: colour('--on-accent'),
    running: colour('--running'),
    waiting: colour('--waiting'),
    warning: colour('--warning'),
    danger: colour('--danger'),
    onFill: colour('--on-fill'),
    hues: Array.from({ length: HUE_COUNT }, (_, i) => colour(`--hue-${i}`)),
    font: style.getPropertyValue('--font').trim(),
    mono: style.getPropertyValue('--mono').trim(),
    isMotionReduced: matchMedia('(prefers-reduced-motion: reduce)').matches,
  };
}

/** Tells when another theme is in force; call readTokens again then. */
export function onTheme(f: () => void): () => void {
  const observer = new MutationObserver(f);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const motion = matchMedia('(prefers-reduced-motion: reduce)');
  motion.addEventListener('change', f);
  return () => {
    observer.disconnect();
    motion.removeEventListener('change', f);
  };
}
