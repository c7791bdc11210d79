/** Numbers as people read them; every text has a constant width where it changes often. */

/** `02:05.3`; ms ≥ 0, undefined while idle. */
export function timeText(ms: number | undefined): string {
  const tenths = Math.floor(Math.max(0, ms ?? 0) / 100);
  const minutes = Math.floor(tenths / 600);
  const seconds = Math.floor(tenths / 10) % 60;
  return `${String(minutes).padStart(2, '0')}:${String(seconds).padStart(2, '0')}.${tenths % 10}`;
}

const BEATS_PER_BAR = 4;

/** `3.2.1`: bar, beat, sixteenth, each from 1, in four-four. */
export function barsText(ms: number | undefined, tempo: number): string {
  const sixteenths = Math.floor((Math.max(0, ms ?? 0) * tempo * 4) / 60_000 + 1e-6);
  const bar = Math.floor(sixteenths / (4 * BEATS_PER_BAR));
  const beat = Math.floor(sixteenths / 4) % BEATS_PER_BAR;
  return `${bar + 1}.${beat + 1}.${(sixteenths % 4) + 1}`;
}

/** At most `digits` decimals, no trailing zeros, a real minus; ∞ for what has no end. */
export function numberText(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return value < 0 ? '−∞' : '∞';
  const text = value.toFixed(digits);
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return (short === '-0' ? '0' : short).replace('-', '−');
}

/** Reads what a person types: comma or point, a real minus, ∞ or inf, a unit behind is ignored. */
export function parseNumber(text: string): number | undefined {
  const clean = text.trim().replace(',', '.').replace('−', '-');
  if (/^(∞|inf(inite|inity)?)$/i.test(clean)) return Infinity;
  const match = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?/i.exec(clean);
  return match ? Number(match[0]) : undefined;
}

/** `±0.4 ms`; three digits at most, so that its width hardly changes. */
export const spreadText = (ms: number): string => `±${ms < 9.95 ? ms.toFixed(1) : String(Math.round(ms))} ms`;

export const millisText = (ms: number | undefined): string =>
  ms === undefined ? '–' : `${ms < 9.95 ? ms.toFixed(1) : String(Math.round(ms))} ms`;

export const decibelText = (decibels: number): string => (decibels <= -60 ? '−∞ dB' : `${numberText(decibels, 1)} dB`);

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** Two letters of a name for a small badge. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const [first = '?', second] = words;
  return ((second ? first.slice(0, 1) + second.slice(0, 1) : first.slice(0, 2)) || '?').toUpperCase();
}

/** Any value of the score as one line. */
export function valueText(value: unknown): string {
  if (typeof value === 'number') return numberText(value, 3);
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (value === undefined) return '–';
  if (typeof value === 'object') return 'impulse';
  return String(value);
}
