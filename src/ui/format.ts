/** Numbers as people read them; every text has a constant width where it changes often. */

/** `02:05.3`; ms ≥ 0, undefined while idle. */
export function timeText(ms: number | undefined): string {
  const tenths = Math.floor(Math.max(0, ms ?? 0) / 100);
  const minutes = Math.floor(tenths / 600);
  const seconds = Math.floor(tenths / 10) % 60;
  return `${String(minutes).padStart(2, '0')}:${String(seconds).padStart(2, '0')}.${tenths % 10}`;
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

/** `0.4 ms`, `24 ms`, `1.5 s`; three digits at most, so that its width hardly changes; a dash for what is not known. */
export function millisText(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) return '–';
  if (ms >= 999.5) return `${shortText(ms / 1000)} s`;
  return `${shortText(ms)} ms`;
}

/** `±0.4 ms`: an uncertainty, likewise; none but 0 itself reads as ±0.0. */
export const spreadText = (ms: number | undefined): string =>
  ms === undefined || !Number.isFinite(ms) ? '–' : `±${millisText(ms === 0 ? 0 : Math.max(0.1, ms))}`;

/** Three digits, one decimal below ten. */
const shortText = (value: number): string => (value < 9.95 ? value.toFixed(1) : String(Math.round(value)));

/** part: 0 to 1. `0 %`, `0.4 %`, `12 %`. */
export const percentText = (part: number | undefined): string =>
  part === undefined ? '–' : `${part === 0 ? '0' : shortText(part * 100)} %`;

const NOW_MS = 1000;
const MINUTE_MS = 60_000;

/** How long ago: `now` within a second, then `1.3 s`, `12 s`, `3 min`. */
export function agoText(ms: number | undefined): string {
  if (ms === undefined) return '–';
  if (ms < NOW_MS) return 'now';
  return ms < MINUTE_MS ? `${shortText(ms / 1000)} s` : `${Math.floor(ms / MINUTE_MS)} min`;
}

/** Bytes in the unit that `total` is read in: `1.2 of 2.0 MB`. */
export function bytesText(received: number, total: number): string {
  const [unit, size] = total >= 1e6 ? ['MB', 1e6] : ['kB', 1e3];
  return `${(received / size).toFixed(1)} of ${(total / size).toFixed(1)} ${unit}`;
}

export const decibelText = (decibels: number): string => (decibels <= -60 ? '−∞ dB' : `${numberText(decibels, 1)} dB`);

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const NOTES = ['C', 'C♯', 'D', 'D♯', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'A♯', 'B'];
/** MIDI pitch: 60 is `C4`. */
export const pitchText = (pitch: number): string => `${NOTES[pitch % 12] ?? ''}${Math.floor(pitch / 12) - 1}`;

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
